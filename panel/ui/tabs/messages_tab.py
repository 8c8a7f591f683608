"""The messages: views at the left, the list, and what happened to the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QSplitter, QWidget

from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions, action
from panel.ui.controls import Button
from panel.ui.empty import EmptyState
from panel.ui.how_agents_answer import HowAgentsAnswer
from panel.ui.list_page import ListPage, ListSpec
from panel.ui.models.answers import is_incoming, is_unread, other_side
from panel.ui.models.column import Row
from panel.ui.models.lists import messages_model
from panel.ui.models.messages import view_filters
from panel.ui.models.overview import Overview
from panel.ui.services import Workbench
from panel.ui.tabs.message_detail import MessageDetail
from panel.ui.toolbar import Filter
from panel.ui.view_list import COUNT_ROLE, ViewList

VIEWS_WIDTH = 168
_VIEW_HEIGHT = 28


@dataclass(frozen=True, slots=True)
class View:
    """A named part of the list; the model knows its filters, the overview its count."""

    name: str
    word: str
    icon: str


def _views() -> tuple[View, ...]:
    return (
        View("needs", _word("Needs you"), "bell"),
        View("replies", _word("Replies"), "inbox"),
        View("queue", _word("Queue"), "clock"),
        View("tasks", _word("Tasks"), "checklist"),
        View("today", _word("Today"), "sun"),
        View("all", _word("All"), "message"),
    )


class MessagesTab(ListPage):
    """All messages; the counts of the views follow the overview."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        theme = bench.theme
        self._actions = actions
        self._agents: list[str] = []
        self._views = _views()
        self.view_list = ViewList(theme)
        state = DeliveryStatus
        super().__init__(
            bench,
            ListSpec(
                name="messages_tab",
                table="messages_table",
                title=_word("Messages"),
                tables=("agent_messages", "delivery_attempts"),
                search=_word("Search messages"),
                filters=(
                    Filter("delivery_status", (state.PENDING.value,), _word("Queued")),
                    Filter("delivery_status", (state.HELD.value,), _word("On hold")),
                    Filter("delivery_status", (state.UNCERTAIN.value,), _word("Unconfirmed")),
                    Filter("delivery_status", (state.FAILED.value,), _word("Failed")),
                    Filter("delivery_status", (state.SENDING.value,), _word("Sending")),
                    Filter("delivery_status", (state.DELIVERED.value,), _word("Delivered")),
                ),
                primary=(
                    Button(
                        theme,
                        _word("New message"),
                        icon="edit",
                        kind="primary",
                        on_click=actions.compose,
                    ),
                ),
            ),
            model=messages_model(bench.reading, bench.tasks),
            detail=MessageDetail(bench, actions),
            empty=EmptyState(
                theme,
                "message",
                _word("Nothing sent yet."),
                _word("Ctrl+N writes the first message."),
                [
                    Button(
                        theme,
                        _word("New message"),
                        icon="edit",
                        kind="primary",
                        on_click=actions.compose,
                    )
                ],
            ),
        )
        self._no_replies = EmptyState(
            theme,
            "inbox",
            _word("No replies yet."),
            _word("What agents answer is listed here, in bold until you have seen it."),
            [Button(theme, _word("How agents answer"), icon="info", on_click=self.explain_answers)],
        )
        self.stack.addWidget(self._no_replies)
        theme.changed.connect(self._on_theme_changed)
        assert isinstance(self.detail, MessageDetail)
        self.detail.message_asked.connect(self.show_message)

    def make_body(self, splitter: QSplitter) -> QWidget:
        body = QWidget()
        layout = QHBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.view_list.setObjectName("views")
        self.view_list.setAccessibleName(_word("Views"))
        self.view_list.setFixedWidth(VIEWS_WIDTH)
        for view in self._views:
            item = QListWidgetItem(view.word)
            item.setSizeHint(QSize(VIEWS_WIDTH - 14, _VIEW_HEIGHT))
            self.view_list.addItem(item)
        self.view_list.setCurrentRow(len(self._views) - 1)
        self.view_list.currentRowChanged.connect(self._on_view_changed)
        self._on_theme_changed()
        layout.addWidget(self.view_list)
        layout.addWidget(splitter, 1)
        return body

    def _on_theme_changed(self) -> None:
        for number, view in enumerate(self._views):
            self.view_list.item(number).setIcon(self.bench.theme.icon(view.icon, "secondary"))

    def explain_answers(self) -> None:
        """Opens the help about how agents answer."""
        HowAgentsAnswer(self.bench, self.window(), self._agents).show()

    def nothing_found(self) -> QWidget:
        filtered = self.model.query.search or self.toolbar.chips.chosen()
        if self._views[self.view_list.currentRow()].name == "replies" and not filtered:
            return self._no_replies
        return super().nothing_found()

    def _on_view_changed(self, number: int) -> None:
        self.toolbar.chips.clear()
        self.set_fixed_filters(view_filters(self._views[number].name))

    def show_view(self, name: str, search: str = "") -> None:
        """Chooses a view by name: needs, replies, queue, tasks, today or all."""
        self.toolbar.clear()
        number = next(n for n, view in enumerate(self._views) if view.name == name)
        self.view_list.setCurrentRow(number)
        self.toolbar.search.setText(search)

    def show_states(self, *states: str, search: str = "") -> None:
        """Shows all messages in these states, or those of them that a search finds."""
        self.show_view("all", search)
        self.toolbar.chips.choose("delivery_status", states)

    def show_message(self, message_id: str) -> None:
        """Goes to one message in the whole list."""
        self.show_view("all")
        self._on_filters_changed()
        self.model.go_to(message_id, self.table.pick)

    def show_overview(self, overview: Overview) -> None:
        """Puts the counts behind the views."""
        self._agents = [str(row["agent_id"]) for row in overview.agents]
        for number, view in enumerate(self._views):
            count = overview.views.get(view.name, 0)
            item = self.view_list.item(number)
            item.setData(COUNT_ROLE, f"{count:,}" if count else "")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{view.word} {count or ''}".strip())

    def regions(self) -> list[QWidget]:
        return [self.view_list, *super().regions()]

    def row_actions(self, row: Row) -> Sequence[QAction | None]:
        actions, message, status = self._actions, str(row["message_id"]), row["delivery_status"]
        agent = other_side(row)
        several = self.table.selected_keys() or [message]
        made: list[QAction | None] = []
        if status == DeliveryStatus.UNCERTAIN:
            made += [
                action(_word("It arrived"), lambda: actions.decide(message, "arrived")),
                action(_word("Send again"), lambda: actions.decide(message, "send_again")),
                action(_word("Give up"), lambda: actions.decide(message, "give_up")),
            ]
        if status in (DeliveryStatus.FAILED, DeliveryStatus.CANCELLED, DeliveryStatus.HELD):
            word = _word("Try now") if status == DeliveryStatus.HELD else _word("Send again")
            made.append(action(word, lambda: actions.retry(several)))
        if status in (DeliveryStatus.PENDING, DeliveryStatus.HELD):
            made.append(action(_word("Change text"), lambda: actions.edit(message)))
            made.append(action(_word("Cancel"), lambda: actions.cancel(several)))
        if is_unread(row):
            made.append(action(_word("Mark as seen"), lambda: actions.mark_seen(several)))
        if not is_incoming(row) and status in (DeliveryStatus.DELIVERED, DeliveryStatus.EXPIRED):
            made.append(action(_word("Send once more"), lambda: actions.resend(several)))
        made += [
            None,
            action(
                _word("Message to {0}").format(agent),
                lambda: actions.compose([agent]),
            ),
            action(
                _word("Use text in a new message"),
                lambda: actions.compose([], str(row.get("content") or "")),
            ),
            action(_word("Go to window"), lambda: actions.goto(agent)),
        ]
        return made if made[0] is not None else made[1:]


def _word(text: str) -> str:
    return QCoreApplication.translate("messages", text)
