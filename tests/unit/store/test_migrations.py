"""The machinery of migrations, a gate for the real ones, and each real one, from the one before.

Each starts from a database made by the schema.sql of the version before, kept as
tests/unit/store/schemas/NUMBER.sql; add the present one there before you change the schema.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from panel.core.errors import EnvironmentFault
from panel.store import migrations
from panel.store.connection import Connection
from panel.store.migrations import MIGRATIONS, Migration, copy_to
from panel.store.opening import Schema, current_schema, open_for_writing
from tests.unit.store.processes import holding

pytestmark = pytest.mark.usefixtures("qapp")

V1 = Schema.parse(
    """
PRAGMA application_id = 77;
PRAGMA user_version = 1;
CREATE TABLE agent (name TEXT PRIMARY KEY);
CREATE TABLE note (agent TEXT REFERENCES agent(name) ON DELETE CASCADE, text TEXT);
INSERT INTO agent VALUES ('A'), ('B');
INSERT INTO note VALUES ('A', 'first'), ('B', 'second');
"""
)
ADD_COLUMN = Migration(2, "colours", "ALTER TABLE agent ADD COLUMN colour TEXT DEFAULT 'grey';")
REBUILD = Migration(
    3,
    "agents have numbers",
    """
    CREATE TABLE agent_new (name TEXT PRIMARY KEY, colour TEXT, number INTEGER NOT NULL);
    INSERT INTO agent_new SELECT name, colour, rowid FROM agent;
    DROP TABLE agent; -- with foreign keys enforced this would delete the notes
    ALTER TABLE agent_new RENAME TO agent;
    """,
)
BROKEN = Migration(3, "a mistake", "DELETE FROM note; UPDATE nowhere SET x = 1;")
ORPHANS = Migration(3, "loses agents", "DELETE FROM agent WHERE name = 'A';")


def schema(version: int, *steps: Migration) -> Schema:
    return Schema(V1.script, 77, version, steps)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of schema 1."""
    path = tmp_path / "panel.db"
    open_for_writing(path, V1, create=True).close()
    return path


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("panel.before-*"))


def test_every_migration_has_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    tested = {int(number) for number in re.findall(r"^def test_migration_(\d{3})\b", source, re.M)}
    assert tested == {step.number for step in MIGRATIONS}


def test_numbers_follow_each_other() -> None:
    assert [step.number for step in MIGRATIONS] == list(range(2, len(MIGRATIONS) + 2))


def test_steps_run_in_order_and_rows_survive(old: Path) -> None:
    connection = open_for_writing(old, schema(3, REBUILD, ADD_COLUMN), create=False)
    assert connection.value("PRAGMA user_version") == 3
    assert connection.value("PRAGMA foreign_keys") == 1
    assert connection.rows("SELECT * FROM agent ORDER BY name") == [
        {"name": "A", "colour": "grey", "number": 1},
        {"name": "B", "colour": "grey", "number": 2},
    ]
    assert connection.value("SELECT COUNT(*) FROM note") == 2
    connection.close()


def test_the_file_is_copied_first(old: Path) -> None:
    open_for_writing(old, schema(3, ADD_COLUMN, REBUILD), create=False).close()
    (copy,) = copies(old)
    assert copy.name.startswith("panel.before-schema-2.")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = open_for_writing(copy, V1, create=False)
    assert kept.value("SELECT COUNT(*) FROM note") == 2
    assert kept.value("PRAGMA quick_check") == "ok"
    kept.close()


def test_the_copy_holds_what_lies_only_in_the_journal(old: Path) -> None:
    with holding(old, "connection.execute(\"INSERT INTO agent VALUES ('C')\")", made_ready=False):
        open_for_writing(old, schema(2, ADD_COLUMN), create=False).close()
    kept = open_for_writing(copies(old)[0], V1, create=False)
    assert kept.value("SELECT COUNT(*) FROM agent") == 3
    kept.close()


def test_a_current_file_is_not_copied(old: Path) -> None:
    open_for_writing(old, schema(1, ADD_COLUMN), create=False).close()
    assert copies(old) == []


@pytest.mark.parametrize("step", [BROKEN, ORPHANS])
def test_a_step_that_fails_leaves_the_step_before(old: Path, step: Migration) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        open_for_writing(old, schema(3, ADD_COLUMN, step), create=False)
    (copy,) = copies(old)
    assert f"could not be brought to schema 3 ({step.title})" in caught.value.what
    assert str(copy) in caught.value.what
    connection = open_for_writing(old, schema(2), create=False)
    assert connection.value("SELECT COUNT(*) FROM note") == 2
    assert connection.value("SELECT COUNT(*) FROM agent") == 2
    connection.close()


def test_an_interrupted_step_leaves_the_step_before(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(script: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "split", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_for_writing(old, schema(2, ADD_COLUMN), create=False)
    monkeypatch.undo()
    connection = open_for_writing(old, V1, create=False)
    assert connection.value("PRAGMA user_version") == 1
    connection.close()


def test_without_a_copy_nothing_is_migrated(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, why: str) -> Path:
        raise EnvironmentFault("There is no space left.")

    monkeypatch.setattr(migrations, "copy_aside", full)
    before = old.read_bytes()
    with pytest.raises(EnvironmentFault, match="no space left"):
        open_for_writing(old, schema(2, ADD_COLUMN), create=False)
    assert old.read_bytes() == before


def test_a_version_without_a_way_is_refused(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(EnvironmentFault, match=r"schema 1, from which .* no way to its schema 3"):
        open_for_writing(old, schema(3, REBUILD), create=False)
    assert old.read_bytes() == before
    assert copies(old) == []


def test_two_that_open_at_once_migrate_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds, with the lock in its hand, that the first has done it."""
    second = Connection.writing(old)
    original = migrations._step

    def slower(*given: object) -> Path | None:
        monkeypatch.undo()
        open_for_writing(old, schema(2, ADD_COLUMN), create=False).close()
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(migrations, "_step", slower)
    migrations.migrate(second, old, 2, (ADD_COLUMN,))
    assert second.value("PRAGMA user_version") == 2
    second.close()
    assert len(copies(old)) == 1


def test_a_copy_never_replaces_a_file(old: Path) -> None:
    file = old.with_name("copy.db")
    file.write_text("precious")
    with pytest.raises(FileExistsError):
        copy_to(old, file)
    assert file.read_text() == "precious"
    assert not list(old.parent.glob("*.partial"))


def test_a_copy_on_a_file_system_without_links(old: Path) -> None:
    def no_links(source: Path, goal: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    file = old.with_name("copy.db")
    copy_to(old, file, renamed=no_links)
    open_for_writing(file, V1, create=False).close()
    with pytest.raises(FileExistsError):
        copy_to(old, file, renamed=no_links)


def test_a_copy_that_cannot_be_written_leaves_nothing(old: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        copy_to(old, old.parent / "nowhere" / "copy.db")
    assert list(old.parent.iterdir()) == [old]


def test_a_schema_names_its_numbers() -> None:
    with pytest.raises(ValueError, match="application_id"):
        Schema.parse("CREATE TABLE a (b);")


# ---------------------------------------------------------------- the real ones

_AGENT = """
INSERT INTO agent_workspaces (agent_id, team, specialization, captain, status)
    VALUES ('Agent-1', 'core', 'tests', 'captain', 'ACTIVE');
"""
_MESSAGE = """
INSERT INTO agent_messages (message_id, from_agent, to_agent, priority, content)
    VALUES ('msg_1', 'captain', 'Agent-1', 'normal', 'Grüße');
INSERT INTO delivery_attempts (attempt_id, message_id, attempt_number, dispatcher, stop_counter)
    VALUES ('att_1', 'msg_1', 1, '{}', 0);
"""


def made_by(version: int, path: Path, rows: str) -> None:
    """A database as the program of that schema version left it, with these rows."""
    script = (Path(__file__).parent / "schemas" / f"{version}.sql").read_text(encoding="utf-8")
    open_for_writing(path, Schema.parse(script + rows), create=True).close()


def brought_to(version: int, path: Path) -> Connection:
    """The same file after the migrations up to that version."""
    now = current_schema()
    goal = Schema(now.script, now.application_id, version, now.migrations)
    return open_for_writing(path, goal, create=False)


def shape(connection: Connection) -> dict[str, object]:
    """Tables with their columns, and indexes and views with their text, without layout."""
    found: dict[str, object] = {}
    for row in connection.rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        name = str(row["name"])
        if row["type"] == "table":
            columns = connection.rows(f"SELECT * FROM pragma_table_xinfo('{name}') ORDER BY name")
            found[name] = [{k: v for k, v in each.items() if k != "cid"} for each in columns]
        else:
            found[name] = re.sub(r"\s+|--[^\n]*", "", str(row["sql"]))
    return found


def test_what_was_migrated_has_the_shape_of_what_is_new(tmp_path: Path) -> None:
    made_by(1, tmp_path / "old.db", _AGENT + _MESSAGE)
    old = brought_to(current_schema().version, tmp_path / "old.db")
    new = open_for_writing(tmp_path / "new.db", current_schema(), create=True)
    assert shape(old) == shape(new)
    old.close()
    new.close()


def test_migration_002(tmp_path: Path) -> None:
    made_by(1, tmp_path / "old.db", _AGENT + _MESSAGE)
    connection = brought_to(2, tmp_path / "old.db")
    row = connection.row("SELECT * FROM agent_messages")
    assert row is not None
    assert (row["content"], row["direction"], row["seen_at"]) == ("Grüße", "out", None)
    assert connection.value("SELECT kind FROM delivery_attempts") == "deliver"
    assert connection.value("SELECT inbox_fallback FROM agent_workspaces") == 0
    connection.close()


def test_migration_003(tmp_path: Path) -> None:
    made_by(2, tmp_path / "old.db", _AGENT + _MESSAGE)
    connection = brought_to(3, tmp_path / "old.db")
    row = connection.row("SELECT * FROM agent_workspaces")
    assert row is not None
    assert (row["status"], row["status_source"], row["reported_at"]) == ("ACTIVE", "", None)
    for table in ("tasks", "alerts", "health_history", "slow_statements", "agent_events"):
        assert connection.value(f"SELECT COUNT(*) FROM {table}") == 0
    connection.close()
