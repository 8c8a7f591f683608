"""State chips: icon and word on an opaque ground, drawn in cells and as labels."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from panel.ui.icons import renderer
from panel.ui.models.column import CHIP_ROLE, ICON_ROLE
from panel.ui.theme import Theme
from panel.ui.words import Chip

CHIP_HEIGHT = 20
CELL_PADDING = 8
_ICON, _GAP, _PADDING = 12, 5, 7
Index = QModelIndex | QPersistentModelIndex


def chip_width(chip: Chip, metrics: QFontMetrics) -> int:
    """How many logical pixels a chip needs."""
    icon = _ICON + _GAP if chip.icon else 0
    return 2 * _PADDING + icon + metrics.horizontalAdvance(chip.word)


def paint_chip(painter: QPainter, rect: QRect, chip: Chip, theme: Theme) -> None:
    """Draws a chip that fills `rect`; the word is elided where it does not fit."""
    text, background = theme.hue(chip.hue)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(background)
    painter.drawRoundedRect(QRectF(rect), 4, 4)
    left = rect.left() + _PADDING
    if chip.icon:
        top = rect.top() + (rect.height() - _ICON) / 2
        renderer(chip.icon, text.name()).render(painter, QRectF(left, top, _ICON, _ICON))
        left += _ICON + _GAP
    painter.setPen(text)
    room = QRect(left, rect.top(), rect.right() - _PADDING - left + 2, rect.height())
    word = painter.fontMetrics().elidedText(chip.word, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
    painter.restore()


class CellDelegate(QStyledItemDelegate):
    """Draws cells: a chip or an icon where the model names one, else the text."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        # The row's focus is shown by the selection; a dotted box around one cell is noise.
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = QStyleOptionViewItem(option)
        self.initStyleOption(cell, index)
        text, cell.text = cell.text, ""
        style = cell.widget.style() if cell.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, cell, painter, cell.widget)
        chip, icon = index.data(CHIP_ROLE), index.data(ICON_ROLE)
        if chip is not None:
            self._paint_chip(painter, option.rect, chip, option.fontMetrics)
        elif icon is not None:
            self._paint_icon(painter, option.rect, icon)
        else:
            self._paint_text(painter, cell, text)

    def _paint_text(self, painter: QPainter, cell: QStyleOptionViewItem, text: str) -> None:
        room = cell.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        painter.save()
        painter.setFont(cell.font)
        painter.setPen(cell.palette.color(QPalette.ColorRole.Text))
        shown = cell.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, cell.displayAlignment, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        chip = index.data(CHIP_ROLE)
        if chip is None:
            return super().sizeHint(option, index)
        metrics: QFontMetrics = option.fontMetrics
        return QSize(chip_width(chip, metrics) + 16, CHIP_HEIGHT + 8)

    def _paint_chip(
        self, painter: QPainter, cell: QRect, chip: Chip, metrics: QFontMetrics
    ) -> None:
        width = min(chip_width(chip, metrics), cell.width() - 8)
        top = cell.top() + (cell.height() - CHIP_HEIGHT) // 2
        rect = QRect(cell.left() + CELL_PADDING, top, width, CHIP_HEIGHT)
        painter.save()
        paint_chip(painter, rect, chip, self._theme)
        painter.restore()

    def _paint_icon(self, painter: QPainter, cell: QRect, icon: tuple[str, str]) -> None:
        name, colour = icon
        side = 14
        left = cell.left() + (cell.width() - side) / 2
        top = cell.top() + (cell.height() - side) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing = renderer(name, self._theme.colour(colour).name())
        drawing.render(painter, QRectF(left, top, side, side))
        painter.restore()


class ChipLabel(QWidget):
    """A chip as a widget; screen readers get its word."""

    def __init__(self, theme: Theme, chip: Chip | None = None, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._chip: Chip | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        if chip is None:
            self.hide()
        else:
            self._take(chip)  # not shown: without a parent it would be a window for a moment

    @property
    def chip(self) -> Chip | None:
        return self._chip

    def set_chip(self, chip: Chip | None) -> None:
        """Shows another state; None hides the label."""
        if chip == self._chip and chip is not None:
            return
        self._take(chip)
        self.setVisible(chip is not None)

    def _take(self, chip: Chip | None) -> None:
        self._chip = chip
        self.setAccessibleName(chip.word if chip else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._chip is None:
            return QSize(0, 0)
        return QSize(chip_width(self._chip, self.fontMetrics()), CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._chip is None:
            return
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._chip, self._theme)
        painter.end()
