"""asyncio on Qt's event loop, one loop a test."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

T = TypeVar("T")

SECONDS = 30.0


class Aio:
    """A test's qasync loop: it runs coroutines, and tells at the end what they left behind."""

    def __init__(self, application: QApplication) -> None:
        self.loop: asyncio.AbstractEventLoop = QEventLoop(application)
        self._faults: list[str] = []
        self.loop.set_exception_handler(self._note_fault)
        asyncio.set_event_loop(self.loop)

    def run(self, work: Coroutine[Any, Any, T], *, seconds: float = SECONDS) -> T:
        """Runs a coroutine from a plain test to its end; its exceptions are raised here."""

        async def limited() -> T:
            async with asyncio.timeout(seconds):
                return await work

        return self.loop.run_until_complete(limited())

    async def until(
        self, condition: Callable[[], T], what: str = "", *, seconds: float = SECONDS
    ) -> T:
        """In a coroutine: the first true answer of `condition`, while Qt and asyncio go on."""
        limit = self.loop.time() + seconds
        while not (answer := condition()):
            if self.loop.time() > limit:
                pytest.fail(f"waited {seconds:.0f} s in vain for {what or 'a condition'}")
            await asyncio.sleep(0.005)
        return answer

    @contextmanager
    def running(self) -> Iterator[None]:
        """Lets tasks go on while a plain test waits with qtbot or `until`.

        For tests of widgets whose slots start tasks: `with aio.running(): click; qtbot.waitUntil`.
        Not in a coroutine test: there a nested Qt loop would step a task within a task.
        """
        # What qasync does for `already_running=True`, for a part of the loop's life.
        self.loop._QEventLoop__is_running = True  # type: ignore[attr-defined]
        asyncio.events._set_running_loop(self.loop)
        try:
            yield
        finally:
            asyncio.events._set_running_loop(None)
            self.loop._QEventLoop__is_running = False  # type: ignore[attr-defined]

    def close(self) -> list[str]:
        """Closes the loop; returns one sentence for each thing that a test should have ended."""
        left = [task for task in asyncio.all_tasks(self.loop) if not task.done()]
        problems = [
            f"the task {task.get_name()} ({task.get_coro()!r}) still runs: cancel it and await it "
            "in the close-down of whatever started it"
            for task in left
        ]
        if left:
            self.loop.run_until_complete(_cancelled(left))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
        asyncio.set_event_loop(None)
        # In Qt's thread: elsewhere Qt objects would be destroyed (see panel.session.collecting).
        gc.collect()
        return self._faults + problems

    def _note_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        self._faults.append(
            f"nobody handled what the loop reported: {context.get('message')} ({fault!r})"
        )


async def _cancelled(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=5)
