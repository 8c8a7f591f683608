"""The question about old messages in the window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from panel.core import clock
from panel.core.message import DeliveryStatus
from panel.store import backlog, messages
from panel.store.backlog import Pile
from panel.store.connection import Transaction
from panel.ui.controls import Button
from panel.ui.models.backlog import question
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window
WAITING = 6  # in the seeded swarm: five pending, one on hold


def _old(tx: Transaction) -> None:
    then = clock.to_stored(clock.now() - timedelta(hours=2))
    tx.execute(
        "UPDATE agent_messages SET sent_at = ? WHERE delivery_status IN ('pending', 'held')", then
    )
    assert backlog.set_aside(tx, clock.now(), timedelta(minutes=30)) == WAITING


async def asked(aio: Aio, opened: Opened) -> None:
    bar = opened.window.backlog_bar
    assert not bar.isVisible()
    await opened.store.write(_old)
    await aio.until(bar.isVisible, "the question")


async def states(opened: Opened) -> dict[DeliveryStatus, int]:
    return await opened.store.read(messages.counts)


async def test_send_puts_them_back_into_the_queue(aio: Aio, panel_window: Opened) -> None:
    await asked(aio, panel_window)
    bar = panel_window.window.backlog_bar
    assert bar.text.full().startswith("6 messages from ")
    assert bar.text.full().endswith(" wait for your word.")
    assert not panel_window.window.isHidden()
    bar.send_button.click()
    await aio.until(lambda: not bar.isVisible(), "its end")
    counts = await states(panel_window)
    assert (counts[DeliveryStatus.PENDING], counts[DeliveryStatus.HELD]) == (WAITING, 0)


async def test_cancel_can_be_undone_into_the_question(aio: Aio, panel_window: Opened) -> None:
    await asked(aio, panel_window)
    window, bar = panel_window.window, panel_window.window.backlog_bar
    before = (await states(panel_window))[DeliveryStatus.CANCELLED]
    bar.cancel_button.click()
    await aio.until(lambda: not bar.isVisible(), "its end")
    assert (await states(panel_window))[DeliveryStatus.CANCELLED] == before + WAITING
    await aio.until(window.status.undo_button.isVisible, "undo")
    window.status.undo_button.click()
    await aio.until(bar.isVisible, "the question again")
    assert (await states(panel_window))[DeliveryStatus.PENDING] == 0
    assert (await states(panel_window))[DeliveryStatus.HELD] == WAITING


async def test_look_shows_them_by_agent(aio: Aio, panel_window: Opened) -> None:
    await asked(aio, panel_window)
    window, bar = panel_window.window, panel_window.window.backlog_bar
    bar.look_button.click()
    names = [button.accessibleName() for button in bar._rows.findChildren(Button)]
    assert "Send Agent-4" in names and "Cancel Agent-1" in names and "Show Agent-3" in names
    assert all(button.isVisible() for button in bar._rows.findChildren(Button))
    one = next(b for b in bar._rows.findChildren(Button) if b.accessibleName() == "Send Agent-4")
    one.click()
    await aio.until(lambda: bar.text.full().startswith("4 messages"), "the rest")
    show = next(b for b in bar._rows.findChildren(Button) if b.accessibleName() == "Show Agent-3")
    show.click()
    assert window.tabs.currentWidget() is window.messages
    await aio.until(lambda: window.messages.model.rowCount() == 1, "its message")


def test_when_they_are_from() -> None:
    def at(*moment: int) -> datetime:
        return datetime(*moment).astimezone()  # type: ignore[arg-type]

    present = at(2026, 11, 25, 9, 0)
    yesterday, monday = at(2026, 11, 24, 17, 0), at(2026, 11, 23, 8, 0)
    today, old = at(2026, 11, 25, 7, 0), at(2026, 10, 3, 8, 0)

    def said(count: int, oldest: datetime, newest: datetime) -> str:
        return question([Pile("A", count, oldest, newest)], present)

    assert said(12, yesterday, yesterday) == "12 messages from yesterday wait for your word."
    assert said(1, today, today) == "1 message from earlier today waits for your word."
    assert said(2, monday, monday) == "2 messages from Monday wait for your word."
    assert said(2, monday, today) == "2 messages since Monday wait for your word."
    assert said(2, old, today) == "2 messages since 03 Oct 2026 wait for your word."
