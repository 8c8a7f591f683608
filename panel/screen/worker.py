"""The driver's thread: every blocking call to the desktop is made in it, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DesktopThread:
    """One thread for window calls, grabs and input, so that they never interleave."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="driver")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Awaits `work(*args)` made in the thread; its exceptions come through."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    def run_and_wait(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Blocks until `work` is done: for opening, closing, and for the store's thread, which lets
        nobody write meanwhile."""
        return self._pool.submit(work, *args, **kwargs).result()

    def close(self) -> None:
        """Waits for what is running; nothing more is taken."""
        self._pool.shutdown(wait=True)
