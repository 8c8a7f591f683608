"""The key that stops all from whatever program has the focus, as long as the window is open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Protocol

from panel.commands import settings
from panel.commands.context import Context
from panel.core.changes import Changes
from panel.core.errors import EnvironmentFault
from panel.core.keys import parse_shortcut
from panel.session.platforms import X11, chosen
from panel.ui.services import Said


class GlobalKey(Protocol):
    """A key that is held for us until `close`."""

    def close(self) -> None: ...


class StopKey:
    """Holds the key that the setting `stop_key` names, and another one when that changes.

    `pressed` is called in Qt's thread. `show` is told each key and whether it is heard everywhere;
    where another program has it, `say` says so.
    """

    def __init__(
        self,
        context: Context,
        pressed: Callable[[], object],
        show: Callable[[str, bool], None],
        say: Callable[[Said], None],
    ) -> None:
        self._context = context
        self._pressed = pressed
        self._show = show
        self._say = say
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; then the key is given back."""
        held: GlobalKey | None = None
        name: str | None = None
        unsubscribe = self._context.store.subscribe(self._on_store_changed)
        try:
            while True:
                self._changed.clear()
                wanted = str((await settings.values(self._context))["stop_key"])
                if wanted != name:
                    name = wanted
                    if held is not None:
                        held.close()
                    held = self._taken(wanted)
                    self._show(wanted, held is not None)
                await self._changed.wait()
        finally:
            unsubscribe()
            if held is not None:
                held.close()

    def _taken(self, wanted: str) -> GlobalKey | None:
        shortcut = parse_shortcut(wanted)
        if shortcut is None or chosen(os.environ) != X11:
            return None
        from panel.screen.x11_global_key import X11GlobalKey

        try:
            return X11GlobalKey(shortcut, self._on_pressed)
        except EnvironmentFault as fault:
            self._say(Said(str(fault), trouble=True))
            return None

    def _on_pressed(self) -> None:
        self._pressed()

    def _on_store_changed(self, changes: Changes) -> None:
        if changes.touches("settings"):
            self._changed.set()
