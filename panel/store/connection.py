"""A thin layer over QtSql whose values are exact and whose every query is finished at once.

A half-fetched query freezes `PRAGMA data_version`, blocks checkpoints and makes one's own write
fail, so nothing here hands out an open query.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtSql import QSqlDatabase, QSqlQuery

from panel.core.changes import Changes
from panel.core.errors import EnvironmentFault, PanelError
from panel.store import scripts
from panel.store.faults import ConstraintError, DatabaseFault, StoreError, fault

__all__ = ["Connection", "ConstraintError", "DatabaseFault", "Row", "StoreError", "Transaction"]

Row = dict[str, object]
Watcher = Callable[[str, int, float], None]
"""Told of every statement: its text, how many values it took, its time in ms."""

_KEPT_QUERIES = 128
_Prepared = tuple[QSqlQuery, tuple[int, ...]]  # and which value each of its parameters takes
_INT64 = 1 << 63
_names = itertools.count(1)
# Set on EVERY open: none of these but the journal mode is kept in the file.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA temp_store = MEMORY",
)


class _Session:
    """One QSqlDatabase with its prepared queries, for the thread that made it."""

    def __init__(self, path: Path, options: str, *, uri: bool) -> None:
        if QCoreApplication.instance() is None:
            raise StoreError("Qt loads its database drivers only after a QCoreApplication exists")
        self.path = path
        self.watcher: Watcher | None = None
        self.name = f"captain-panel-{next(_names)}"
        self._thread = threading.get_ident()
        self._queries: OrderedDict[tuple[str, int], _Prepared] = OrderedDict()
        self._open = True
        self._database = QSqlDatabase.addDatabase("QSQLITE", self.name)
        self._database.setDatabaseName(f"{path.as_uri()}?immutable=1" if uri else str(path))
        self._database.setConnectOptions(options)
        if not self._database.open():
            error = self._database.lastError()
            problem = fault(error.nativeErrorCode(), error.databaseText(), str(path))
            self.close()
            raise problem

    def run(self, sql: str, params: tuple[object, ...]) -> QSqlQuery:
        """Executes; the caller finishes the query."""
        if not self._open:
            raise StoreError(f"the connection to {self.path} is closed")
        if threading.get_ident() != self._thread:
            raise StoreError("a connection belongs to the thread that made it")
        query, places = self._prepared(sql, len(params))
        for place, source in enumerate(places):
            query.bindValue(place, _bound(params[source]))
        if not query.exec():
            problem = self._problem(query, sql)
            query.finish()
            del query  # the traceback must not carry it into another thread
            raise problem
        return query

    def close(self) -> None:
        self._open = False
        self._queries.clear()
        self._database.close()
        # Qt warns "connection still in use" while a QSqlDatabase of that name lives.
        self._database = QSqlDatabase()
        QSqlDatabase.removeDatabase(self.name)

    def _prepared(self, sql: str, count: int) -> _Prepared:
        key = (sql, count)
        kept = self._queries.get(key)
        if kept is not None:
            self._queries.move_to_end(key)
            return kept
        try:
            plain, places = scripts.positional(sql, count)
        except ValueError as error:
            # Qt would fill up a kept query with values of the call before.
            raise StoreError(f"{error} in: {sql}") from None
        query = QSqlQuery(self._database)
        query.setForwardOnly(True)
        if not query.prepare(plain):
            problem = self._problem(query, sql)
            del query
            raise problem
        self._queries[key] = (query, places)
        if len(self._queries) > _KEPT_QUERIES:
            self._queries.popitem(last=False)
        return query, places

    def _problem(self, query: QSqlQuery, sql: str) -> Exception:
        error = query.lastError()
        return fault(error.nativeErrorCode(), error.databaseText(), str(self.path), sql)


def _bound(value: object) -> object:
    """The value in the form that PySide hands to SQLite unchanged (bytes would become '')."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise StoreError(f"{value} does not fit into 64 bits")
        return int(value)
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return QByteArray(bytes(value))
    raise StoreError(f"a {type(value).__name__} is no value for a column: {value!r}")


def _read(query: QSqlQuery, place: int) -> object:
    """A column's value: None, int, float, str or bytes."""
    value = query.value(place)
    # PySide shows NULL as an empty text, so only what is empty can be NULL.
    if not value and query.isNull(place):
        return None
    return bytes(value.data()) if isinstance(value, QByteArray) else value


class Connection:
    """A connection to read with. Use it only in the thread that made it."""

    def __init__(self, session: _Session) -> None:
        self._session = session

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._session.path

    @classmethod
    def writing(cls, path: Path, *, busy_timeout_ms: int = 5000) -> Connection:
        """Opens the file for writing. Does not create it or set the journal mode."""
        return cls._opened(_Session(path, f"QSQLITE_BUSY_TIMEOUT={busy_timeout_ms}", uri=False))

    @classmethod
    def reading(cls, path: Path, *, busy_timeout_ms: int, query_only: bool = True) -> Connection:
        """Opens the file read-only. `query_only` false is for VACUUM INTO alone."""
        options = f"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT={busy_timeout_ms}"
        connection = cls._opened(_Session(path, options, uri=False))
        connection.execute("PRAGMA cache_size = -16000")
        if query_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    @classmethod
    def frozen(cls, path: Path) -> Connection:
        """Opens a file that nobody has open, without locks and without files beside it."""
        options = "QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=0"
        return cls._opened(_Session(path, options, uri=True))

    @classmethod
    def _opened(cls, session: _Session) -> Connection:
        connection = cls(session)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except Exception:
            session.close()
            raise
        return connection

    def execute(self, sql: str, *params: object) -> int:
        """Runs one statement; returns how many rows it changed (-1 when it changes none)."""
        started = time.perf_counter()
        query = self._session.run(sql, params)
        try:
            return query.numRowsAffected()
        finally:
            query.finish()
            del query
            self._tell(sql, params, started)

    def rows(self, sql: str, *params: object) -> list[Row]:
        """All rows of a query, by column name."""
        started = time.perf_counter()
        query = self._session.run(sql, params)
        try:
            record = query.record()
            names = [record.fieldName(place) for place in range(record.count())]
            found = []
            while query.next():
                found.append({name: _read(query, place) for place, name in enumerate(names)})
            error = query.lastError()
            if error.isValid():
                raise fault(
                    error.nativeErrorCode(), error.databaseText(), str(self._session.path), sql
                )
            return found
        finally:
            query.finish()
            del query
            self._tell(sql, params, started)

    def watched_by(self, watcher: Watcher) -> None:
        """Calls `watcher` after every statement, in this connection's thread."""
        self._session.watcher = watcher

    def _tell(self, sql: str, params: tuple[object, ...], started: float) -> None:
        watcher = self._session.watcher
        if watcher is not None:
            watcher(sql, len(params), (time.perf_counter() - started) * 1000)

    def row(self, sql: str, *params: object) -> Row | None:
        """The first row, None when there is none."""
        found = self.rows(sql, *params)
        return found[0] if found else None

    def value(self, sql: str, *params: object) -> object:
        """The first column of the first row, None when there is no row."""
        found = self.row(sql, *params)
        return next(iter(found.values())) if found else None

    def close(self) -> None:
        """Closes it, in the thread that made it. Closing twice does nothing."""
        if self._session._open:
            self._session.close()


def roll_back(connection: Connection) -> None:
    """Ends a transaction that failed; SQLite may have ended it already (a full disk does)."""
    try:
        connection.execute("ROLLBACK")
    except PanelError as error:
        if "no transaction is active" not in str(error):
            raise


def check_version(connection: Connection, path: Path, version: int) -> None:
    """Refuses to go on when a newer program has migrated the file under one that still runs.

    WORKAROUND(Qt 6.11): a result whose number of columns changes between prepare and exec is
    written over the end of a list, and the process crashes. So this comes first, in a transaction.
    Remove when Qt checks the number of columns.
    """
    found = connection.value("PRAGMA user_version")
    if found != version:
        raise EnvironmentFault(
            f"The database {path} was changed to schema {found} while it was open;"
            f" this program knows {version}.",
            "Start Captain Panel again.",
        )


class PageConnection(Connection):
    """A read-only connection that never waits, each of whose queries sees one state."""

    def __init__(self, path: Path, version: int) -> None:
        reading = Connection.reading(path, busy_timeout_ms=0)
        super().__init__(reading._session)
        self._path, self._version = path, version
        self._reading = reading

    def execute(self, sql: str, *params: object) -> int:
        """Refused by SQLite: this connection reads."""
        return self._reading.execute(sql, *params)

    def rows(self, sql: str, *params: object) -> list[Row]:
        self._reading.execute("BEGIN")
        try:
            check_version(self._reading, self._path, self._version)
            return self._reading.rows(sql, *params)
        finally:
            roll_back(self._reading)


class Transaction(Connection):
    """What a piece of writing work is handed; the store begins, commits and rolls back."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection._session)
        self._tables: set[str] = set()
        self._keys: set[str] = set()

    def changed(self, table: str, *keys: str) -> None:
        """Notes what was written; it is sent once, after the commit."""
        self._tables.add(table)
        self._keys.update(keys)

    def changes(self) -> Changes | None:
        """What was noted, None when nothing was."""
        if not self._tables:
            return None
        return Changes(frozenset(self._tables), frozenset(self._keys))

    def close(self) -> None:
        raise StoreError("a transaction does not close its connection")
