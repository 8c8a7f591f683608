"""The places that Tab goes through, their order and their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.picker.key_help import MOST_KEYS, keys_of
from panel.picker.session import Session
from panel.picker.snapping import MOST_BOXES, Walk, candidates
from panel.picker.speech import spoken
from panel.picker.values import PickRequest
from panel.picker.verdict import Judge
from tests.unit.picker.builders import BACK, FRONT, LAYOUT, OURS, OWN_PID

WINDOW = Rect(100, 100, 400, 300)
FIELD, BUTTON, FAR = Rect(110, 340, 380, 50), Rect(440, 350, 40, 20), Rect(110, 110, 60, 20)


def everywhere(_at: Point) -> bool:
    return True


@pytest.fixture
def session() -> Session:
    judge = Judge("Agent-3", LAYOUT, [FRONT, BACK, OURS], (), OWN_PID)
    return Session(PickRequest("Agent-3"), judge, Point(450, 360))


def test_the_box_round_the_point_comes_first_then_the_nearest_then_the_windows_own() -> None:
    found = candidates(WINDOW, [FAR, FIELD, BUTTON], Point(450, 360), everywhere)
    assert [(each.name, each.point) for each in found] == [
        ("Middle of a box, 40 × 20", Point(460, 360)),
        ("Middle of a box, 380 × 50", Point(300, 365)),
        ("Middle of a box, 60 × 20", Point(140, 120)),
        ("Centre of the window", Point(300, 250)),
        ("Middle of the top edge", Point(300, 100)),
        ("Middle of the right edge", Point(499, 250)),
        ("Middle of the bottom edge", Point(300, 399)),
        ("Middle of the left edge", Point(100, 250)),
    ]


def test_what_another_window_covers_and_what_is_there_twice_is_left_out() -> None:
    same = Rect(150, 150, 300, 200)
    found = candidates(WINDOW, [same], Point(0, 0), lambda at: at.y > 150)
    names = [each.name for each in found]
    assert names[0] == "Middle of a box, 300 × 200"
    assert "Centre of the window" not in names
    assert "Middle of the top edge" not in names


def test_only_the_nearest_boxes_are_gone_through() -> None:
    many = [Rect(100 + 20 * n, 150, 18, 18) for n in range(15)]
    found = candidates(WINDOW, many, Point(105, 155), everywhere)
    assert [each.box for each in found if each.box] == many[:MOST_BOXES]


rects = st.builds(
    Rect, st.integers(100, 480), st.integers(100, 380), st.integers(1, 20), st.integers(1, 20)
)


@given(st.lists(rects, max_size=12), st.builds(Point, st.integers(0, 600), st.integers(0, 500)))
def test_every_place_lies_in_the_window_and_is_there_once(boxes: list[Rect], at: Point) -> None:
    found = candidates(WINDOW, boxes, at, everywhere)
    assert all(WINDOW.contains(each.point) for each in found)
    assert len({each.point for each in found}) == len(found)


@given(st.integers(1, 9), st.lists(st.sampled_from([1, -1]), max_size=30))
def test_a_walk_goes_round_and_back(count: int, steps: list[int]) -> None:
    places = candidates(Rect(0, 0, 90, 90), [], Point(0, 0), everywhere)[:count]
    walk = Walk(places)
    assert walk.current is None
    at = None
    for by in steps:
        at = (0 if by > 0 else len(places) - 1) if at is None else (at + by) % len(places)
        assert walk.step(by) == places[at]
        assert walk.position == (at + 1, len(places))


def test_tab_walks_and_any_other_move_ends_the_walk(session: Session) -> None:
    for expected in (Point(460, 360), Point(300, 365), Point(300, 250)):
        session.snap(1, FRONT, [FIELD, BUTTON])
        assert session.cursor.at == expected
    session.snap(-1, FRONT, [FIELD, BUTTON])
    assert session.cursor.at == Point(300, 365)
    assert session.snapped is not None
    assert spoken(session) == ("Middle of a box, 380 by 50. 300, 365. front. Can be taken.")
    session.nudge(1, 0)
    assert not spoken(session).startswith("Middle")
    session.snap(1, FRONT, [FIELD, BUTTON])
    assert session.cursor.at == Point(300, 365)
    session.follow(Point(222, 222))
    assert not spoken(session).startswith("Middle")
    session.undo()
    assert session.cursor.at == Point(300, 365)


def test_each_snap_is_taken_back(session: Session) -> None:
    session.snap(1, FRONT, [FIELD])
    session.snap(1, FRONT, [FIELD])
    session.undo()
    assert session.cursor.at == Point(300, 365)
    session.undo()
    assert session.cursor.at == Point(450, 360)


def test_while_a_place_is_typed_tab_does_nothing(session: Session) -> None:
    session.type("12")
    session.snap(1, FRONT, [FIELD])
    assert (session.entry, session.cursor.at) == ("12", Point(450, 360))


def test_the_help_names_only_what_works_now(session: Session) -> None:
    def names() -> list[str]:
        keys = keys_of(session)
        assert len(keys) <= MOST_KEYS
        return [key for key, _ in keys]

    assert "Tab" in names()
    assert "Ctrl+Z" not in names()
    session.nudge(1, 0)
    assert "Ctrl+Z" in names()
    session.undo()
    assert "Ctrl+Z" not in names()
    assert "Ctrl+Y" in names()
    session.follow(Point(3000, 1500))
    assert "Tab" not in names()
    session.type("1")
    assert names() == ["Enter", "Esc"]
