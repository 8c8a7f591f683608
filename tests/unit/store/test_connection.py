"""Values come back as they went in, every query is finished, every error has its kind."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.core.errors import EnvironmentFault
from panel.store import faults
from panel.store.connection import (
    Connection,
    ConstraintError,
    DatabaseFault,
    StoreError,
    Transaction,
)
from panel.store.opening import current_schema, open_for_writing

INT64 = st.integers(min_value=-(2**63), max_value=2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FLOAT = st.floats(allow_nan=False)


@pytest.fixture
def scratch(connection: Connection) -> Connection:
    connection.execute("CREATE TABLE scratch (n INTEGER, t TEXT, b BLOB, r REAL, x)")
    return connection


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(value=st.one_of(st.none(), INT64, TEXT, st.binary(), FLOAT, st.booleans()))
def test_every_value_comes_back_with_its_type(scratch: Connection, value: object) -> None:
    scratch.execute("DELETE FROM scratch")
    scratch.execute("INSERT INTO scratch (x) VALUES (?)", value)
    found = scratch.value("SELECT x FROM scratch")
    assert found == value
    assert type(found) is (int if isinstance(value, bool) else type(value))


def test_null_is_none_in_every_kind_of_column(scratch: Connection) -> None:
    scratch.execute("INSERT INTO scratch VALUES (NULL, ?, ?, ?, ?)", None, None, None, None)
    assert scratch.row("SELECT * FROM scratch") == dict.fromkeys("ntbrx")


def test_empty_is_not_null(scratch: Connection) -> None:
    scratch.execute("INSERT INTO scratch VALUES (?, ?, ?, ?, ?)", 0, "", b"", 0.0, False)
    assert scratch.row("SELECT * FROM scratch") == {"n": 0, "t": "", "b": b"", "r": 0.0, "x": 0}
    kinds = scratch.row("SELECT typeof(n) n, typeof(t) t, typeof(b) b, typeof(r) r FROM scratch")
    assert kinds == {"n": "integer", "t": "text", "b": "blob", "r": "real"}


def test_a_value_that_no_column_takes_is_our_bug(scratch: Connection) -> None:
    for value in (2**63, -(2**63) - 1, object(), [1]):
        with pytest.raises(StoreError):
            scratch.execute("INSERT INTO scratch (x) VALUES (?)", value)


def test_numbered_parameters_may_be_used_twice(connection: Connection) -> None:
    row = connection.row("SELECT ?2 AS a, ?1 AS b, '?9' AS c, ?2 AS d", 1, None)
    assert row == {"a": None, "b": 1, "c": "?9", "d": None}
    with pytest.raises(StoreError, match="either"):
        connection.row("SELECT ?1, ?", 1, 2)


def test_a_missing_value_is_not_taken_from_the_call_before(scratch: Connection) -> None:
    scratch.execute("INSERT INTO scratch (n, x) VALUES (?, ?)", 1, "secret")
    with pytest.raises(StoreError):
        scratch.execute("INSERT INTO scratch (n, x) VALUES (?, ?)", 2)
    assert scratch.value("SELECT COUNT(*) FROM scratch") == 1


def test_execute_says_how_many_rows_changed(scratch: Connection) -> None:
    assert scratch.execute("INSERT INTO scratch (n) VALUES (1), (2), (3)") == 3
    assert scratch.execute("UPDATE scratch SET t = 'x' WHERE n > ?", 1) == 2
    assert scratch.execute("UPDATE scratch SET t = 'x' WHERE n > ?", 7) == 0
    assert scratch.execute("DELETE FROM scratch") == 3


def test_row_and_value_of_nothing_are_none(scratch: Connection) -> None:
    assert scratch.row("SELECT * FROM scratch") is None
    assert scratch.value("SELECT n FROM scratch") is None
    assert scratch.rows("SELECT * FROM scratch") == []


def test_no_query_stays_open(connection: Connection, database_file: Path) -> None:
    """A half-read query would hold its state: another connection's commit would stay unseen."""
    connection.execute("CREATE TABLE scratch (n)")
    connection.execute("INSERT INTO scratch VALUES (1), (2), (3)")
    reader = Connection.reading(database_file, busy_timeout_ms=0)
    assert reader.value("SELECT n FROM scratch") == 1
    assert reader.row("SELECT n FROM scratch") == {"n": 1}
    connection.execute("INSERT INTO scratch VALUES (4)")
    assert reader.value("SELECT COUNT(*) FROM scratch") == 4
    checkpoint = connection.row("PRAGMA wal_checkpoint(TRUNCATE)")
    assert checkpoint is not None
    assert checkpoint["busy"] == 0
    reader.close()


def test_more_queries_than_are_kept(connection: Connection) -> None:
    for number in range(400):
        assert connection.value(f"SELECT {number}") == number
    assert connection.value("SELECT 0") == 0


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("journal_mode", "wal"),
    ],
)
def test_pragmas_are_set_on_every_open(database_file: Path, pragma: str, value: object) -> None:
    for _ in range(2):
        writer = open_for_writing(database_file, current_schema(), create=False)
        reader = Connection.reading(database_file, busy_timeout_ms=7)
        assert writer.value(f"PRAGMA {pragma}") == value
        assert reader.value(f"PRAGMA {pragma}") == value
        assert writer.value("PRAGMA busy_timeout") == 5000
        assert reader.value("PRAGMA busy_timeout") == 7
        reader.close()
        writer.close()


def test_a_reading_connection_does_not_write(connection: Connection, database_file: Path) -> None:
    reader = Connection.reading(database_file, busy_timeout_ms=0)
    with pytest.raises(EnvironmentFault, match="read-only"):
        reader.execute("DELETE FROM settings")
    reader.close()


def test_wrong_sql_is_our_bug(connection: Connection) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        connection.rows("SELECT * FROM nowhere")
    with pytest.raises(StoreError):
        connection.execute("SELECT 1; SELECT 2")


def test_a_broken_rule_of_the_schema_is_a_constraint_error(connection: Connection) -> None:
    connection.execute("INSERT INTO settings VALUES ('a', '1')")
    with pytest.raises(ConstraintError, match="UNIQUE"):
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
    with pytest.raises(ConstraintError, match="CHECK"):
        connection.execute("INSERT INTO settings VALUES ('b', 'not json')")


def test_another_thread_may_not_use_it(connection: Connection) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            connection.value("SELECT 1")
        except StoreError as error:
            caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert "thread" in str(caught[0])


def test_a_closed_connection_says_so(database_file: Path) -> None:
    reader = Connection.reading(database_file, busy_timeout_ms=0)
    reader.close()
    reader.close()
    with pytest.raises(StoreError, match="closed"):
        reader.value("SELECT 1")


def test_a_transaction_does_not_close_its_connection(tx: Transaction) -> None:
    with pytest.raises(StoreError):
        tx.close()


def test_a_transaction_collects_its_changes(tx: Transaction) -> None:
    assert tx.changes() is None
    tx.changed("settings")
    tx.changed("agent_messages", "msg_1", "msg_2")
    changes = tx.changes()
    assert changes is not None
    assert changes.tables == {"settings", "agent_messages"}
    assert changes.keys == {"msg_1", "msg_2"}
    assert not changes.foreign


@pytest.mark.parametrize(
    ("native", "words"),
    [
        ("5", "locked by another process"),
        ("517", "locked by another process"),
        ("6", "locked by another process"),
        ("13", "no space left"),
        ("11", "damaged"),
        ("267", "damaged"),
        ("26", "no SQLite database"),
        ("8", "read-only"),
        ("1032", "read-only"),
        ("14", "cannot be opened"),
        ("10", "disk does not read or write"),
        ("7", "memory"),
    ],
)
def test_faults_of_the_surroundings_have_words(native: str, words: str) -> None:
    error = faults.fault(native, "whatever", "/some/panel.db")
    assert isinstance(error, DatabaseFault)
    assert error.exit_code == 3
    assert words in error.what
    assert "/some/panel.db" in error.what
    assert error.fix
    assert "\n" not in str(error)


def test_what_sqlite_says_otherwise_is_our_bug() -> None:
    for native in ("1", "21", "", "-1", "nonsense"):
        assert isinstance(faults.fault(native, "text", "p", "SELECT\n 1"), StoreError)


def test_without_an_application_it_says_what_is_missing(database_file: Path) -> None:
    """Qt would only warn and find no driver."""
    script = (
        "import sys; from pathlib import Path; from panel.store.connection import Connection\n"
        "Connection.reading(Path(sys.argv[1]), busy_timeout_ms=0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(database_file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreError: Qt loads its database drivers only after" in ended.stderr
    assert "qt.sql" not in ended.stderr
