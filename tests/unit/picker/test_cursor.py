"""The picker's cursor in native pixels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.picker.cursor import Cursor, nearest_on_screens, parse_entry

SIDE_BY_SIDE = ScreenLayout(
    (
        Screen("left", Rect(-1920, 0, 1920, 1080), 1.0),
        Screen("right", Rect(0, 0, 3840, 2160), 2.0),
    )
)
WITH_A_GAP = ScreenLayout(
    (Screen("left", Rect(0, 0, 1000, 800)), Screen("right", Rect(1500, 100, 1000, 800), 1.5))
)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("1200, 640", Point(1200, 640)),
        ("1200,640", Point(1200, 640)),
        ("  -1269  481 ", Point(-1269, 481)),
        ("7x9", Point(7, 9)),
        ("0;-3", Point(0, -3)),
        ("1200", None),
        ("1200,", None),
        ("1,2,3", None),
        ("--1,2", None),
        ("12.5, 3", None),
        ("9999999, 1", None),
        ("", None),
    ],
)
def test_typed_numbers(text: str, point: Point | None) -> None:
    assert parse_entry(text) == point


def test_steps_cross_to_a_screen_of_another_scale_pixel_by_pixel() -> None:
    cursor = Cursor(SIDE_BY_SIDE, Point(-2, 500))
    seen = []
    for _ in range(4):
        cursor.step(1, 0)
        seen.append(cursor.at.x)
    assert seen == [-1, 0, 1, 2]


def test_a_long_step_stops_at_the_edge_before_a_gap_and_then_jumps_it() -> None:
    cursor = Cursor(WITH_A_GAP, Point(995, 400))
    cursor.step(10, 0)
    assert cursor.at == Point(999, 400)
    cursor.step(10, 0)
    assert cursor.at == Point(1500, 400)
    cursor.step(-1, 0)
    assert cursor.at == Point(999, 400)


def test_at_the_outer_edge_and_beside_no_screen_it_stays() -> None:
    cursor = Cursor(WITH_A_GAP, Point(999, 50))
    cursor.step(1, 0)
    assert cursor.at == Point(999, 50)
    cursor.step(0, -100)
    cursor.step(0, -1)
    assert cursor.at == Point(999, 0)


def test_it_follows_the_pointer_and_comes_back_onto_a_screen() -> None:
    cursor = Cursor(WITH_A_GAP, Point(5000, 5000))
    assert cursor.at == Point(2499, 899)
    cursor.follow(Point(1100, 850))
    assert cursor.at == Point(999, 799)
    cursor.follow(Point(1777, 333))
    assert cursor.at == Point(1777, 333)


def test_a_trembling_hand_does_not_undo_a_key_step() -> None:
    cursor = Cursor(WITH_A_GAP, Point(0, 0))
    cursor.follow(Point(300, 300))
    cursor.step(1, 0)
    cursor.follow(Point(302, 298))
    assert cursor.at == Point(301, 300)
    cursor.follow(Point(304, 300))
    assert cursor.at == Point(304, 300)
    cursor.follow(Point(305, 300))
    assert cursor.at == Point(305, 300)


def test_a_place_to_start_at_holds_until_the_pointer_moves() -> None:
    cursor = Cursor(WITH_A_GAP, Point(100, 100), pointer=Point(700, 700))
    cursor.follow(Point(700, 700))
    assert cursor.at == Point(100, 100)
    cursor.follow(Point(690, 700))
    assert cursor.at == Point(690, 700)


def test_a_typed_place_off_the_screens_is_refused() -> None:
    cursor = Cursor(WITH_A_GAP, Point(10, 10))
    assert not cursor.jump(Point(1200, 400))
    assert cursor.at == Point(10, 10)
    assert cursor.jump(Point(2499, 899))
    assert cursor.at == Point(2499, 899)


moves = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.sampled_from([(1, 0), (-1, 0), (0, 10), (0, -10), (10, 0)])),
        st.tuples(st.just("follow"), st.tuples(st.integers(-3000, 5000), st.integers(-3000, 5000))),
    ),
    max_size=40,
)


@given(layout=st.sampled_from([SIDE_BY_SIDE, WITH_A_GAP]), moves=moves)
def test_it_never_leaves_the_screens(
    layout: ScreenLayout, moves: list[tuple[str, tuple[int, int]]]
) -> None:
    cursor = Cursor(layout, Point(0, 0))
    for name, (x, y) in moves:
        if name == "step":
            cursor.step(x, y)
        else:
            cursor.follow(Point(x, y))
        assert layout.screen_at(cursor.at) is not None


@given(x=st.integers(-3000, 5000), y=st.integers(-3000, 5000))
def test_the_nearest_pixel_of_a_shown_point_is_itself(x: int, y: int) -> None:
    at = nearest_on_screens(SIDE_BY_SIDE, Point(x, y))
    assert SIDE_BY_SIDE.screen_at(at) is not None
    if SIDE_BY_SIDE.screen_at(Point(x, y)) is not None:
        assert at == Point(x, y)
