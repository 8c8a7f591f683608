"""The table view of every list: 28 px rows, chips, keys, and a refresh that disturbs nothing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from panel.ui.chips import CellDelegate
from panel.ui.models.column import Row
from panel.ui.models.paged import PagedTableModel, Viewed, unique
from panel.ui.theme import ROW_HEIGHT, Theme

_MOST_KEPT = 500
_AGES_MS = 5000


class PanelTable(QTableView):
    """A list over a PagedTableModel. `picked` follows the current row, `opened` Enter on it."""

    picked = Signal(object)
    opened = Signal()
    menu_wanted = Signal(QPoint)
    escaped = Signal()

    def __init__(self, theme: Theme, model: PagedTableModel, name: str, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._paged = model
        self._top: tuple[str, int] | None = None
        self._picked_key: str | None = None
        self._chosen: dict[int, bool] = {}
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self._set_up_headers()
        model.viewed = self._viewed
        model.about_to_move.connect(self._on_model_about_to_move)
        model.moved.connect(self._on_model_moved)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_MS)
        self._ages.timeout.connect(self.viewport().update)
        self._ages.start()

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setSectionsMovable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for number, column in enumerate(self._paged.columns):
            self.setColumnWidth(number, column.width)
            self.setColumnHidden(number, column.hidden)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_header_menu)

    # what is picked --------------------------------------------------------------

    def current_row(self) -> Row | None:
        """The row with the focus, as far as it is selected."""
        index = self.currentIndex()
        return self._paged.row(index.row()) if index.isValid() else None

    def selected_keys(self) -> list[str]:
        """The keys of the selected rows that are in the cache."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [key for row in rows if (key := self._paged.key(row)) is not None]

    def pick(self, row: int) -> None:
        """Makes a row current and selects it alone."""
        index = self._paged.index(row, 0)
        if index.isValid():
            self.selectionModel().setCurrentIndex(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
            self.scrollTo(index)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self._paged.row(current.row()) if current.isValid() else None
        self._picked_key = self._paged.key(current.row()) if row is not None else None
        self.picked.emit(row)

    # refreshes -------------------------------------------------------------------

    def _viewed(self) -> Viewed:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        if last < 0:
            last = first + self.viewport().height() // ROW_HEIGHT + 1
        rows = [first]
        if self.currentIndex().isValid():
            rows.append(self.currentIndex().row())
        selection = self.selectionModel().selection()
        for piece in (selection.at(number) for number in range(selection.count())):
            rows.extend(range(piece.top(), min(piece.bottom() + 1, piece.top() + _MOST_KEPT)))
        return Viewed(unique(rows[:_MOST_KEPT]), first, last)

    def _on_model_about_to_move(self) -> None:
        value = self.verticalScrollBar().value()
        key = self._paged.key(value // ROW_HEIGHT) if value else None
        self._top = (key, value % ROW_HEIGHT) if key else None

    def _on_model_moved(self) -> None:
        if self._top is not None:
            key, rest = self._top
            for number in self._paged.cached_rows():
                if self._paged.key(number) == key:
                    self.verticalScrollBar().setValue(number * ROW_HEIGHT + rest)
                    break
        index = self.currentIndex()
        row = self._paged.row(index.row()) if index.isValid() else None
        self.picked.emit(row)

    # keys ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.bottomLeft() + QPoint(24, 0))
        else:
            place = event.globalPos()
        if self.currentIndex().isValid():
            self.menu_wanted.emit(place)

    def _on_header_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, column in enumerate(self._paged.columns):
            action = menu.addAction(column.title or column.name)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.toggled.connect(partial(self._on_column_chosen, number))
        menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _on_column_chosen(self, number: int, shown: bool) -> None:
        self._chosen[number] = shown
        self.fit_columns()

    def _on_theme_changed(self) -> None:
        self._paged.set_secondary_colour(self._theme.colour("secondary"))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Leaves out what has no room, and gives what is left to the column that stretches."""
        columns = self._paged.columns
        room = self.viewport().width()
        shown = self._fitting(room)
        for number in range(len(columns)):
            self.setColumnHidden(number, number not in shown)
        stretched = [number for number in shown if columns[number].stretch]
        if not stretched:
            return
        others = sum(self.columnWidth(number) for number in shown if number not in stretched)
        for number in stretched:
            share = (room - others) // len(stretched)
            self.setColumnWidth(number, max(columns[number].width, share))

    def _fitting(self, room: int) -> list[int]:
        """The numbers of the columns that are shown: those chosen, and by rank those that fit."""
        columns = self._paged.columns
        shown = [n for n, c in enumerate(columns) if self._chosen.get(n, not c.hidden)]

        def need() -> int:
            return sum(columns[n].width if columns[n].stretch else self._wide(n) for n in shown)

        for number in sorted(shown, key=lambda n: -columns[n].leaves):
            if need() > room and columns[number].leaves and number not in self._chosen:
                shown.remove(number)
        return shown

    def _wide(self, number: int) -> int:
        """A column's width as the person left it, also while it is hidden."""
        return self.columnWidth(number) or self._paged.columns[number].width
