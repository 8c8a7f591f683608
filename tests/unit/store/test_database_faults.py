"""The store under both event loops: faults, backups, checks, its end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.errors import CommandError, EnvironmentFault
from panel.store import agents
from panel.store.connection import Connection, StoreError, Transaction
from panel.store.database import Store
from panel.store.location import Location, parse_location
from tests.unit.store.conftest import Run
from tests.unit.store.processes import Helper, holding

Opened = Callable[[], Coroutine[None, None, Store]]


def add(name: str) -> Callable[[Transaction], None]:
    return lambda tx: agents.insert(tx, Agent(name))


def names(connection: Connection) -> list[str]:
    return [agent.agent_id for agent in agents.all(connection)]


def test_the_page_connection_reads_at_once_and_only_reads(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        pages = store.page_connection()
        assert pages.value("PRAGMA busy_timeout") == 0
        await store.write(add("A"))
        assert names(pages) == ["A"]
        with pytest.raises(EnvironmentFault):
            pages.execute("DELETE FROM agent_workspaces")
        await store.close()
        with pytest.raises(StoreError, match="closed"):
            names(pages)

    run(work())


def test_a_writer_elsewhere_is_waited_for_and_then_said(
    run: Run, opened: Opened, location: Location
) -> None:
    async def work() -> None:
        store = await opened()
        await store.write(lambda tx: None)
        script = "connection.execute('BEGIN IMMEDIATE')"
        with holding(location.path, script, made_ready=False):
            assert await store.read(names) == []
            # The five seconds of the program are too long for a test.
            await asyncio.wrap_future(
                store._writer_thread.submit(
                    lambda: store._writer and store._writer.rows("PRAGMA busy_timeout = 50")
                )
            )
            with pytest.raises(EnvironmentFault, match="locked by another process"):
                await store.write(add("A"))
        await store.write(add("A"))
        await store.close()

    run(work())


def test_no_space_left_changes_nothing(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        await store.write(add("A"))
        pages = await store.write(lambda tx: tx.value("PRAGMA page_count"))
        await store.write(lambda tx: tx.rows(f"PRAGMA max_page_count = {pages}"))

        def much(tx: Transaction) -> None:
            for number in range(2000):
                agents.insert(tx, Agent(f"B-{number}", description="x" * 500))

        with pytest.raises(EnvironmentFault, match="no space left"):
            await store.write(much)
        assert await store.read(names) == ["A"]
        assert await store.check() == []
        await store.write(lambda tx: tx.rows(f"PRAGMA max_page_count = {10**6}"))
        await store.write(much)
        await store.close()

    run(work())


def test_a_schema_changed_meanwhile_is_noticed(
    run: Run, opened: Opened, location: Location
) -> None:
    async def work() -> None:
        store = await opened()
        pages = store.page_connection()
        assert pages.rows("SELECT * FROM settings") == []
        newer = "connection.execute('ALTER TABLE settings ADD COLUMN more DEFAULT 1')"
        rest = "; connection.execute('PRAGMA user_version = 70')"
        Helper(location.path, newer + rest).finish()
        for attempt in (store.write(add("A")), store.read(names)):
            with pytest.raises(EnvironmentFault, match="changed to schema 70 while it was open"):
                await attempt
        for sql in ("SELECT * FROM settings", "SELECT *, 1 FROM settings"):
            with pytest.raises(EnvironmentFault, match="changed to schema 70 while it was open"):
                pages.rows(sql)
        await store.close()

    run(work())


def test_backup_and_check(run: Run, opened: Opened, tmp_path: Path) -> None:
    async def work() -> None:
        store = await opened()
        await store.write(add("A"))
        assert await store.check() == []
        file = tmp_path / "copy.db"
        await store.backup(file)
        assert file.stat().st_mode & 0o777 == 0o600
        with pytest.raises(CommandError, match="file: takes a path that does not exist yet"):
            await store.backup(file)
        with pytest.raises(EnvironmentFault, match="cannot be written"):
            await store.backup(tmp_path / "nowhere" / "copy.db")
        await store.close()
        copy = await Store.open(parse_location(str(file), {}), create=False)
        assert await copy.read(names) == ["A"]
        assert await copy.check() == []
        await copy.close()

    run(work())


def test_check_names_what_is_wrong(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()

        def break_it(connection: Connection | None) -> None:
            assert connection is not None
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(
                "INSERT INTO click_targets (agent_id, kind, x, y) VALUES ('gone', 'chat', 1, 1)"
            )

        await asyncio.wrap_future(store._writer_thread.submit(lambda: break_it(store._writer)))
        (problem,) = await store.check()
        assert "click_targets" in problem
        assert "agent_workspaces" in problem
        await store.close()

    run(work())


def test_closing_twice_and_using_it_after(run: Run, opened: Opened, location: Location) -> None:
    async def work() -> None:
        store = await opened()
        heard: list[Changes] = []
        store.subscribe(heard.append)
        await asyncio.gather(store.close(), store.close())
        await store.close()
        assert sorted(file.name for file in location.path.parent.iterdir()) == ["panel.db"]
        for use in (store.write(add("A")), store.read(names), store.check(), store.watch()):
            with pytest.raises(StoreError, match="is closed"):
                await use
        with pytest.raises(StoreError, match="is closed"):
            store.page_connection()

    run(work())


def test_a_refused_file_leaves_no_thread(run: Run, tmp_path: Path) -> None:
    async def work() -> None:
        (tmp_path / "panel.db").write_text("no database at all, but a text of some length" * 20)
        with pytest.raises(EnvironmentFault):
            await Store.open(parse_location(str(tmp_path / "panel.db"), {}))
        with pytest.raises(EnvironmentFault, match="no database at"):
            await Store.open(parse_location(str(tmp_path / "b.db"), {}), create=False)
        assert not [t for t in threading.enumerate() if t.name.startswith("panel-")]

    run(work())


@pytest.mark.parametrize("ending", ["", "await store.close()"])
def test_a_program_ends_quietly_even_without_closing(tmp_path: Path, ending: str) -> None:
    script = f"""
import asyncio, sys
from PySide6.QtCore import QCoreApplication
from panel.core.agent import Agent
from panel.store import agents
from panel.store.database import Store
from panel.store.location import parse_location
async def main():
    store = await Store.open(parse_location(sys.argv[1], {{}}))
    await store.write(lambda tx: agents.insert(tx, Agent("A")))
    store.page_connection()
    {ending}
application = QCoreApplication([])
asyncio.run(main())
print("ended")
"""
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script, str(tmp_path / "panel.db")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[3],
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")
