"""A key that reaches the panel whatever program has the focus: a grab on the root window.

Used in Qt's thread, over a connection of its own: an event that comes wakes Qt's loop.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import combinations

from PySide6.QtCore import QSocketNotifier
from Xlib import XK, X
from Xlib import error as xerror
from Xlib.display import Display
from Xlib.protocol.rq import Event

from panel.core.errors import EnvironmentFault
from panel.core.keys import Shortcut
from panel.screen.x11 import connect

_KEYSYMS = {"ScrollLock": "Scroll_Lock", "Space": "space"}
_FIXED = {"Ctrl": X.ControlMask, "Shift": X.ShiftMask}
_LOOKED_UP = {"Alt": "Alt_L", "Super": "Super_L"}
_AGAIN_SECONDS = 1.0
"""A key that is kept down repeats itself; within this time it is the same stroke."""


class X11GlobalKey:
    """Holds the grab until `close`; `pressed` is called at each stroke.

    EnvironmentFault when another program holds the key already, or the keyboard has no such key.
    """

    def __init__(
        self, shortcut: Shortcut, pressed: Callable[[], None], name: str | None = None
    ) -> None:
        self._shortcut = shortcut
        self._pressed = pressed
        self._last = float("-inf")
        self._display: Display = connect(name)
        self._root = self._display.screen().root
        self._code = 0
        try:
            self._grab()
        except EnvironmentFault:
            self._display.close()
            raise
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_readable)
        # What came with the answers above lies in the connection's own buffer.
        self._on_readable()

    def close(self) -> None:
        """Gives the key back."""
        self._notifier.setEnabled(False)
        self._notifier.deleteLater()
        self._display.close()

    def _grab(self) -> None:
        key = _KEYSYMS.get(self._shortcut.key, self._shortcut.key)
        keysym = XK.string_to_keysym(key.lower() if len(key) == 1 else key)
        self._code = self._display.keysym_to_keycode(keysym)
        if not self._code:
            raise EnvironmentFault(f"This keyboard has no key for {self._shortcut}.")
        refused = xerror.CatchError(xerror.BadAccess)
        for mask in self._masks():
            self._root.grab_key(
                self._code, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
            )
        self._display.sync()
        if refused.get_error():
            raise EnvironmentFault(
                f"Another program uses {self._shortcut} already: it stops all only while this "
                "window is active.",
                "Choose another key: captain-panel settings set stop_key KEY.",
            )

    def _masks(self) -> Iterator[int]:
        """The modifiers, with each combination of locks that may be on."""
        wanted = 0
        for word in self._shortcut.modifiers:
            wanted |= _FIXED.get(word) or self._modifier(_LOOKED_UP[word])
        locks = {X.LockMask, self._modifier("Num_Lock"), self._modifier("Scroll_Lock")} - {0}
        for count in range(len(locks) + 1):
            for chosen in combinations(sorted(locks), count):
                yield wanted | sum(chosen)

    def _modifier(self, key: str) -> int:
        """The mask of the modifier that this key sets; 0 when it sets none."""
        code = self._display.keysym_to_keycode(XK.string_to_keysym(key))
        for place, codes in enumerate(self._display.get_modifier_mapping()):
            if code and code in codes:
                return 1 << place
        return 0

    def _on_readable(self) -> None:
        try:
            while self._display.pending_events():
                self._take(self._display.next_event())
        except (xerror.ConnectionClosedError, OSError):
            self._notifier.setEnabled(False)

    def _take(self, event: Event) -> None:
        if event.type == X.MappingNotify:
            self._display.refresh_keyboard_mapping(event)
            self._root.ungrab_key(X.AnyKey, X.AnyModifier)
            self._grab_again()
        elif event.type == X.KeyPress:
            # The stroke's own grab would swallow what is typed until it is let go.
            self._display.ungrab_keyboard(X.CurrentTime)
            self._display.flush()
            present = time.monotonic()
            again = present - self._last < _AGAIN_SECONDS
            self._last = present
            if not again:
                self._pressed()

    def _grab_again(self) -> None:
        """Under another layout; a key that is not there now comes back with the next one."""
        try:
            self._grab()
        except EnvironmentFault:
            self._display.flush()
