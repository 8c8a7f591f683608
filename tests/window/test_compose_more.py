"""Templates, the preview, the inbox, the question about the same text, and changing what waits."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QMessageBox

from panel.commands import messages as commands
from panel.commands import templates
from panel.core.message import Draft, Message, Method
from panel.core.typed import typed_text
from panel.store import messages, settings
from panel.store.templates import wording
from panel.ui.compose.dialog import ComposeDialog
from panel.ui.compose.template_editor import TemplateEditor
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


async def composing(aio: Aio, opened: Opened, to: str, text: str = "") -> ComposeDialog:
    await aio.until(lambda: bool(opened.window._overview.now.agents), "the overview")
    opened.window.compose([to], text)
    return opened.window.composing[-1]


async def newest(opened: Opened, number: int) -> list[Message]:
    found = await opened.store.read(lambda c: messages.find(c, limit=number))
    return sorted(found, key=lambda message: message.to_agent)


async def use(opened: Opened, dialog: ComposeDialog, name: str) -> None:
    found = await templates.all_templates(opened.window._bench.context)
    dialog.form.use_template(next(each for each in found if each.name == name))


async def preview_of(aio: Aio, dialog: ComposeDialog, agent: str) -> str:
    dialog.preview.typed = ""
    if dialog.pages.currentWidget() is not dialog.preview:
        dialog.preview_button.click()
        await aio.until(lambda: dialog.pages.currentWidget() is dialog.preview, "the preview")
    field = dialog.preview.receiver_field
    dialog.preview.typed = ""
    field.setCurrentText(agent)
    field.activated.emit(field.currentIndex())
    await aio.until(lambda: bool(dialog.preview.typed), "its text")
    assert dialog.preview.area.toPlainText() == dialog.preview.typed
    return dialog.preview.typed


async def test_each_receiver_gets_its_own_and_the_preview_says_exactly_what(
    aio: Aio, panel_window: Opened
) -> None:
    await templates.change(panel_window.window._bench.context, "header-broadcast", "[{team}]")
    dialog = await composing(aio, panel_window, "Agent-1, Agent-4")
    await use(panel_window, dialog, "status-request")
    dialog.form.content_field.setPlainText("{agent} of {team}: see @{agent}")
    assert dialog.form.template_line.isVisible()
    assert dialog.form.more.tags == ("status",)
    shown = {agent: await preview_of(aio, dialog, agent) for agent in ("Agent-1", "Agent-4")}
    assert shown == {
        "Agent-1": "[core] Agent-1 of core: see @Agent-1 ",
        "Agent-4": "[web] Agent-4 of web: see @Agent-4 ",
    }
    dialog.send_button.click()
    await aio.until(lambda: dialog.results.watching, "the results")
    for message in await newest(panel_window, 2):
        words = await panel_window.store.read(lambda c, m=message: wording(c, m.to_agent))  # type: ignore[misc]
        assert typed_text(message, words) == shown[message.to_agent], "the dispatcher's function"
    dialog.discard()


async def test_the_preview_says_how_the_agent_is_told_to_answer(
    aio: Aio, panel_window: Opened
) -> None:
    await panel_window.store.write(lambda tx: settings.set(tx, "reply_hint", True))
    dialog = await composing(aio, panel_window, "Agent-1", "hello")
    file = panel_window.store.location.path
    shown = await preview_of(aio, dialog, "Agent-1")
    dialog.send_button.click()
    await aio.until(lambda: dialog.results.watching, "the results")
    (message,) = await newest(panel_window, 1)
    assert shown == (
        f"[C2A] hello ({message.message_id}; answer: captain-panel --db {file} "
        f"messages reply {message.message_id} --from Agent-1 TEXT)"
    )
    dialog.discard()


async def test_what_somebody_wrote_is_no_template(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window, "Agent-1", "keep {agent} and {this}")
    assert not dialog.form.template_line.isVisible()
    assert await preview_of(aio, dialog, "Agent-1") == "[C2A] keep {agent} and {this}"
    dialog.preview_button.click()
    await use(panel_window, dialog, "task")
    assert dialog.form.is_template
    dialog.form.template_line.left.emit()
    dialog.form.content_field.setPlainText("again {agent}")
    dialog.send_button.click()
    await aio.until(lambda: dialog.results.watching, "the results")
    assert (await newest(panel_window, 1))[0].content == "again {agent}"
    dialog.discard()


async def test_a_template_does_not_push_out_what_was_written(
    aio: Aio, panel_window: Opened
) -> None:
    dialog = await composing(aio, panel_window, "Agent-1", "half a thought")
    found = await templates.all_templates(panel_window.window._bench.context)
    task = next(each for each in found if each.name == "task")
    dialog.form.template_button.chosen.emit(task)
    question = dialog.findChild(QMessageBox, "replace_question")
    assert question is not None
    next(b for b in question.buttons() if b.text() == "Keep mine").click()
    assert dialog.form.content == "half a thought"
    dialog.form.template_button.chosen.emit(task)
    question = dialog.findChildren(QMessageBox, "replace_question")[-1]
    next(b for b in question.buttons() if b.text() == "Replace").click()
    assert dialog.form.content == task.body
    assert dialog.form.more.tags == ("task",)
    dialog.discard()


async def test_an_unknown_field_is_named_below_the_text(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window, "Agent-1")
    await use(panel_window, dialog, "task")
    dialog.form.content_field.setPlainText("for {nobody}")
    dialog.send_button.click()
    assert "{nobody} is no field" in dialog.form._text.error
    assert dialog.pages.currentWidget() is dialog.form
    dialog.discard()


async def test_an_inbox_needs_no_target(aio: Aio, panel_window: Opened) -> None:
    dialog = await composing(aio, panel_window, "Agent-5", "read this")
    dialog.send_button.click()
    assert "has no target yet" in dialog.form._to.error
    dialog.form.show_more(True)
    method = dialog.findChild(QComboBox, "method_field")
    assert method is not None
    method.setCurrentIndex(1)
    assert dialog._hint.text() == "nothing is typed"
    dialog.send_button.click()
    await aio.until(lambda: dialog.results.watching, "the results")
    (message,) = await newest(panel_window, 1)
    assert (message.to_agent, message.delivery_method) == ("Agent-5", Method.INBOX)
    dialog.discard()


async def send_the_same_to_two(aio: Aio, opened: Opened) -> ComposeDialog:
    """One of both has just got this text; the dialog asks."""
    await commands.queue(opened.window._bench.context, [Draft("Agent-1", "the same")])
    dialog = await composing(aio, opened, "Agent-1, Agent-2", "the same")
    dialog.send_button.click()
    await aio.until(dialog.duplicate.isVisible, "the question")
    assert dialog.duplicate.text.text() == "This text was sent to Agent-1 just now."
    assert dialog.send_button.isEnabled()
    return dialog


async def received(opened: Opened) -> list[str]:
    found = await opened.store.read(lambda c: messages.find(c, limit=1000))
    return sorted(message.to_agent for message in found if message.content == "the same")


@pytest.mark.parametrize(
    ("button", "receivers"),
    [
        ("again_button", ["Agent-1", "Agent-1", "Agent-2"]),
        ("others_button", ["Agent-1", "Agent-2"]),
    ],
)
async def test_the_same_text_asks_first(
    aio: Aio, panel_window: Opened, button: str, receivers: list[str]
) -> None:
    dialog = await send_the_same_to_two(aio, panel_window)
    assert await received(panel_window) == ["Agent-1"]
    getattr(dialog.duplicate, button).click()
    await aio.until(lambda: dialog.results.watching, "the results")
    assert await received(panel_window) == receivers
    dialog.discard()


async def test_the_same_text_may_stay_unsent(aio: Aio, panel_window: Opened) -> None:
    dialog = await send_the_same_to_two(aio, panel_window)
    dialog.duplicate.no_button.click()
    assert not dialog.duplicate.isVisible()
    assert dialog.form.content == "the same"
    assert await received(panel_window) == ["Agent-1"]
    dialog.discard()


async def test_a_waiting_message_is_changed_in_place(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    before = await store.read(lambda c: messages.get(c, "msg_new_002"))
    assert before is not None
    window._actions.edit("msg_new_002")
    dialog = window.composing[-1]
    await aio.until(lambda: dialog.form.content == before.content, "its text")
    assert dialog.form.to_field.isReadOnly()
    assert dialog.send_button.text() == "Save"
    dialog.form.content_field.setPlainText("better words")
    assert (await preview_of(aio, dialog, "Agent-3")).endswith("better words")
    dialog.send_button.click()
    await aio.until(lambda: not window.composing, "the dialog's end")
    after = await store.read(lambda c: messages.get(c, "msg_new_002"))
    assert after is not None
    assert (after.content, after.sent_at) == ("better words", before.sent_at)
    window.status.undo_button.click()
    await window.idle()
    back = await store.read(lambda c: messages.get(c, "msg_new_002"))
    assert back == before


async def test_what_is_sent_meanwhile_is_not_changed(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    window._actions.edit("msg_new_002")
    dialog = window.composing[-1]
    await aio.until(lambda: bool(dialog.form.content), "its text")
    dialog.form.content_field.setPlainText("too late")
    await store.write(lambda tx: messages.update_delivery_status(tx, "msg_new_002", "delivered"))
    dialog.send_button.click()
    await aio.until(dialog.form._problem.isVisible, "the error")
    assert "only what waits can be changed" in dialog.form._problem.text()
    assert dialog.form.content == "too late", "nothing is lost"
    dialog.discard()


async def test_the_editor_of_templates(aio: Aio, panel_window: Opened) -> None:
    context = panel_window.window._bench.context
    dialog = await composing(aio, panel_window, "Agent-1")
    dialog.form.template_button.editor_asked.emit()
    editor = dialog.findChild(TemplateEditor)
    assert editor is not None
    await aio.until(lambda: editor.list.count() > 10, "the templates")
    editor._choose("header-c2a")
    editor.text_field.setPlainText("#now")
    editor.save_button.click()
    await aio.until(lambda: bool(editor._text.error), "the error")
    assert "beginning with # it would be a command" in editor._text.error
    editor._choose("task")
    editor._choose("header-c2a")
    assert editor.text_field.toPlainText() == "#now", "it is kept meanwhile"
    editor.close()
    question = editor.findChild(QMessageBox, "discard_question")
    assert question is not None
    next(b for b in question.buttons() if b.text() == "Keep writing").click()
    editor.text_field.setPlainText("[from {sender}]")
    editor.save_button.click()
    await aio.until(lambda: not editor._typed, "the save")
    dialog.form.fill([], "hello")
    assert await preview_of(aio, dialog, "Agent-1") == "[from captain] hello"
    editor.reset_button.click()
    await aio.until(lambda: not editor.reset_button.isEnabled(), "the reset")
    assert await preview_of(aio, dialog, "Agent-1") == "[C2A] hello"
    editor.new_button.click()
    editor.name_field.setText("standup")
    editor.text_field.setPlainText("Good morning, {agent}.")
    editor.save_button.click()
    await aio.until(lambda: editor._current() == "standup", "one of their own")
    found = {each.name: each.body for each in await templates.all_templates(context)}
    assert found["standup"] == "Good morning, {agent}."
    editor.close()
    dialog.discard()


@pytest.mark.parametrize("when", ["before the write", "while its results are read"])
async def test_a_dialog_that_closes_meanwhile_loses_nothing(
    aio: Aio, panel_window: Opened, caplog: pytest.LogCaptureFixture, when: str
) -> None:
    window = panel_window.window
    dialog = await composing(aio, panel_window, "Agent-1", "goes out all the same")
    dialog.send_button.click()
    if when == "before the write":
        dialog.discard()
    else:
        await aio.until(lambda: dialog.results.watching, "the results")
        dialog.results.look()
        dialog.discard()
    await aio.until(lambda: window.status.said.text == "1 message queued.", "the word of it")
    await window.idle()
    assert (await newest(panel_window, 1))[0].content == "goes out all the same"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_closing_while_a_preview_is_made_is_quiet(
    aio: Aio, panel_window: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    dialog = await composing(aio, panel_window, "Agent-1", "never mind")
    dialog.preview_button.click()
    dialog.discard()
    await panel_window.window.idle()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
