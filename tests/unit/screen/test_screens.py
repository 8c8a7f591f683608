"""Screens that are plugged in and out while the panel runs, on a display of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from panel.screen.virtual import VirtualDesktop

SMALL = ("--mode", "800x600")
# A dot clock, then four numbers a direction: Xvfb shows anything.
_TIMING = ["0", "800", "800", "800", "800", "600", "600", "600", "600"]
LARGE = ("--mode", "1600x900")

# A process of its own: a Qt application stays with the display that it began with.
_WATCHER = """
import json, sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QGuiApplication
from panel.core.geometry import Rect
from panel.screen.grab import ScreenCamera
from panel.screen.screens import Screens

application = QGuiApplication([])
screens, camera, heard = Screens(), ScreenCamera(), {"changed": 0, "settled": 0}
told = "told" in sys.argv
if told:
    screens.changed.connect(camera.notice_change)
screens.changed.connect(lambda: heard.update(changed=heard["changed"] + 1))
screens.settled.connect(lambda: heard.update(settled=heard["settled"] + 1))

def on_line():
    words = sys.stdin.readline().split()
    if not words:
        application.quit()
        return
    seen = [[s.name, s.rect.x, s.rect.width, s.rect.height] for s in screens.now.screens]
    answer = {"screens": seen}
    if words[0] == "grab":
        picture = camera.grab(Rect(*map(int, words[1:])))
        answer["shape"] = list(picture.shape)
    if told:
        answer["desktop"] = [camera.desktop.width, camera.desktop.height]
    print(json.dumps(answer | heard), flush=True)

notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
notifier.activated.connect(on_line)
print("ready", flush=True)
application.exec()
"""


class Watcher:
    """The process, and the cables of its display."""

    def __init__(self, stack: ExitStack, *options: str) -> None:
        self._display = stack.enter_context(VirtualDesktop((1600, 900))).environment
        self.xrandr("--newmode", "800x600", *_TIMING)
        self.xrandr("--addmode", "screen", "800x600")
        self._stack, self._options = stack, options

    def begin(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WATCHER, *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment(),
        )
        self._stack.callback(self._end)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def xrandr(self, *words: str) -> None:
        subprocess.run(["xrandr", *words], check=True, env=self._environment())

    def ask(self, line: str = "look") -> dict[str, Any]:
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert isinstance(answer, dict)
        return answer

    def await_answer(self, **wanted: object) -> dict[str, Any]:
        from tests.waiting import until

        def found() -> dict[str, Any] | None:
            answer = self.ask()
            return answer if all(answer[name] == value for name, value in wanted.items()) else None

        answer = until(found, f"{wanted}")
        assert answer is not None
        return answer

    def _environment(self) -> dict[str, str]:
        import os

        return os.environ | self._display

    def _end(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(10) == 0
        self._process.stdout.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def test_screens_are_noticed_as_they_come_and_go(stack: ExitStack) -> None:
    watcher = Watcher(stack, "told")
    watcher.begin()
    assert watcher.ask()["screens"] == [["screen", 0, 1600, 900]]
    watcher.xrandr("--setmonitor", "left", "800/254x900/285+0+0", "screen")
    watcher.xrandr("--setmonitor", "right", "800/254x900/285+800+0", "none")
    both = [["left", 0, 800, 900], ["right", 800, 800, 900]]
    answer = watcher.await_answer(screens=both, settled=1)
    assert answer["changed"] >= 2, "each change is told at once, their end once"
    watcher.xrandr("--delmonitor", "right")
    watcher.await_answer(screens=both[:1], settled=2)


def test_a_camera_that_is_told_sees_the_new_screen(stack: ExitStack) -> None:
    watcher = Watcher(stack, "told")
    watcher.xrandr("--output", "screen", *SMALL)
    watcher.begin()
    assert watcher.ask()["desktop"] == [800, 600]
    watcher.xrandr("--output", "screen", *LARGE)
    watcher.await_answer(desktop=[1600, 900])
    assert watcher.ask("grab 0 0 1600 900")["shape"] == [900, 1600, 3], "larger than at its start"
    watcher.xrandr("--output", "screen", *SMALL)
    watcher.await_answer(desktop=[800, 600])
    assert watcher.ask("grab 700 500 300 300")["shape"] == [100, 100, 3]


def test_a_camera_that_is_not_told_finds_out(stack: ExitStack) -> None:
    from tests.waiting import until

    watcher = Watcher(stack)
    watcher.xrandr("--output", "screen", *SMALL)
    watcher.begin()
    watcher.xrandr("--output", "screen", *LARGE)
    until(lambda: watcher.ask("grab 1000 700 64 64")["shape"] == [64, 64, 3])
    watcher.xrandr("--output", "screen", *SMALL)
    until(lambda: watcher.ask("grab 1000 700 64 64")["shape"] == [0, 0, 3])
