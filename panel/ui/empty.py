"""What a page shows instead of rows: what is missing, and buttons that mend it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from panel.ui.controls import Button, label
from panel.ui.theme import Theme

_ICON = 40


class EmptyState(QWidget):
    """An icon, one sentence of what is so, one of what to do, and the buttons that do it."""

    def __init__(
        self, theme: Theme, icon: str, title: str, text: str = "", buttons: Sequence[Button] = ()
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label(title, theme, step=2, bold=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title.setWordWrap(True)
        self.text = label(text, theme, role="secondary")
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setWordWrap(True)
        if not text:
            self.text.hide()  # shown before it has a parent it would be a window for a moment
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in buttons:
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._picture)
        column.addSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(8)
        column.addLayout(foot)
        column.addStretch(3)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        icon = self._theme.icon(self._icon_name, "border_strong")
        pixmap: QPixmap = icon.pixmap(_ICON, _ICON)
        self._picture.setPixmap(pixmap)
