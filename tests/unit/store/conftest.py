"""Databases of a test's own: real files, opened as the program opens them."""

from __future__ import annotations

import asyncio
import gc
import shutil
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from panel.store.connection import Connection, Transaction
from panel.store.database import Store
from panel.store.location import Location
from panel.store.opening import current_schema, open_for_writing

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(scope="session")
def template(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh database, made once: copying it is quicker than making one for every test."""
    path = tmp_path_factory.mktemp("template") / "panel.db"
    open_for_writing(path, current_schema(), create=True).close()
    return path


@pytest.fixture
def database_file(template: Path, tmp_path: Path) -> Path:
    """A fresh database that nobody has open."""
    return Path(shutil.copy(template, tmp_path / "panel.db"))


@pytest.fixture
def connection(database_file: Path) -> Iterator[Connection]:
    """A writing connection of the test's own thread, without a transaction."""
    opened = open_for_writing(database_file, current_schema(), create=False)
    yield opened
    opened.close()


@pytest.fixture
def tx(connection: Connection) -> Iterator[Transaction]:
    """A transaction of the test's own thread; its changes are what the work noted."""
    connection.execute("BEGIN IMMEDIATE")
    yield Transaction(connection)
    connection.execute("COMMIT")


@pytest.fixture
def garbage_stays() -> Iterator[None]:
    """Collects in the test's thread only.

    A cycle with a QObject (qasync's timers are in one) that is collected in the store's thread,
    where much is allocated, is destroyed there: Qt warns or crashes.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(params=["asyncio", "qasync"])
def run(request: pytest.FixtureRequest, qapp: QApplication, garbage_stays: None) -> Run:
    """Runs a coroutine to its end on each of the two loops that the program uses."""
    if request.param == "asyncio":
        return lambda work: asyncio.run(asyncio.wait_for(work, 60))
    aio = request.getfixturevalue("aio")
    run_on_qt: Run = aio.run
    return run_on_qt


@pytest.fixture
def opened(location: Location) -> Callable[[], Coroutine[Any, Any, Store]]:
    """Opens this test's database."""
    return lambda: Store.open(location)
