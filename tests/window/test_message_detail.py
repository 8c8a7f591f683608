"""The pane of one message: decisions with pictures, the timeline, a broadcast's rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from panel.core.clock import now
from panel.core.message import DeliveryStatus, Evidence, Message, Priority
from panel.core.target import ReasonCode
from panel.store import messages
from panel.store.connection import Transaction
from panel.ui.evidence.compare import CompareDialog
from panel.ui.evidence.timeline import gathered
from panel.ui.models.attempts import read_attempts
from panel.ui.steps import Step
from panel.ui.tabs.message_detail import MessageDetail
from tests.event_loop import Aio
from tests.window.conftest import Opened
from tests.window.evidence import attempt

pytestmark = pytest.mark.window
S = DeliveryStatus


async def shown(aio: Aio, opened: Opened, message_id: str) -> MessageDetail:
    window = opened.window
    window.tabs.setCurrentWidget(window.messages)
    await aio.until(lambda: window.messages.model.ready, "the list")
    window.messages.show_message(message_id)
    detail = window.messages.detail
    assert isinstance(detail, MessageDetail)
    await aio.until(
        lambda: detail.row is not None and detail.row["message_id"] == message_id, "the message"
    )
    await window.idle()
    return detail


async def status_of(opened: Opened, message_id: str) -> DeliveryStatus:
    message = await opened.store.read(lambda c: messages.get(c, message_id))
    assert message is not None
    return message.delivery_status


async def test_an_unconfirmed_message_shows_what_was_seen(aio: Aio, panel_window: Opened) -> None:
    detail = await shown(aio, panel_window, "msg_new_006")
    before, after = detail.pictures.thumbnails
    assert detail.pictures.isVisible()
    assert (before.shot.caption, after.shot.caption) == ("Before", "After")
    assert before.shot.image != after.shot.image
    last = detail.timeline.entries()[0]
    assert [(step.word, step.at) for step in last.steps.steps] == [
        ("Ready", 6.1),
        ("In focus", 9.4),
        ("Text taken", 12.2),
        ("Text seen", 24.8),
        ("Enter pressed", 27.0),
    ]
    assert [shot.caption for shot in last.shots] == ["Before", "Pasted", "After"]
    QTest.mouseClick(before, Qt.MouseButton.LeftButton)
    dialog = panel_window.window.findChild(CompareDialog)
    assert dialog is not None
    dialog.close()


async def test_it_is_decided_by_a_key(aio: Aio, panel_window: Opened) -> None:
    detail = await shown(aio, panel_window, "msg_new_006")
    panel_window.window.activateWindow()
    await aio.until(panel_window.window.isActiveWindow, "the window")
    button = detail.steps.button(Step.ARRIVED)
    assert button is not None
    button.setFocus()
    await aio.until(button.hasFocus, "the focus")
    QTest.keyClick(
        QApplication.focusWidget() or detail, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier
    )
    while await status_of(panel_window, "msg_new_006") is not S.DELIVERED:
        await panel_window.window.idle()


@pytest.mark.parametrize(
    ("message_id", "steps"),
    [
        ("msg_new_001", (Step.EDIT, Step.WITHDRAW, Step.GOTO)),
        ("msg_new_004", (Step.GOTO, Step.EMPTY, Step.TRY_NOW, Step.EDIT, Step.CANCEL)),
        ("msg_new_006", (Step.ARRIVED, Step.AGAIN, Step.GIVE_UP, Step.GOTO)),
        ("msg_new_008", (Step.FIND, Step.RETRY)),
        ("msg_new_009", (Step.MESSAGE, Step.GOTO)),
        ("msg_new_011", (Step.RESEND, Step.GOTO)),
    ],
)
async def test_what_can_be_done(
    aio: Aio, panel_window: Opened, message_id: str, steps: tuple[Step, ...]
) -> None:
    detail = await shown(aio, panel_window, message_id)
    assert detail.steps.steps == steps


async def test_looks_with_the_same_result_are_one_entry(aio: Aio, panel_window: Opened) -> None:
    def work(tx: Transaction) -> None:
        for number in range(2, 62):
            attempt(
                tx,
                "msg_new_004",
                number,
                now(),
                minutes=9 - number / 10,
                outcome="held",
                reason="There is a text in the box of Agent-4. Send it or empty the box.",
                code=ReasonCode.COMPOSER_NOT_EMPTY.value,
                reached="ready",
            )

    await panel_window.store.write(work)
    rows = await panel_window.store.read(lambda c: read_attempts(c, "msg_new_004"))
    assert len(rows) == 61
    assert [len(tried.rows) for tried in gathered(rows)] == [61]
    detail = await shown(aio, panel_window, "msg_new_004")
    assert len(detail.timeline.entries()) == 1


def broadcast(tx: Transaction) -> None:
    """To eight: six delivered, one failed, one unconfirmed."""
    for number in range(1, 9):
        status = {3: S.FAILED, 5: S.UNCERTAIN}.get(number, S.DELIVERED)
        sent = now() - timedelta(seconds=30)
        message = Message(
            f"msg_b{number}",
            "captain",
            f"Agent-{number}",
            Priority.NORMAL,
            "Freeze at six.",
            sent,
            delivery_status=status,
            evidence=Evidence.SUBMITTED if status is S.DELIVERED else Evidence.NONE,
            processed_at=sent,
            group_id="grp_1",
            reason="" if status is S.DELIVERED else "Its window is closed.",
        )
        messages.insert(tx, message)


async def test_a_broadcast_is_sent_to_the_rest(aio: Aio, panel_window: Opened) -> None:
    await panel_window.store.write(broadcast)
    detail = await shown(aio, panel_window, "msg_b1")
    group = detail.group
    assert group.isVisible()
    assert group.summary.text() == "6 of 8 delivered"
    assert [line.name.text() for line in group.lines()][:2] == ["Agent-3", "Agent-5"]
    assert group.rest_button.text() == "Send to the rest (1)"
    QTest.mouseClick(group.rest_button, Qt.MouseButton.LeftButton)
    await aio.until(lambda: not group.rest_button.isVisible(), "the rest on its way")
    rows = await panel_window.store.read(lambda c: messages.rows(c, to="Agent-3", limit=1))
    assert (rows[0]["resend_of"], rows[0]["delivery_status"]) == ("msg_b3", "pending")
    # What may have arrived is nobody's rest: a person decides.
    assert await status_of(panel_window, "msg_b5") is S.UNCERTAIN
    assert group.summary.text() == "6 of 8 delivered"


async def test_a_receiver_leads_to_its_message(aio: Aio, panel_window: Opened) -> None:
    await panel_window.store.write(broadcast)
    detail = await shown(aio, panel_window, "msg_b1")
    detail.group.lines()[1].name.click()
    await aio.until(
        lambda: detail.row is not None and detail.row["message_id"] == "msg_b5", "the message"
    )


async def test_a_message_to_one_agent_has_no_broadcast(aio: Aio, panel_window: Opened) -> None:
    detail = await shown(aio, panel_window, "msg_new_006")
    assert not detail.group.isVisible()


async def test_a_refresh_keeps_the_focus_on_its_button(aio: Aio, panel_window: Opened) -> None:
    detail = await shown(aio, panel_window, "msg_new_006")
    panel_window.window.activateWindow()
    await aio.until(panel_window.window.isActiveWindow, "the window")
    button = detail.steps.button(Step.GIVE_UP)
    assert button is not None
    button.setFocus()
    await aio.until(button.hasFocus, "the focus")
    await panel_window.store.write(
        lambda tx: messages.insert(
            tx, Message("msg_z", "captain", "Agent-1", Priority.NORMAL, "x", now())
        )
    )
    await aio.until(lambda: panel_window.window.messages.model.key(0) == "msg_z", "the new row")
    await panel_window.window.idle()
    assert detail.steps.button(Step.GIVE_UP) is button
    assert button.hasFocus()
