from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect, Screen, ScreenLayout

NUMBERS = st.integers(-5000, 5000)
POINTS = st.builds(Point, NUMBERS, NUMBERS)
RECTS = st.builds(Rect, NUMBERS, NUMBERS, st.integers(0, 4000), st.integers(0, 4000))


@given(RECTS, RECTS, POINTS)
def test_an_intersection_holds_what_both_hold(one: Rect, other: Rect, point: Point) -> None:
    common = one.intersection(other)
    assert common.contains(point) == (one.contains(point) and other.contains(point))
    assert common.empty or common == other.intersection(one)


@given(RECTS, POINTS, POINTS)
def test_moving_a_rectangle_moves_its_points(rect: Rect, by: Point, point: Point) -> None:
    assert rect.moved(by).contains(point + by) == rect.contains(point)
    assert rect.moved(by).moved(Point(0, 0) - by) == rect
    assert point + by - by == point


@given(RECTS)
def test_edges(rect: Rect) -> None:
    assert rect.contains(rect.top_left) == (not rect.empty)
    assert not rect.contains(Point(rect.right, rect.y))
    assert not rect.contains(Point(rect.x, rect.bottom))
    assert rect.empty or rect.contains(rect.centre)


@given(st.lists(st.builds(Screen, st.text(max_size=8), RECTS, st.floats(0.5, 4)), max_size=4))
def test_a_layout_survives_the_database(screens: list[Screen]) -> None:
    layout = ScreenLayout(tuple(screens))
    assert ScreenLayout.from_json(layout.to_json()) == layout


def test_a_screen_to_the_left_has_negative_pixels() -> None:
    left = Screen("left", Rect(-1920, 0, 1920, 1080))
    right = Screen("right", Rect(0, 0, 1920, 1080), 2.0)
    layout = ScreenLayout((left, right))
    assert layout.screen_at(Point(-1, 0)) is left
    assert layout.screen_at(Point(0, 0)) is right
    assert layout.screen_at(Point(1920, 0)) is None
