"""The strip says whose turn it is, and what a person can do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from panel.commands.health import Look
from panel.core.clock import now
from panel.core.dispatching import Hands, Standing
from panel.core.health import judge
from panel.core.systems import MESSAGING, SYSTEMS
from panel.store import control
from panel.ui.chips import ChipLabel
from panel.ui.services import DispatcherView
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


@pytest.mark.parametrize(
    ("standing", "words", "buttons"),
    [
        (Standing(), "", []),
        (Standing(Hands.WORKING), "", []),
        (Standing(Hands.WORKING, waiting=3), "You are working: 3 wait", ["Send now", "Postpone"]),
        (Standing(Hands.KEYS_DOWN, waiting=1, keys=("Ctrl",)), "Ctrl held down: 1 waits", []),
        (Standing(Hands.LOCKED, waiting=2), "Screen locked: 2 wait", []),
        (Standing(Hands.SENDING, "Agent-3"), "Sending to Agent-3: hands off", []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_whose_turn_it_is(
    panel_window: Opened, standing: Standing, words: str, buttons: list[str]
) -> None:
    turn = panel_window.window.strip.turn
    turn.show_standing(standing)
    assert turn.words == words
    assert turn.isVisible() is bool(words)
    each = (turn.send_now, turn.postpone, turn.go_on)
    assert [b.accessibleName() or b.text() for b in each if b.isVisible()] == buttons


def test_the_countdown_counts(panel_window: Opened) -> None:
    turn = panel_window.window.strip.turn
    turn.show_standing(Standing(Hands.COUNTDOWN, until=now() + timedelta(seconds=2.4), waiting=1))
    assert turn.words == "Sends in 3 s"


async def test_it_counts_without_being_asked(aio: Aio, panel_window: Opened) -> None:
    turn = panel_window.window.strip.turn
    counting = Standing(Hands.COUNTDOWN, until=now() + timedelta(seconds=1.6), waiting=1)
    panel_window.outside.view = replace(panel_window.outside.view, standing=counting)
    turn.show_standing(counting)
    assert turn.words == "Sends in 2 s"
    await aio.until(lambda: turn.words == "Sends in 1 s", "the next second", seconds=1.5)


async def test_what_was_sent_stays_readable(aio: Aio, panel_window: Opened) -> None:
    """A delivery is over in a few hundredths of a second; what follows it is said at once."""
    turn = panel_window.window.strip.turn
    turn.show_standing(Standing(Hands.SENDING, "Agent-3"))
    turn.show_standing(Standing())
    assert turn.words == "Sending to Agent-3: hands off"
    turn.show_standing(Standing(Hands.SENDING, "Agent-4"))
    assert turn.words == "Sending to Agent-4: hands off"
    turn.show_standing(Standing())
    await aio.until(lambda: not turn.isVisible(), "its end")
    turn.show_standing(Standing(Hands.SENDING, "Agent-3"))
    turn.show_standing(Standing(Hands.WORKING, waiting=1))
    assert turn.words == "You are working: 1 waits"


@pytest.mark.parametrize("width", [960, 1024, 1280, 1440])
@pytest.mark.parametrize(
    "standing",
    [Standing(Hands.WORKING, waiting=123), Standing(Hands.SENDING, "Agent-12")],
    ids=lambda standing: str(standing.hands),
)
async def test_nothing_of_the_strip_is_cut_off(
    aio: Aio, panel_window: Opened, width: int, standing: Standing
) -> None:
    window = panel_window.window
    strip = window.strip
    panel_window.outside.view = replace(panel_window.outside.view, standing=standing)
    strip.show_dispatcher(panel_window.outside.view)
    await aio.until(lambda: strip.needs.text() != "Needs you 0", "the counts")
    window.resize(width, 700)
    await aio.until(lambda: strip.width() == window.width() == width, "the size")
    await window.idle()
    parts: list[QWidget] = [*strip.findChildren(QAbstractButton)]
    if width > 960:  # there the words are shortened, what can be clicked is not
        parts += strip.turn.findChildren(ChipLabel)
    cut = [
        part.accessibleName()
        for part in parts
        if part.isVisible() and part.width() < part.sizeHint().width()
    ]
    assert cut == []


async def test_later_postpones_and_go_on_ends_that(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    turn = window.strip.turn
    turn.show_standing(Standing(Hands.WORKING, waiting=1))
    QTest.mouseClick(turn.postpone, Qt.MouseButton.LeftButton)
    await window.idle()
    until = (await store.read(control.state)).postponed_until
    assert until is not None
    assert timedelta(minutes=4) < until - now() <= timedelta(minutes=5)

    turn.show_standing(Standing(Hands.POSTPONED, until=until))
    assert turn.words == f"Yours until {until.astimezone():%H:%M}"
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


async def test_the_worst_system_stands_in_words(panel_window: Opened) -> None:
    strip = panel_window.window.strip

    def shown(**metrics: float) -> str:
        healths = [judge(each, metrics if each is MESSAGING else {}, now()) for each in SYSTEMS]
        strip.show_look(Look(tuple(healths), ()))
        return strip.worst.full()

    assert shown() == "All systems work"
    assert shown(uncertain=1) == "All systems work"
    assert shown(uncertain=4, held_long=5) == "Sending: 5 messages are on hold for over 5 minutes."
    assert MESSAGING.measure("held_long").fix in strip.worst.toolTip()
    assert strip.worst.property("role") == "error"
    strip.show_dispatcher(DispatcherView(running=False, text="No display.", healthy=False))
    assert strip.worst.full() == "No display."
