"""Keeps the systems' state true as long as the window is open: looks every so often."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

from panel.commands import health, settings
from panel.commands.context import Context
from panel.commands.health import Look, Outside
from panel.core import clock
from panel.core.errors import EnvironmentFault
from panel.store import systems

log = logging.getLogger(__name__)
_BEAT_SECONDS = 1.0
_BEATS = 300
_THIN_SECONDS = 3600.0


class Monitor:
    """`holder` says who dispatches on this display; `told` hears of each look."""

    def __init__(
        self, context: Context, holder: Callable[[], str | None], told: Callable[[Look], object]
    ) -> None:
        self._context = context
        self._holder = holder
        self._told = told
        self._late_ms: deque[float] = deque(maxlen=_BEATS)
        self._thinned = float("-inf")

    async def run(self) -> None:
        """Until cancelled."""
        due = time.monotonic()
        while True:
            if time.monotonic() >= due:
                due = time.monotonic() + await self._look()
            before = time.monotonic()
            await asyncio.sleep(_BEAT_SECONDS)
            late = time.monotonic() - before - _BEAT_SECONDS
            self._late_ms.append(max(0.0, late * 1000))

    async def _look(self) -> float:
        """Looks once; in how many seconds again. A fault is logged: the next look may succeed."""
        try:
            wait = float((await settings.values(self._context))["probe_seconds"])
            outside = Outside(
                sending=self._sending(), monitoring={"loop_late_p99_ms": self._late_p99()}
            )
            self._told(await health.look(self._context, outside))
            if time.monotonic() - self._thinned > _THIN_SECONDS:
                self._thinned = time.monotonic()
                await self._context.store.write(lambda tx: systems.thin(tx, clock.now()))
        except Exception:
            log.exception("the systems could not be looked at")
            return 30.0
        return wait

    def _sending(self) -> bool | None:
        try:
            return self._holder() is not None
        except EnvironmentFault:
            return None

    def _late_p99(self) -> float | None:
        if not self._late_ms:
            return None
        ordered = sorted(self._late_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
