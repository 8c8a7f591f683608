"""The store's threads under both event loops: transactions, changes, cancelling, watching."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.errors import CommandError, EnvironmentFault
from panel.store import agents, control
from panel.store.connection import Connection, ConstraintError, StoreError, Transaction
from panel.store.database import Store
from panel.store.location import Location, parse_location
from panel.store.opening import current_schema
from tests.unit.store.conftest import Run
from tests.unit.store.processes import Helper, holding

Opened = Callable[[], Coroutine[None, None, Store]]


def add(name: str) -> Callable[[Transaction], None]:
    return lambda tx: agents.insert(tx, Agent(name))


def names(connection: Connection) -> list[str]:
    return [agent.agent_id for agent in agents.all(connection)]


def test_what_is_written_is_read(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        assert store.schema_version == current_schema().version
        await store.write(add("A"))
        assert await store.read(names) == ["A"]
        assert await store.write(lambda tx: agents.update(tx, "A", team="t")) is True
        await store.close()
        again = await opened()
        assert await again.read(names) == ["A"]
        await again.close()

    run(work())


def test_a_failed_write_leaves_nothing_and_tells_nobody(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        heard: list[Changes] = []
        store.subscribe(heard.append)

        def fails(tx: Transaction) -> None:
            agents.insert(tx, Agent("A"))
            raise KeyError("no")

        with pytest.raises(KeyError):
            await store.write(fails)
        with pytest.raises(ConstraintError):
            await store.write(lambda tx: [agents.insert(tx, Agent("A")) for _ in range(2)])
        assert await store.read(names) == []
        assert heard == []
        await store.write(add("A"))
        assert await store.read(names) == ["A"]
        await store.close()

    run(work())


def test_subscribers_hear_once_after_the_commit_in_the_loops_thread(
    run: Run, opened: Opened
) -> None:
    async def work() -> None:
        store = await opened()
        heard: list[tuple[Changes, int]] = []
        unsubscribe = store.subscribe(lambda c: heard.append((c, threading.get_ident())))

        def two(tx: Transaction) -> None:
            agents.insert(tx, Agent("A"))
            control.pause(tx, None)

        await store.write(two)
        assert heard == [
            (
                Changes(frozenset({"agent_workspaces", "dispatch_control"}), frozenset({"A"})),
                threading.get_ident(),
            )
        ]
        await store.write(lambda tx: tx.value("SELECT 1"))
        assert len(heard) == 1, "nothing changed"
        unsubscribe()
        unsubscribe()
        await store.write(add("B"))
        assert len(heard) == 1
        await store.close()

    run(work())


def test_a_subscriber_may_write_fail_and_unsubscribe(
    run: Run, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        store = await opened()
        tasks: list[asyncio.Task[None]] = []
        heard: list[str] = []

        def writes(changes: Changes) -> None:
            stop_writing()
            tasks.append(asyncio.ensure_future(store.write(add("B"))))
            stop_last()

        def fails(changes: Changes) -> None:
            heard.append("fails")
            raise RuntimeError("a view broke")

        stop_writing = store.subscribe(writes)
        store.subscribe(fails)
        store.subscribe(lambda changes: heard.append("goes on"))
        stop_last = store.subscribe(lambda changes: heard.append("never"))
        with caplog.at_level(logging.CRITICAL, "panel.store.database"):
            await store.write(add("A"))
            await asyncio.gather(*tasks)
        assert heard == ["fails", "goes on"] * 2
        assert await store.read(names) == ["A", "B"]
        await store.close()

    run(work())


def test_writes_run_one_after_the_other_in_order(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        await asyncio.gather(*(store.write(add(f"Agent-{n}")) for n in range(1, 51)))
        found = await store.read(
            lambda c: c.rows("SELECT agent_id FROM agent_workspaces ORDER BY rowid")
        )
        assert [row["agent_id"] for row in found] == [f"Agent-{n}" for n in range(1, 51)]
        await store.close()

    run(work())


def test_a_read_sees_one_state(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        looked, written = threading.Event(), threading.Event()

        def twice(connection: Connection) -> tuple[int, int]:
            first = len(names(connection))
            looked.set()
            assert written.wait(30)
            return first, len(names(connection))

        reading = asyncio.ensure_future(store.read(twice))
        while not looked.is_set():
            await asyncio.sleep(0.001)
        await store.write(add("A"))
        written.set()
        assert await reading == (0, 0)
        assert len(await store.read(names)) == 1
        await store.close()

    run(work())


def test_reading_work_cannot_write(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        with pytest.raises(EnvironmentFault, match="read-only"):
            await store.read(lambda c: c.execute("DELETE FROM settings"))
        await store.close()

    run(work())


def test_cancelling_a_write_that_waits_withdraws_it(run: Run, opened: Opened) -> None:
    async def work() -> None:
        store = await opened()
        started, go = threading.Event(), threading.Event()

        def slow(tx: Transaction) -> None:
            started.set()
            assert go.wait(30)

        first = asyncio.ensure_future(store.write(slow))
        second = asyncio.ensure_future(store.write(add("withdrawn")))
        while not started.is_set():
            await asyncio.sleep(0.001)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        await first
        assert await store.read(names) == []
        await store.close()

    run(work())


def test_cancelling_a_write_that_runs_waits_for_its_end_and_its_word(
    run: Run, opened: Opened
) -> None:
    async def work() -> None:
        store = await opened()
        heard: list[Changes] = []
        store.subscribe(heard.append)
        started, go = threading.Event(), threading.Event()

        def slow(tx: Transaction) -> None:
            agents.insert(tx, Agent("A"))
            started.set()
            assert go.wait(30)

        task = asyncio.ensure_future(store.write(slow))
        while not started.is_set():
            await asyncio.sleep(0.001)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0.01)
        assert not task.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(heard) == 1
        assert await store.read(names) == ["A"]
        await store.close()

    run(work())


def test_watch_hears_other_processes_and_not_ourselves(
    run: Run, opened: Opened, location: Location
) -> None:
    async def work() -> None:
        store = await opened()
        heard: list[Changes] = []
        store.subscribe(heard.append)
        watching = asyncio.ensure_future(store.watch())
        await store.write(add("ours"))
        versions = [await store._data_version() for _ in range(2)]
        assert versions[0] == versions[1]
        script = (
            "heard(); connection.execute('BEGIN IMMEDIATE');"
            "builders.swarm(tx, 'theirs'); connection.execute('COMMIT')"
        )
        helper = Helper(location.path, script)
        await asyncio.sleep(0.5)  # two looks of the watch, at which nothing foreign is to be seen
        assert [changes.foreign for changes in heard] == [False]
        helper.tell("go")
        while len(heard) < 2:
            await asyncio.sleep(0.01)
        assert heard[1] == Changes(foreign=True)
        assert heard[1].touches("agent_messages")
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
        helper.finish()
        assert await store.read(names) == ["ours", "theirs"]
        await store.close()

    run(work())


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
        rest = "; connection.execute('PRAGMA user_version = 2')"
        Helper(location.path, newer + rest).finish()
        for attempt in (store.write(add("A")), store.read(names)):
            with pytest.raises(EnvironmentFault, match="changed to schema 2 while it was open"):
                await attempt
        for sql in ("SELECT * FROM settings", "SELECT *, 1 FROM settings"):
            with pytest.raises(EnvironmentFault, match="changed to schema 2 while it was open"):
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
