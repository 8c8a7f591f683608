"""The strip says whose turn it is, and what a person can do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from panel.core.clock import now
from panel.core.dispatching import Hands, Standing
from panel.store import control
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


@pytest.mark.parametrize(
    ("standing", "words", "buttons"),
    [
        (Standing(), "", []),
        (Standing(Hands.WORKING), "", []),
        (Standing(Hands.WORKING, waiting=3), "You are working: 3 wait", ["Send now", "Later"]),
        (Standing(Hands.KEYS_DOWN, waiting=1, keys=("Ctrl",)), "Ctrl held down", []),
        (Standing(Hands.LOCKED, waiting=2), "Locked: 2 wait", []),
        (Standing(Hands.SENDING, "Agent-3"), "Sending to Agent-3: hands off", []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_whose_turn_it_is(
    panel_window: Opened, standing: Standing, words: str, buttons: list[str]
) -> None:
    turn = panel_window.window.strip.turn
    turn.show_standing(standing)
    assert turn.words.text() == words
    assert turn.isVisible() is bool(words)
    each = (turn.send_now, turn.later, turn.go_on)
    assert [b.accessibleName() or b.text() for b in each if b.isVisible()] == buttons


def test_the_countdown_counts(panel_window: Opened) -> None:
    turn = panel_window.window.strip.turn
    turn.show_standing(Standing(Hands.COUNTDOWN, until=now() + timedelta(seconds=2.4), waiting=1))
    assert turn.words.text() == "Sends in 3 s"


async def test_later_postpones_and_go_on_ends_that(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    turn = window.strip.turn
    turn.show_standing(Standing(Hands.WORKING, waiting=1))
    QTest.mouseClick(turn.later, Qt.MouseButton.LeftButton)
    await window.idle()
    until = (await store.read(control.state)).postponed_until
    assert until is not None
    assert timedelta(minutes=4) < until - now() <= timedelta(minutes=5)

    turn.show_standing(Standing(Hands.POSTPONED, until=until))
    assert turn.words.text() == f"Yours until {until.astimezone():%H:%M}"
    QTest.mouseClick(turn.go_on, Qt.MouseButton.LeftButton)
    await window.idle()
    assert (await store.read(control.state)).postponed_until is None


async def test_after_its_end_the_window_starts_nothing(aio: Aio, panel_window: Opened) -> None:
    """A widget that is being deleted may still ask for something."""
    tasks = panel_window.window._tasks
    ran: list[str] = []

    async def work(name: str) -> None:
        ran.append(name)

    await tasks.start(work("before"))
    await tasks.close()
    assert tasks.start(work("after")).cancelled()
    assert ran == ["before"]
