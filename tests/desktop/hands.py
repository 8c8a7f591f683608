"""The operator in the tests: a second client with its own pointer and keys (XTest)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X
from Xlib.ext import xtest

from tests.desktop.wm import Eyes

_NAMES = {
    "ctrl": "Control_L",
    "shift": "Shift_L",
    "alt": "Alt_L",
    "super": "Super_L",
    "enter": "Return",
    "tab": "Tab",
    "esc": "Escape",
    "backspace": "BackSpace",
    "delete": "Delete",
    "insert": "Insert",
    "space": "space",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "home": "Home",
    "end": "End",
    "menu": "Menu",
}
_SIGNS = {"\n": "Return", "\t": "Tab"}


class Operator(Eyes):
    """Sees (Eyes), and moves, clicks and types like a person at this desktop would."""

    def pointer(self) -> tuple[int, int]:
        found = self.root.query_pointer()
        return int(found.root_x), int(found.root_y)

    def move(self, x: int, y: int) -> None:
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()

    def click(self, x: int | None = None, y: int | None = None, *, button: int = 1) -> None:
        """A click, at the pointer's place when no other is given.

        The window manager holds a click back until it has raised the window; keys struck at once
        after it overtake it. Wait until the click has arrived before typing.
        """
        if x is not None and y is not None:
            self.move(x, y)
        xtest.fake_input(self.display, X.ButtonPress, button)
        xtest.fake_input(self.display, X.ButtonRelease, button)
        self.display.sync()

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.move(*start)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        for part in (0.3, 0.7, 1.0):
            x, y = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
            self.move(x, y)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()

    def press(self, chord: str) -> None:
        """Keys such as "ctrl+shift+c", "enter", "F8", "a", down in order and up in reverse."""
        codes = [self._code(self._keysym(name)) for name in chord.split("+")]
        self._strike([], codes)

    def type(self, text: str) -> None:
        """Text of the keyboard's layout (ASCII), key by key; a newline is the Enter key."""
        for sign in text:
            keysym = XK.string_to_keysym(_SIGNS[sign]) if sign in _SIGNS else ord(sign)
            code = self._code(keysym)
            shifted = self.display.keycode_to_keysym(code, 0) != keysym
            held = [self._code(XK.string_to_keysym("Shift_L"))] if shifted else []
            self._strike(held, [code])

    @contextmanager
    def holding(self, key: str) -> Iterator[None]:
        """Holds a key (such as "ctrl") down meanwhile."""
        code = self._code(self._keysym(key))
        xtest.fake_input(self.display, X.KeyPress, code)
        self.display.sync()
        try:
            yield
        finally:
            xtest.fake_input(self.display, X.KeyRelease, code)
            self.display.sync()

    def keys_down(self) -> list[int]:
        """The key codes that the server believes to be down now."""
        keymap = self.display.query_keymap()
        return [code for code in range(8, 256) if keymap[code // 8] >> (code % 8) & 1]

    def release_all(self) -> list[int]:
        """Lifts whatever is down, and tells what it was."""
        down = self.keys_down()
        for code in down:
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()
        return down

    def _strike(self, held: list[int], codes: list[int]) -> None:
        for code in held + codes:
            xtest.fake_input(self.display, X.KeyPress, code)
        for code in reversed(held + codes):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def _keysym(self, name: str) -> int:
        return int(XK.string_to_keysym(_NAMES.get(name.lower(), name)))

    def _code(self, keysym: int) -> int:
        code = int(self.display.keysym_to_keycode(keysym))
        if code == 0:
            raise ValueError(f"no key of this layout has the keysym {keysym:#x}")
        return code
