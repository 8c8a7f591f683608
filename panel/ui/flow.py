"""A layout that puts its widgets side by side and goes on in the next line."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then the next line; `column` makes all widgets share the width evenly."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8, column: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._column = column
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def clear(self) -> None:
        """Removes and deletes all widgets."""
        while self._items:
            item = self._items.pop()
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        gap = self.spacing()
        each = 0
        if self._column and self._items:
            columns = max(1, (rect.width() + gap) // (self._column + gap))
            columns = min(columns, max(len(self._items), 1))
            most = (rect.width() + gap) // columns - gap
            each = min(most, int(self._column * 1.6))
        x, y, tallest = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint()
            width = each or min(size.width(), rect.width())
            height = item.heightForWidth(width) if item.hasHeightForWidth() else size.height()
            if x + width > rect.right() + 1 and x > rect.x():
                x, y, tallest = rect.x(), y + tallest + gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
            x += width + gap
            tallest = max(tallest, height)
        return y + tallest - rect.y()
