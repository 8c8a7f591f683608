"""Dragging and nudging the landmark and the text box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.picker.frames import Frame, FrameEditor

BOUNDS = Rect(0, 0, 600, 400)
LANDMARK = Rect(100, 50, 80, 40)
COMPOSER = Rect(50, 300, 500, 60)
REACH = 6


@pytest.fixture
def editor() -> FrameEditor:
    return FrameEditor(BOUNDS, LANDMARK, COMPOSER)


def drag(editor: FrameEditor, start: Point, end: Point) -> None:
    editor.press(start, REACH)
    editor.drag(Point((start.x + end.x) // 2, (start.y + end.y) // 2))
    editor.drag(end)
    editor.release()


def test_inside_moves_it_and_the_bounds_keep_it(editor: FrameEditor) -> None:
    drag(editor, Point(140, 70), Point(150, 90))
    assert editor[Frame.LANDMARK] == Rect(110, 70, 80, 40)
    drag(editor, Point(150, 90), Point(-900, 5000))
    assert editor[Frame.LANDMARK] == Rect(0, 360, 80, 40)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (Point(100, 70), Point(90, 70), Rect(90, 50, 90, 40)),
        (Point(179, 70), Point(199, 70), Rect(100, 50, 100, 40)),
        (Point(100, 50), Point(95, 45), Rect(95, 45, 85, 45)),
        (Point(180, 91), Point(209, 99), Rect(100, 50, 110, 50)),
        (Point(140, 89), Point(140, 5), Rect(100, 50, 80, 8)),
    ],
)
def test_an_edge_or_a_corner_stretches_it(
    editor: FrameEditor, start: Point, end: Point, expected: Rect
) -> None:
    drag(editor, start, end)
    assert editor[Frame.LANDMARK] == expected


def test_elsewhere_draws_a_new_one_from_pixel_to_pixel(editor: FrameEditor) -> None:
    drag(editor, Point(400, 200), Point(301, 151))
    assert editor[Frame.LANDMARK] == Rect(301, 151, 100, 50)


def test_a_click_beside_it_changes_nothing(editor: FrameEditor) -> None:
    drag(editor, Point(400, 200), Point(402, 202))
    assert editor[Frame.LANDMARK] == LANDMARK


def test_a_press_in_the_other_frame_takes_hold_of_that(editor: FrameEditor) -> None:
    drag(editor, Point(300, 330), Point(300, 320))
    assert editor.active is Frame.COMPOSER
    assert editor[Frame.COMPOSER] == Rect(50, 290, 500, 60)
    assert editor[Frame.LANDMARK] == LANDMARK


def test_a_cancelled_drag_leaves_the_frame_as_it_was(editor: FrameEditor) -> None:
    editor.press(Point(140, 70), REACH)
    editor.drag(Point(200, 200))
    editor.cancel()
    assert not editor.dragging
    assert editor[Frame.LANDMARK] == LANDMARK


def test_keys_move_and_size_the_active_frame(editor: FrameEditor) -> None:
    editor.nudge(-10, 1)
    assert editor[Frame.LANDMARK] == Rect(90, 51, 80, 40)
    editor.grow(1, -100)
    assert editor[Frame.LANDMARK] == Rect(90, 51, 81, 8)
    editor.switch()
    editor.grow(1000, 0)
    assert editor[Frame.COMPOSER] == Rect(50, 300, 550, 60)


def test_where_nothing_is_proposed_one_can_be_drawn() -> None:
    editor = FrameEditor(BOUNDS, None, None)
    editor.nudge(1, 1)
    assert editor[Frame.LANDMARK] is None
    drag(editor, Point(10, 10), Point(12, 12))
    assert editor[Frame.LANDMARK] is None
    drag(editor, Point(10, 10), Point(49, 29))
    assert editor[Frame.LANDMARK] == Rect(10, 10, 40, 20)


def test_a_proposal_outside_the_window_is_cut() -> None:
    editor = FrameEditor(BOUNDS, Rect(-20, 380, 100, 100), Rect(700, 0, 10, 10))
    assert editor[Frame.LANDMARK] == Rect(0, 380, 80, 20)
    assert editor[Frame.COMPOSER] is None


points = st.builds(Point, st.integers(-50, 700), st.integers(-50, 500))


@given(drags=st.lists(st.tuples(points, points), max_size=8))
def test_no_drag_takes_a_frame_out_of_the_window(drags: list[tuple[Point, Point]]) -> None:
    editor = FrameEditor(BOUNDS, LANDMARK, COMPOSER)
    for start, end in drags:
        drag(editor, start, end)
        for frame in Frame:
            rect = editor[frame]
            assert rect is not None
            assert rect.intersection(BOUNDS) == rect
            assert min(rect.width, rect.height) >= 8
