"""The frame of a list page: toolbar, list with its empty states, detail pane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from panel.core.changes import Changes
from panel.ui.controls import Button
from panel.ui.detail import DetailPane
from panel.ui.empty import EmptyState
from panel.ui.models.column import Row
from panel.ui.models.paged import PagedTableModel
from panel.ui.services import Workbench
from panel.ui.table import PanelTable
from panel.ui.toolbar import Filter, Toolbar

WIDE = 1200
_LIST_SHARE, _DETAIL_SHARE = 62, 38
_MOST_DETAIL = 428


class _Split(QSplitter):
    """A splitter that tells when it has its new size, which is after its page has its own."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What makes a list page this one: object names, the tables it shows, what its bar holds."""

    name: str
    table: str
    title: str
    tables: tuple[str, ...]
    search: str
    filters: tuple[Filter, ...] = ()
    front: tuple[QWidget, ...] = ()
    primary: tuple[QWidget, ...] = ()


class ListPage(QWidget):
    """One list over one listing. A hidden page only notes that it is stale."""

    def __init__(
        self,
        bench: Workbench,
        spec: ListSpec,
        *,
        model: PagedTableModel,
        detail: DetailPane,
        empty: EmptyState,
    ) -> None:
        super().__init__()
        self.setObjectName(spec.name)
        self.bench = bench
        self.model = model
        # Python's collector may run in any thread; a QObject without a parent would die there.
        model.setParent(self)
        self.detail = detail
        self._watched = tuple(spec.tables)
        self._stale = True
        self._fixed: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.table = PanelTable(bench.theme, model, spec.table, spec.title)
        self.toolbar = Toolbar(
            bench.theme, spec.search, spec.filters, front=spec.front, primary=spec.primary
        )
        clear = Button(bench.theme, self.tr("Clear filters"), on_click=self.clear_filters)
        self._no_match = EmptyState(
            bench.theme, "search", self.tr("No matches."), self.tr("Clear filters."), [clear]
        )
        self._no_match.text.hide()
        self.empty = empty
        self._blank = QWidget()
        self.stack = QStackedWidget()
        for part in (self._blank, self.table, empty, self._no_match):
            self.stack.addWidget(part)
        self.splitter = _Split(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(detail)
        self.splitter.setStretchFactor(0, _LIST_SHARE)
        self.splitter.setStretchFactor(1, _DETAIL_SHARE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.make_body(self.splitter), 1)
        self._detail_wanted = True
        self._picked_once = False
        self._focus_due = False
        self._divided = False
        self._connect()

    def make_body(self, splitter: QSplitter) -> QWidget:
        """What stands under the toolbar; pages with more than a list put the splitter into it."""
        return splitter

    def nothing_found(self) -> QWidget:
        """What is shown where there are no rows."""
        return self.empty if self.model.total == 0 else self._no_match

    def list_widget(self) -> QWidget:
        """What shows the rows: the table, unless a page has other ways to show them."""
        return self.table

    def has_detail(self) -> bool:
        """Whether the detail pane belongs to what is shown."""
        return self.stack.currentWidget() is self.list_widget()

    def _connect(self) -> None:
        self.toolbar.searched.connect(lambda text: self.model.set_query(search=text))
        self.toolbar.filtered.connect(self._on_filters_changed)
        self.toolbar.detail_toggled.connect(self.toggle_detail)
        self.splitter.resized.connect(self._share_room)
        self.splitter.splitterMoved.connect(self._on_splitter_moved)
        self.model.loaded.connect(self._on_model_loaded)
        self.table.picked.connect(self._on_row_picked)
        self.table.opened.connect(self._on_row_opened)
        self.table.menu_wanted.connect(self._on_menu_wanted)

    # filters ---------------------------------------------------------------------

    def set_fixed_filters(self, filters: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Filters that come with the chosen view, besides those of the chips."""
        self._fixed = filters
        self._on_filters_changed()

    def clear_filters(self) -> None:
        """Shows all rows of the view again."""
        self.toolbar.clear()
        self.model.set_query(filters=self._fixed, search="")
        self.table.setFocus()

    def _on_filters_changed(self) -> None:
        chosen = self.toolbar.chips.chosen()
        columns = {column for column, _values in chosen}
        fixed = tuple(item for item in self._fixed if item[0] not in columns)
        self.model.set_query(filters=fixed + chosen)

    # refreshes -------------------------------------------------------------------

    def note_changes(self, changes: Changes) -> None:
        """Looks again now if the page is seen, else when it is shown."""
        if not changes.touches(*self._watched):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def refresh(self) -> None:
        """Reads the page again."""
        self._stale = False
        self.model.refresh()

    @property
    def stale(self) -> bool:
        return self._stale

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_model_loaded(self) -> None:
        shown = self.list_widget() if self.model.rowCount() else self.nothing_found()
        self.toolbar.chips.set_counts(self.model.facets)
        self.toolbar.setVisible(self.model.total > 0)
        before = self.stack.currentWidget() or self._blank
        had_focus = before.isAncestorOf(self.focusWidget() or self)
        if shown is not self.stack.currentWidget():
            self.stack.setCurrentWidget(shown)
            if had_focus:
                shown.setFocus()
        self._show_detail()
        self.table.fit_columns()
        if not self._picked_once and self.model.row(0) is not None:
            self._picked_once = True
            self.table.pick(0)
        if self._focus_due:
            self._focus_due = False
            self.focus_list()

    # the detail ------------------------------------------------------------------

    def toggle_detail(self) -> None:
        """Hides or shows the detail pane (Ctrl+I)."""
        self._detail_wanted = not self._detail_wanted
        self._show_detail()

    def _show_detail(self) -> None:
        shown = self._detail_wanted and self.has_detail()
        if shown != self.detail.isVisibleTo(self.splitter):
            self.detail.setVisible(shown)
            self._share_room()

    def _on_splitter_moved(self, _place: int, _handle: int) -> None:
        self._divided = True

    def _on_row_picked(self, row: Row | None) -> None:
        self.detail.show_row(row)

    def _on_row_opened(self) -> None:
        self._detail_wanted = True
        self._show_detail()
        first = next((b for b in self.detail.findChildren(Button) if b.isVisible()), None)
        (first or self.detail).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.list_widget().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() >= WIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() is not wanted:
            self.splitter.setOrientation(wanted)
            self._share_room()

    def _share_room(self) -> None:
        """Splits the room between list and detail, unless the person has drawn the line."""
        wide = self.splitter.orientation() is Qt.Orientation.Horizontal
        extent = self.splitter.width() if wide else self.splitter.height()
        if not self._divided:
            detail = extent * _DETAIL_SHARE // 100
            if wide:  # the list needs the room first: its columns come and go with it
                detail = min(detail, _MOST_DETAIL)
            self.splitter.setSizes([extent - detail, detail])

    # rows' actions -----------------------------------------------------------------

    def row_actions(self, row: Row) -> Sequence[QAction | None]:
        """What the Menu key offers for the current row; None is a separator."""
        return ()

    def _on_menu_wanted(self, place: QPoint) -> None:
        row = self.table.current_row()
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.row_actions(row):
            if action is None:
                menu.addSeparator()
            else:
                action.setParent(menu)
                menu.addAction(action)
        if not menu.isEmpty():
            menu.popup(place)

    def focus_list(self) -> None:
        """Puts the focus where the rows are, or on the button that mends their absence."""
        self._focus_due = not self.model.ready
        shown = self.stack.currentWidget() or self._blank
        (shown if shown is self.list_widget() else self._first_control(shown)).setFocus()

    def regions(self) -> list[QWidget]:
        """What F6 goes round on this page."""
        shown = self.stack.currentWidget() or self._blank
        target = shown if shown is self.list_widget() else self._first_control(shown)
        parts = [self.toolbar.search, target]
        if self.detail.isVisible():
            parts.append(self._first_control(self.detail))
        return [part for part in parts if part.isVisible() and part.isEnabled()]

    def _first_control(self, part: QWidget) -> QWidget:
        return next((b for b in part.findChildren(Button) if b.isVisible()), part)
