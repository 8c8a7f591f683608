"""Replies in the window: unread until seen, the conversation, and the box to answer in."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from panel.commands import answers, messages
from panel.core.message import DeliveryStatus, Draft
from panel.core.reply import Reply
from panel.store import answers as stored_answers
from panel.store import messages as stored
from panel.ui.conversation import Conversation
from panel.ui.how_agents_answer import HowAgentsAnswer, instructions
from panel.ui.tabs.message_detail import MessageDetail
from panel.ui.view_list import COUNT_ROLE
from tests.event_loop import Aio
from tests.gate.documents import ROOT
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


async def delivered(opened: Opened, agent: str = "Agent-1") -> str:
    found = await opened.store.read(
        lambda c: stored.find(c, to=agent, status=DeliveryStatus.DELIVERED, limit=1)
    )
    return found[0].message_id


async def said(opened: Opened, text: str, re_: str | None, agent: str = "Agent-1") -> str:
    taken = await answers.receive(opened.window._bench.context, agent, Reply(text, re_))
    assert taken is not None
    assert taken.message_id is not None
    return taken.message_id


async def chosen(aio: Aio, opened: Opened, message_id: str) -> Conversation:
    """The conversation of a message that is shown."""
    tab = opened.window.messages
    opened.window.tabs.setCurrentWidget(tab)
    opened.window.activateWindow()
    await aio.until(opened.window.isActiveWindow, "the window's activation")
    await opened.window.idle()
    tab.show_message(message_id)
    detail = tab.detail
    assert isinstance(detail, MessageDetail)

    def there() -> bool:
        row = detail.row
        return row is not None and row["message_id"] == message_id

    await aio.until(there, "the message")
    await opened.window.idle()
    return detail.conversation


async def unread(opened: Opened) -> int:
    return await opened.store.read(stored_answers.unread)


async def test_a_message_that_nobody_answered_has_no_conversation(
    aio: Aio, panel_window: Opened
) -> None:
    shown = await chosen(aio, panel_window, await delivered(panel_window))
    assert not shown.isVisible()


async def test_the_conversation_is_shown_from_each_of_its_messages(
    aio: Aio, panel_window: Opened
) -> None:
    one = await delivered(panel_window)
    first = await said(panel_window, "Which branch?", one)
    second = await said(panel_window, "I found it.", one)
    await said(panel_window, "Something else.", None)
    for message_id in (one, first, second):
        shown = await chosen(aio, panel_window, message_id)
        assert shown.isVisible()
        assert [saying.message_id for saying in shown.sayings] == [one, first, second]
        texts = [saying.text.text() for saying in shown.sayings]
        place = [one, first, second].index(message_id)
        assert texts[place] == "This message; its text stands above."
    asked: list[str] = []
    shown.message_asked.connect(asked.append)
    shown.sayings[0].asked.emit(one)
    assert asked == [one]


async def test_a_word_of_its_own_accord_can_be_answered_too(aio: Aio, panel_window: Opened) -> None:
    shown = await chosen(aio, panel_window, await said(panel_window, "I need you.", None))
    assert shown.isVisible()
    assert shown.sayings == []
    assert shown.box.placeholderText() == "Answer Agent-1"


async def test_what_was_in_front_of_a_person_for_a_moment_is_seen(
    aio: Aio, panel_window: Opened
) -> None:
    one = await delivered(panel_window)
    answer = await said(panel_window, "Done.", one)
    other = await said(panel_window, "Me too.", None, "Agent-2")
    assert await unread(panel_window) == 2
    await chosen(aio, panel_window, answer)
    await aio.until(lambda: _count(panel_window, "replies") == "1", "the count of the view")
    assert await unread(panel_window) == 1
    (row,) = await messages.rows(panel_window.window._bench.context, [other])
    assert row["seen_at"] is None


async def test_what_is_out_of_sight_stays_unread(aio: Aio, panel_window: Opened) -> None:
    one = await delivered(panel_window)
    for number in range(30):
        last = await said(panel_window, f"Line {number}.\n" * 8, one)
    shown = await chosen(aio, panel_window, one)
    await aio.until(lambda: _count(panel_window, "replies") not in ("", "30"), "some to be seen")
    (row,) = await messages.rows(panel_window.window._bench.context, [last])
    assert row["seen_at"] is None
    detail = panel_window.window.messages.detail

    async def seen() -> bool:
        (row,) = await messages.rows(panel_window.window._bench.context, [last])
        return row["seen_at"] is not None

    while not await seen():
        # Again and again, as a person scrolls on when what is above grows.
        detail.ensureWidgetVisible(shown.sayings[-1])
        await panel_window.window.idle()


def _count(opened: Opened, name: str) -> str:
    tab = opened.window.messages
    number = next(n for n, view in enumerate(tab._views) if view.name == name)
    return str(tab.view_list.item(number).data(COUNT_ROLE))


async def test_unread_ones_are_bold_in_their_view(aio: Aio, panel_window: Opened) -> None:
    one = await delivered(panel_window)
    old = await said(panel_window, "An old one.", one)
    await answers.see(panel_window.window._bench.context, [old])
    new = await said(panel_window, "A new one.", one, "Agent-1")
    tab = panel_window.window.messages
    panel_window.window.tabs.setCurrentWidget(tab)
    tab.show_view("replies")
    await aio.until(lambda: tab.model.rowCount() == 2, "the replies")
    bold = {}
    for number in range(2):
        font = tab.model.index(number, 0).data(Qt.ItemDataRole.FontRole)
        bold[tab.model.key(number)] = isinstance(font, QFont) and font.bold()
    assert bold == {new: True, old: False}
    words = [str(tab.model.index(number, 0).data()) for number in range(2)]
    assert words == ["New reply", "Reply"]


async def test_answering(aio: Aio, panel_window: Opened) -> None:
    one = await delivered(panel_window)
    answer = await said(panel_window, "Which branch?", one)
    shown = await chosen(aio, panel_window, answer)
    assert not shown.send_button.isEnabled()
    shown.box.setPlainText("The one for 0.4.")
    shown.box.setFocus()
    QTest.keyClick(shown.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await aio.until(lambda: shown.box.toPlainText() == "", "the answer to be queued")
    await panel_window.window.idle()
    (queued,) = await panel_window.store.read(
        lambda c: stored.find(c, to="Agent-1", status=DeliveryStatus.PENDING, limit=1)
    )
    assert queued.content == "The one for 0.4."
    rows = await messages.rows(panel_window.window._bench.context, [queued.message_id, answer])
    assert rows[0]["reply_to"] == answer
    assert rows[1]["status"] == "answered"
    assert rows[1]["seen_at"] is not None


async def test_what_cannot_be_sent_is_kept_with_the_reason(aio: Aio, panel_window: Opened) -> None:
    answer = await said(panel_window, "Hello?", None, "Agent-5")  # it has no target
    shown = await chosen(aio, panel_window, answer)
    shown.box.setPlainText("I am here.")
    shown.send()
    await aio.until(lambda: bool(shown._field.error), "the reason")
    assert "no target" in shown._field.error
    assert shown.box.toPlainText() == "I am here."
    await chosen(aio, panel_window, await delivered(panel_window))
    again = await chosen(aio, panel_window, answer)
    assert again.box.toPlainText() == "I am here.", "what was begun is kept"


async def test_the_same_answer_twice_asks_once(aio: Aio, panel_window: Opened) -> None:
    context = panel_window.window._bench.context
    answer = await said(panel_window, "Ready?", None)
    await messages.queue(context, [Draft("Agent-1", "Yes.")])
    shown = await chosen(aio, panel_window, answer)
    shown.box.setPlainText("Yes.")
    shown.send()
    await aio.until(lambda: "same text" in shown._field.error, "the question")
    shown.send()
    await aio.until(lambda: shown.box.toPlainText() == "", "the answer to be queued")


async def test_the_empty_view_explains_how_agents_answer(aio: Aio, panel_window: Opened) -> None:
    tab = panel_window.window.messages
    panel_window.window.tabs.setCurrentWidget(tab)
    tab.show_view("replies")
    await aio.until(tab._no_replies.isVisible, "the empty view")
    button = tab._no_replies.findChild(QPushButton)
    assert button is not None
    button.click()
    dialog = panel_window.window.findChild(HowAgentsAnswer)
    assert dialog is not None
    dialog.agent_field.setCurrentText("Agent-2")
    text = dialog.text.toPlainText()
    assert text.startswith("You are Agent-2.")
    assert f"--db {panel_window.store.location.path} messages ack ID --agent Agent-2" in text
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == text
    dialog.close()
    tab.show_view("all")
    await aio.until(lambda: not tab._no_replies.isVisible(), "the list")


def test_the_page_for_agents_has_the_same_instructions() -> None:
    page = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
    assert re.sub(r"\s+", " ", instructions("Agent-1")) in re.sub(r"\s+", " ", page)
