"""The tests' own eyes on X: which windows there are, asked without any code of panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mss
import mss.tools
from Xlib import X, Xutil, protocol
from Xlib.display import Display
from Xlib.error import BadWindow

from tests.waiting import SECONDS, until

_CELL = 20  # no terminal's letters are larger here
_BORDER = 1  # of its own that a terminal's window has, counted as part of its place
Geometry = tuple[int, int, int, int]


class Eyes:
    """A second X client that looks at windows and asks the window manager for things."""

    def __init__(self) -> None:
        self.display = Display()
        self.root = self.display.screen().root

    def close(self) -> None:
        self.display.close()

    def windows(self) -> list[int]:
        """The window manager's clients, lowest first."""
        return [int(window) for window in self._property(self.root, "_NET_CLIENT_LIST_STACKING")]

    def active(self) -> int | None:
        found = self._property(self.root, "_NET_ACTIVE_WINDOW")
        return int(found[0]) or None if len(found) else None

    def title(self, window: int) -> str:
        return self._text(window, "_NET_WM_NAME") or self._text(window, "WM_NAME")

    def window_class(self, window: int) -> tuple[str, str]:
        """Instance and class of WM_CLASS."""
        first, _, second = self._text(window, "WM_CLASS").partition("\0")
        return first, second.rstrip("\0")

    def pid(self, window: int) -> int | None:
        found = self._property(self._window(window), "_NET_WM_PID")
        return int(found[0]) if len(found) else None

    def exists(self, window: int) -> bool:
        return window in self.windows()

    def visible(self, window: int) -> bool:
        """Mapped, with all its parents: a minimised window is not."""
        try:
            return int(self._window(window).get_attributes().map_state) == X.IsViewable
        except BadWindow:
            return False

    def geometry(self, window: int) -> Geometry:
        """x, y, width and height of the client area, in native pixels of the desktop."""
        found = self._window(window)
        size = found.get_geometry()
        place = found.translate_coords(self.root, 0, 0)
        return -int(place.x), -int(place.y), int(size.width), int(size.height)

    def top_at(self, x: int, y: int) -> int | None:
        """The window whose pixels show here: a client (its frame counts), or one unmanaged."""
        top = self.root.translate_coords(self.root, x, y).child
        if not top:
            return None
        held = [top, *top.query_tree().children]
        managed = set(self.windows())
        return next((int(window.id) for window in held if window.id in managed), int(top.id))

    def contains(self, window: int, inner: int) -> bool:
        """Whether `inner` is a child of `window`, at any depth."""
        try:
            current = self._window(inner)
            while current and current != self.root:
                if current.id == window:
                    return True
                current = current.query_tree().parent
        except BadWindow:
            return False
        return False

    def find(self, title: str) -> list[int]:
        """Windows with exactly this title."""
        return [window for window in self.windows() if self.title(window) == title]

    def await_window(
        self, title: str, *, besides: list[int] | None = None, seconds: float = SECONDS
    ) -> int:
        """The window with this title that is not in `besides`, once it is managed and visible."""
        known = set(besides or ())

        def appeared() -> int | None:
            new = [window for window in self.find(title) if window not in known]
            return next((window for window in new if self.visible(window)), None)

        found = until(appeared, f"a window titled {title!r}", seconds=seconds)
        assert found is not None
        return found

    def activate(self, window: int) -> None:
        """Asks as a pager would, and waits until it is so."""
        self._ask(window, "_NET_ACTIVE_WINDOW", [2, X.CurrentTime, 0])

        def arrived() -> bool:
            # One that was minimised just now may still be called the active one.
            return self.active() == window and self.visible(window)

        until(arrived, f"window {window:#x} to become active")

    def place(self, window: int, geometry: Geometry) -> None:
        """Moves and resizes the client area; terminals round their size to whole cells."""
        x, y, width, height = geometry
        flags = X.StaticGravity | 0b1111 << 8 | 2 << 12
        self._ask(window, "_NET_MOVERESIZE_WINDOW", [flags, x, y, width, height])

        def arrived() -> bool:
            now = self.geometry(window)
            sides = zip(now, geometry, (_BORDER, _BORDER, _CELL - 1, _CELL - 1), strict=True)
            return all(abs(is_now - wanted) <= apart for is_now, wanted, apart in sides)

        until(arrived, f"window {window:#x} at {geometry}")

    def minimise(self, window: int) -> None:
        self._ask(window, "WM_CHANGE_STATE", [Xutil.IconicState])
        until(lambda: not self.visible(window), f"window {window:#x} to be minimised")

    def withdraw(self, window: int) -> None:
        """Takes it off the desktop as if its program had: the window manager forgets it."""
        self._window(window).unmap()
        event = protocol.event.UnmapNotify(
            window=self._window(window), event=self.root, from_configure=False
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self.root.send_event(event, event_mask=mask)
        self.display.sync()
        until(lambda: not self.exists(window), f"window {window:#x} to be withdrawn")

    def close_window(self, window: int) -> None:
        """Asks it to close, as the button in its frame does, and waits until it is gone."""
        self._ask(window, "_NET_CLOSE_WINDOW", [X.CurrentTime, 2])
        until(lambda: not self.exists(window), f"window {window:#x} to close")

    def set_above(self, window: int, above: bool = True) -> None:
        """Always on top, or no longer."""
        state = self.display.intern_atom("_NET_WM_STATE_ABOVE")
        self._ask(window, "_NET_WM_STATE", [int(above), state, 0, 2])

    def picture(self, file: Path, region: Geometry | None = None) -> Path:
        """A PNG of the desktop, or of a part of it; for people who look at a failed test."""
        with mss.MSS() as grabber:
            area = grabber.monitors[0]
            if region is not None:
                area = dict(zip(("left", "top", "width", "height"), region, strict=True))
            shot = grabber.grab(area)
        mss.tools.to_png(shot.rgb, shot.size, output=str(file))
        return file

    def _window(self, window: int) -> Any:
        return self.display.create_resource_object("window", window)

    def _property(self, window: Any, name: str) -> Any:
        try:
            found = window.get_full_property(self.display.intern_atom(name), X.AnyPropertyType)
        except BadWindow:
            return []
        return [] if found is None else found.value

    def _text(self, window: int, name: str) -> str:
        value = self._property(self._window(window), name)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else "".join(value)

    def _ask(self, window: int, name: str, data: list[int]) -> None:
        event = protocol.event.ClientMessage(
            window=self._window(window),
            client_type=self.display.intern_atom(name),
            data=(32, (data + [0] * 5)[:5]),
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self.root.send_event(event, event_mask=mask)
        self.display.sync()
