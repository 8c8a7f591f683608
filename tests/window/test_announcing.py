"""What a screen reader is told: trouble at once, deliveries in one polite sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from panel.core.message import DeliveryStatus
from panel.ui import announcing
from panel.ui.announcing import Announcer, announced_by
from panel.ui.models.needs import Need
from panel.ui.models.overview import Overview
from panel.ui.words import delivery_chip
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window
Said = list[tuple[str, bool]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setattr(announcing, "SUMMARY_MS", 30)
    return []


@pytest.fixture
def announcer(qapp: object, said: Said) -> Iterator[Announcer]:
    owner = QObject()
    yield Announcer(lambda text, at_once: said.append((text, at_once)), owner)
    owner.deleteLater()


def need(agent: str, number: int = 1, kind: str = "failed") -> Need:
    chip = delivery_chip(kind)
    return Need(f"{kind}:{agent}", kind, agent, chip, "It broke.", message_id="m", number=number)


def overview(*needs: Need, delivered: int = 0) -> Overview:
    return Overview({DeliveryStatus.DELIVERED.value: delivered}, needs=needs)


def test_trouble_is_told_once_and_at_once(announcer: Announcer, said: Said) -> None:
    announcer.show_overview(overview(need("Agent-1")))
    assert said == []  # it was so before the window opened
    announcer.show_overview(overview(need("Agent-1"), need("Agent-2")))
    announcer.show_overview(overview(need("Agent-1"), need("Agent-2")))
    assert said == [("Agent-2, Failed: It broke.", True)]


def test_more_of_the_same_is_news_and_less_is_not(announcer: Announcer, said: Said) -> None:
    for number in (2, 3, 2, 1):
        announcer.show_overview(overview(need("Agent-1", number, "uncertain")))
    assert said == [("Agent-1, Unconfirmed: It broke.", True)]


async def test_deliveries_are_summed_up(aio: Aio, announcer: Announcer, said: Said) -> None:
    for delivered in (100, 101, 105, 112):
        announcer.show_overview(overview(delivered=delivered))
    assert said == []
    await aio.until(lambda: said, "the summary")
    assert said == [("12 messages delivered.", False)]
    announcer.show_overview(overview(delivered=113))
    await aio.until(lambda: len(said) == 2, "the next one")
    assert said[1] == ("1 message delivered.", False)


def test_qt_takes_the_announcement(panel_window: Opened) -> None:
    announce = announced_by(panel_window.window)
    announce("Grüße 🎉", True)
    announce("", False)
