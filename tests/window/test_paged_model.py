"""The model of long lists: little memory, right under inserts, nothing lost on a refresh."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from panel.core.errors import PanelError
from panel.core.message import DeliveryStatus, Message, Priority
from panel.store import messages
from panel.store.connection import Transaction
from panel.store.database import Store
from panel.store.location import Location
from panel.ui.models.lists import messages_model
from panel.ui.models.paged import MOST_PAGES, PAGE, PagedTableModel
from panel.ui.models.reading import Reading
from panel.ui.table import PanelTable
from panel.ui.tasks import Tasks
from panel.ui.theme import ROW_HEIGHT, Theme
from tests.event_loop import Aio

pytestmark = pytest.mark.window

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def add(tx: Transaction, first: int, count: int) -> None:
    """Messages number `first` and on; the higher the number, the newer."""
    for number in range(first, first + count):
        messages.insert(
            tx,
            Message(
                f"msg_{number:06}",
                "captain",
                f"Agent-{number % 5}",
                Priority.NORMAL,
                f"text {number}",
                START + timedelta(seconds=number),
                delivery_status=DeliveryStatus.DELIVERED,
            ),
        )


class Listed:
    """A model with a view over a database with messages."""

    def __init__(self, store: Store, theme: Theme, *, tested: bool) -> None:
        self.errors: list[PanelError] = []
        self.store = store
        self.tasks = Tasks(self.errors.append)
        self.model: PagedTableModel = messages_model(Reading(store), self.tasks)
        # Qt's own checks of a model walk through all of its rows at every change.
        self.tester = (
            QAbstractItemModelTester(
                self.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.model
            )
            if tested
            else None
        )
        self.table = PanelTable(theme, self.model, "messages_table", "Messages")
        self.model.setParent(self.table)
        self.table.resize(900, 20 * ROW_HEIGHT)
        self.table.show()

    async def refresh(self) -> None:
        self.model.refresh()
        await self.tasks.idle()

    async def page_of(self, aio: Aio, row: int) -> None:
        await aio.until(lambda: self.text(row) is not None, f"the page of row {row}")

    def text(self, row: int) -> object:
        column = [column.name for column in self.model.columns].index("content")
        return self.model.data(self.model.index(row, column))


@asynccontextmanager
async def listed(location: Location, theme: Theme, count: int) -> AsyncIterator[Listed]:
    store = await Store.open(location)
    try:
        await store.write(lambda tx: add(tx, 0, count))
        made = Listed(store, theme, tested=count <= 300)
        await made.refresh()
        try:
            yield made
        finally:
            await made.tasks.close()
            made.table.close()
            made.table.deleteLater()
        assert made.errors == []
    finally:
        await store.close()


async def test_rows_are_read_when_they_are_looked_at(
    aio: Aio, location: Location, theme: Theme
) -> None:
    async with listed(location, theme, 5000) as made:
        assert made.model.rowCount() == 5000
        assert made.text(0) == "text 4999"
        assert made.text(4321) is None
        await aio.until(lambda: made.text(4321) == "text 678", "the page")


async def test_only_a_few_pages_are_kept(aio: Aio, location: Location, theme: Theme) -> None:
    async with listed(location, theme, 5000) as made:
        for row in range(0, 5000, 250):
            await made.page_of(aio, row)
        assert len(made.model.cached_rows()) <= MOST_PAGES * PAGE


async def test_selection_focus_and_scroll_stay_on_their_rows(
    aio: Aio, location: Location, theme: Theme
) -> None:
    async with listed(location, theme, 1000) as made:
        bar = made.table.verticalScrollBar()
        bar.setValue(50 * ROW_HEIGHT + 7)
        await aio.until(lambda: made.text(55) is not None, "the page")
        made.table.selectionModel().setCurrentIndex(
            made.model.index(55, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        chosen = made.table.selected_keys()
        top = made.model.key(50)
        await made.store.write(lambda tx: add(tx, 1000, 130))
        await made.refresh()
        assert made.model.rowCount() == 1130
        assert made.table.selected_keys() == chosen
        assert made.table.currentIndex().row() == 185
        assert made.model.key(bar.value() // ROW_HEIGHT) == top
        assert bar.value() % ROW_HEIGHT == 7


async def test_a_list_at_its_top_shows_what_comes_in(
    aio: Aio, location: Location, theme: Theme
) -> None:
    async with listed(location, theme, 300) as made:
        await made.store.write(lambda tx: add(tx, 300, 3))
        await made.refresh()
        assert made.table.verticalScrollBar().value() == 0
        assert made.text(0) == "text 302"


async def test_a_selected_row_that_leaves_the_list_leaves_the_selection(
    aio: Aio, location: Location, theme: Theme
) -> None:
    async with listed(location, theme, 300) as made:
        made.table.pick(4)
        made.model.set_query(filters=(("to_agent", ("Agent-1",)),))
        await made.tasks.idle()
        assert made.model.rowCount() == 60
        assert made.table.selected_keys() == []
        assert made.model.total == 300


async def test_late_answers_to_an_older_question_are_dropped(
    aio: Aio, location: Location, theme: Theme
) -> None:
    async with listed(location, theme, 300) as made:
        made.model.set_query(search="text 2")
        made.model.set_query(search="text 29")
        await made.tasks.idle()
        assert made.model.rowCount() == 11
        assert made.text(0) == "text 299"


async def test_a_click_on_the_header_sorts(aio: Aio, location: Location, theme: Theme) -> None:
    async with listed(location, theme, 50) as made:
        column = [column.name for column in made.model.columns].index("sent_at")
        made.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        await made.tasks.idle()
        assert made.text(0) == "text 0"
        made.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        await made.tasks.idle()
        assert made.text(0) == "text 49"


async def test_an_emptied_table_is_empty(aio: Aio, location: Location, theme: Theme) -> None:
    async with listed(location, theme, 250) as made:
        made.table.pick(3)
        await made.store.write(lambda tx: tx.execute("DELETE FROM agent_messages"))
        await made.refresh()
        assert made.model.rowCount() == 0
        assert made.table.current_row() is None
