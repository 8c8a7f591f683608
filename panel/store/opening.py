"""Opening a database file: look first without touching it, then create, migrate or refuse.

Every refusal has its own text and leaves the file byte for byte as it was.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from panel.core.errors import EnvironmentFault
from panel.core.resources import resource
from panel.store.connection import Connection, DatabaseFault, roll_back
from panel.store.faults import BUSY, CORRUPT, NO_DATABASE, fault
from panel.store.location import make_folder
from panel.store.migrations import MIGRATIONS, Migration, migrate, version_of
from panel.store.scripts import split
from panel.store.values import integer

# Checking a whole file takes about 1 ms a megabyte; larger ones are checked by `db check`.
_CHECKED_BYTES = 4_000_000
_OPEN_SECONDS = 5.0
_SMALLEST_PAGE = 512


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: its script, and the two numbers that the script writes into the file."""

    script: str
    application_id: int
    version: int
    migrations: tuple[Migration, ...]

    @classmethod
    def parse(cls, script: str, migrations: Sequence[Migration] = ()) -> Schema:
        """Reads both numbers out of the script's pragmas."""

        def pragma(name: str) -> int:
            found = re.search(rf"^PRAGMA {name} = (\d+);", script, re.MULTILINE)
            if found is None:
                raise ValueError(f"the schema sets no {name}")
            return int(found[1])

        return cls(script, pragma("application_id"), pragma("user_version"), tuple(migrations))


@cache
def current_schema() -> Schema:
    """The schema of this program, from schema.sql."""
    return Schema.parse(resource("schema.sql").read_text(encoding="utf-8"), MIGRATIONS)


def open_for_writing(path: Path, schema: Schema, *, create: bool) -> Connection:
    """The writing connection to a file that holds exactly this schema.

    Creates the file (0600, its missing folders 0700) or migrates it. Raises EnvironmentFault for a
    missing file that may not be created, a folder or file that cannot be written to, a file that is
    no database, a damaged one, another program's, a newer one, a locked one.
    """
    _prepare_file(path, create=create)
    empty = _inspect(path, schema)
    deadline = time.monotonic() + _OPEN_SECONDS
    while True:
        connection = Connection.writing(path)
        try:
            _make_ready(connection, path, schema, empty=empty)
            return connection
        except DatabaseFault as error:
            connection.close()
            # Changing the journal mode does not wait for others, as statements do.
            if error.code != BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        except BaseException:
            connection.close()
            raise


def _make_ready(connection: Connection, path: Path, schema: Schema, *, empty: bool) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA journal_size_limit = 16000000")
    if empty:
        _create(connection, schema)
    migrate(connection, path, schema.version, schema.migrations)
    if version_of(connection) > schema.version:
        raise _newer(path, version_of(connection), schema.version)


def _create(connection: Connection, schema: Schema) -> None:
    """Runs the schema in one transaction, unless another process was quicker."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if integer(connection.value("SELECT COUNT(*) FROM sqlite_master")) == 0:
            for statement in split(schema.script):
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def _prepare_file(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise EnvironmentFault(f"{path} is a folder, not a database.", "Name a file with --db.")
    exists = os.path.lexists(path)
    if not exists and not create:
        raise EnvironmentFault(
            f"There is no database at {path}.", "Check --db, or start captain-panel to make one."
        )
    folder = path.parent
    make_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EnvironmentFault(
            f"The folder {folder} is read-only for you; the database keeps its journal there.",
            "Make it writable or name a database elsewhere with --db.",
        )
    if not exists:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return  # another process makes it at this moment
        except OSError as error:
            raise EnvironmentFault(
                f"The database {path} cannot be made: {error.strerror}.",
                "Name another place with --db.",
            ) from error
    elif not os.access(path, os.R_OK | os.W_OK):
        raise EnvironmentFault(
            f"The database {path} is read-only for you.",
            "Make the file writable or name another with --db.",
        )


def _inspect(path: Path, schema: Schema) -> bool:
    """Looks without writing; True when the file is empty and may be filled."""
    while True:
        before = _signs(path)
        quiet = not _journals(path)
        try:
            # With nobody at work the frozen look leaves no -wal or -shm file behind.
            connection = (
                Connection.frozen(path)
                if quiet
                else Connection.reading(path, busy_timeout_ms=int(_OPEN_SECONDS * 1000))
            )
            try:
                return _verdict(connection, path, schema)
            finally:
                connection.close()
        except EnvironmentFault:
            if quiet and _signs(path) != before:
                continue  # somebody wrote meanwhile, so the frozen look may have seen half of it
            raise


def _verdict(connection: Connection, path: Path, schema: Schema) -> bool:
    version = version_of(connection)
    owner = integer(connection.value("PRAGMA application_id"))
    objects = integer(connection.value("SELECT COUNT(*) FROM sqlite_master"))
    size = path.stat().st_size
    if owner == 0 and version == 0 and objects == 0:
        if 0 < size < _SMALLEST_PAGE:  # SQLite takes such a scrap for empty and would write over it
            raise fault(str(NO_DATABASE), "", str(path))
        return True
    if owner != schema.application_id:
        raise EnvironmentFault(
            f"{path} is a database of another program; it was left as it is.",
            "Name another file with --db.",
        )
    if version > schema.version:
        raise _newer(path, version, schema.version)
    if size <= _CHECKED_BYTES:
        found = connection.value("PRAGMA quick_check(1)")
        if found != "ok":
            raise DatabaseFault(
                CORRUPT,
                f"The database {path} is damaged ({found}); it was left as it is.",
                "Put a backup in its place (captain-panel db restore FILE) or name another with"
                " --db.",
            )
    return False


def _newer(path: Path, version: int, known: int) -> EnvironmentFault:
    return EnvironmentFault(
        f"The database {path} was written by a newer Captain Panel (schema {version}; this one"
        f" knows {known}); it was left as it is.",
        "Update Captain Panel, or name another database with --db.",
    )


def _journals(path: Path) -> bool:
    return any(os.path.lexists(f"{path}{suffix}") for suffix in ("-wal", "-journal"))


def _signs(path: Path) -> tuple[object, ...]:
    """What differs after somebody wrote."""
    state = path.stat()
    return (state.st_size, state.st_mtime_ns, state.st_ino, _journals(path))
