"""The store's threads under both event loops: transactions, changes, cancelling, watching."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine

import pytest

from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.errors import EnvironmentFault
from panel.store import agents, control
from panel.store.connection import Connection, ConstraintError, Transaction
from panel.store.database import Store
from panel.store.location import Location
from panel.store.opening import current_schema
from tests.unit.store.conftest import Run
from tests.unit.store.processes import Helper

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
            await store.write(lambda tx: (add("A")(tx), add("A")(tx)))
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
