"""From an older schema to the current one: numbered steps, each in a transaction of its own.

To change the schema: change schema.sql, raise its user_version by one, append a Migration with
that number here, and add `test_migration_NNN` to tests/unit/store/test_migrations.py, which starts
from a database made by the version before. The gate in that file fails without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from panel.core import clock
from panel.core.errors import EnvironmentFault, PanelError
from panel.store.connection import Connection, roll_back
from panel.store.scripts import split
from panel.store.values import integer


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to schema version `number`, as an SQL script."""

    number: int
    title: str
    script: str


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        2,
        "screen layouts, pictures of deliveries, answers",
        """
ALTER TABLE agent_workspaces ADD COLUMN inbox_fallback BOOLEAN NOT NULL DEFAULT FALSE
    CHECK (inbox_fallback IN (0, 1));
ALTER TABLE click_targets ADD COLUMN last_reason_code TEXT NOT NULL DEFAULT '';
CREATE TABLE screen_layouts (
    layout_id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL UNIQUE,
    screens TEXT NOT NULL CHECK (json_valid(screens)),
    in_use BOOLEAN NOT NULL DEFAULT FALSE CHECK (in_use IN (0, 1)),
    last_seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX idx_layout_in_use ON screen_layouts(in_use) WHERE in_use;
CREATE TABLE layout_targets (
    layout_id TEXT NOT NULL REFERENCES screen_layouts(layout_id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL
        REFERENCES agent_workspaces(agent_id) ON DELETE CASCADE ON UPDATE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'onboarding')),
    record TEXT NOT NULL CHECK (json_valid(record)),
    PRIMARY KEY (layout_id, agent_id, kind)
);
CREATE INDEX idx_layout_target_agent ON layout_targets(agent_id);
ALTER TABLE agent_messages ADD COLUMN direction TEXT NOT NULL DEFAULT 'out'
    CHECK (direction IN ('out', 'in'));
ALTER TABLE agent_messages ADD COLUMN seen_at TIMESTAMP;
ALTER TABLE agent_messages ADD COLUMN source_key TEXT;
ALTER TABLE agent_messages ADD COLUMN wanted TEXT CHECK (wanted IN ('submit', 'remove'));
DROP INDEX idx_message_queue;
CREATE INDEX idx_message_queue ON agent_messages(to_agent, urgency, sent_at)
    WHERE delivery_status IN ('pending', 'held') AND reason_code <> 'backlog';
CREATE INDEX idx_message_backlog ON agent_messages(to_agent, sent_at)
    WHERE delivery_status = 'held' AND reason_code = 'backlog';
CREATE INDEX idx_message_incoming ON agent_messages(sent_at) WHERE direction = 'in';
CREATE INDEX idx_message_unread ON agent_messages(from_agent, sent_at)
    WHERE direction = 'in' AND seen_at IS NULL;
CREATE UNIQUE INDEX idx_message_source ON agent_messages(source_key) WHERE source_key IS NOT NULL;
CREATE INDEX idx_message_wanted ON agent_messages(sent_at) WHERE wanted IS NOT NULL;
ALTER TABLE delivery_attempts ADD COLUMN kind TEXT NOT NULL DEFAULT 'deliver'
    CHECK (kind IN ('deliver', 'submit', 'remove'));
ALTER TABLE delivery_attempts ADD COLUMN pictures TEXT CHECK (json_valid(pictures));
ALTER TABLE dispatch_control ADD COLUMN postponed_until TIMESTAMP;
CREATE TABLE message_templates (
    name TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
""",
    ),
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
