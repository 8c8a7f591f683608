"""The conversation around a message, in its detail: who said what, and a box to answer in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from panel.commands import answers, messages, settings
from panel.core.clock import now
from panel.core.errors import CommandError, DuplicateError, PanelError
from panel.core.message import DeliveryStatus, Draft
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, Field, TextArea, breakable, label, restyle
from panel.ui.models.answers import is_incoming, is_unread, other_side, read_thread
from panel.ui.models.column import Row
from panel.ui.services import Said, Workbench
from panel.ui.theme import Theme
from panel.ui.times import age, exact, moment
from panel.ui.words import delivery_chip, reply_chip

SEEN_MS = 1000
_LONGEST = 700  # characters of a message that is not the chosen one
_BOX_HEIGHT = 62


class Saying(QFrame):
    """One message of the conversation. Of the chosen one the text stands above already."""

    asked = Signal(str)

    def __init__(self, theme: Theme, row: Row, *, chosen: bool) -> None:
        super().__init__()
        self.message_id = str(row["message_id"])
        self.setProperty("card", "true")
        restyle(self, "current", "true" if chosen else "false")
        who = str(row["from_agent"])
        sent = moment(row.get("sent_at"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(who, theme, bold=True))
        when = label(age(sent, now()), theme, role="secondary")
        when.setToolTip(exact(sent))
        head.addWidget(when)
        head.addStretch(1)
        if is_unread(row):
            head.addWidget(ChipLabel(theme, reply_chip(unread=True)))
        elif not is_incoming(row) and row["delivery_status"] != DeliveryStatus.DELIVERED:
            head.addWidget(ChipLabel(theme, delivery_chip(row["delivery_status"])))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        content = str(row["content"])
        said = self.tr("This message; its text stands above.") if chosen else _cut(content)
        self.text = label(breakable(said), theme, role="secondary" if chosen else "")
        self.text.setWordWrap(True)
        if not chosen:
            self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            show = Button(theme, self.tr("Show"), kind="link", tip=self.tr("Go to this message"))
            show.clicked.connect(lambda: self.asked.emit(self.message_id))
            head.addWidget(show)
        column.addWidget(self.text)
        self.setAccessibleName(f"{who}, {age(sent, now())}: {said}")


class Conversation(QWidget):
    """Hidden for a message that nobody has answered. Unread words count as seen once they have
    been in front of a person for a moment. `message_asked` leads to another message of it.
    """

    message_asked = Signal(str)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._row: Row | None = None
        self._thread: list[Row] = []
        self._shown: tuple[object, ...] = ()
        self._kept: dict[str, str] = {}  # what was begun to be written, by the message it answers
        self._again = ""
        theme = bench.theme
        self.setObjectName("conversation")
        self.setAccessibleName(self.tr("Conversation"))
        self._sayings = QVBoxLayout()
        self._sayings.setSpacing(6)
        self.box = TextArea("reply_field")
        self.box.setFixedHeight(_BOX_HEIGHT)
        self.box.textChanged.connect(self._on_text_changed)
        self._field = Field(theme, self.tr("Answer"), self.box)
        self.send_button = Button(
            theme, self.tr("Send"), icon="send", name="reply_button", on_click=self.send
        )
        self.send_button.setToolTip("Ctrl+Enter")
        self.send_button.setEnabled(False)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            pressed = QShortcut(QKeySequence(keys), self.box, self.send)
            pressed.setContext(Qt.ShortcutContext.WidgetShortcut)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.send_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("Conversation"), theme, bold=True, role="section"))
        column.addLayout(self._sayings)
        column.addWidget(self._field)
        column.addLayout(foot)
        self._seen = QTimer(self)
        self._seen.setInterval(SEEN_MS)
        self._seen.timeout.connect(self._on_seen_due)
        self.hide()

    @property
    def sayings(self) -> list[Saying]:
        """What is shown, the oldest first."""
        items = (self._sayings.itemAt(number) for number in range(self._sayings.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, Saying)]

    def show_row(self, row: Row) -> None:
        """Shows the conversation around this message."""
        if self._row is None or self._row["message_id"] != row["message_id"]:
            self.hide()
            self._row = row
            self._field.set_error("")
        self._row = row
        self._bench.tasks.start(self._read(row))

    async def _read(self, row: Row) -> None:
        message_id = str(row["message_id"])
        thread = await self._bench.reading.read(lambda c: read_thread(c, message_id))
        if self._row is None or self._row["message_id"] != message_id:
            return
        self._thread = thread
        self._show(thread, message_id)
        self.setVisible(len(thread) > 1 or is_incoming(row))
        if any(map(is_unread, thread)):
            self._seen.start()
        else:
            self._seen.stop()

    def _show(self, thread: Sequence[Row], chosen: str) -> None:
        looks = tuple(
            (row["message_id"], row["content"], row["delivery_status"], row["seen_at"])
            for row in thread
        )
        if (chosen, looks) == self._shown:
            return
        before = self._shown[0] if self._shown else None
        self._shown = chosen, looks
        while (item := self._sayings.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row in thread if len(thread) > 1 else ():
            saying = Saying(self._bench.theme, row, chosen=row["message_id"] == chosen)
            saying.asked.connect(self.message_asked)
            self._sayings.addWidget(saying)
        if before != chosen and self._row is not None:
            agent = other_side(self._row)
            self.box.setPlaceholderText(self.tr("Answer {0}").format(agent))
            self.box.setAccessibleName(self.tr("Answer {0}").format(agent))
            self.box.setPlainText(self._kept.get(chosen, ""))

    # what has been seen ------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if any(map(is_unread, self._thread)):
            self._seen.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._seen.stop()

    def _on_seen_due(self) -> None:
        if not self.isVisible() or not self.window().isActiveWindow():
            return  # nobody looks; the timer goes on
        # The text of the chosen one stands above; of the others only what is in sight is seen.
        in_sight = {each.message_id for each in self.sayings if not each.visibleRegion().isEmpty()}
        if self._row is not None:
            in_sight.add(str(self._row["message_id"]))
        unread = {str(row["message_id"]) for row in self._thread if is_unread(row)}
        if seen := sorted(unread & in_sight):
            self._bench.tasks.start(answers.see(self._bench.context, seen))

    # answering ---------------------------------------------------------------------

    def _on_text_changed(self) -> None:
        text = self.box.toPlainText()
        if self._row is not None:
            self._kept[str(self._row["message_id"])] = text
        self.send_button.setEnabled(bool(text.strip()))
        self._field.set_error("")
        self._again = ""

    def send(self) -> None:
        """Queues what is written as a message to the agent, linked to what it said last."""
        text = self.box.toPlainText()
        if self._row is None or not text.strip() or not self.send_button.isEnabled():
            return
        self.send_button.setEnabled(False)
        self._bench.tasks.start(self._send(self._row, text), self._on_send_failed)

    async def _send(self, row: Row, text: str) -> None:
        context = self._bench.context
        chosen, agent = str(row["message_id"]), other_side(row)
        said = [str(each["message_id"]) for each in self._thread if is_incoming(each)]
        answered = chosen if is_incoming(row) or not said else said[-1]
        name = str((await settings.values(context))["sender_name"])
        draft = Draft(agent, text, name, reply_to=answered)
        await messages.queue(context, [draft], allow_duplicate=self._again == text)
        self._kept.pop(chosen, None)
        if self._row is not None and self._row["message_id"] == chosen:
            self.box.clear()
        self._bench.say(Said(self.tr("Answer to {0} queued.").format(agent)))

    def _on_send_failed(self, error: PanelError) -> None:
        self.send_button.setEnabled(True)
        text = error.message if isinstance(error, CommandError) else str(error)
        self._field.set_error(text[:1].upper() + text[1:])
        if isinstance(error, DuplicateError):
            self._field.set_error(
                self.tr("It has just got the same text. Send once more to say it again.")
            )
            self._again = self.box.toPlainText()
        self.box.setFocus()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
