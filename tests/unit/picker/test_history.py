"""Every deliberate change of a pick is taken back and done again; the pointer's way is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from panel.core.geometry import Point, Rect
from panel.picker.frames import Frame
from panel.picker.history import MOST, History, Moment
from panel.picker.session import Session, Step
from panel.picker.values import PickRequest, Proposal, Sight
from panel.picker.verdict import Judge
from tests.unit.picker.builders import BACK, FRONT, LAYOUT, OURS, OWN_PID

LANDMARK, COMPOSER = Rect(5, 5, 60, 20), Rect(10, 250, 380, 40)


@pytest.fixture
def session() -> Session:
    return made()


def made() -> Session:
    judge = Judge("Agent-3", LAYOUT, [FRONT, BACK, OURS], (), OWN_PID)
    return Session(PickRequest("Agent-3"), judge, Point(200, 200))


def in_frames(session: Session) -> None:
    assert session.take()
    window = session.verdict.window
    assert window is not None
    picture = QImage(window.rect.width, window.rect.height, QImage.Format.Format_RGB32)
    session.show(Sight(session.verdict.point, window, picture), Proposal(LANDMARK, COMPOSER))


def step(session: Session) -> Step:
    return session.step


def drawn(session: Session, start: Point, end: Point) -> None:
    session.press(start, 3)
    session.drag(end)
    session.release()


def test_nothing_is_there_to_take_back_at_first(session: Session) -> None:
    session.follow(Point(300, 300))
    assert not session.can_undo
    assert not session.can_redo
    session.undo()
    session.redo()
    assert session.cursor.at == Point(300, 300)


def test_keys_and_typed_places_are_taken_back_one_by_one(session: Session) -> None:
    session.nudge(1, 0)
    session.nudge(0, 10)
    session.type("640, 400")
    session.go()
    for expected in (Point(201, 210), Point(201, 200), Point(200, 200)):
        session.undo()
        assert session.cursor.at == expected
        assert session.verdict.point == expected
    assert not session.can_undo
    for expected in (Point(201, 200), Point(201, 210), Point(640, 400)):
        session.redo()
        assert session.cursor.at == expected
    assert not session.can_redo


def test_a_slip_of_the_pointer_is_taken_back_to_the_last_place_that_was_meant(
    session: Session,
) -> None:
    session.nudge(1, 0)
    for x in range(300, 340):
        session.follow(Point(x, 300))
    session.undo()
    assert session.cursor.at == Point(201, 200)
    session.redo()
    assert session.cursor.at == Point(339, 300)


def test_after_undo_a_trembling_hand_does_not_move_the_point(session: Session) -> None:
    session.follow(Point(400, 300))
    session.nudge(1, 0)
    session.undo()
    session.follow(Point(401, 299))
    assert session.cursor.at == Point(400, 300)


def test_a_key_held_down_is_one_change(session: Session) -> None:
    session.nudge(1, 0)
    for _ in range(30):
        session.nudge(1, 0, held=True)
    session.nudge(0, 1)
    session.undo()
    assert session.cursor.at == Point(231, 200)
    session.undo()
    assert session.cursor.at == Point(200, 200)


def test_a_half_typed_place_is_what_undo_takes_back_first(session: Session) -> None:
    session.nudge(1, 0)
    session.type("12")
    session.undo()
    assert (session.entry, session.cursor.at) == ("", Point(201, 200))


def test_taking_the_point_is_undone_and_done_again_with_its_frames(session: Session) -> None:
    in_frames(session)
    session.nudge(3, 0)
    session.undo()
    session.undo()
    assert step(session) is Step.POINT
    session.redo()
    assert step(session) is Step.FRAMES
    assert session.frame_on_desktop(Frame.LANDMARK) == LANDMARK.moved(FRONT.rect.top_left)
    session.redo()
    assert session.result(True).anchor == LANDMARK.moved(Point(3, 0))
    assert session.back()
    assert step(session) is Step.POINT
    session.undo()
    assert step(session) is Step.FRAMES
    assert session.result(True).anchor == LANDMARK.moved(Point(3, 0))


def test_frames_drawn_nudged_grown_and_switched_are_taken_back(session: Session) -> None:
    in_frames(session)
    seen = [_frames(session)]
    ways: list[Callable[[], None]] = [
        lambda: drawn(session, Point(300, 200), Point(380, 240)),
        lambda: session.nudge(1, 0),
        lambda: session.grow(4, 5),
        session.switch,
        lambda: session.nudge(0, -3),
        lambda: drawn(session, Point(300, 355), Point(302, 340)),
    ]
    for act in ways:
        act()
        seen.append(_frames(session))
    assert len(set(seen)) == len(seen)
    for expected in reversed(seen[:-1]):
        session.undo()
        assert _frames(session) == expected
    for expected in seen[1:]:
        session.redo()
        assert _frames(session) == expected


def _frames(session: Session) -> tuple[Rect | None, Rect | None, Frame]:
    editor = session.editor
    assert editor is not None
    return editor[Frame.LANDMARK], editor[Frame.COMPOSER], editor.active


def test_undo_in_the_midst_of_a_drag_lets_go_of_it(session: Session) -> None:
    in_frames(session)
    session.nudge(1, 0)
    before = _frames(session)
    session.press(Point(120, 110), 3)
    session.drag(Point(200, 200))
    session.undo()
    session.release()
    assert _frames(session) == before
    session.undo()
    assert _frames(session)[0] == LANDMARK


def test_a_click_beside_the_frames_is_no_change(session: Session) -> None:
    in_frames(session)
    drawn(session, Point(300, 300), Point(300, 300))
    session.undo()
    assert session.step is Step.POINT


def test_a_new_change_gives_up_what_had_been_taken_back(session: Session) -> None:
    session.nudge(1, 0)
    session.nudge(1, 0)
    session.undo()
    session.nudge(0, 1)
    assert not session.can_redo
    session.undo()
    assert session.cursor.at == Point(201, 200)


def test_frames_over_an_old_picture_are_forgotten_and_the_points_are_not(session: Session) -> None:
    session.nudge(1, 0)
    in_frames(session)
    session.nudge(1, 0)
    session.back()
    session.picture_changed()
    assert not session.can_redo
    session.undo()
    assert (session.step, session.cursor.at) == (Step.POINT, Point(200, 200))
    session.redo()
    assert (session.step, session.cursor.at) == (Step.POINT, Point(201, 200))


def test_a_long_pick_is_remembered_up_to_a_limit(session: Session) -> None:
    for _ in range(3 * MOST):
        session.nudge(1, 0)
    steps = 0
    while session.can_undo:
        session.undo()
        steps += 1
    assert steps == MOST - 1


@dataclass
class Model:
    """A history as a list of states that somebody else keeps."""

    states: list[Moment]
    at: int = 0


places = st.integers(0, 6).map(lambda x: Moment(Point(x, 0)))


@given(st.lists(st.one_of(places, st.sampled_from(["undo", "redo"])), max_size=60))
def test_without_a_pointer_it_is_a_plain_list(acts: list[Moment | str]) -> None:
    history, present = History(), Moment(Point(0, 0))
    model = Model([present])
    for act in acts:
        if isinstance(act, Moment):
            history.note(present, act)
            if act != present:
                model.states[model.at + 1 :] = [act]
                model.at += 1
            present = act
            continue
        assert history.can_undo(present) == (model.at > 0)
        assert history.can_redo == (model.at + 1 < len(model.states))
        went = history.undo(present) if act == "undo" else history.redo()
        by = -1 if act == "undo" else 1
        if not 0 <= model.at + by < len(model.states):
            assert went is None
            continue
        model.at += by
        assert went == model.states[model.at]
        present = model.states[model.at]


acts = st.lists(
    st.one_of(
        st.tuples(st.just("nudge"), st.integers(-20, 20), st.integers(-20, 20)),
        st.tuples(st.just("follow"), st.integers(100, 480), st.integers(100, 380)),
        st.tuples(st.just("grow"), st.integers(-20, 20), st.integers(-20, 20)),
        st.sampled_from([("frames", 0, 0), ("back", 0, 0), ("switch", 0, 0)]),
        st.sampled_from([("undo", 0, 0), ("redo", 0, 0)]),
    ),
    max_size=30,
)


@given(acts)
def test_all_can_be_taken_back_to_the_beginning_and_done_again(
    done: list[tuple[str, int, int]],
) -> None:
    session = made()
    for name, x, y in done:
        if name == "frames":
            if session.step is Step.POINT and session.judge.verdict(session.cursor.at).valid:
                in_frames(session)
        elif name == "follow":
            session.follow(Point(x, y))
        elif name in ("nudge", "grow"):
            getattr(session, name)(x, y)
        elif name != "back" or session.step is Step.FRAMES:
            getattr(session, name)()
    last = session._moment()
    seen = [last]
    while session.can_undo:
        session.undo()
        seen.append(session._moment())
    assert len(seen) < 200
    for expected in reversed(seen[1:-1]):
        session.redo()
        assert session._moment() == expected
