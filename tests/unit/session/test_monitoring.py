"""The window's monitor over a real database: looks at once, and tells what it found."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

from panel.commands.context import Context
from panel.commands.health import Look
from panel.core import clock
from panel.core.agent import Agent
from panel.session.monitoring import Monitor
from panel.store import agents, alerts, systems
from panel.store.database import Store
from panel.store.location import Location
from tests.event_loop import Aio


async def test_it_looks_at_once_and_raises_and_clears(aio: Aio, location: Location) -> None:
    store = await Store.open(location)
    heard: list[Look] = []
    holders: list[str | None] = [None]
    then = clock.now() - timedelta(hours=2)
    await store.write(lambda tx: agents.insert(tx, Agent("A", status="ACTIVE", last_updated=then)))

    async def once() -> None:
        """A monitor from its start to its first look."""
        count = len(heard)
        monitor = Monitor(Context(store), lambda: holders[0], heard.append)
        running = asyncio.ensure_future(monitor.run())
        await aio.until(lambda: len(heard) > count, "a look")
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    await once()
    kinds = {alert.kind for alert in await store.read(alerts.open_ones)}
    assert kinds >= {"messaging.not_sending", "coordination.agent_stuck"}
    assert len(await store.read(systems.rows)) == 5

    holders[0] = "pid 1"
    await store.write(lambda tx: agents.update(tx, "A", status="IDLE"))
    await once()
    assert await store.read(alerts.open_ones) == []
    await store.close()
