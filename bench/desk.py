"""A desktop of the benchmark's own: nothing on the operator's screen moves."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panel.core.desktop import CalibrationRequest
from panel.core.geometry import Point, ScreenLayout
from panel.core.target import Target, TargetKind
from panel.screen.calibration import Calibrator
from panel.screen.fingerprint import changed
from panel.screen.grab import ScreenCamera
from panel.screen.virtual import VirtualDesktop
from panel.screen.x11 import X11Windows
from tests.desktop.chromium import ChatOptions, Chromium, ChromiumAgent
from tests.desktop.hands import Operator
from tests.desktop.wm import Geometry
from tests.waiting import until

SIZE = (1920, 1080)
WATCH_SECONDS = 1.1
"""Longer than a caret's blink in Chromium, Qt and xterm."""
_CARET_PIXELS = 60
_STILL_FRAMES = 3
_FRAME_SECONDS = 0.02
_FORGOTTEN = ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "WAYLAND_DISPLAY", "QT_FONT_DPI")


@dataclass
class BenchDesk:
    """The panel's own eyes and calibration, beside the operator's and a browser."""

    operator: Operator
    system: X11Windows
    camera: ScreenCamera
    chromium: Chromium
    folder: Path
    closing: contextlib.ExitStack

    def chat(self, options: ChatOptions, geometry: Geometry) -> ChromiumAgent:
        chat = self.chromium.open(self.operator, options, geometry)
        self.closing.callback(chat.close)
        return chat

    def await_still(self) -> None:
        """Returns when the desktop has stopped changing, but for a caret."""
        last = self.camera.grab(self.camera.desktop)
        same = 0

        def still() -> bool:
            nonlocal last, same
            time.sleep(_FRAME_SECONDS)
            frame = self.camera.grab(self.camera.desktop)
            same = same + 1 if changed(last, frame) <= _CARET_PIXELS else 0
            last = frame
            return same >= _STILL_FRAMES

        until(still, "the desktop to be still")

    def calibrate(self, agent: str, point: tuple[int, int]) -> Target:
        """As the panel does it for a point; the landmark and the box are the proposed ones."""
        self.await_still()
        calibrator = Calibrator(
            self.system,
            self.camera,
            lambda at: self.operator.click(at.x, at.y),
            os.getpid(),
            WATCH_SECONDS,
        )
        request = CalibrationRequest(agent, TargetKind.CHAT, Point(*point))
        return calibrator.calibrate(request, ScreenLayout(()), self.camera.desktop)


@contextlib.contextmanager
def bench_desk() -> Iterator[BenchDesk]:
    """A virtual desktop with all of it; DISPLAY names it meanwhile."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="panel-bench-")))
        stack.enter_context(display_of(SIZE, folder))
        operator = Operator()
        stack.callback(operator.close)
        system, camera = X11Windows(), ScreenCamera()
        stack.callback(system.close)
        stack.callback(camera.close)
        browser = Chromium()
        stack.callback(browser.close)
        closing = stack.enter_context(contextlib.ExitStack())
        yield BenchDesk(operator, system, camera, browser, folder, closing)


@contextlib.contextmanager
def display_of(size: tuple[int, int], home: Path) -> Iterator[dict[str, str]]:
    """A virtual display that this process's environment names until the end."""
    before = dict(os.environ)
    with VirtualDesktop(size) as desktop:
        for name in _FORGOTTEN:
            os.environ.pop(name, None)
        os.environ.update(
            desktop.environment,
            HOME=str(home),
            CAPTAIN_PANEL_HOME=str(home / "panel"),
            QT_QPA_PLATFORM="xcb",
            NO_AT_BRIDGE="1",
            LC_ALL="C.UTF-8",
        )
        try:
            yield desktop.environment
        finally:
            os.environ.clear()
            os.environ.update(before)
