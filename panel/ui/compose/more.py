"""What is folded away in the compose dialog: priority, tags, expiry and the way it travels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.message import Method, Priority
from panel.ui.controls import Field
from panel.ui.theme import Theme
from panel.ui.words import priority_chip


class MoreFields(QFrame):
    """Four fields in a line. `changed` follows the method, which decides who can be written to."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.priority_field = QComboBox()
        self.priority_field.setObjectName("priority_field")
        for priority in Priority:
            self.priority_field.addItem(priority_chip(priority).word, priority.value)
        self.priority_field.setCurrentIndex(list(Priority).index(Priority.NORMAL))
        self.tags_field = QLineEdit()
        self.tags_field.setObjectName("tags_field")
        self.tags_field.setPlaceholderText(self.tr("task, review"))
        self.expires_field = QLineEdit()
        self.expires_field.setObjectName("expires_field")
        self.expires_field.setPlaceholderText(self.tr("never, or 2h"))
        self.method_field = QComboBox()
        self.method_field.setObjectName("method_field")
        self.method_field.addItem(self.tr("Its window"), Method.PYAUTOGUI.value)
        self.method_field.addItem(self.tr("Its inbox folder"), Method.INBOX.value)
        self.method_field.currentIndexChanged.connect(lambda _number: self.changed.emit())
        self.priority_box = Field(theme, self.tr("Priority"), self.priority_field)
        self.tags_box = Field(theme, self.tr("Tags"), self.tags_field)
        self.expires_box = Field(theme, self.tr("Expires after"), self.expires_field)
        self.method_box = Field(theme, self.tr("Goes to"), self.method_field)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for box, share in (
            (self.priority_box, 2),
            (self.tags_box, 3),
            (self.expires_box, 2),
            (self.method_box, 3),
        ):
            line.addWidget(box, share, Qt.AlignmentFlag.AlignTop)

    @property
    def priority(self) -> Priority:
        return Priority(self.priority_field.currentData())

    @property
    def method(self) -> Method:
        return Method(self.method_field.currentData())

    @property
    def tags(self) -> tuple[str, ...]:
        parts = (part.strip() for part in self.tags_field.text().split(","))
        return tuple(part for part in parts if part)

    def exchange_tag(self, old: str, new: str) -> None:
        """Takes one tag out (empty: none) and puts another one in (empty: none)."""
        kept: Sequence[str] = [tag for tag in self.tags if tag not in (old, new)]
        self.tags_field.setText(", ".join([*kept, *([new] if new else [])]))

    def expires_at(self) -> datetime | None:
        """When it expires; CommandError("expires") for a text that is no length of time."""
        text = self.expires_field.text().strip()
        if not text:
            return None
        try:
            return clock.now() + clock.parse_duration(text)
        except (ValueError, OverflowError) as error:
            raise CommandError("expires", str(error)) from None
