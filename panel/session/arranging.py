"""Keeps the targets of the screens that are plugged in in place, as long as the window is open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from panel.commands import layouts, targets
from panel.commands.context import Context
from panel.core.changes import Changes
from panel.core.errors import PanelError
from panel.core.layouts import Arranged
from panel.screen.screens import Screens

log = logging.getLogger(__name__)


class Arranging:
    """`told` is called in the loop's thread with each arrangement that took the place of another,
    once its targets were looked at."""

    def __init__(
        self, context: Context, screens: Screens, told: Callable[[Arranged], None]
    ) -> None:
        self._context = context
        self._told = told
        self._wake = asyncio.Event()
        screens.settled.connect(self._wake.set)
        self._unsubscribe = context.store.subscribe(self._on_store_changed)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                try:
                    await self._arrange()
                except PanelError as fault:
                    log.warning("the screens changed, and their targets did not follow: %s", fault)
        finally:
            self._unsubscribe()

    async def _arrange(self) -> None:
        done = await layouts.arrange(self._context)
        if done.changed:
            await targets.check(self._context)
            self._told(done)

    def _on_store_changed(self, changes: Changes) -> None:
        # A command on another display may have put that one's targets in place.
        if changes.foreign:
            self._wake.set()
