"""Creating a database, and refusing one: each refusal in its own words, the file untouched."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from panel.core.errors import EnvironmentFault
from panel.store.connection import Connection
from panel.store.database import Store
from panel.store.location import parse_location
from panel.store.opening import current_schema, open_for_writing
from tests.unit.store.processes import Helper, holding

pytestmark = pytest.mark.usefixtures("qapp")


def refusal(path: Path) -> EnvironmentFault:
    """The fault with which the store refuses this file, which must stay as it was, alone."""
    before = path.read_bytes() if path.is_file() else None
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else None

    async def attempt() -> None:
        store = await Store.open(parse_location(str(path), {}))
        await store.close()

    with pytest.raises(EnvironmentFault) as caught:
        asyncio.run(attempt())
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert (sorted(path.parent.iterdir()) if path.parent.is_dir() else None) == beside
    return caught.value


def change(path: Path, *statements: str) -> None:
    """Changes the file as another program would, back in the journal mode that needs no WAL."""
    connection = Connection.writing(path)
    for statement in statements:
        connection.rows(statement)
    connection.close()


def test_a_new_database_is_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "panel.db"
    connection = open_for_writing(path, current_schema(), create=True)
    for name in ("panel.db", "panel.db-wal", "panel.db-shm"):
        assert stat.S_IMODE((path.parent / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert connection.value("PRAGMA user_version") == current_schema().version
    assert connection.value("PRAGMA application_id") == current_schema().application_id
    connection.close()
    assert list(path.parent.iterdir()) == [path]


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "panel.db"
    path.touch()
    open_for_writing(path, current_schema(), create=False).close()
    assert path.stat().st_size > 0


def test_two_that_open_at_once_make_it_once(tmp_path: Path) -> None:
    path = tmp_path / "panel.db"
    script = "connection.rows('SELECT * FROM dispatch_control')"
    helpers = [Helper(path, script) for _ in range(4)]
    for helper in helpers:
        helper.finish()
    connection = open_for_writing(path, current_schema(), create=False)
    assert connection.value("SELECT COUNT(*) FROM dispatch_control") == 1
    connection.close()


def test_a_missing_database_is_not_made_when_it_shall_not_be(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no database at"):
        open_for_writing(tmp_path / "x" / "panel.db", current_schema(), create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema(database_file: Path) -> None:
    version = current_schema().version
    change(database_file, f"PRAGMA user_version = {version + 1}")
    fault = refusal(database_file)
    assert f"newer Captain Panel (schema {version + 1}; this one knows {version})" in fault.what
    assert "Update" in fault.fix


def test_a_newer_schema_in_use(database_file: Path) -> None:
    """Its writer is at work: what counts lies in the journal, not in the file."""
    with (
        holding(database_file, "connection.execute('PRAGMA user_version = 70')"),
        pytest.raises(EnvironmentFault, match="newer Captain Panel \\(schema 70"),
    ):
        open_for_writing(database_file, current_schema(), create=False)


@pytest.mark.parametrize(
    "content",
    [b"This is a letter, not a database.\n" * 40, b"x", b"SQLite format 4\0" + bytes(4096)],
    ids=["text", "one byte", "nearly"],
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    assert "no SQLite database" in refusal(path).what


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    change(path, "CREATE TABLE bookmarks (url)")
    assert "another program" in refusal(path).what
    change(path, "PRAGMA application_id = 7", "DROP TABLE bookmarks")
    assert "another program" in refusal(path).what


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "panel.db").mkdir()
    assert "is a folder" in refusal(tmp_path / "panel.db").what


def damage_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(3 * 4096, len(content), 2 * 4096):
        content[page : page + 512] = b"\xa5" * 512
    path.write_bytes(content)


def damage_schema(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\x13" * 3996
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)


def cut_in_a_page(path: Path) -> None:
    os.truncate(path, 5000)


@pytest.mark.parametrize("damage", [damage_pages, damage_schema, cut_short, cut_in_a_page])
def test_a_damaged_database(database_file: Path, damage: Callable[[Path], None]) -> None:
    damage(database_file)
    fault = refusal(database_file)
    assert "is damaged" in fault.what
    assert "restore" in fault.fix


def test_damage_that_is_met_later(database_file: Path) -> None:
    connection = open_for_writing(database_file, current_schema(), create=False)
    root = connection.value("SELECT rootpage FROM sqlite_master WHERE name = 'settings'")
    assert isinstance(root, int)
    connection.close()
    content = bytearray(database_file.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    reading = Connection.reading(database_file, busy_timeout_ms=0)
    database_file.write_bytes(content)
    with pytest.raises(EnvironmentFault, match="is damaged"):
        reading.rows("SELECT * FROM settings")
    reading.close()


def test_locked_by_another_process(database_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panel.store.opening._OPEN_SECONDS", 0.1)
    impatient = functools.partial(Connection.writing, busy_timeout_ms=100)
    monkeypatch.setattr(Connection, "writing", impatient)
    change(database_file, "PRAGMA journal_mode = DELETE")
    lock = "connection.execute('BEGIN EXCLUSIVE')"
    with holding(database_file, lock, made_ready=False):
        fault = refusal(database_file)
        assert "locked by another process" in fault.what
    open_for_writing(database_file, current_schema(), create=False).close()


def test_a_long_writer_elsewhere_does_not_keep_it_from_opening(database_file: Path) -> None:
    with holding(database_file, "connection.execute('BEGIN IMMEDIATE')"):
        open_for_writing(database_file, current_schema(), create=False).close()


def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Connection.writing

    def small(path: Path, **others: int) -> Connection:
        connection = make(path, **others)
        connection.rows("PRAGMA max_page_count = 10")
        return connection

    monkeypatch.setattr(Connection, "writing", small)
    path = tmp_path / "panel.db"
    with pytest.raises(EnvironmentFault, match="no space left"):
        open_for_writing(path, current_schema(), create=True)
    monkeypatch.undo()
    open_for_writing(path, current_schema(), create=True).close()


# ---- permissions: root is above them, so a process that has given its privileges up looks

_AS_NOBODY = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from panel.core.errors import EnvironmentFault
from panel.store.opening import current_schema, open_for_writing
application = QCoreApplication([])
# Loads Qt's driver and the schema, which nobody may not be allowed to read in this checkout.
open_for_writing(Path(sys.argv[2]), current_schema(), create=True).close()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    open_for_writing(Path(sys.argv[1]), current_schema(), create=True).close()
except EnvironmentFault as fault:
    print(fault)
"""


def as_nobody(path: Path) -> str:
    """What the store says to a user who is not root."""
    with tempfile.TemporaryDirectory() as other:
        ended = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(path), f"{other}/other.db"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.strip()


@pytest.fixture
def anybodys(template: Path) -> Iterator[Path]:
    """A database that every user could write to, in a folder that every user can enter.

    Not in tmp_path: pytest closes the folder above it to others.
    """
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "folder"
        folder.mkdir()
        path = Path(shutil.copy(template, folder / "panel.db"))
        path.chmod(0o666)
        folder.chmod(0o777)
        yield path
        folder.chmod(0o777)


def test_a_read_only_folder(anybodys: Path) -> None:
    before = anybodys.read_bytes()
    anybodys.parent.chmod(0o555)
    said = as_nobody(anybodys)
    assert f"The folder {anybodys.parent} is read-only" in said
    assert anybodys.read_bytes() == before
    assert list(anybodys.parent.iterdir()) == [anybodys]


def test_a_read_only_folder_without_a_database(anybodys: Path) -> None:
    anybodys.unlink()
    anybodys.parent.chmod(0o555)
    assert "is read-only" in as_nobody(anybodys)
    assert "cannot be made" in as_nobody(anybodys.parent / "deeper" / "panel.db")
    assert list(anybodys.parent.iterdir()) == []


def test_a_read_only_file(anybodys: Path) -> None:
    before = anybodys.read_bytes()
    anybodys.chmod(0o444)
    assert f"The database {anybodys} is read-only" in as_nobody(anybodys)
    anybodys.chmod(0o600)
    if os.geteuid() == 0:  # otherwise it is our own file
        assert f"The database {anybodys} is read-only" in as_nobody(anybodys)
    assert anybodys.read_bytes() == before


def test_permissions_that_suffice(anybodys: Path) -> None:
    assert as_nobody(anybodys) == ""
