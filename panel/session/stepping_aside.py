"""The panel's own windows leave the screen while somebody looks at the agents' windows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from panel.core.geometry import Rect
from panel.core.target import WindowInfo
from panel.screen.fingerprint import Pixels
from panel.session.desk import Desk

_LOOK_SECONDS = 0.04
# How long the uncovered part has to look the same: by then its programs have painted it again.
_STILL_SECONDS = 0.16
# A caret or a film never rests.
_LONGEST_SECONDS = 1.5
_LOOKS = int(_LONGEST_SECONDS / _LOOK_SECONDS)


@contextlib.asynccontextmanager
async def aside(desk: Desk) -> AsyncIterator[None]:
    """Hides all windows of this process; they come back as they were, the active one in front.

    What lay below them is painted again when the body begins.
    """
    hidden = [_Hidden(widget) for widget in _own_windows()]
    active = QApplication.activeWindow()
    places = [info.rect for info in await _seen(desk)]
    for each in hidden:
        each.widget.hide()
    try:
        if hidden:
            await _until_gone(desk)
            await _until_still(desk, places)
        yield
    finally:
        back = [each for each in hidden if each.come_back()]
        if any(each.widget is active for each in back):
            assert active is not None
            await _bring_to_front(desk, int(active.winId()))


class _Hidden:
    """A window that was hidden; it may be deleted meanwhile."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget
        self._there = True
        self._place: QRect | None = None
        if not widget.windowState() & (
            Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen
        ):
            self._place = widget.geometry()
        widget.destroyed.connect(self._on_destroyed)

    def _on_destroyed(self) -> None:
        self._there = False

    def come_back(self) -> bool:
        """Shows it where it was: otherwise the window manager would look for a place anew."""
        if not self._there:
            return False
        self.widget.destroyed.disconnect(self._on_destroyed)
        if self._place is not None:
            self.widget.setGeometry(self._place)
        self.widget.show()
        return True


def _own_windows() -> list[QWidget]:
    """The windows that are shown, those that others belong to first."""
    kinds = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Tool)
    shown = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() and not widget.isMinimized() and widget.windowType() in kinds
    ]
    return sorted(shown, key=lambda widget: widget.parentWidget() is not None)


async def _seen(desk: Desk) -> list[WindowInfo]:
    """Our windows as the X server has them."""
    return [
        info
        for info in await desk.desktop.windows()
        if info.identity.pid == os.getpid() and not info.minimised and not info.rect.empty
    ]


async def _until_gone(desk: Desk) -> None:
    for _look in range(_LOOKS):
        if not await _seen(desk):
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _bring_to_front(desk: Desk, window_id: int) -> None:
    """Once the window manager has it again: before, it would not hear of it."""
    for _look in range(_LOOKS):
        if any(info.identity.window_id == window_id for info in await _seen(desk)):
            await desk.desktop.activate(window_id)
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _until_still(desk: Desk, places: list[Rect]) -> None:
    def look() -> list[Pixels]:
        return [camera.grab(place) for place in places]

    camera = desk.tools.camera
    limit = time.monotonic() + _LONGEST_SECONDS
    last, since = await desk.thread.run(look), time.monotonic()
    while time.monotonic() < min(limit, since + _STILL_SECONDS):
        await asyncio.sleep(_LOOK_SECONDS)
        now = await desk.thread.run(look)
        if not all(map(np.array_equal, last, now)):
            last, since = now, time.monotonic()
