"""The open database: one thread that writes, one for long reads, and word of every change."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from panel.core.changes import Changes
from panel.core.errors import CommandError
from panel.store.connection import (
    Connection,
    PageConnection,
    StoreError,
    Transaction,
    check_version,
    roll_back,
)
from panel.store.location import Location
from panel.store.migrations import copy_to, version_of
from panel.store.opening import Schema, current_schema, open_for_writing
from panel.store.slow import SlowLog
from panel.store.values import integer

T = TypeVar("T")
Subscriber = Callable[[Changes], None]

WATCH_SECONDS = 0.2
_COMMITS = 200
_log = logging.getLogger(__name__)


class Store:
    """A database that is open. All its methods belong to the thread of the event loop."""

    def __init__(self, location: Location, schema: Schema) -> None:
        """Use `Store.open`."""
        self.location = location
        self.schema_version = schema.version
        self._schema = schema
        self._writer_thread = ThreadPoolExecutor(1, thread_name_prefix="panel-store")
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="panel-reader")
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._pages: list[tuple[int, Connection]] = []
        self._subscribers: dict[object, Subscriber] = {}
        self._closed = False
        self._commits: deque[float] = deque(maxlen=_COMMITS)
        self.slow = SlowLog()

    @property
    def commit_ms(self) -> float | None:
        """The median time of the last commits in ms; None before the first."""
        return statistics.median(self._commits) if self._commits else None

    @classmethod
    async def open(
        cls, location: Location, *, create: bool = True, schema: Schema | None = None
    ) -> Store:
        """Opens the database, creating or migrating it where needed.

        Needs a QCoreApplication. Raises EnvironmentFault when it is not to be used (see
        `opening.open_for_writing`); the file is then as it was. `schema` is for tests.
        """
        store = cls(location, schema or current_schema())
        try:
            await _finished(store._writer_thread.submit(store._open_writer, create))
            await _finished(store._reader_thread.submit(store._open_reader))
        except BaseException:
            await store.close()
            raise
        return store

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Runs `work` in the store's thread in one transaction (BEGIN IMMEDIATE … COMMIT).

        An exception rolls it back and is raised here. After the commit the subscribers get one
        Changes, before this returns. When the caller is cancelled, the work either never runs or
        has ended, and was announced, before CancelledError is raised.
        """
        self._check_open()
        result, changes = await _finished(
            self._writer_thread.submit(self._write, work), lambda ended: self._announce(ended[1])
        )
        self._announce(changes)
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in the reader's thread on one consistent state of the database."""
        self._check_open()
        return await _finished(self._reader_thread.submit(self._read, work))

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Calls `callback` in the loop's thread after every commit; returns what ends that."""
        entry = object()  # the same callback may be subscribed twice
        self._subscribers[entry] = callback

        def unsubscribe() -> None:
            self._subscribers.pop(entry, None)

        return unsubscribe

    async def watch(self) -> None:
        """Tells subscribers when another process wrote; runs until cancelled or closed.

        Looks in the writer's connection: there `data_version` does not change with our own commits.
        """
        seen = await self._data_version()
        while not self._closed:
            await asyncio.sleep(WATCH_SECONDS)
            version = await self._data_version()
            if version != seen:
                seen = version
                self._announce(Changes(foreign=True))

    def page_connection(self) -> Connection:
        """A read-only connection for the calling thread, which never waits (busy timeout 0).

        The store closes it when it is closed from the same thread.
        """
        self._check_open()
        connection = PageConnection(self.location.path, self.schema_version)
        connection.watched_by(self.slow.note)
        self._pages.append((threading.get_ident(), connection))
        return connection

    async def backup(self, file: Path) -> None:
        """Writes a complete copy to `file`; CommandError("file") when that exists already."""
        self._check_open()
        try:
            await _finished(self._reader_thread.submit(copy_to, self.location.path, file))
        except FileExistsError:
            raise CommandError(
                "file", f"takes a path that does not exist yet; {file} does"
            ) from None

    async def check(self) -> list[str]:
        """What is wrong with the whole file, in words; an empty list when it is sound."""
        return await self.read(_problems)

    async def close(self) -> None:
        """Ends the threads and closes every connection. Closing twice does nothing."""
        if self._closed:
            return
        self._closed = True
        self._subscribers.clear()
        for thread, connection in self._pages:
            if thread == threading.get_ident():
                connection.close()
        self._pages.clear()
        # The reader first: the last connection to close folds the journal into the file.
        for executor, work in (
            (self._reader_thread, self._close_reader),
            (self._writer_thread, self._close_writer),
        ):
            try:
                await _finished(executor.submit(work))
            finally:
                executor.shutdown(wait=True)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"the database {self.location.path} is closed")

    def _announce(self, changes: Changes | None) -> None:
        if changes is None:
            return
        for entry, subscriber in tuple(self._subscribers.items()):
            if entry not in self._subscribers:
                continue  # an earlier one unsubscribed it
            try:
                subscriber(changes)
            except Exception:
                # The commit stands; a view that fails must not make it look as if it did not.
                _log.exception("a subscriber failed at %s", changes)

    # ---- in the store's thread

    def _open_writer(self, create: bool) -> None:
        self._writer = open_for_writing(self.location.path, self._schema, create=create)
        self._writer.watched_by(self.slow.note)

    def _write(self, work: Callable[[Transaction], T]) -> tuple[T, Changes | None]:
        connection = self._writer
        assert connection is not None
        connection.execute("BEGIN IMMEDIATE")
        transaction = Transaction(connection)
        try:
            check_version(connection, self.location.path, self.schema_version)
            result = work(transaction)
            started = time.perf_counter()
            connection.execute("COMMIT")
            self._commits.append((time.perf_counter() - started) * 1000)
        except BaseException:
            roll_back(connection)
            raise
        return result, transaction.changes()

    async def _data_version(self) -> int:
        self._check_open()
        return await _finished(self._writer_thread.submit(self._own_data_version))

    def _own_data_version(self) -> int:
        assert self._writer is not None
        return integer(self._writer.value("PRAGMA data_version"))

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    # ---- in the reader's thread

    def _open_reader(self) -> None:
        self._reader = Connection.reading(self.location.path, busy_timeout_ms=5000)
        self._reader.watched_by(self.slow.note)

    def _read(self, work: Callable[[Connection], T]) -> T:
        connection = self._reader
        assert connection is not None
        connection.execute("BEGIN")
        try:
            check_version(connection, self.location.path, self.schema_version)
            return work(connection)
        finally:
            roll_back(connection)

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None


async def _finished(future: Future[T], announce: Callable[[T], None] | None = None) -> T:
    """The future's result. Cancelling withdraws work that waits and awaits work that runs."""
    waiting = asyncio.wrap_future(future)
    try:
        await asyncio.wait([waiting])  # cancelling this does not cancel what it waits for
    except asyncio.CancelledError:
        if future.cancel():
            raise
        while not waiting.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([waiting])
        if not waiting.cancelled() and waiting.exception() is None and announce is not None:
            announce(waiting.result())
        raise
    return waiting.result()


def _problems(connection: Connection) -> list[str]:
    problems = [
        str(row["integrity_check"])
        for row in connection.rows("PRAGMA integrity_check(100)")
        if row["integrity_check"] != "ok"
    ]
    for row in connection.rows("PRAGMA foreign_key_check"):
        problems.append(
            f"{row['table']}: row {row['rowid']} refers to a {row['parent']} that does not exist"
        )
    if version_of(connection) != current_schema().version:
        problems.append(f"schema {version_of(connection)} instead of {current_schema().version}")
    return problems
