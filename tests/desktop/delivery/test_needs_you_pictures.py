"""What a person sees of a delivery that was not confirmed is what stood in the agent's window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from panel.core.message import DeliveryStatus
from panel.ui.evidence.compare import differences
from panel.ui.needs.card import NeedCard
from panel.ui.theme import Mode, Theme
from panel.ui.window import MainWindow
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.event_loop import Aio
from tests.window.conftest import Outside

pytestmark = [pytest.mark.desktop, pytest.mark.window]


async def card_of(aio: Aio, window: MainWindow, kind: str) -> NeedCard:
    window.show_drawer(True)
    card = await aio.until(
        lambda: next((c for c in window.drawer.cards() if c.need.kind == kind), None),
        f"the card of what is {kind}",
    )
    assert card is not None
    await aio.until(card.pictures.isVisible, "its pictures")
    return card


async def test_the_drawer_shows_the_box_before_and_after(
    aio: Aio, swarm: Swarm, open_chat: OpenChat, qapp: QApplication
) -> None:
    chat = open_chat("Agent-1", submits="never")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("proof_timeout_ms", 300)
    message = await swarm.send("Agent-1", "it stays in the box")
    assert message.delivery_status is DeliveryStatus.UNCERTAIN, message.reason

    outside = Outside()
    window = MainWindow(
        swarm.context, Theme(qapp, Mode.LIGHT), outside.services(swarm.store.location.path)
    )
    window.show()
    try:
        card = await card_of(aio, window, "uncertain")
        before, after = (each.shot for each in card.pictures.thumbnails)
        assert (before.caption, after.caption) == ("Before", "After")
        assert before.image.size() == after.image.size()
        framed = differences(before.image, after.image)
        assert not framed.isNull() and framed.pixelColor(0, 0).alpha() == 0
        marked = sum(
            framed.pixelColor(x, y).alpha() > 0
            for x in range(0, framed.width(), 2)
            for y in range(framed.height())
        )
        assert marked > 0
    finally:
        await window.shut()
        window.deleteLater()
