"""Pictures of the desktop, taken in the driver's thread without Qt."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import mss
import numpy as np
from mss.exception import ScreenShotError

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Rect
from panel.screen.fingerprint import Pixels


class Camera(Protocol):
    """Takes pictures of native rectangles."""

    def grab(self, rect: Rect) -> Pixels:
        """The pixels of `rect` that lie on the desktop; see panel.screen.fingerprint.

        Raises EnvironmentFault when the display gives no picture.
        """


class ScreenCamera:
    """Camera over mss; one thread only."""

    def __init__(self) -> None:
        try:
            self._mss: Any = mss.MSS()
        except ScreenShotError as fault:
            raise EnvironmentFault(f"The display gives no pictures: {fault}.") from fault

    @property
    def desktop(self) -> Rect:
        """All screens together."""
        area = self._mss.monitors[0]
        return Rect(area["left"], area["top"], area["width"], area["height"])

    def grab(self, rect: Rect) -> Pixels:
        part = rect.intersection(self.desktop)
        if part.empty:
            return np.zeros((0, 0, 3), np.uint8)
        area = {"left": part.x, "top": part.y, "width": part.width, "height": part.height}
        try:
            shot = self._mss.grab(area)
        except ScreenShotError as fault:
            raise EnvironmentFault(f"The display gives no pictures: {fault}.") from fault
        image = np.frombuffer(shot.bgra, np.uint8).reshape(shot.height, shot.width, 4)
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2BGR), np.uint8)

    def close(self) -> None:
        self._mss.close()
