"""The adapter for platforms that tell nothing about other programs' windows.

The whole desktop counts as one window without identity. What tells one agent from another is then
the anchor alone: it is always strict here (see screen.calibration), and only the composer's proof
can show that a text arrived.
"""

from __future__ import annotations

from collections.abc import Callable

from panel.core.geometry import Point, Rect
from panel.core.target import WindowIdentity, WindowInfo

DESKTOP_ID = 0


class GenericWindows:
    """WindowSystem without windows. `pointer` and `desktop` are asked in the driver's thread."""

    identifies = False

    def __init__(self, pointer: Callable[[], Point], desktop: Callable[[], Rect]) -> None:
        self._pointer = pointer
        self._desktop = desktop

    def windows(self) -> list[WindowInfo]:
        return [self._whole()]

    def describe(self, window_id: int) -> WindowInfo | None:
        return self._whole() if window_id == DESKTOP_ID else None

    def window_at(self, point: Point) -> WindowInfo | None:
        whole = self._whole()
        return whole if whole.rect.contains(point) else None

    def shows(self, window_id: int, point: Point) -> bool:
        return window_id == DESKTOP_ID and self._whole().rect.contains(point)

    def glance(self, window_id: int, offset: Point) -> tuple[WindowInfo | None, bool]:
        info = self.describe(window_id)
        return info, info is not None and self.shows(window_id, info.rect.top_left + offset)

    def activate(self, window_id: int, timeout_ms: int = 1000) -> bool:
        """Nothing can be raised: the click itself brings a visible window to the front."""
        return window_id == DESKTOP_ID

    def active_window(self) -> int | None:
        return None

    def focused_window(self) -> int | None:
        return DESKTOP_ID

    def client_of(self, window_id: int) -> int:
        return DESKTOP_ID

    def popups(self, window_id: int) -> frozenset[int]:
        return frozenset()

    def pointer(self) -> Point:
        return self._pointer()

    def keys_down(self) -> tuple[str, ...]:
        return ()

    def idle_ms(self) -> int | None:
        return None

    def close(self) -> None:
        """Nothing is open."""

    def _whole(self) -> WindowInfo:
        identity = WindowIdentity(DESKTOP_ID, None, None, "", "the desktop")
        return WindowInfo(identity, self._desktop())
