"""A real database, a swarm of two agents with targets, and a context over them."""

from __future__ import annotations

import asyncio
import gc
import io
import json
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from panel import cli
from panel.commands import agents, targets
from panel.commands.context import Context
from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence
from panel.store import attempts
from panel.store.database import Store
from panel.store.location import Location
from tests.event_loop import Aio
from tests.unit.commands.stand_ins import Desk, Post, target

DISPATCHER = '{"host": "here", "pid": 1}'


@dataclass
class Panel:
    """A context with its stand-ins, and the command line on it."""

    context: Context
    store: Store
    desk: Desk
    post: Post = field(init=False)
    aio: Aio

    def __post_init__(self) -> None:
        self.post = Post(self.deliver)
        self.context.dispatch = self.post

    def line(self, *words: str) -> tuple[int, str, str]:
        """What a command line answers: exit code, stdout, stderr."""
        return self.aio.run(self.run(*words))

    async def run(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        invocation = cli.parse(words)
        assert isinstance(invocation, cli.Invocation)
        code = await cli.execute(invocation, self.context, out, err)
        return code, out.getvalue(), err.getvalue()

    def json(self, *words: str) -> Any:
        """The JSON document of a command that is done."""
        code, out, err = self.line(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    async def deliver(
        self,
        only: Collection[str] = (),
        status: DeliveryStatus = DeliveryStatus.DELIVERED,
        evidence: Evidence = Evidence.SUBMITTED,
    ) -> None:
        """Claims and settles what waits, as the dispatcher does."""
        while claim := await self.claim(only):
            done = claim
            await self.store.write(
                lambda tx, done=done: attempts.settle(  # type: ignore[misc]
                    tx,
                    claim=done,
                    status=status,
                    evidence=evidence,
                    reason=None,
                    coordinate_status=CoordinateStatus.VALID,
                    delivery_time_ms=41,
                    timings={},
                    now=now(),
                )
            )

    async def wrote(self, table: str) -> None:
        """Waits for the next commit that changes this table."""
        changed = asyncio.Event()
        unsubscribe = self.store.subscribe(
            lambda changes: changed.set() if changes.touches(table) else None
        )
        await changed.wait()
        unsubscribe()

    async def claim(self, only: Collection[str] = ()) -> attempts.Claim | None:
        return await self.store.write(
            lambda tx: attempts.claim_next(tx, now=now(), dispatcher=DISPATCHER, only=only or None)
        )

    def settle_as(self, status: DeliveryStatus) -> Callable[[Collection[str]], Awaitable[None]]:
        """A way to drain that ends every message like this."""
        return lambda only: self.deliver(only, status, Evidence.PASTED)


@pytest.fixture
def empty(aio: Aio, location: Location) -> Iterator[Panel]:
    """A panel whose database holds nothing."""
    # A closed qasync loop is a cycle of Qt objects: it must not be collected in a store's thread.
    gc.collect()
    store = aio.run(Store.open(location))
    desk = Desk()
    yield Panel(Context(store, desk), store, desk, aio=aio)
    aio.run(store.close())


@pytest.fixture
def panel(empty: Panel) -> Panel:
    """Agent-1 and Agent-2 in the team core, with targets in windows of their own."""

    async def fill() -> None:
        for number in (1, 2):
            name = f"Agent-{number}"
            await agents.add(empty.context, Agent(name, team="core"))
            await targets.store(empty.context, target(name, window_id=number))

    empty.aio.run(fill())
    return empty
