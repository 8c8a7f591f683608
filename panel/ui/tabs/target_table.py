"""The check board's table: pictures in cells, and real buttons for the fixes of visible rows."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from panel.ui.calibrate.pictures import paint_picture
from panel.ui.chips import CELL_PADDING, CHIP_HEIGHT, CellDelegate, Index, chip_width, paint_chip
from panel.ui.controls import Button
from panel.ui.models.column import CHIP_ROLE
from panel.ui.models.target_board import PICTURE_ROLE, WHY_ROLE, Part, TargetBoardModel
from panel.ui.models.targets import BoardRow, Fix
from panel.ui.theme import Theme

ROW = 68
THUMBNAIL = (124, 52)
_LOOK_MS = 60
_WIDTHS = {
    Part.AGENT: 96,
    Part.BOX: 96,
    Part.THEN: THUMBNAIL[0] + 16,
    Part.NOW: THUMBNAIL[0] + 16,
    Part.VERDICT: 220,
    Part.FIX: 204,
    Part.AGE: 72,
    Part.SUCCESS: 104,
}


class BoardDelegate(CellDelegate):
    """Cells with a picture, and the verdict with its sentence below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._hues = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        part = Part(index.column())
        if part not in (Part.THEN, Part.NOW, Part.VERDICT):
            super().paint(painter, option, index)
            return
        self._paint_ground(painter, option)
        if part is Part.VERDICT:
            self._paint_verdict(painter, option, index)
            return
        image = index.data(PICTURE_ROLE)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if isinstance(image, QImage) and (not image.isNull() or text):
            room = QRect(0, 0, *THUMBNAIL)
            room.moveCenter(option.rect.center())
            paint_picture(painter, room, image, self._hues, text=text)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._hues.colour("selection"))

    def _paint_verdict(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chip, why = index.data(CHIP_ROLE), str(index.data(WHY_ROLE) or "")
        room = option.rect.adjusted(CELL_PADDING, 0, -CELL_PADDING, 0)
        line = option.fontMetrics.height()
        lines = _wrapped(option, why, room.width())
        top = room.top() + (room.height() - CHIP_HEIGHT - 4 - line * len(lines)) // 2
        width = min(chip_width(chip, option.fontMetrics), room.width())
        painter.save()
        painter.setFont(option.font)
        paint_chip(painter, QRect(room.left(), top, width, CHIP_HEIGHT), chip, self._hues)
        painter.setPen(self._hues.colour("secondary"))
        top += CHIP_HEIGHT + 4
        for number, text in enumerate(lines):
            place = QRect(room.left(), top + number * line, room.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
        painter.restore()


def _wrapped(option: QStyleOptionViewItem, text: str, width: int) -> list[str]:
    """The sentence in at most two lines, the second one cut with …"""
    metrics, words, first = option.fontMetrics, text.split(), ""
    while words:
        longer = f"{first} {words[0]}".strip()
        if first and metrics.horizontalAdvance(longer) > width:
            break
        first = longer
        words.pop(0)
    rest = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)
    return [each for each in (metrics.elidedText(first, Qt.TextElideMode.ElideRight, width), rest)
            if each]  # fmt: skip


class FixButtons(QWidget):
    """The button that mends one line; two where there are two ways."""

    asked = Signal(Fix)

    def __init__(self, theme: Theme, agent_id: str) -> None:
        super().__init__()
        self._theme = theme
        self._agent_id = agent_id
        self._fix: Fix | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 2, 8, 2)
        self._column.setSpacing(4)

    def show_fix(self, fix: Fix) -> None:
        """Another fix; the buttons stay while it is the same."""
        if fix is self._fix:
            return
        self._fix = fix
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        ways = (Fix.GOTO, Fix.EMPTY) if fix is Fix.EMPTY else (fix,)
        self._column.addStretch(1)
        for way in ways:
            text = self.word(way)
            if text:
                kind = "flat" if way is Fix.AGAIN else "plain"
                button = Button(self._theme, text, kind=kind, on_click=partial(self._ask, way))
                button.setAccessibleName(f"{text} {self._agent_id}")
                self._column.addWidget(button)
                button.show()
        self._column.addStretch(1)

    def word(self, fix: Fix) -> str:
        """What the button says."""
        return {
            Fix.CALIBRATE: self.tr("Calibrate"),
            Fix.AGAIN: self.tr("Calibrate"),
            Fix.CONFIRM: self.tr("Confirm by sight"),
            Fix.FIND: self.tr("Find window"),
            Fix.REVIEW: self.tr("Review new place"),
            Fix.GOTO: self.tr("Go to window"),
            Fix.EMPTY: self.tr("This is empty, remember"),
            Fix.NONE: "",
        }[fix]

    def _ask(self, fix: Fix) -> None:
        self.asked.emit(fix)


class TargetTable(QTableView):
    """`look_wanted` tells which rows are seen and lack pictures, once the view stands still."""

    fix_asked = Signal(object, Fix)
    picked = Signal(object)
    look_wanted = Signal(int, int)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, model: TargetBoardModel) -> None:
        super().__init__()
        self._theme = theme
        self._board = model
        self._current: BoardRow | None = None
        self.setObjectName("targets_table")
        self.setAccessibleName(self.tr("Targets"))
        self.setModel(model)
        self.setItemDelegate(BoardDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        side = self.verticalHeader()
        side.setVisible(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Part.VERDICT, QHeaderView.ResizeMode.Stretch)
        for part, width in _WIDTHS.items():
            self.setColumnWidth(part, width)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_LOOK_MS)
        self._still.timeout.connect(self._on_stands_still)
        self.verticalScrollBar().valueChanged.connect(self._still.start)
        model.modelReset.connect(self._on_model_reset)
        model.dataChanged.connect(self._show_fixes)

    # rows --------------------------------------------------------------------------

    def current_row(self) -> BoardRow | None:
        """The chosen line."""
        return self._board.board_row(self.currentIndex().row())

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last number that is seen."""
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, self.rowAt(0)), last if last >= 0 else self._board.rowCount() - 1

    def fixes(self) -> list[FixButtons]:
        """The buttons of the rows that were seen, in order."""
        found = (
            self.indexWidget(self._board.index(number, Part.FIX))
            for number in range(self._board.rowCount())
        )
        return [widget for widget in found if isinstance(widget, FixButtons)]

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self._current = self._board.board_row(current.row())
        self.picked.emit(self._current)

    def _on_model_reset(self) -> None:
        number = self._board.number_of(self._current.key) if self._current else 0
        if self._board.rowCount():
            self.setCurrentIndex(self._board.index(number or 0, 0))
        self._still.start()

    def _on_stands_still(self) -> None:
        first, last = self.visible_rows()
        self._show_fixes()
        self.look_wanted.emit(first, last)

    def _show_fixes(self) -> None:
        first, last = self.visible_rows()
        for number in range(first, last + 1):
            index = self._board.index(number, Part.FIX)
            row = self._board.board_row(number)
            if row is None:
                continue
            buttons = self.indexWidget(index)
            if not isinstance(buttons, FixButtons):
                buttons = FixButtons(self._theme, row.agent_id)
                buttons.asked.connect(partial(self._on_fix_asked, row.key))
                self.setIndexWidget(index, buttons)
            buttons.show_fix(self._board.fix(number))

    def _on_fix_asked(self, key: object, fix: Fix) -> None:
        self.fix_asked.emit(key, fix)

    # Qt's side ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            fix = self._board.fix(self.currentIndex().row())
            if fix is not Fix.NONE:
                self.fix_asked.emit(row.key, fix)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.current_row()
        if row is None:
            return
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.bottomLeft() + QPoint(24, 0))
        self.menu_wanted.emit(row, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(_WIDTHS.values())
        room = self.viewport().width()
        self.setColumnHidden(Part.AGE, room < needed)
        self.setColumnHidden(Part.SUCCESS, room < needed - _WIDTHS[Part.AGE])
        self._still.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._still.start()
