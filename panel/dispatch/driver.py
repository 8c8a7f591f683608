"""Pointer and keys. The only module that imports PyAutoGUI."""

from __future__ import annotations

import sys
import time
import types
import warnings
from typing import Any, Protocol

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point

_BUTTON_PRESS, _BUTTON_RELEASE = 4, 5  # X11's numbers of these events


class Driver(Protocol):
    """Blocking input calls, all made in the driver's thread."""

    @property
    def last_event(self) -> float:
        """time.monotonic() of our own latest input event; 0 before the first."""

    def position(self) -> Point:
        """Where the pointer is, native."""

    def move(self, point: Point) -> None:
        """Puts the pointer on a native pixel."""

    def click(self) -> None:
        """Presses and releases the left button where the pointer is."""

    def press(self, chord: str) -> None:
        """Presses and releases keys such as `ctrl+v`, all or nothing."""

    def release(self, chord: str) -> None:
        """Releases the keys of a chord that an interrupted process may have left down."""


class Announced(Protocol):
    """Whoever tells our own events from others' hears of ours before they are made."""

    def announce(self, kind: int, detail: int) -> None:
        """A key or button event: X11's number of its kind, and the key's code or the button."""

    def announce_place(self, place: Point) -> None:
        """The pointer will be there."""


class PyAutoGuiDriver:
    """Driver over PyAutoGUI, without its pauses.

    Its own fail-safe is off: it looks at four single pixels and makes every later call raise. The
    delivery itself stops when the pointer is moved away or a key is held (see dispatch.delivery).
    """

    def __init__(self) -> None:
        self._gui = _load()
        self._last_event = 0.0
        self._told: Announced | None = None

    def announce_to(self, told: Announced) -> None:
        """Tells of every event before it is made."""
        self._told = told

    @property
    def last_event(self) -> float:
        return self._last_event

    def position(self) -> Point:
        found = self._gui.position()
        return Point(int(found.x), int(found.y))

    def move(self, point: Point) -> None:
        if self._told is not None:
            self._told.announce_place(point)
        self._gui.moveTo(point.x, point.y, _pause=False)
        self._last_event = time.monotonic()

    def click(self) -> None:
        self._announce((_BUTTON_PRESS, 1), (_BUTTON_RELEASE, 1))
        self._gui.click(_pause=False)
        self._last_event = time.monotonic()

    def press(self, chord: str) -> None:
        keys = chord.split("+")
        if not self._press_at_once(keys):
            try:
                for key in keys:
                    self._gui.keyDown(key, _pause=False)
            finally:
                for key in reversed(keys):
                    self._gui.keyUp(key, _pause=False)
        self._last_event = time.monotonic()

    def release(self, chord: str) -> None:
        for key in reversed(chord.split("+")):
            self._gui.keyUp(key, _pause=False)
        self._last_event = time.monotonic()

    def _announce(self, *events: tuple[int, int]) -> None:
        for event in events if self._told is not None else ():
            self._told.announce(*event)  # type: ignore[union-attr]

    def _press_at_once(self, keys: list[str]) -> bool:
        """On X11, all events of a chord in one write to the server.

        WORKAROUND(pyautogui 0.9.54): hotkey() waits for the server after every event, so a process
        that is killed in between leaves Ctrl down for the whole desktop; remove when it does not.
        """
        platform = self._gui.platformModule
        display = getattr(platform, "_display", None)
        if display is None:
            return False
        from Xlib import X
        from Xlib.ext import xtest

        codes = [platform.keyboardMapping[key] for key in keys]
        if any(code is None for code in codes):
            raise EnvironmentFault(f"The keyboard has no key for {'+'.join(keys)}.")
        self._announce(*((kind, code) for kind in (X.KeyPress, X.KeyRelease) for code in codes))
        for code in codes:
            xtest.fake_input(display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(display, X.KeyRelease, code)
        display.sync()
        return True


def _load() -> Any:
    """PyAutoGUI, imported when it is first needed, after the application object was made."""
    # WORKAROUND(pyautogui 0.9.54): its import of mouseinfo ends the process where tkinter is
    # missing; nothing of it is needed here. Remove when the import is optional.
    sys.modules.setdefault("mouseinfo", types.ModuleType("mouseinfo"))
    try:
        with warnings.catch_warnings():
            # WORKAROUND(pyscreeze 1.0.1): its import leaves pipes open; remove when it does not.
            warnings.simplefilter("ignore", ResourceWarning)
            import pyautogui
    except (KeyError, OSError, ImportError) as fault:
        raise EnvironmentFault(
            f"The pointer cannot be moved here ({fault}).",
            "Start the panel from a desktop session.",
        ) from fault
    except Exception as fault:
        if type(fault).__module__.startswith("Xlib"):
            raise EnvironmentFault(f"No display can be used ({fault}).") from fault
        raise
    pyautogui.PAUSE = 0
    pyautogui.FAILSAFE = False
    pyautogui.DARWIN_CATCH_UP_TIME = 0.01
    return pyautogui
