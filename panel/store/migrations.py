"""From an older schema to the current one: numbered steps, each in a transaction of its own.

To change the schema: change schema.sql, raise its user_version by one, write the step as
resources/migrations/NNN.sql, name it here, and add `test_migration_NNN` to
tests/unit/store/test_migrations.py, which starts from a database made by the version before. The
gate in that file fails without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panel.core import clock
from panel.core.errors import EnvironmentFault, PanelError
from panel.core.resources import resource
from panel.store.connection import Connection, roll_back
from panel.store.scripts import split
from panel.store.values import integer


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to schema version `number`, as an SQL script."""

    number: int
    title: str
    script: str


def _shipped(number: int, title: str) -> Migration:
    script = resource(f"resources/migrations/{number:03}.sql").read_text(encoding="utf-8")
    return Migration(number, title, script)


MIGRATIONS: tuple[Migration, ...] = (
    _shipped(2, "screen layouts, pictures of deliveries, answers"),
    _shipped(3, "tasks, alerts, health and slow statements"),
)


def version_of(connection: Connection) -> int:
    """The file's schema version; 0 for a new file."""
    return integer(connection.value("PRAGMA user_version"))


def migrate(
    connection: Connection, path: Path, goal: int, steps: Sequence[Migration] = MIGRATIONS
) -> Path | None:
    """Brings the file to version `goal`; returns the copy of what it was before, None if current.

    The copy is made while the write lock is held, so it is exactly the state that is migrated. A
    step that fails is rolled back, and the fault says where the copy is.
    """
    if version_of(connection) >= goal:
        return None
    copy: Path | None = None
    # A rebuilt table must not delete what refers to it; the check below replaces the enforcement.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        while (version := version_of(connection)) < goal:
            step = next((each for each in steps if each.number == version + 1), None)
            if step is None:
                raise EnvironmentFault(
                    f"The database {path} has schema {version}, from which this program knows no"
                    f" way to its schema {goal}.",
                    "Open it once with an older Captain Panel, or name another with --db.",
                )
            copy = _step(connection, path, step, copy)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return copy


def _step(connection: Connection, path: Path, step: Migration, copy: Path | None) -> Path | None:
    """One migration in one transaction; nothing if another process made it meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection) != step.number - 1:
            connection.execute("ROLLBACK")
            return copy
        if copy is None:
            copy = copy_aside(path, f"before-schema-{step.number}")
        for statement in split(step.script):
            connection.execute(statement)
        broken = connection.rows("PRAGMA foreign_key_check")
        if broken:
            raise EnvironmentFault(f"{len(broken)} rows refer to rows that do not exist.")
        connection.execute(f"PRAGMA user_version = {step.number}")
        connection.execute("COMMIT")
    except PanelError as error:
        roll_back(connection)
        kept = f" A copy is kept at {copy}." if copy else ""
        raise EnvironmentFault(
            f"The database {path} could not be brought to schema {step.number} ({step.title}):"
            f" {error} It is as it was.{kept}",
            "Report this, or go on with the version of Captain Panel that you had.",
        ) from error
    except BaseException:
        roll_back(connection)
        raise
    return copy


def copy_aside(path: Path, why: str) -> Path:
    """A copy of the database beside it, complete though others use the file."""
    stamp = clock.now().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    file = path.with_name(f"{path.stem}.{why}.{stamp}{path.suffix}")
    copy_to(path, file)
    return file


def copy_to(path: Path, file: Path, *, renamed: Callable[[Path, Path], object] = os.link) -> None:
    """Writes a complete copy of the database to `file`, which must not exist; for the user alone.

    A copy that is cut short never stands under its final name. Raises EnvironmentFault when it
    cannot be written, FileExistsError when `file` exists.
    """
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise EnvironmentFault(
            f"{file} cannot be written: {error.strerror}.", "Name another place."
        ) from error
    try:
        reader = Connection.reading(path, busy_timeout_ms=5000, query_only=False)
        try:
            # VACUUM INTO reads a consistent state through the WAL; copying files would not.
            reader.execute("VACUUM INTO ?", str(partial))
        finally:
            reader.close()
        try:
            renamed(partial, file)  # a link, unlike a rename, never replaces a file
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            if file.exists():
                raise FileExistsError(str(file)) from None
            partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
