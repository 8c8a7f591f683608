"""One dispatcher a display: who owns an X selection. The server frees it when the owner dies."""

from __future__ import annotations

import json
from types import TracebackType

from Xlib import X, Xatom
from Xlib import error as xerror
from Xlib.display import Display
from Xlib.xobject.drawable import Window

from panel.core.errors import EnvironmentFault
from panel.screen.x11 import connect

_SELECTION = "_CAPTAIN_PANEL_DISPATCHER"


class DispatcherLock:
    """Held from `take` to `release`, or until the process ends in any way."""

    def __init__(self, name: str | None = None) -> None:
        self._display: Display = connect(name)
        self._atom = self._display.intern_atom(_SELECTION)
        self._window: Window | None = None

    def holder(self) -> dict[str, object] | None:
        """What the holder says of itself (pid, host, database), None when nobody holds it."""
        owner = self._owner()
        if owner is None:
            return None
        try:
            value = owner.get_full_property(self._atom, Xatom.STRING)
            said = json.loads(value.value) if value else {}
        except (xerror.BadWindow, ValueError):
            said = {}
        return said if isinstance(said, dict) else {}

    def take(self, about: dict[str, object]) -> None:
        """Takes the display; EnvironmentFault names the one that holds it already."""
        window = self._display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        window.change_property(self._atom, Xatom.STRING, 8, json.dumps(about).encode())
        # Between asking and taking nobody else may take it.
        self._display.grab_server()
        try:
            other = self.holder()
            if other is None:
                window.set_selection_owner(self._atom, X.CurrentTime)
        finally:
            self._display.ungrab_server()
            self._display.sync()
        if other is not None:
            window.destroy()
            self._display.flush()
            raise EnvironmentFault(
                f"Messages on this display are already being sent by {describe(other)}.",
                "Stop it first, or let it send them.",
            )
        self._window = window

    @property
    def held(self) -> bool:
        """Whether this process holds the display, asked from the server."""
        owner = self._owner()
        return self._window is not None and owner is not None and owner.id == self._window.id

    def _owner(self) -> Window | None:
        owner: object = self._display.get_selection_owner(self._atom)
        return owner if isinstance(owner, Window) else None

    def release(self) -> None:
        if self._window is not None:
            self._window.destroy()
            self._window = None
            self._display.sync()

    def close(self) -> None:
        self.release()
        self._display.close()

    def __enter__(self) -> DispatcherLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def describe(holder: dict[str, object]) -> str:
    """The holder in words."""
    words = f"process {holder.get('pid', '?')} on {holder.get('host', 'this machine')}"
    database = holder.get("database")
    return f"{words} (database {database})" if database else words
