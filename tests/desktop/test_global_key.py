"""The key that stops all, struck in another program's window."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import QApplication
from Xlib import X
from Xlib.display import Display

from panel.core.errors import EnvironmentFault
from panel.core.keys import Shortcut, parse_shortcut
from panel.screen.x11_global_key import X11GlobalKey
from tests.desktop.conftest import OpenWindow
from tests.desktop.hands import Operator
from tests.waiting import until

_LOCKS = {"none": 0, "Caps_Lock": X.LockMask, "Num_Lock": X.Mod2Mask}


def shortcut(text: str = "Ctrl+Alt+Shift+S") -> Shortcut:
    found = parse_shortcut(text)
    assert found is not None
    return found


@contextmanager
def grabbed(text: str = "Ctrl+Alt+Shift+S") -> Iterator[list[str]]:
    """What is yielded grows by one at each stroke."""
    strokes: list[str] = []
    key = X11GlobalKey(shortcut(text), lambda: strokes.append(text))
    try:
        yield strokes
    finally:
        key.close()


@contextmanager
def locked(operator: Operator, key: str) -> Iterator[None]:
    """Caps Lock or Num Lock on meanwhile."""
    if key == "none":
        yield
        return
    operator.press(key)
    until(lambda: operator.root.query_pointer().mask & _LOCKS[key], f"{key} on")
    try:
        yield
    finally:
        operator.press(key)
        until(lambda: not operator.root.query_pointer().mask & _LOCKS[key], f"{key} off")


@pytest.mark.parametrize("lock", _LOCKS)
def test_it_is_heard_whatever_has_the_focus(
    qapp: QApplication, operator: Operator, open_window: OpenWindow, lock: str
) -> None:
    other = open_window("My work", geometry=(300, 200, 500, 400))
    other.eyes.activate(other.window)
    with grabbed() as strokes, locked(operator, lock):
        operator.press("ctrl+alt+shift+s")
        until(lambda: strokes, "the stroke")
        # What is typed next belongs to the other program again.
        operator.type("x")
        until(lambda: any(event.get("name") == "x" for event in other.events), "the x")
    assert strokes == ["Ctrl+Alt+Shift+S"]
    assert not any(str(event.get("name")).lower() == "s" for event in other.events)


def test_without_the_grab_the_key_belongs_to_the_program(
    qapp: QApplication, operator: Operator, open_window: OpenWindow
) -> None:
    other = open_window("My work", geometry=(300, 200, 500, 400))
    other.eyes.activate(other.window)
    with grabbed() as strokes:
        pass
    operator.press("ctrl+alt+shift+s")
    until(lambda: any(event.get("name") == "s" for event in other.events), "the s")
    assert strokes == []


def test_a_key_that_is_kept_down_is_one_stroke(qapp: QApplication, operator: Operator) -> None:
    with grabbed("F9") as strokes:
        with operator.holding("F9"):
            until(lambda: strokes, "the stroke")
            # The server repeats it from 0.66 s on, 25 times a second.
            end = time.monotonic() + 1.2
            until(lambda: time.monotonic() > end)
        until(lambda: not operator.keys_down(), "the key up")
    assert strokes == ["F9"]


_HOLDER = """
import sys
from PySide6.QtCore import QCoreApplication
from panel.core.keys import parse_shortcut
from panel.screen.x11_global_key import X11GlobalKey
application = QCoreApplication([])
key = X11GlobalKey(parse_shortcut(sys.argv[1]), lambda: None)
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_key_that_another_program_holds_is_told_in_words(qapp: QApplication) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, "Ctrl+Alt+F7"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(EnvironmentFault, match=r"Another program uses Ctrl\+Alt\+F7 already"):
            X11GlobalKey(shortcut("Ctrl+Alt+F7"), lambda: None)
        other.stdin.close()
        other.wait(10)
    with grabbed("Ctrl+Alt+F7"):
        pass


def test_it_follows_the_keyboards_layout(qapp: QApplication, operator: Operator) -> None:
    """The S moves to the place of the D, and back."""
    display = Display()
    old_s, old_d = (display.keysym_to_keycode(ord(letter)) for letter in "sd")
    rows = display.get_keyboard_mapping(min(old_s, old_d), abs(old_s - old_d) + 1)
    swapped = [rows[-1], *rows[1:-1], rows[0]]
    try:
        with grabbed() as strokes:
            display.change_keyboard_mapping(min(old_s, old_d), swapped)
            display.sync()

            def struck() -> bool:
                held = [operator._code(operator._keysym(key)) for key in ("ctrl", "alt", "shift")]
                operator._strike(held, [old_d])
                return bool(strokes)

            until(struck, "the stroke at its new place")
    finally:
        display.change_keyboard_mapping(min(old_s, old_d), rows)
        display.sync()
        display.close()
