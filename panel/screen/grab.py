"""Pictures of the desktop, taken in the driver's thread without Qt."""

from __future__ import annotations

import time
from typing import Any, Protocol

import cv2
import mss
import numpy as np
from mss.exception import ScreenShotError

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Rect
from panel.screen.fingerprint import Pixels

_TRUSTED_SECONDS = 1.0


class Camera(Protocol):
    """Takes pictures of native rectangles."""

    def grab(self, rect: Rect) -> Pixels:
        """The pixels of `rect` that lie on the desktop; see panel.screen.fingerprint.

        Raises EnvironmentFault when the display gives no picture.
        """


class ScreenCamera:
    """Camera over mss; used in one thread only, but for `notice_change`."""

    def __init__(self) -> None:
        self._stale = False
        self._open()

    @property
    def desktop(self) -> Rect:
        """All screens together."""
        if self._stale:
            self._open_again()
        return self._desktop

    def grab(self, rect: Rect) -> Pixels:
        part = rect.intersection(self.desktop)
        if part != rect and time.monotonic() - self._opened > _TRUSTED_SECONDS:
            # Also where nobody told of a change: this part may be on a screen that is new.
            self._open_again()
            part = rect.intersection(self._desktop)
        if part.empty:
            return np.zeros((0, 0, 3), np.uint8)
        try:
            return self._picture(part)
        except ScreenShotError:
            self._open_again()  # a screen that is gone
        part = rect.intersection(self._desktop)
        if part.empty:
            return np.zeros((0, 0, 3), np.uint8)
        try:
            return self._picture(part)
        except ScreenShotError as fault:
            raise EnvironmentFault(f"The display gives no pictures: {fault}.") from fault

    def notice_change(self) -> None:
        """Screens were plugged in or out; may be called in any thread."""
        self._stale = True

    def close(self) -> None:
        self._mss.close()

    def _picture(self, part: Rect) -> Pixels:
        area = {"left": part.x, "top": part.y, "width": part.width, "height": part.height}
        shot = self._mss.grab(area)
        image = np.frombuffer(shot.bgra, np.uint8).reshape(shot.height, shot.width, 4)
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2BGR), np.uint8)

    def _open_again(self) -> None:
        """mss knows the screens and the size of its buffer from its start."""
        self._mss.close()
        self._open()

    def _open(self) -> None:
        self._stale, self._opened = False, time.monotonic()
        try:
            self._mss: Any = mss.MSS()
            area = self._mss.monitors[0]
        except ScreenShotError as fault:
            raise EnvironmentFault(f"The display gives no pictures: {fault}.") from fault
        self._desktop = Rect(area["left"], area["top"], area["width"], area["height"])
