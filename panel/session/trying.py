"""Three agents to try the panel with: real windows beside it, in the person's own database."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from panel.commands import agents, targets
from panel.commands.context import Context
from panel.core.agent import Agent
from panel.core.desktop import CalibrationRequest
from panel.core.errors import NotDoneError, PanelError
from panel.core.geometry import Point, Rect
from panel.core.target import TargetKind
from panel.demo.swarm import DemoSwarm, DemoWindow
from panel.store import agents as stored
from panel.store.connection import Connection

COUNT = 3
TEAM = "demo"
_GAP = 12
_FRAME = 32  # what a window manager adds at the top
_LARGEST = (460, 520)
_SMALLEST = (260, 250)

Surroundings = Callable[[], tuple[Rect, Rect]]
"""Where the panel is, and the part of its screen that windows may use; both logical, as the demo
windows' own Qt takes them."""


class Trial:
    """Opens the demo agents, again if they were closed; they end with `close`."""

    def __init__(self, context: Context, surroundings: Surroundings) -> None:
        self._context = context
        self._surroundings = surroundings
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._swarm: DemoSwarm | None = None
        self._at_work = asyncio.Lock()
        self._opening: asyncio.Future[None] | None = None
        self._rects: dict[int, Rect] = {}

    @property
    def windows(self) -> list[DemoWindow]:
        """The demo windows that were opened."""
        return [] if self._swarm is None else list(self._swarm.windows)

    async def open(self) -> None:
        """Opens what is not open, adds the agents and makes each one's box its target."""
        async with self._at_work:
            if self._swarm is None:
                names = await self._context.store.read(_free_names)
                self._folder = tempfile.TemporaryDirectory(prefix="captain-panel-demo-")
                places = beside(*self._surroundings(), COUNT)
                self._swarm = DemoSwarm(names, Path(self._folder.name), places[0], places)
            # Processes take a second to start: never in the window's thread.
            loop, seen = asyncio.get_running_loop(), await self._seen()
            self._opening = loop.run_in_executor(None, _reopen, self._swarm, frozenset(seen))
            await asyncio.shield(self._opening)
            for window in self._swarm.windows:
                await self._make_ready(window)

    async def _make_ready(self, window: DemoWindow) -> None:
        known = await self._context.store.read(lambda c: stored.get(c, window.agent_id))
        if known is None:
            about = Agent(window.agent_id, team=TEAM, specialization=TEAM)
            await agents.add(self._context, about)
        elif not known.active:
            await agents.change(self._context, window.agent_id, active=True)
        point, window_id = await self._point(window), window.window_id
        request = CalibrationRequest(window.agent_id, TargetKind.CHAT, point, window_id=window_id)
        await targets.set_point(self._context, request)

    async def _point(self, window: DemoWindow) -> Point:
        """The centre of its box, which sticks to the window's lower edge, where it is now."""
        now = (await self._seen()).get(window.window_id)
        if now is None:
            raise NotDoneError(f"The window of {window.agent_id} was closed.")
        then = self._rects.setdefault(window.window_id, now)
        return Point(now.centre.x, now.bottom - (then.bottom - window.point.y))

    async def _seen(self) -> dict[int, Rect]:
        """All windows that there are, with their places."""
        found = await self._context.desktop.windows()
        return {info.identity.window_id: info.rect for info in found}

    async def close(self) -> None:
        """Closes the windows and forgets their places; the agents stay with their history."""
        if self._opening is not None:
            await asyncio.wait({self._opening})  # a start cannot be broken off
        for window in self.windows:
            # Nobody shall be asked at the next start where these windows have gone.
            with contextlib.suppress(PanelError):
                await targets.remove(self._context, window.agent_id, TargetKind.CHAT)
        if self._swarm is not None:
            await asyncio.to_thread(self._swarm.close)
        if self._folder is not None:
            self._folder.cleanup()


def _reopen(swarm: DemoSwarm, seen: Collection[int]) -> None:
    """Opens what is not there; a process may outlive its closed window for a moment."""
    swarm.close_some([window for window in swarm.windows if window.window_id not in seen])
    swarm.open()


def _free_names(connection: Connection) -> list[str]:
    """Names of demo agents, never one that the person gave to another agent."""
    theirs = {agent.agent_id for agent in stored.all(connection) if agent.team != TEAM}
    names = (f"Demo-{number}" for number in range(1, COUNT + len(theirs) + 1))
    return [name for name in names if name not in theirs][:COUNT]


def beside(panel: Rect, room: Rect, count: int) -> list[Rect]:
    """Places for `count` windows next to the panel, or over its lower edge where none is free."""
    strips = (
        Rect(panel.right, room.y, room.right - panel.right, room.height),
        Rect(room.x, room.y, panel.x - room.x, room.height),
        Rect(room.x, panel.bottom, room.width, room.bottom - panel.bottom),
        Rect(room.x, room.y, room.width, panel.y - room.y),
    )
    laid = [places for strip in strips if (places := _laid_out(strip, count))]
    if laid:
        return max(laid, key=lambda places: places[0].width * places[0].height)
    high = min(room.height, _LARGEST[1] + _FRAME + 2 * _GAP)
    lower = Rect(room.x, room.bottom - high, room.width, high)
    return _laid_out(lower, count) or [Rect(room.x, room.y, *_SMALLEST)] * count


def _laid_out(strip: Rect, count: int) -> list[Rect] | None:
    """The largest windows that fit in rows; None where they would be too small to use."""
    best: list[Rect] = []
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        wide = min(_LARGEST[0], (strip.width - _GAP) // columns - _GAP)
        high = min(_LARGEST[1], (strip.height - _GAP) // rows - _GAP - _FRAME)
        if wide < _SMALLEST[0] or high < _SMALLEST[1]:
            continue
        if not best or wide * high > best[0].width * best[0].height:
            best = [
                Rect(
                    strip.x + _GAP + (number % columns) * (wide + _GAP),
                    strip.y + _GAP + (number // columns) * (high + _FRAME + _GAP),
                    wide,
                    high,
                )
                for number in range(count)
            ]
    return best or None
