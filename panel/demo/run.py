"""The demo: the main job on windows of its own, judged by what the windows recorded."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from panel.commands import agents, messages, targets
from panel.commands.context import Context
from panel.core import clock
from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.desktop import CalibrationRequest, Desktop
from panel.core.dispatching import DemoAgentResult, DemoResult
from panel.core.geometry import Rect
from panel.core.message import DeliveryStatus, Draft, Message
from panel.core.target import TargetKind
from panel.core.typed import typed_text
from panel.demo.swarm import DemoSwarm, DemoWindow
from panel.dispatch.dispatcher import Dispatcher
from panel.dispatch.tools import Tools
from panel.screen.fingerprint import encode_png
from panel.store import messages as stored
from panel.store import settings
from panel.store.database import Store
from panel.store.location import parse_location

Progress = Callable[[int, int], None]
MakeDispatcher = Callable[[Store], Dispatcher]
SECONDS_A_MESSAGE = 10.0

_TEXTS = (
    "Good morning, {agent}. Please read the plan and tell me what is unclear.",
    "Two lines:\nfirst the tests, then the change.",
    "Grüße, Καλημέρα, Привет and “quotes” – 'single', \"double\", `code` 🎉",
    'Run `make test && echo "$HOME"` and send me its last line; do not push.',
    "\n".join(["A longer note."] + [f"{number}. step {number}" for number in range(1, 13)]),
)


class Demo:
    """core.dispatching.DemoRunner on this desktop, with a database and windows of its own.

    `home` is where the screenshot is left; `make_dispatcher` builds the real dispatcher.
    """

    def __init__(
        self, desktop: Desktop, tools: Tools, home: Path, make_dispatcher: MakeDispatcher
    ) -> None:
        self._desktop = desktop
        self._tools = tools
        self._home = home
        self._make_dispatcher = make_dispatcher

    async def run(
        self, *, agents: int, messages: int, keep: bool, progress: Progress
    ) -> DemoResult:
        names = [f"Agent-{number}" for number in range(1, agents + 1)]
        with tempfile.TemporaryDirectory(prefix="captain-panel-demo-") as folder:
            location = parse_location(str(Path(folder) / "demo.db"), {})
            store = await Store.open(location)
            # What arrives is compared to the letter, and nobody there would answer.
            await store.write(lambda tx: settings.set(tx, "reply_hint", False))
            try:
                with DemoSwarm(names, Path(folder), await self._area()) as swarm:
                    result = await self._send(store, swarm.windows, messages, progress)
                    if keep:
                        await _until_enter()
                return result
            finally:
                await store.close()

    async def _area(self) -> Rect:
        """The first screen: the windows shall be seen together."""
        return (await self._desktop.layout()).screens[0].rect

    async def _send(
        self, store: Store, windows: list[DemoWindow], count: int, progress: Progress
    ) -> DemoResult:
        dispatcher = self._make_dispatcher(store)
        context = Context(store, self._desktop, dispatcher)
        await calibrate_all(context, windows)
        started = time.monotonic()
        ids: dict[str, list[str]] = {window.agent_id: [] for window in windows}
        for number in range(count):
            for window in windows:
                draft = Draft(window.agent_id, _text(window.agent_id, number))
                ids[window.agent_id] += await messages.queue(context, [draft])
        total = count * len(windows)
        unsubscribe = store.subscribe(_Progress(store, total, progress))
        try:
            await dispatcher.drain(timeout=30 + total * SECONDS_A_MESSAGE)
        finally:
            unsubscribe()
        seconds = time.monotonic() - started
        results, times, problems = [], [], []
        for window in windows:
            sent = await _messages(store, ids[window.agent_id])
            results.append(_compare(window, sent))
            times += [m.delivery_time_ms for m in sent if m.delivery_time_ms is not None]
            problems += [f"{m.to_agent}: {m.reason}" for m in sent if m.reason]
        return DemoResult(
            agents=tuple(results),
            seconds=seconds,
            median_ms=statistics.median(times) if times else 0.0,
            screenshot=await self._photograph(),
            problems=tuple(problems),
        )

    async def _photograph(self) -> Path:
        tools = self._tools
        picture = await tools.thread.run(tools.camera.grab, tools.camera.desktop)
        file = self._home / f"demo-{clock.now():%Y%m%d-%H%M%S}.png"
        file.write_bytes(encode_png(picture))
        return file


async def calibrate_all(context: Context, windows: list[DemoWindow]) -> None:
    """Adds the agents of demo windows and makes each one's composer its target."""
    for window in windows:
        await agents.add(context, Agent(window.agent_id, team="demo", specialization="demo"))
        await targets.set_point(
            context,
            CalibrationRequest(
                window.agent_id, TargetKind.CHAT, window.point, window_id=window.window_id
            ),
        )


class _Progress:
    """Tells how many messages are settled, after each change."""

    def __init__(self, store: Store, total: int, progress: Progress) -> None:
        self._store, self._total, self._progress = store, total, progress
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, changes: Changes) -> None:
        if changes.touches("agent_messages"):
            task = asyncio.ensure_future(self._tell())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        counts = await self._store.read(stored.counts)
        self._progress(counts.get(DeliveryStatus.DELIVERED, 0), self._total)


def _text(agent_id: str, number: int) -> str:
    return f"{_TEXTS[number % len(_TEXTS)].format(agent=agent_id)} ({number + 1})"


async def _messages(store: Store, ids: list[str]) -> list[Message]:
    found = await store.read(lambda c: [stored.get(c, each) for each in ids])
    return [message for message in found if message is not None]


def _compare(window: DemoWindow, sent: list[Message]) -> DemoAgentResult:
    """What was sent against the window's own record."""
    wanted = [typed_text(message) for message in sent]
    got = window.received
    return DemoAgentResult(
        agent_id=window.agent_id,
        sent=len(sent),
        delivered=sum(m.delivery_status is DeliveryStatus.DELIVERED for m in sent),
        intact=all(text in got for text in wanted) and all(text in wanted for text in got),
        in_order=[text for text in got if text in wanted] == wanted,
        once=all(got.count(text) == 1 for text in wanted),
    )


async def _until_enter() -> None:
    """Waits for Enter in the terminal, or for Ctrl+C where there is none."""
    if not sys.stdin.isatty():
        await asyncio.Event().wait()
    print("The windows stay open until you press Enter.", file=sys.stderr)
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), pressed.set)
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
