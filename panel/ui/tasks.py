"""Starts the window's coroutines on the running loop, keeps them alive and routes their errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from panel.core.errors import PanelError

_log = logging.getLogger(__name__)
Failed = Callable[[PanelError], None]


class Tasks:
    """All coroutines that the window started on the loop that it was made on.

    An error goes to the `failed` of its start, else to `default`.
    """

    def __init__(self, default: Failed) -> None:
        self._default = default
        self._loop = asyncio.get_running_loop()
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(
        self, work: Coroutine[Any, Any, Any], failed: Failed | None = None
    ) -> asyncio.Future[Any]:
        """Runs `work` beside the window; errors that a person can act on are shown, not lost.

        After `close` nothing runs any more: its widgets are about to be deleted.
        """
        if self._closed:
            work.close()
            ended_before: asyncio.Future[Any] = self._loop.create_future()
            ended_before.cancel()
            return ended_before
        task = self._loop.create_task(self._guarded(work, failed or self._default))
        self._running.add(task)

        def ended(task: asyncio.Task[Any]) -> None:
            self._running.discard(task)
            work.close()  # a task that is cancelled before its first step never touched it

        task.add_done_callback(ended)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, Any], failed: Failed) -> None:
        try:
            await work
        except PanelError as error:
            failed(error)
        except Exception as error:  # the last stand before asyncio would only print it
            _log.exception("a task of the window failed")
            failed(PanelError(f"{type(error).__name__}: {error}"))

    async def idle(self) -> None:
        """Waits until nothing is running any more."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def close(self) -> None:
        """Cancels what runs and waits for it, and for what that started."""
        self._closed = True
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(set(self._running))
