"""A panel without a window over real windows: the store, the desktop, the dispatcher."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest

from panel.commands import agents, messages, targets
from panel.commands.context import Context
from panel.core.agent import Agent
from panel.core.desktop import CalibrationRequest
from panel.core.dispatching import DrainResult
from panel.core.geometry import Point
from panel.core.message import Draft, Message
from panel.core.target import Target, TargetKind
from panel.dispatch.dispatcher import Dispatcher
from panel.session.desk import Desk, make_dispatcher
from panel.store import attempts, settings
from panel.store import messages as stored
from panel.store.connection import Row
from panel.store.database import Store
from panel.store.location import Location
from tests.event_loop import Aio

WATCH_SECONDS = 1.1
"""Longer than a caret's blink in Chromium, Qt and xterm."""


@dataclass
class Swarm:
    """What a test sends with; its ground truth is what the windows recorded."""

    store: Store
    desk: Desk
    dispatcher: Dispatcher
    context: Context

    async def calibrate(
        self, agent_id: str, point: tuple[int, int], request: CalibrationRequest | None = None
    ) -> Target:
        """Adds the agent and makes its target from what stands at this native point."""
        await agents.add(self.context, Agent(agent_id))
        return await self.calibrate_again(agent_id, point, request)

    async def calibrate_again(
        self, agent_id: str, point: tuple[int, int], request: CalibrationRequest | None = None
    ) -> Target:
        """The same for an agent that is there."""
        wish = request or CalibrationRequest(agent_id, TargetKind.CHAT, Point(0, 0))
        wish = replace(wish, agent_id=agent_id, point=Point(*point))
        return await targets.set_point(self.context, wish)

    async def queue(self, agent_id: str, *texts: str, **options: object) -> list[str]:
        drafts = [Draft(agent_id, text, **options) for text in texts]  # type: ignore[arg-type]
        return await messages.queue(self.context, drafts)

    async def drain(self, seconds: float | None = None) -> DrainResult:
        """Delivers what is queued; without `seconds` held messages are not waited for."""
        return await self.dispatcher.drain(timeout=seconds)

    async def send(self, agent_id: str, text: str) -> Message:
        """Queues one text, lets the dispatcher look at it, and answers what became of it."""
        (message_id,) = await self.queue(agent_id, text)
        await self.drain()
        return await self.message(message_id)

    async def message(self, message_id: str) -> Message:
        found = await self.store.read(lambda c: stored.get(c, message_id))
        assert found is not None
        return found

    async def attempts(self, message_id: str) -> list[Row]:
        return await self.store.read(lambda c: attempts.of_message(c, message_id))

    async def set(self, name: str, value: object) -> None:
        await self.store.write(lambda tx: settings.set(tx, name, value))


@pytest.fixture
def swarm(aio: Aio, location: Location, panel_home: object) -> Iterator[Swarm]:
    """A fresh database and this worker's desktop; nobody has touched anything for a while."""

    async def begin() -> AsyncIterator[Swarm]:
        store = await Store.open(location)
        desk = Desk(WATCH_SECONDS)
        dispatcher = make_dispatcher(store, desk)
        built = Swarm(store, desk, dispatcher, Context(store, desk.desktop, dispatcher))
        # The tests' own hands are the operator's: what they did just now shall not hold messages.
        await built.set("operator_idle_ms", 0)
        # The texts that arrive are compared to the letter; the hint has tests of its own.
        await built.set("reply_hint", False)
        yield built
        await desk.close()
        await store.close()

    steps = begin()

    async def next_step() -> Swarm | None:
        return await anext(steps, None)

    built = aio.run(next_step())
    assert built is not None
    yield built
    aio.run(next_step())
