"""The compose dialog: whom it understands, what it refuses, what it sends."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox, QPlainTextEdit, QPushButton

from panel.core.message import DeliveryStatus, Evidence, Message, Priority
from panel.store import messages
from panel.ui.compose.dialog import ComposeDialog
from panel.ui.compose.recipients import parse_recipients
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window

AGENTS: list[Mapping[str, object]] = [
    {"agent_id": "Agent-1", "team": "core", "active": 1, "target_status": "confirmed"},
    {"agent_id": "Agent-2", "team": "web", "active": 1, "target_status": "confirmed"},
    {"agent_id": "Agent-5", "team": "web", "active": 1, "target_status": "none"},
    {"agent_id": "Agent-9", "team": "web", "active": 0, "target_status": "confirmed"},
]


@pytest.mark.parametrize(
    ("text", "ready", "readiness"),
    [
        ("agent-1", ("Agent-1",), "1 ready."),
        ("All", ("Agent-1", "Agent-2"), "All: 2 ready; Agent-5 has no target."),
        ("Team web", ("Agent-2",), "1 ready; Agent-5 has no target."),
        ("web, Agent-1, Agent-1", ("Agent-2", "Agent-1"), "2 ready; Agent-5 has no target."),
        ("", (), ""),
    ],
)
def test_receivers_are_understood(text: str, ready: tuple[str, ...], readiness: str) -> None:
    found = parse_recipients(text, AGENTS)
    assert found.ready == ready
    assert found.readiness == readiness


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "Say who gets it: agents, a team, or All."),
        ("Agent-1, Bob", "There is no agent or team Bob."),
        ("Agent-9", "Agent-9 is inactive and is not written to."),
        ("Agent-5", "Agent-5 has no target yet. Calibrate first."),
    ],
)
def test_receivers_that_cannot_be_written_to_are_named(text: str, wrong: str) -> None:
    assert parse_recipients(text, AGENTS).wrong == wrong


async def composing(aio: Aio, opened: Opened) -> ComposeDialog:
    """The compose dialog of an active window, opened by its key."""
    window = opened.window
    window.activateWindow()
    await aio.until(window.isActiveWindow, "the window")
    await aio.until(lambda: window.strip.queued.text() == "Queued 6", "the overview")
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(ComposeDialog, "compose_dialog")
    assert dialog is not None
    await aio.until(dialog.isActiveWindow, "the dialog")
    return dialog


def field(dialog: ComposeDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def text_of(dialog: ComposeDialog) -> QPlainTextEdit:
    found = dialog.findChild(QPlainTextEdit, "content_field")
    assert found is not None
    return found


def send_button(dialog: ComposeDialog) -> QPushButton:
    found = dialog.findChild(QPushButton, "send_button")
    assert found is not None
    return found


async def test_a_message_to_all_is_queued_once_for_each(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window)
    assert not dialog.isModal()
    assert dialog.focusWidget() is field(dialog, "to_field")
    QTest.keyClicks(dialog.focusWidget(), "All")
    text_of(dialog).setPlainText("Line one\nline two 🚀")
    priority = dialog.findChild(QComboBox, "priority_field")
    assert priority is not None
    priority.setCurrentText("High")
    field(dialog, "tags_field").setText("task, review")
    assert send_button(dialog).text() == "Send to 6"
    QTest.keyClick(text_of(dialog), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await aio.until(lambda: dialog.results.watching, "the results")
    sent = await panel_window.store.read(lambda c: messages.find(c, status="pending"))
    sent = [message for message in sent if message.content == "Line one\nline two 🚀"]
    assert sorted(m.to_agent for m in sent) == [f"Agent-{n}" for n in (1, 2, 3, 4, 6, 7)]
    assert {m.priority for m in sent} == {Priority.HIGH}
    assert {m.tags for m in sent} == {("task", "review")}
    assert len({m.group_id for m in sent}) == 1
    dialog.close()


async def test_what_is_wrong_stands_below_its_field_and_the_text_stays(
    aio: Aio, panel_window: Opened
) -> None:
    dialog = await composing(aio, panel_window)
    field(dialog, "to_field").setText("Agent-1, Bob")
    text_of(dialog).setPlainText("a\x07b")
    send_button(dialog).click()
    assert dialog.form._to.error == "There is no agent or team Bob."
    assert "U+0007" in dialog.form._text.error
    await aio.until(lambda: dialog.focusWidget() is field(dialog, "to_field"), "the focus")
    field(dialog, "to_field").setText("Agent-1")
    assert dialog.form._to.error == ""
    send_button(dialog).click()
    assert text_of(dialog).toPlainText() == "a\x07b"
    assert dialog.focusWidget() is text_of(dialog)
    field(dialog, "tags_field").setText("good, bad/tag")
    text_of(dialog).setPlainText("fine")
    send_button(dialog).click()
    await panel_window.window.idle()
    assert "bad/tag" in dialog.form.more.tags_box.error or "'/'" in dialog.form.more.tags_box.error
    assert field(dialog, "tags_field").isVisible()
    found = await panel_window.store.read(lambda c: messages.find(c, limit=1000))
    assert "fine" not in {message.content for message in found}
    dialog.discard()


async def test_the_counter_warns_of_too_long_a_text(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window)
    field(dialog, "to_field").setText("Agent-1")
    text_of(dialog).setPlainText("x" * 10_001)
    assert dialog.form._counter.text() == "10,001 / 10,000"
    assert dialog.form._counter.property("role") == "error"
    send_button(dialog).click()
    assert dialog.form._text.error.startswith("Takes 1 to 10,000")
    dialog.discard()


async def test_the_preview_shows_what_will_be_typed(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window)
    field(dialog, "to_field").setText("Agent-1")
    text_of(dialog).setPlainText("/stop")
    dialog.preview_button.click()
    await aio.until(lambda: dialog.preview.area.toPlainText() == "[C2A] /stop ", "the preview")
    dialog.preview_button.click()
    assert text_of(dialog).isVisible()
    dialog.discard()


async def test_a_written_text_is_not_lost_by_a_stray_escape(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window)
    text_of(dialog).setPlainText("half a sentence")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    question = dialog.findChild(QMessageBox, "discard_question")
    assert question is not None and dialog.isVisible()
    keep = next(b for b in question.buttons() if b.text() == "Keep writing")
    keep.click()
    assert dialog.isVisible()
    text_of(dialog).clear()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not panel_window.window._composing


async def test_it_closes_when_all_are_delivered(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    dialog = await composing(aio, panel_window)
    field(dialog, "to_field").setText("Agent-1, Agent-2")
    text_of(dialog).setPlainText("go on")
    send_button(dialog).click()
    await aio.until(lambda: dialog.results.watching, "the results")
    found = await store.read(lambda c: messages.find(c, limit=2))
    sent = [message for message in found if message.content == "go on"]
    for message in sent:
        await store.write(lambda tx, message=message: _deliver(tx, message))  # type: ignore[misc]
    await aio.until(lambda: dialog.results.summary.text() == "2 of 2 delivered", "the summary")
    await aio.until(lambda: not window._composing, "the dialog's end")


def _deliver(tx: object, message: Message) -> None:
    from panel.store.connection import Transaction

    assert isinstance(tx, Transaction)
    messages.update_delivery_status(tx, message.message_id, DeliveryStatus.DELIVERED, 40)
    tx.execute(
        "UPDATE agent_messages SET evidence = ? WHERE message_id = ?",
        Evidence.SUBMITTED.value,
        message.message_id,
    )
