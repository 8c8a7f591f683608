"""What differs between platforms, chosen once: X11 complete, the generic adapter elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from panel.core.clipboard import Saved
from panel.core.errors import CommandError
from panel.core.geometry import Point, Rect
from panel.dispatch.lock_file import LockFile
from panel.dispatch.receipts import clipboard_now
from panel.dispatch.tools import DisplayLock, Ears
from panel.screen.generic import GenericWindows
from panel.screen.windows import WindowSystem
from panel.screen.worker import DesktopThread

X11, GENERIC = "x11", "generic"
Foreign = Callable[[float, Point | None], None]


@dataclass(frozen=True, slots=True)
class Platform:
    """`close` is called in the driver's thread. `ears` makes what hears the operator's events, and
    is given what to tell of each: when (time.monotonic()), and where a pointer went."""

    system: WindowSystem
    ears: Callable[[Foreign], Ears]
    save_clipboard: Callable[[], Awaitable[Saved]]
    lock: Callable[[], DisplayLock]
    display: str
    close: Callable[[], None]


class NoEars:
    """Where a program cannot hear other programs' input: the idle time has to do."""

    def listen(self) -> None: ...

    def rest(self) -> None: ...

    def announce(self, kind: int, detail: int) -> None: ...

    def announce_place(self, place: Point) -> None: ...


def chosen(environ: Mapping[str, str]) -> str:
    """The adapter of this platform, or the one that CAPTAIN_PANEL_ADAPTER names."""
    wanted = environ.get("CAPTAIN_PANEL_ADAPTER")
    if wanted is None:
        return X11 if sys.platform.startswith("linux") else GENERIC
    if wanted not in (X11, GENERIC):
        raise CommandError("CAPTAIN_PANEL_ADAPTER", f"takes {X11} or {GENERIC}, not {wanted!r}")
    return wanted


def x11(thread: DesktopThread) -> Platform:
    """Windows have identity, receipts have a sender, the server guards the lock."""
    from panel.screen.x11 import X11Windows, connect
    from panel.screen.x11_input import InputListener
    from panel.screen.x11_owner import DispatcherLock
    from panel.screen.x11_selection import SelectionReader

    system = thread.run_and_wait(X11Windows)
    reader = thread.run_and_wait(SelectionReader)
    listeners: list[InputListener] = []

    def ears(on_foreign: Foreign) -> Ears:
        listeners.append(thread.run_and_wait(InputListener, connect, on_foreign))
        return listeners[-1]

    async def save() -> Saved:
        return await thread.run(reader.read_all)

    def close() -> None:
        for listener in listeners:
            listener.close()
        reader.close()
        system.close()

    return Platform(system, ears, save, DispatcherLock, os.environ.get("DISPLAY", ""), close)


def generic(pointer: Callable[[], Point], desktop: Callable[[], Rect], home: Path) -> Platform:
    """No window is known; see panel.screen.generic."""

    async def save() -> Saved:
        return clipboard_now()

    return Platform(
        GenericWindows(pointer, desktop),
        lambda _told: NoEars(),
        save,
        lambda: LockFile(home / "dispatcher.lock"),
        sys.platform,
        lambda: None,
    )
