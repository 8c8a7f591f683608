"""The frame of a list page: toolbar, list with its empty states, detail pane."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from panel.core.changes import Changes
from panel.ui.controls import Button
from panel.ui.detail import DetailPane
from panel.ui.empty import EmptyState
from panel.ui.models.column import Row
from panel.ui.models.paged import PagedTableModel
from panel.ui.services import Desk
from panel.ui.table import PanelTable
from panel.ui.toolbar import Filter, Toolbar

WIDE = 1200
_LIST_SHARE, _DETAIL_SHARE = 62, 38


class ListPage(QWidget):
    """One list over one listing. A hidden page only notes that it is stale."""

    def __init__(
        self,
        desk: Desk,
        *,
        name: str,
        model: PagedTableModel,
        table: tuple[str, str],
        detail: DetailPane,
        empty: EmptyState,
        tables: Sequence[str],
        search: str,
        filters: Sequence[Filter] = (),
        front: Sequence[QWidget] = (),
        primary: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.desk = desk
        self.model = model
        self.detail = detail
        self._watched = tuple(tables)
        self._stale = True
        self._fixed: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self.table = PanelTable(desk.theme, model, *table)
        self.toolbar = Toolbar(desk.theme, search, filters, front=front, primary=primary)
        clear = Button(desk.theme, self.tr("Clear filters"), on_click=self.clear_filters)
        self._no_match = EmptyState(
            desk.theme, "search", self.tr("No matches."), self.tr("Clear filters."), [clear]
        )
        self._no_match.text.hide()
        self.empty = empty
        self._blank = QWidget()
        self.stack = QStackedWidget()
        for part in (self._blank, self.table, empty, self._no_match):
            self.stack.addWidget(part)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
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
        self._connect()

    def make_body(self, splitter: QSplitter) -> QWidget:
        """What stands under the toolbar; pages with more than a list put the splitter into it."""
        return splitter

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

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_model_loaded(self) -> None:
        if self.model.rowCount():
            shown = self.list_widget()
        elif self.model.total == 0:
            shown = self.empty
        else:
            shown = self._no_match
        self.toolbar.chips.set_counts(self.model.facets)
        self.toolbar.search.setEnabled(self.model.total > 0)
        self.toolbar.chips.setVisible(self.model.total > 0)
        had_focus = self.stack.currentWidget().isAncestorOf(self.focusWidget() or self)
        if shown is not self.stack.currentWidget():
            self.stack.setCurrentWidget(shown)
            if had_focus:
                shown.setFocus()
        self._show_detail()
        self.table.fit_columns()

    # the detail ------------------------------------------------------------------

    def toggle_detail(self) -> None:
        """Hides or shows the detail pane (Ctrl+I)."""
        self._detail_wanted = not self._detail_wanted
        self._show_detail()

    def _show_detail(self) -> None:
        self.detail.setVisible(self._detail_wanted and self.has_detail())

    def _on_row_picked(self, row: Row | None) -> None:
        self.detail.show_row(row)

    def _on_row_opened(self) -> None:
        self._detail_wanted = True
        self._show_detail()
        first = next((b for b in self.detail.findChildren(Button) if b.isVisible()), None)
        (first or self.detail).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape:
            self.list_widget().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        wide = self.window().width() >= WIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() is not wanted:
            self.splitter.setOrientation(wanted)
        extent = self.splitter.width() if wide else self.splitter.height()
        if event.oldSize().width() != event.size().width():
            self.splitter.setSizes(
                [extent * _LIST_SHARE // 100, extent * _DETAIL_SHARE // 100]
            )

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

    def regions(self) -> list[QWidget]:
        """What F6 goes round on this page."""
        shown = self.stack.currentWidget()
        target = shown if shown is self.table else self._first_control(shown)
        parts = [self.toolbar.search, target]
        if self.detail.isVisible():
            parts.append(self._first_control(self.detail))
        return [part for part in parts if part.isVisible() and part.isEnabled()]

    def _first_control(self, part: QWidget) -> QWidget:
        return next((b for b in part.findChildren(Button) if b.isVisible()), part)
