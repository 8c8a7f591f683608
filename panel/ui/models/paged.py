"""A table model over a listing of any length: it holds a few pages, whatever the table holds.

`data()` reads the cache only. Pages and counts are read in the store's reader thread; what comes
back for an older question is dropped. A refresh keeps the persistent indexes on their rows by key,
so selection, focus and scroll stay where the person left them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor

from panel.store.connection import Connection
from panel.store.listings import Listing, ListingQuery, ListingReader
from panel.ui.models.column import CHIP_ROLE, ICON_ROLE, KEY_ROLE, Column, Row, bold_font
from panel.ui.models.reading import Reading
from panel.ui.tasks import Tasks

PAGE = 100
MOST_PAGES = 24
_MOST_AT_ONCE = 4
_QUICK_ROWS = 20_000
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Viewed:
    """What the view needs kept: rows by number (selection, focus, top), and what it shows."""

    rows: tuple[int, ...] = ()
    first: int = 0
    last: int = PAGE - 1


@dataclass(slots=True)
class _Snapshot:
    count: int
    total: int
    pages: dict[int, list[Row]] = field(default_factory=dict)
    found: dict[str, int | None] = field(default_factory=dict)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class PagedTableModel(QAbstractTableModel):
    """Rows of one listing under one query. `loaded` follows every answer of the store."""

    loaded = Signal()
    about_to_move = Signal()
    moved = Signal()

    def __init__(
        self,
        reading: Reading,
        tasks: Tasks,
        listing: Listing,
        columns: Sequence[Column],
        key: str,
        facets: Sequence[str] = (),
        bold: Callable[[Row], bool] | None = None,
    ) -> None:
        super().__init__()
        self._reading = reading
        self._tasks = tasks
        self._columns = tuple(columns)
        self._key = key
        self._facet_columns = tuple(facets)
        self._bold = bold
        self._query = ListingQuery(listing)
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._count = 0
        self._era = 0
        self._wanted: set[int] = set()
        self._rested = asyncio.Event()
        self._rested.set()
        self._again = False
        self._secondary = QColor()
        self.total = 0
        self.facets: Mapping[str, Mapping[str, int]] = {}
        self.ready = False
        self.viewed: Callable[[], Viewed] = Viewed
        self._fetch_timer = QTimer(self)
        self._fetch_timer.setSingleShot(True)
        self._fetch_timer.setInterval(0)
        self._fetch_timer.timeout.connect(self._on_fetch_due)

    # questions ---------------------------------------------------------------

    @property
    def query(self) -> ListingQuery:
        return self._query

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    @property
    def filtered(self) -> bool:
        """Whether filters or a search leave rows out."""
        return bool(self._query.filters or self._query.search)

    def set_secondary_colour(self, colour: QColor) -> None:
        """The colour of columns that only accompany the others."""
        self._secondary = colour

    def set_query(
        self,
        *,
        filters: tuple[tuple[str, tuple[str, ...]], ...] | None = None,
        search: str | None = None,
    ) -> None:
        """Asks for other rows; None leaves that part of the question as it is."""
        query = self._query
        if filters is not None:
            query = replace(query, filters=filters)
        if search is not None:
            query = replace(query, search=search)
        self._ask(query)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Orders by a column; one that cannot be sorted by goes back to the listing's own order."""
        name = self._columns[column].sort if 0 <= column < len(self._columns) else ""
        descending = bool(name) and order is Qt.SortOrder.DescendingOrder
        self._ask(replace(self._query, order_by=name, descending=descending))

    def _ask(self, query: ListingQuery) -> None:
        if query != self._query:
            self._query = query
            self._era += 1
            self.refresh()

    def refresh(self) -> None:
        """Looks again; many calls in a row become one or two reads."""
        if not self._rested.is_set():
            self._again = True
            return
        self._rested.clear()
        self._tasks.start(self._reload())

    def row(self, number: int) -> Row | None:
        """The row if it is in the cache."""
        page = self._pages.get(number // PAGE)
        offset = number % PAGE
        return page[offset] if page is not None and offset < len(page) else None

    def cached_rows(self) -> list[int]:
        """The numbers of all rows in the cache, a few thousand at most."""
        return [
            page * PAGE + offset
            for page, rows in self._pages.items()
            for offset in range(len(rows))
        ]

    def key(self, number: int) -> str | None:
        """The key of a cached row."""
        row = self.row(number)
        return None if row is None else str(row[self._key])

    def go_to(self, key: str, found: Callable[[int], object]) -> None:
        """Reads the page that holds the row with this key, then calls `found` with its number."""
        self._tasks.start(self._go_to(key, found))

    async def _go_to(self, key: str, found: Callable[[int], object]) -> None:
        query, era = self._query, self._era

        def work(connection: Connection) -> tuple[int, list[Row]] | None:
            reader = ListingReader(connection)
            number = reader.find(query, key)
            if number is None:
                return None
            return number, list(reader.rows(query, number // PAGE * PAGE, PAGE))

        await self._rested.wait()
        answer = await self._reading.read(work)
        if answer is None or era != self._era or answer[0] >= self._count:
            return
        number, rows = answer
        self._keep(number // PAGE, rows)
        found(number)

    # Qt's side -----------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._secondary if column.secondary and self._secondary.isValid() else None
        row = self.row(index.row())
        if row is None:
            self._want(index.row() // PAGE)
            return None
        if role == KEY_ROLE:
            return str(row[self._key])
        if role == Qt.ItemDataRole.FontRole:
            return bold_font() if self._bold is not None and self._bold(row) else None
        return _shown(column, row, role)

    # reading -------------------------------------------------------------------

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.add(page)
            self._fetch_timer.start()

    def _on_fetch_due(self) -> None:
        # What was asked for while scrolling past is asked for again when it is drawn again.
        wanted = sorted(self._wanted)[-_MOST_AT_ONCE:]
        self._wanted.clear()
        if not wanted:
            return
        if self._quick(wanted[-1]):
            self._put(_pages(self._reading.pages, self._query, wanted))
        else:
            self._tasks.start(self._fetch(wanted))

    def _quick(self, page: int) -> bool:
        """Whether a page comes by an index within a millisecond or so."""
        query = self._query
        return not query.search and not query.order_by and page * PAGE < _QUICK_ROWS

    async def _fetch(self, wanted: Sequence[int]) -> None:
        query, era = self._query, self._era
        pages = await self._reading.read(lambda connection: _pages(connection, query, wanted))
        if era == self._era:
            self._put(pages)

    def _put(self, pages: Mapping[int, list[Row]]) -> None:
        for page, rows in pages.items():
            self._keep(page, rows)
            last = min(page * PAGE + len(rows), self._count) - 1
            if last >= page * PAGE:
                self.dataChanged.emit(
                    self.index(page * PAGE, 0), self.index(last, len(self._columns) - 1)
                )

    def _keep(self, page: int, rows: list[Row]) -> None:
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > MOST_PAGES:
            self._pages.popitem(last=False)

    async def _reload(self) -> None:
        try:
            while True:
                self._again = False
                await self._reload_once()
                if not self._again:
                    return
        finally:
            self._rested.set()

    async def _reload_once(self) -> None:
        query, era, viewed = self._query, self._era, self.viewed()
        kept = {row: key for row in viewed.rows if (key := self.key(row)) is not None}
        facet_columns = self._facet_columns

        def work(connection: Connection) -> _Snapshot:
            reader = ListingReader(connection)
            count = reader.count(query)
            whole = replace(query, filters=(), search="")
            total = count if query == whole else reader.count(whole)
            snapshot = _Snapshot(count, total)
            snapshot.found = {key: reader.find(query, key) for key in kept.values()}
            shown = {viewed.first // PAGE, viewed.last // PAGE, 0}
            shown |= {row // PAGE for row in snapshot.found.values() if row is not None}
            for page in sorted(shown)[:MOST_PAGES]:
                if page * PAGE < count:
                    snapshot.pages[page] = list(reader.rows(query, page * PAGE, PAGE))
            for column in facet_columns:
                snapshot.facets[column] = reader.facet(query, column)
            return snapshot

        snapshot = await self._reading.read(work)
        if era != self._era:
            self._again = True
            return
        self._take(snapshot, kept)

    def _take(self, snapshot: _Snapshot, kept: Mapping[int, str]) -> None:
        self.total, self.facets = snapshot.total, snapshot.facets
        still = all(snapshot.found[key] == row for row, key in kept.items())
        self.about_to_move.emit()
        if still and snapshot.count == self._count:
            self._replace_in_place(snapshot)
        else:
            self._move(snapshot, kept)
        self.ready = True
        self.moved.emit()
        self.loaded.emit()

    def _replace_in_place(self, snapshot: _Snapshot) -> None:
        """Same rows at the same places: only cells that differ are drawn again."""
        before = self._pages
        self._pages = OrderedDict(snapshot.pages)
        for page, rows in snapshot.pages.items():
            old = before.get(page)
            changed = [
                offset
                for offset, row in enumerate(rows)
                if old is None or offset >= len(old) or old[offset] != row
            ]
            if changed:
                first, last = page * PAGE + changed[0], page * PAGE + changed[-1]
                last = min(last, self._count - 1)
                self.dataChanged.emit(
                    self.index(first, 0), self.index(last, len(self._columns) - 1)
                )

    def _move(self, snapshot: _Snapshot, kept: Mapping[int, str]) -> None:
        """Rows came, went or changed places: persistent indexes follow their keys."""
        grown = snapshot.count - self._count
        if grown > 0:
            self.beginInsertRows(_ROOT, self._count, snapshot.count - 1)
            self._count = snapshot.count
            self.endInsertRows()
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        after = [self._followed(index, snapshot, kept) for index in before]
        self._pages = OrderedDict(snapshot.pages)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        if grown < 0:
            self.beginRemoveRows(_ROOT, snapshot.count, self._count - 1)
            self._count = snapshot.count
            self.endRemoveRows()

    def _followed(
        self, index: QModelIndex, snapshot: _Snapshot, kept: Mapping[int, str]
    ) -> QModelIndex:
        key = kept.get(index.row())
        row = snapshot.found.get(key) if key is not None else None
        if row is None or row >= snapshot.count:
            return QModelIndex()
        return self.createIndex(row, index.column())


def _pages(
    connection: Connection, query: ListingQuery, wanted: Sequence[int]
) -> dict[int, list[Row]]:
    reader = ListingReader(connection)
    return {page: list(reader.rows(query, page * PAGE, PAGE)) for page in wanted}


def _shown(column: Column, row: Row, role: int) -> object:
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return column.text(row)
    if role == Qt.ItemDataRole.ToolTipRole:
        return (column.tip or column.text)(row) or None
    if role == CHIP_ROLE:
        return column.chip(row) if column.chip else None
    if role == ICON_ROLE:
        return column.icon(row) if column.icon else None
    return None


def _alignment(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int((side | Qt.AlignmentFlag.AlignVCenter).value)


def unique(rows: Iterable[int]) -> tuple[int, ...]:
    """The row numbers once each, in order."""
    return tuple(dict.fromkeys(rows))
