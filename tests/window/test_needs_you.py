"""The drawer: one card a cause, and buttons that settle it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from panel.core.message import DeliveryStatus, Evidence
from panel.store import messages
from panel.ui.needs_you import NeedCard
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


async def cards(aio: Aio, opened: Opened) -> list[NeedCard]:
    opened.window.show_drawer(True)
    return await aio.until(opened.window.drawer.cards, "the cards")


def button(card: NeedCard, text: str) -> QPushButton:
    return next(b for b in card.findChildren(QPushButton) if b.text() == text)


async def test_one_card_a_cause(aio: Aio, panel_window: Opened) -> None:
    found = await cards(aio, panel_window)
    assert [(card.need.kind, card.need.agent_id) for card in found] == [
        ("uncertain", "Agent-7"),
        ("failed", "Agent-5"),
        ("held", "Agent-4"),
        ("stuck", "Agent-4"),
        ("target", "Agent-6"),
        ("target", "Agent-7"),
    ]
    assert found[0].need.sentence.endswith("1 more waits behind it.")


@pytest.mark.parametrize(
    ("text", "status", "evidence"),
    [
        ("It arrived", DeliveryStatus.DELIVERED, Evidence.OPERATOR),
        ("Send again", DeliveryStatus.PENDING, Evidence.NONE),
        ("Give up", DeliveryStatus.CANCELLED, Evidence.VISIBLE),
    ],
)
async def test_an_unconfirmed_message_is_decided(
    aio: Aio, panel_window: Opened, text: str, status: DeliveryStatus, evidence: Evidence
) -> None:
    first = (await cards(aio, panel_window))[0]
    message_id = first.need.message_ids[0]
    button(first, text).click()
    await aio.until(
        lambda: "uncertain" not in {c.need.kind for c in panel_window.window.drawer.cards()},
        "the decision",
    )
    message = await panel_window.store.read(lambda c: messages.get(c, message_id))
    assert message is not None
    assert (message.delivery_status, message.evidence) == (status, evidence)


async def test_later_puts_a_card_away(aio: Aio, panel_window: Opened) -> None:
    first = (await cards(aio, panel_window))[0]
    key = first.need.key
    button(first, "Later").click()
    assert key not in {card.need.key for card in panel_window.window.drawer.cards()}
    assert panel_window.window.strip.needs.text() == "Needs you 6"


async def test_f8_goes_to_the_next_card(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    window.activateWindow()
    await aio.until(window.isActiveWindow, "the window")
    await aio.until(lambda: window.strip.needs.text() == "Needs you 6", "the needs")
    for number in (0, 1, 2):
        QTest.keyClick(window, Qt.Key.Key_F8)
        await aio.until(window.drawer.cards()[number].hasFocus, f"card {number}")


async def test_a_card_leads_to_its_message(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    first = (await cards(aio, panel_window))[0]
    button(first, "Show").click()
    await aio.until(
        lambda: (row := window.messages.detail.row) and row["message_id"] == "msg_new_006",
        "the message",
    )
    assert window.tabs.currentWidget() is window.messages


async def test_nothing_needs_a_person_on_an_empty_panel(aio: Aio, empty_window: Opened) -> None:
    window = empty_window.window
    window.show_drawer(True)
    await window.idle()
    assert window.drawer.cards() == []
    assert window.drawer._empty.isVisible()
