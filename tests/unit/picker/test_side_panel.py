"""The side panel: what it says in each moment, and that it fits on a small screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from panel.core.geometry import Point, Rect
from panel.core.target import Proof, Reason, ReasonCode
from panel.picker.frames import Frame
from panel.picker.session import Session
from panel.picker.side_panel import SidePanel
from panel.picker.values import PickRequest, Proposal, Sight
from panel.picker.verdict import Judge
from tests.unit.picker.builders import BACK, FRONT, LAYOUT, OURS, OWN_PID

SMALL = 640
FLAT = Reason(
    ReasonCode.ANCHOR_DIFFERS,
    "The landmark is one flat area (contrast 0.0, it takes 6); choose a place with a label, an "
    "icon or an edge.",
)


def refuse_small(_sight: Sight, rect: Rect, _box: Rect | None) -> tuple[Reason, ...]:
    return (FLAT,) if rect.width < 50 else ()


def refused(session: Session) -> None:
    """The landmark is made too small, and a better place was found."""
    session.grow(-20, 0)
    assert session.framing is not None
    asked = session.framing.asks
    assert asked is not None
    session.framing.suggest(asked, Rect(5, 40, 80, 24))


@pytest.fixture
def session() -> Session:
    judge = Judge("Agent-3", LAYOUT, [FRONT, BACK, OURS], (), OWN_PID)
    return Session(PickRequest("Agent-3"), judge, Point(200, 200), refuse_small)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[SidePanel]:
    window = QWidget()
    qtbot.addWidget(window)
    made = SidePanel(window)
    window.resize(1024, SMALL)
    window.show()
    yield made
    window.close()


def said(panel: SidePanel) -> list[str]:
    labels: list[QLabel] = panel.findChildren(QLabel)
    buttons: list[QPushButton] = panel.findChildren(QPushButton)
    shown: list[QLabel | QPushButton] = [*labels, *buttons]
    return [each.text() for each in shown if each.isVisible()]


def show(panel: SidePanel, session: Session, room: int = SMALL) -> list[str]:
    pictures = []
    for frame, size in ((Frame.COMPOSER, (380, 60)), (Frame.LANDMARK, (160, 200))):
        there = session.frame_on_desktop(frame) is not None
        pictures.append(QImage(*size, QImage.Format.Format_RGB32) if there else None)
    panel.present(session, *pictures, room=room)
    panel.show()
    return said(panel)


def in_frames(session: Session, proposal: Proposal) -> None:
    assert session.take()
    window = session.verdict.window
    assert window is not None
    picture = QImage(window.rect.width, window.rect.height, QImage.Format.Format_RGB32)
    session.show(Sight(session.verdict.point, window, picture), proposal)


def test_a_refused_landmark_bars_the_way_and_shows_another(
    panel: SidePanel, session: Session
) -> None:
    in_frames(session, Proposal(Rect(5, 5, 60, 20), Rect(10, 250, 380, 40)))
    assert "This box is empty: remember it" in show(panel, session)
    assert panel._save.isEnabled()
    refused(session)
    words = show(panel, session)
    assert str(FLAT) in words
    assert "Use the marked place" in words
    assert not panel._save.isEnabled()
    panel._use.click()
    assert panel.height() <= SMALL


def test_it_fits_on_a_small_screen_with_all_that_can_stand_in_it(
    panel: SidePanel, session: Session
) -> None:
    show(panel, session)
    assert panel.height() <= SMALL
    in_frames(session, Proposal(Rect(5, 5, 60, 20), Rect(10, 250, 380, 40)))
    refused(session)
    session.may_be_kept()
    words = show(panel, session)
    assert panel.height() <= SMALL
    assert f"Not kept. {FLAT}" in words
    # Without room it does without its keys, not without what it says.
    assert "Esc" in words
    small = show(panel, session, room=300)
    assert "Esc" not in small
    assert f"Not kept. {FLAT}" in small


def test_a_terminal_is_not_asked_to_be_empty(panel: SidePanel, session: Session) -> None:
    in_frames(session, Proposal(None, Rect(0, 0, 400, 300), proof=Proof.TERMINAL))
    words = show(panel, session)
    assert "Use this point?" in words
    assert "No landmark: the program in the terminal is checked instead." in words
    assert not any("empty" in each for each in words)


def test_where_tab_brought_the_cursor_is_named(panel: SidePanel, session: Session) -> None:
    session.snap(1, FRONT, [Rect(110, 340, 380, 50)])
    words = show(panel, session)
    assert "Middle of a box, 380 × 50  ·  1 of 6" in words
    assert "300, 365" in words
