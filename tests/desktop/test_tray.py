"""The icon in a real tray, which may come after the window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from panel.core.geometry import Rect
from panel.screen.grab import ScreenCamera
from panel.store.location import Location
from tests.desktop.hands import Operator
from tests.desktop.test_stepping_aside import session
from tests.event_loop import Aio
from tests.waiting import until

_HOST = Path(__file__).with_name("tray_host.py")
_ICON = Rect(40, 40, 24, 24)
_GREEN, _AMBER = (0x1A, 0x6B, 0x32), (0x7F, 0x52, 0x00)


@contextmanager
def tray() -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, str(_HOST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as host:
        assert host.stdin is not None and host.stdout is not None
        assert host.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            host.stdin.close()
            host.wait(10)


def _shows(colour: tuple[int, int, int]) -> bool:
    camera = ScreenCamera()
    try:
        picture = camera.grab(_ICON)
    finally:
        camera.close()
    apart = np.abs(picture[..., :3].astype(int) - np.array(colour[::-1])).max(axis=2)
    return int((apart < 40).sum()) >= 8


@pytest.mark.slow
def test_the_icon_shows_the_state_and_opens_the_window(
    aio: Aio, location: Location, operator: Operator
) -> None:
    with session(aio, location) as window:
        window.move(500, 200)
        with tray():
            until(lambda: _shows(_GREEN), "the icon with its green mark")
            window.strip.pause_button.click()
            until(lambda: _shows(_AMBER), "the amber mark")
            window.showMinimized()
            until(window.isMinimized, "the window to go")
            operator.click(52, 52)
            until(lambda: not window.isMinimized() and window.isActiveWindow(), "the window")
