"""A broadcast: to how many it was delivered, how each receiver stands, and the rest once more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from panel.core.message import DeliveryStatus, Message
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, ElidedLabel, counted, label
from panel.ui.theme import Theme
from panel.ui.words import delivery_chip

MOST_SHOWN = 40
LEFT = (DeliveryStatus.FAILED, DeliveryStatus.CANCELLED, DeliveryStatus.EXPIRED)


class Receiver(QWidget):
    """One line of a broadcast; its name leads to its message."""

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._message_id = ""
        self.name = Button(theme, "-", kind="link")
        self.name.clicked.connect(lambda: self.asked.emit(self._message_id))
        self.name.setMinimumWidth(84)
        self._chip = ChipLabel(theme)
        self._why = ElidedLabel()
        self._why.setProperty("role", "secondary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.name)
        layout.addWidget(self._chip)
        layout.addWidget(self._why, 1)

    def show_message(self, message: Message) -> None:
        self._message_id = message.message_id
        self.name.set_text(message.to_agent)
        self._chip.set_chip(delivery_chip(message.delivery_status))
        self._why.set_full(message.reason)


class GroupSection(QWidget):
    """Hidden for a message to one agent. Uncertain ones are nobody's rest: a person decides."""

    rest_asked = Signal(str)
    message_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = ""
        self._lines: list[Receiver] = []
        self.summary = label("", theme, bold=True, role="section")
        self.rest_button = Button(
            theme, "", icon="refresh", on_click=lambda: self.rest_asked.emit(self._group)
        )
        self._more = label("", theme, role="secondary")
        head = QHBoxLayout()
        head.setContentsMargins(0, 8, 0, 0)
        head.addWidget(self.summary)
        head.addStretch(1)
        head.addWidget(self.rest_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self._column.addWidget(self._more)
        self.hide()

    def lines(self) -> list[Receiver]:
        """The receivers that are shown; those it has not reached come first."""
        return [line for line in self._lines if not line.isHidden()]

    def show_group(self, group_id: str, messages: Sequence[Message]) -> None:
        """The last message to each receiver; none hides the section."""
        self._group = group_id
        delivered = sum(m.delivery_status is DeliveryStatus.DELIVERED for m in messages)
        left = sum(m.delivery_status in LEFT for m in messages)
        self.summary.setText(self.tr("{0} of {1} delivered").format(delivered, len(messages)))
        self.rest_button.set_text(
            counted(left, self.tr("Send to the rest ({0})"), self.tr("Send to the rest ({0})"))
        )
        self.rest_button.setVisible(left > 0)
        shown = sorted(messages, key=lambda m: m.delivery_status is DeliveryStatus.DELIVERED)
        shown = shown[:MOST_SHOWN]
        while len(self._lines) < len(shown):
            line = Receiver(self._theme)
            line.asked.connect(self.message_asked)
            self._lines.append(line)
            self._column.insertWidget(self._column.count() - 1, line)
        for line, message in zip(self._lines, shown, strict=False):
            line.show_message(message)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(shown))
        rest = len(messages) - len(shown)
        self._more.setText(counted(rest, self.tr("and {0} more"), self.tr("and {0} more")))
        self._more.setVisible(rest > 0)
        self.setVisible(bool(messages))
