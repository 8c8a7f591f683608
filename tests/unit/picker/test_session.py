"""One pick as plain state."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import Proof, Reason, ReasonCode
from panel.picker.frames import Frame
from panel.picker.session import ZOOMS, Session, Step
from panel.picker.speech import spoken
from panel.picker.values import PickRequest, PickResult, Proposal, Sight
from panel.picker.verdict import Judge
from tests.unit.picker.builders import BACK, FRONT, LAYOUT, OURS, OWN_PID

FLAT = Reason(ReasonCode.FAULT, "This is one colour.", "Draw it round some text.")


BETTER = Rect(5, 40, 80, 24)


def judge_anchor(sight: Sight, rect: Rect, box: Rect | None) -> tuple[Reason, ...]:
    return (FLAT,) if rect.width < 50 else ()


@pytest.fixture
def session() -> Session:
    judge = Judge("Agent-3", LAYOUT, [FRONT, BACK, OURS], (), OWN_PID)
    return Session(PickRequest("Agent-3"), judge, Point(200, 200), judge_anchor)


def sight(session: Session) -> Sight:
    window = session.verdict.window
    assert window is not None
    picture = QImage(window.rect.width, window.rect.height, QImage.Format.Format_RGB32)
    return Sight(session.verdict.point, window, picture)


def in_frames(session: Session, proposal: Proposal | None = None) -> Session:
    assert session.take()
    session.show(sight(session), proposal or Proposal(Rect(5, 5, 60, 20), Rect(10, 250, 380, 40)))
    return session


def answered(session: Session) -> None:
    """A better place was looked for and found."""
    assert session.framing is not None
    asked = session.framing.asks
    assert asked is not None
    session.framing.suggest(asked, BETTER)


def type_text(session: Session, text: str) -> None:
    for character in text:
        session.type(character)


def test_a_valid_point_is_taken_with_its_window(session: Session) -> None:
    session.nudge(1, 0)
    assert session.take()
    assert session.step is Step.LOOKING
    assert session.result(False) == PickResult(Point(201, 200), FRONT)


def test_an_invalid_point_is_not_taken_and_says_why(session: Session) -> None:
    session.follow(Point(1300, 100))
    assert not session.take()
    assert session.step is Step.POINT
    assert session.notice == "Not taken. This is the panel itself. Choose the agent's window."
    session.follow(Point(1300, 101))
    assert session.notice == ""


def test_typing_goes_to_the_place(session: Session) -> None:
    type_text(session, "1200, 640")
    assert session.entry == "1200, 640"
    assert session.go()
    assert session.cursor.at == Point(1200, 640)
    assert session.entry == ""


def test_a_typed_place_may_be_on_a_screen_to_the_left() -> None:
    layout = ScreenLayout(
        (Screen("left", Rect(-1920, -200, 1920, 1080), 1.25), Screen("main", Rect(0, 0, 800, 600)))
    )
    session = Session(PickRequest("Agent-3"), Judge("Agent-3", layout, []), Point(10, 10))
    type_text(session, "-1269, -81")
    assert session.go()
    assert session.cursor.at == Point(-1269, -81)
    assert session.verdict.screen is not None
    assert session.verdict.screen.name == "left"


def test_typing_begins_with_no_space_and_takes_no_letters(session: Session) -> None:
    assert not session.type(" ")
    assert not session.type("a")
    assert not session.type("")
    assert session.entry == ""


def test_a_typed_place_that_is_none_stays_to_be_mended(session: Session) -> None:
    type_text(session, "12")
    assert not session.go()
    assert session.notice == "Type two numbers, such as 1200, 640."
    session.erase()
    assert (session.entry, session.notice) == ("1", "")
    type_text(session, "0,99999")
    assert not session.go()
    assert session.notice == "No screen shows 10, 99999."
    assert session.entry == "10,99999"


def test_escape_goes_back_step_by_step_and_then_leaves(session: Session) -> None:
    in_frames(session)
    session.press(Point(110, 110), 3)
    assert session.back()
    assert session.editor is not None
    assert not session.editor.dragging
    assert session.back()
    assert session.step is Step.POINT
    type_text(session, "1")
    assert session.back()
    assert session.entry == ""
    assert not session.back()


def test_the_frames_are_shown_on_the_desktop_and_answered_in_the_window(session: Session) -> None:
    in_frames(session)
    assert session.frame_on_desktop(Frame.LANDMARK) == Rect(105, 105, 60, 20)
    session.nudge(1, 2)
    session.grow(3, 4)
    result = session.result(confirmed_empty=True)
    assert result.anchor == Rect(6, 7, 63, 24)
    assert result.composer == Rect(10, 250, 380, 40)
    assert result.confirmed_empty


def test_without_a_text_box_nothing_is_confirmed_empty(session: Session) -> None:
    in_frames(session, Proposal(anchor=Rect(0, 0, 60, 60)))
    assert not session.result(confirmed_empty=True).confirmed_empty


def test_a_landmark_drawn_anew_is_judged_anew(session: Session) -> None:
    in_frames(session, Proposal(Rect(0, 0, 60, 60), None, (FLAT,)))
    assert FLAT in session.reasons
    session.grow(1, 0)
    assert FLAT not in session.reasons
    session.press(Point(300, 300), 3)
    session.drag(Point(320, 320))
    session.release()
    assert FLAT in session.reasons


def test_the_pointer_does_not_move_the_point_while_frames_are_drawn(session: Session) -> None:
    in_frames(session)
    session.follow(Point(700, 700))
    assert session.verdict.point == Point(200, 200)


def test_zoom_is_odd_sided_and_bounded(session: Session) -> None:
    assert all(cells % 2 == 1 for cells in ZOOMS)
    session.zoom(20)
    assert session.cells == min(ZOOMS)
    session.zoom(-20)
    assert session.cells == max(ZOOMS)


def test_a_screen_reader_hears_the_place_and_the_verdict(session: Session) -> None:
    assert spoken(session) == "200, 200. front. Can be taken."
    session.follow(Point(3000, 1500))
    assert spoken(session) == "3000, 1500. This is the bare desktop: no window is here."
    session.follow(Point(200, 200))
    in_frames(session)
    assert spoken(session) == (
        "Is this box empty? Landmark: 60 by 20 at 5, 5 in the window. "
        "Enter remembers it, Escape goes back."
    )
    session.switch()
    assert "Text box: 380 by 40 at 10, 250 in the window." in spoken(session)


def test_a_refused_landmark_is_not_kept_and_a_better_place_is_proposed(session: Session) -> None:
    in_frames(session)
    assert session.framing is not None
    assert session.framing.asks is None
    session.grow(-20, 0)
    assert (session.framing.refused, session.framing.suggested) == (True, None)
    answered(session)
    assert (session.framing.asks, session.framing.suggested) == (None, BETTER)
    assert not session.may_be_kept()
    assert session.notice == "Not kept. This is one colour. Draw it round some text."
    assert "A better place is marked: Space takes it." in spoken(session)
    session.take_suggested()
    assert session.may_be_kept()
    assert session.result(True).anchor == BETTER
    session.undo()
    assert session.framing.refused
    assert session.framing.suggested == BETTER
    session.undo()
    framing = session.framing
    assert (framing.refused, framing.suggested) == (False, None)


def test_a_late_answer_to_another_landmark_is_not_shown(session: Session) -> None:
    in_frames(session)
    session.grow(-20, 0)
    assert session.framing is not None
    asked = session.framing.asks
    assert asked is not None
    session.nudge(3, 0)
    session.framing.suggest(asked, BETTER)
    assert session.framing.suggested is None
    session.take_suggested()
    assert session.framing.refused
    assert session.framing.asks == (asked[0].moved(Point(3, 0)), asked[1])


def test_while_a_frame_is_dragged_nothing_is_looked_for(session: Session) -> None:
    in_frames(session)
    session.grow(-20, 0)
    session.press(Point(300, 300), 3)
    assert session.framing is not None
    assert session.framing.asks is None
    session.release()
    assert session.framing.asks is not None


def test_a_press_on_the_proposed_place_takes_it(session: Session) -> None:
    in_frames(session)
    session.grow(-20, 0)
    answered(session)
    at = FRONT.rect.top_left + BETTER.centre
    session.press(at, 3)
    session.drag(at + Point(4, 1))
    session.release()
    assert session.result(True).anchor == BETTER.moved(Point(4, 1))
    session.undo()
    assert session.result(True).anchor == Rect(5, 5, 40, 20)


def test_a_place_that_needs_a_landmark_is_not_kept_without_one(session: Session) -> None:
    in_frames(session, Proposal(None, Rect(10, 250, 380, 40), needs_anchor=True))
    assert not session.may_be_kept()
    session.press(Point(300, 300), 3)
    session.drag(Point(380, 330))
    session.release()
    assert session.may_be_kept()
    session.undo()
    assert not session.may_be_kept()


def test_a_terminal_need_not_be_empty(session: Session) -> None:
    in_frames(session, Proposal(None, Rect(0, 0, 400, 300), proof=Proof.TERMINAL))
    assert session.framing is not None
    assert not session.framing.empties
    assert session.may_be_kept()
    assert spoken(session).startswith("Use this point?")
