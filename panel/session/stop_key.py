"""The key that stops all from whatever program has the focus, as long as the window is open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from panel.commands import settings
from panel.commands.context import Context
from panel.core.changes import Changes
from panel.core.errors import EnvironmentFault
from panel.core.keys import parse_shortcut
from panel.session.platforms import X11, chosen
from panel.ui.services import Said


class StopKey:
    """Holds the key that the setting `stop_key` names, and another one when that changes.

    `pressed` is called in Qt's thread; where the key cannot be had, `say` says why.
    """

    def __init__(
        self, context: Context, pressed: Callable[[], object], say: Callable[[Said], None]
    ) -> None:
        self._context = context
        self._pressed = pressed
        self._say = say
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; then the key is given back."""
        if chosen(os.environ) != X11:
            return
        from panel.screen.x11_global_key import X11GlobalKey

        held: X11GlobalKey | None = None
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
                        held = None
                    shortcut = parse_shortcut(wanted)
                    try:
                        if shortcut is not None:
                            held = X11GlobalKey(shortcut, self._on_pressed)
                    except EnvironmentFault as fault:
                        self._say(Said(str(fault), trouble=True))
                await self._changed.wait()
        finally:
            unsubscribe()
            if held is not None:
                held.close()

    def _on_pressed(self) -> None:
        self._pressed()

    def _on_store_changed(self, changes: Changes) -> None:
        if changes.touches("settings"):
            self._changed.set()
