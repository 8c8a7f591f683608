"""The small controls that every page uses: buttons with tinted icons, labels, fields, lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from panel.ui.theme import Theme


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the style sheet looks at, and has the widget drawn accordingly."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Button(QPushButton):
    """A push button of one kind: plain, primary, danger, flat, link, filter, segment, count …"""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        icon: str = "",
        kind: str = "plain",
        name: str = "",
        tip: str = "",
        on_click: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text)
        self._theme = theme
        self._icon_name = icon
        self.setProperty("kind", kind)
        self.setProperty("square", "true" if icon and not text else "false")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        if tip:
            self.setToolTip(tip)
        self.setAccessibleName(text or tip)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_icon(self, icon: str) -> None:
        """Shows another icon of the family."""
        self._icon_name = icon
        self._on_theme_changed()

    def set_kind(self, kind: str) -> None:
        """Becomes another kind of button."""
        restyle(self, "kind", kind)
        self._on_theme_changed()

    def set_text(self, text: str) -> None:
        """Another text, which is its accessible name too."""
        if text == self.text():
            return
        had_text = bool(self.text())
        self.setText(text)
        if text:
            self.setAccessibleName(text)
        if had_text != bool(text):
            restyle(self, "square", "false" if text else "true")
            self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        if not self._icon_name:
            return
        colours = {
            "primary": "on_primary",
            "danger": "danger",
            "sending": "green",
            "paused": "amber",
            "alert": "purple",
            "link": "accent",
            "count": "secondary",
        }
        colour = colours.get(str(self.property("kind")), "text")
        beside = bool(self.text())
        self.setIconSize(QSize(20 if beside else 16, 16))
        self.setIcon(self._theme.icon(self._icon_name, colour, gap=beside))


def counted(number: int, one: str, many: str) -> str:
    """The sentence for one or for several, with the number in place of {0}."""
    return (one if number == 1 else many).format(f"{number:,}")


def label(text: str, theme: Theme, *, step: int = 0, bold: bool = False, role: str = "") -> QLabel:
    """A text; `role` is secondary, error or section."""
    made = QLabel(text)
    made.setFont(theme.font(step, bold=bold))
    if role:
        made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


_LONGEST_WORD = 24


def breakable(text: str) -> str:
    """The text with places where words that are too long for a narrow column may be broken."""
    return re.sub(rf"\S{{{_LONGEST_WORD}}}(?=\S)", "\\g<0>\u200b", text)


def line() -> QFrame:
    """A hairline between two parts."""
    made = QFrame()
    made.setProperty("line", "true")
    return made


class ElidedLabel(QLabel):
    """One line of text that is cut with … where it does not fit; the tooltip holds all of it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_full(text)

    def set_full(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self._elide()

    def full(self) -> str:
        return self._full

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._full) + 8, metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(0, self.width() - 8)
        )
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class Field(QWidget):
    """A form field: label above, the control, and below it a hint or what is wrong."""

    def __init__(self, theme: Theme, title: str, control: QWidget, *, hint: str = "") -> None:
        super().__init__()
        self._control = control
        self._hint = hint
        caption = label(title, theme, role="section")
        caption.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(title)
        self._note = label("", theme, role="secondary")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption)
        column.addWidget(control)
        column.addWidget(self._note)
        self.set_error("")

    @property
    def control(self) -> QWidget:
        return self._control

    @property
    def error(self) -> str:
        return self._note.text() if self._note.property("role") == "error" else ""

    def set_error(self, text: str) -> None:
        """Says what is wrong with the field; an empty text takes it back."""
        restyle(self._control, "wrong", "true" if text else "false")
        restyle(self._note, "role", "error" if text else "secondary")
        self._note.setText(text or self._hint)
        self._note.setVisible(bool(text or self._hint))
        self._control.setAccessibleDescription(text or self._hint)


class TextArea(QPlainTextEdit):
    """A plain text field in which Tab moves on instead of being typed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTabChangesFocus(True)


class SearchField(QLineEdit):
    """The search of a list; Esc empties it first, then gives the focus back to the list."""

    left = Signal()

    def __init__(self, theme: Theme, placeholder: str) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("search_field")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(108)
        self.setMaximumWidth(260)
        self._glass = self.addAction(
            theme.icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition
        )
        theme.changed.connect(self._on_theme_changed)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.ShortcutFocusReason:
            self.selectAll()

    def _on_theme_changed(self) -> None:
        self._glass.setIcon(self._theme.icon("search", "secondary"))


def row(*parts: QWidget | int | None, spacing: int = 8, margins: int = 0) -> QHBoxLayout:
    """A horizontal layout: widgets, gaps in pixels, None for a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(margins, margins, margins, margins)
    made.setSpacing(spacing)
    for part in parts:
        if part is None:
            made.addStretch(1)
        elif isinstance(part, int):
            made.addSpacing(part)
        else:
            made.addWidget(part)
    return made
