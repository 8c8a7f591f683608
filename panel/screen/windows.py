"""The protocol of a platform's adapter: which window is where, and bringing one to the front."""

from __future__ import annotations

from typing import Protocol

from panel.core.geometry import Point
from panel.core.target import WindowInfo


class WindowSystem(Protocol):
    """Blocking calls, all made in the driver's thread; times are in milliseconds."""

    @property
    def identifies(self) -> bool:
        """Whether this platform tells one window from another; see panel.screen.generic."""

    def windows(self) -> list[WindowInfo]:
        """All top-level windows, topmost first, minimised ones last."""

    def describe(self, window_id: int) -> WindowInfo | None:
        """The window as it is now; None when it is gone."""

    def window_at(self, point: Point) -> WindowInfo | None:
        """The topmost top-level window that shows this pixel; None is the bare desktop."""

    def shows(self, window_id: int, point: Point) -> bool:
        """Whether `window_at` is this window: the same answer, sooner."""

    def glance(self, window_id: int, offset: Point) -> tuple[WindowInfo | None, bool]:
        """`describe`, and `shows` for the place `offset` from its client area's corner."""

    def activate(self, window_id: int, timeout_ms: int = 1000) -> bool:
        """Raises and activates a window (restores a minimised one); True once it is active."""

    def active_window(self) -> int | None:
        """The id of the active top-level window."""

    def focused_window(self) -> int | None:
        """The id of the top-level window that gets what is typed now."""

    def client_of(self, window_id: int) -> int:
        """A number that two windows share when one program's connection made both."""

    def popups(self, window_id: int) -> frozenset[int]:
        """What the window's own program shows besides, past the window manager: menus, lists of
        completions, tool tips. Empty where that cannot be known."""

    def pointer(self) -> Point:
        """Where the pointer is."""

    def keys_down(self) -> tuple[str, ...]:
        """Names of modifier keys and mouse buttons that are held down now."""

    def idle_ms(self) -> int | None:
        """Since the last input event of anybody, our own included; None when it is not known."""

    def close(self) -> None:
        """Gives the connection back."""
