"""The pane beside a list: what is known of the chosen row, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, TextArea, label
from panel.ui.empty import EmptyState
from panel.ui.flow import FlowLayout
from panel.ui.models.column import Row
from panel.ui.theme import Theme
from panel.ui.words import Chip


class Facts(QWidget):
    """Names and values below each other; empty values are left out."""

    def __init__(self, theme: Theme, *, names: int = 92) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, names)
        self._shown: tuple[tuple[str, str], ...] = ()

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Shows these pairs instead of the ones before."""
        wanted = tuple((name, value) for name, value in facts if value)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for number, (name, value) in enumerate(wanted):
            said = label(value, self._theme)
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setAccessibleName(f"{name}: {value}")
            self._grid.addWidget(label(name, self._theme, role="secondary"), number, 0, top)
            self._grid.addWidget(said, number, 1)


class Section(QWidget):
    """A titled part of the pane."""

    def __init__(self, theme: Theme, title: str, body: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        self.caption = label(title, theme, bold=True, role="section")
        column.addWidget(self.caption)
        column.addWidget(body)


class DetailPane(QScrollArea):
    """The frame of every detail: a headline with chips, buttons, sections. Esc leaves it."""

    def __init__(self, theme: Theme, icon: str, nothing: str) -> None:
        super().__init__()
        self._theme = theme
        self._row: Row | None = None
        self.setObjectName("detail_pane")
        self.setAccessibleName(self.tr("Details"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = EmptyState(theme, icon, nothing)
        self._nothing.title.setFont(theme.font())
        self._page = QFrame()
        self._page.setObjectName("detail_page")
        self._page.setMinimumWidth(240)
        self._headline = label("", theme, step=3, bold=True)
        self._headline.setWordWrap(True)
        self._subline = label("", theme, role="secondary")
        self._subline.setWordWrap(True)
        self._chips = FlowLayout(spacing=6)
        self._buttons = FlowLayout(spacing=6)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._headline)
        column.addWidget(self._subline)
        column.addLayout(self._chips)
        column.addLayout(self._buttons)
        column.addLayout(self.body)
        column.addStretch(1)
        both = QFrame()
        both.setObjectName("detail_page")
        stack = QVBoxLayout(both)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._nothing)
        stack.addWidget(self._page)
        self.setWidget(both)
        self._page.hide()

    @property
    def row(self) -> Row | None:
        return self._row

    def show_row(self, row: Row | None) -> None:
        """Shows another row, or that none is chosen."""
        self._row = row
        self._nothing.setVisible(row is None)
        self._page.setVisible(row is not None)
        if row is not None:
            self.fill(row)

    def fill(self, row: Row) -> None:
        """Puts the row's values in place; overridden by each pane."""
        raise NotImplementedError

    def set_head(self, headline: str, subline: str, chips: Sequence[Chip | None]) -> None:
        """The name of the row, a line about it and its states."""
        self._headline.setText(headline)
        self._subline.setText(subline)
        self._subline.setVisible(bool(subline))
        self._chips.clear()
        for chip in chips:
            if chip is not None:
                made = ChipLabel(self._theme, chip)
                self._chips.addWidget(made)
                made.show()

    def set_buttons(self, buttons: Sequence[Button]) -> None:
        """What can be done with the row."""
        self._buttons.clear()
        for button in buttons:
            self._buttons.addWidget(button)
            button.show()

    def read_only_text(self, name: str) -> TextArea:
        """A field for long text that can be selected and copied."""
        area = TextArea(name)
        area.setReadOnly(True)
        area.setProperty("flat", "true")
        return area

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)


def titled(theme: Theme, title: str, *buttons: Button) -> QWidget:
    """A section's title with buttons at its right."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 8, 0, 0)
    layout.addWidget(label(title, theme, bold=True, role="section"))
    layout.addStretch(1)
    for button in buttons:
        layout.addWidget(button)
    return made
