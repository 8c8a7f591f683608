"""What became of a message that was just sent, and what mends it, in the dialog itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from panel.core.message import DeliveryStatus
from panel.core.target import ReasonCode
from panel.store import messages
from panel.store.connection import Transaction
from panel.ui.steps import Step
from tests.event_loop import Aio
from tests.window.conftest import Opened
from tests.window.test_compose import composing, field, send_button, text_of

pytestmark = pytest.mark.window


async def test_trouble_brings_its_fix_and_sending_again_is_followed(
    aio: Aio, panel_window: Opened
) -> None:
    window, store = panel_window.window, panel_window.store
    dialog = await composing(aio, panel_window)
    field(dialog, "to_field").setText("Agent-1, Agent-2, Agent-3")
    text_of(dialog).setPlainText("go on")
    send_button(dialog).click()
    await aio.until(lambda: dialog.results.watching, "the results")
    found = await store.read(lambda c: messages.find(c, limit=5))
    ids = {m.to_agent: m.message_id for m in found if m.content == "go on"}

    def work(tx: Transaction) -> None:
        for agent, status, code, why in (
            ("Agent-1", DeliveryStatus.FAILED, ReasonCode.WINDOW_GONE, "Its window is closed."),
            ("Agent-2", DeliveryStatus.UNCERTAIN, ReasonCode.NO_PROOF, "The box did not empty."),
            ("Agent-3", DeliveryStatus.DELIVERED, "", ""),
        ):
            messages.update_delivery_status(tx, ids[agent], status, 40)
            tx.execute(
                "UPDATE agent_messages SET reason = ?, reason_code = ? WHERE message_id = ?",
                why,
                str(code),
                ids[agent],
            )

    await store.write(work)
    await aio.until(lambda: not dialog.results.watching, "the end of all three")
    lines = dialog.results.lines()
    assert [line.steps.steps for line in lines] == [(Step.FIND, Step.RETRY), (Step.DECIDE,), ()]
    assert dialog.results.summary.text() == "1 of 3 delivered"
    again = lines[0].steps.button(Step.RETRY)
    assert again is not None
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    await aio.until(lambda: dialog.results.watching, "that it waits again")
    assert lines[0].steps.steps == ()
    message = await store.read(lambda c: messages.get(c, ids["Agent-1"]))
    assert message is not None and message.delivery_status is DeliveryStatus.PENDING
    decide = lines[1].steps.button(Step.DECIDE)
    assert decide is not None
    QTest.mouseClick(decide, Qt.MouseButton.LeftButton)
    await aio.until(window.drawer.isVisible, "the drawer")
    dialog.close()
