"""The page that shows what will be typed, for the receiver that is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from panel.core.message import Method
from panel.ui.compose.form import read_only_area
from panel.ui.controls import counted, label, row
from panel.ui.theme import Theme


class PreviewPage(QWidget):
    """`asked(agent)` when the text for another receiver is wanted."""

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.typed = ""
        self._title = label("", theme, role="section")
        self.receiver_field = QComboBox()
        self.receiver_field.setObjectName("preview_receiver")
        self.receiver_field.setAccessibleName(self.tr("Receiver"))
        self.receiver_field.setMinimumWidth(160)
        self.receiver_field.activated.connect(
            lambda _number: self.asked.emit(self.receiver_field.currentText())
        )
        self.area = read_only_area(theme, "preview_text", self.tr("Preview"))
        self._note = label("", theme, role="secondary")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row(self._title, self.receiver_field, None))
        column.addWidget(self.area, 1)
        column.addWidget(self._note)

    @property
    def receiver(self) -> str:
        return self.receiver_field.currentText()

    def offer(self, receivers: Sequence[str], method: Method) -> None:
        """Whose text can be looked at; the one that was chosen stays chosen."""
        present = self.receiver
        self.receiver_field.clear()
        self.receiver_field.addItems(list(receivers))
        self.receiver_field.setCurrentText(present if present in receivers else receivers[0])
        self._title.setText(
            self.tr("The text of the file in the inbox of")
            if method is Method.INBOX
            else self.tr("Typed into the window of")
        )

    def show_typed(self, text: str, content: str) -> None:
        """Shows exactly this text, which holds the content or points to a file with it."""
        self.typed = text
        self.area.setPlainText(text)
        lines = text.count("\n") + 1
        said = [
            counted(len(text), self.tr("{0} character"), self.tr("{0} characters")),
            counted(lines, self.tr("{0} line"), self.tr("{0} lines")),
        ]
        if text.endswith(" "):
            said.append(self.tr("a blank at the end, so that no list of completions opens"))
        if content.strip() not in text:
            said.append(self.tr("its window does not take the whole text, which lies in that file"))
        self._note.setText(", ".join(said) + ".")
