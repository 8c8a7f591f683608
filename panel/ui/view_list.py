"""The list of views at the left of a page, with counts at its right edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from panel.ui.theme import Theme

COUNT_ROLE = Qt.ItemDataRole.UserRole + 9
_SIDE = 10


class _ViewDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = rect.adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._theme.colour("selection"))
            painter.drawRoundedRect(ground, 5, 5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.colour("hover"))
            painter.drawRoundedRect(ground, 5, 5)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("accent"))
            painter.drawRoundedRect(ground.adjusted(0, 0, -1, 0), 5, 5)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        left = rect.left() + _SIDE
        if isinstance(icon, QIcon):
            icon.paint(painter, QRect(left, rect.top(), 16, rect.height()))
            left += 16 + 8
        painter.setPen(self._theme.colour("text"))
        inner = QRect(left, rect.top(), rect.right() - _SIDE - left, rect.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        painter.setPen(self._theme.colour("secondary"))
        count = index.data(COUNT_ROLE) or ""
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, count)
        painter.restore()


class ViewList(QListWidget):
    """Names with icons; `COUNT_ROLE` holds the number beside a name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setItemDelegate(_ViewDelegate(theme, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(16, 16))
        self.setMouseTracking(True)
        theme.changed.connect(self.viewport().update)
