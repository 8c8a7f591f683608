"""The X11 adapter: windows through the window manager's properties (EWMH), read back each time."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TypeVar

from Xlib import X, Xatom, Xutil
from Xlib import error as xerror
from Xlib.display import Display
from Xlib.protocol import event as xevent
from Xlib.xobject.drawable import Window

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point
from panel.core.target import WindowIdentity, WindowInfo
from panel.screen.process import program_name, start_time
from panel.screen.waiting import until
from panel.screen.x11_idle import IdleCounter
from panel.screen.x11_popups import Popups
from panel.screen.x11_questions import GONE, Described, Questions

T = TypeVar("T")

_MODIFIERS = (
    (X.ShiftMask, "Shift"),
    (X.ControlMask, "Ctrl"),
    (X.Mod1Mask, "Alt"),
    (X.Mod4Mask, "Super"),
    (X.Button1Mask, "left button"),
    (X.Button2Mask, "middle button"),
    (X.Button3Mask, "right button"),
)
_FAMILY_LOCAL = 256
_SOURCE_PAGER = 2
_REMEMBERED = 256


def prepare_authority(folder: Path) -> None:
    """Names an X authority file with an entry for no display where there is none, or an empty one.

    WORKAROUND(python3-xlib 0.15): it raises when ~/.Xauthority is missing instead of connecting
    without one, and prints a warning to stdout when it is empty; remove when pyautogui takes a
    maintained X library.
    """
    named = Path(os.environ.get("XAUTHORITY") or Path.home() / ".Xauthority")
    if named.exists() and named.stat().st_size:
        return
    placeholder = folder / "xauthority-placeholder"
    if not placeholder.exists():
        placeholder.touch(mode=0o600)
    fields = (b"captain-panel", b"0", b"NONE", b"")
    entry = b"".join(struct.pack(">H", len(part)) + part for part in fields)
    placeholder.write_bytes(struct.pack(">H", _FAMILY_LOCAL) + entry)
    os.environ["XAUTHORITY"] = str(placeholder)


def connect(name: str | None = None) -> Display:
    """A connection to the X server; EnvironmentFault when there is none."""
    if os.environ.get("WAYLAND_DISPLAY") and not (name or os.environ.get("DISPLAY")):
        raise _wayland()
    try:
        display = Display(name)
        if _is_xwayland(display):
            display.close()
            raise _wayland()
        return display
    except (xerror.DisplayError, xerror.XauthError, OSError) as fault:
        shown = name or os.environ.get("DISPLAY") or "none set"
        raise EnvironmentFault(
            f"No display can be used (DISPLAY: {shown}).",
            "Start the panel from a desktop session, or set DISPLAY.",
        ) from fault


def _is_xwayland(display: Display) -> bool:
    """Whether this X server only shows X windows inside a Wayland desktop."""
    answer = display.query_extension("XWAYLAND")
    return bool(answer and answer.present)


def _wayland() -> EnvironmentFault:
    return EnvironmentFault(
        "Wayland lets no program click into another one's window.",
        "Log in to an X11 (Xorg) session to send messages by clicking.",
    )


class X11Windows:
    """WindowSystem over one X connection; used by one thread only."""

    identifies = True

    def __init__(self, name: str | None = None) -> None:
        self._display = connect(name)
        self._root = self._display.screen().root
        self._popups = Popups(self._display)
        self._atoms: dict[str, int] = {}
        self._idle = IdleCounter(self._display)
        self._ask = Questions(self._display)
        self._ways: dict[int, tuple[int, ...]] = {}
        self._corners: dict[int, Point] = {}
        self._client_mask = ~self._display.display.info.resource_id_mask

    @property
    def display(self) -> Display:
        """The connection, for the other X11 parts that work in the same thread."""
        return self._display

    def close(self) -> None:
        self._display.close()

    def windows(self) -> list[WindowInfo]:
        seen: list[WindowInfo] = []
        for frame in reversed(self._root.query_tree().children):
            try:
                if frame.get_attributes().map_state != X.IsViewable:
                    continue
                client = self._client_below(frame)
            except GONE:
                continue
            info = self._info(int((client or frame).id), override=client is None)
            if info and not info.rect.empty:
                seen.append(info)
        known = {info.identity.window_id for info in seen}
        for window_id in self._window_list("_NET_CLIENT_LIST"):
            if window_id not in known and (info := self.describe(window_id)):
                seen.append(info)
        return seen

    def describe(self, window_id: int) -> WindowInfo | None:
        return self._info(window_id)

    def window_at(self, point: Point) -> WindowInfo | None:
        here = int(self._root.id)
        top: int | None = None
        try:
            while True:
                child, is_client = self._ask.step_down(here, point)
                if is_client:
                    return self._info(here)
                if child is None:
                    break
                top = top or child
                here = child
        except GONE:
            return None
        return self._info(top, override=True) if top else None

    def shows(self, window_id: int, point: Point) -> bool:
        # In which frames the window was last time is only a guess at what to ask: the server's
        # answers to just these questions prove it.
        way = self._ways.pop(window_id, None)
        if way is None or not self._ask.is_way(way, point):
            top = self.window_at(point)
            if top is None or top.identity.window_id != window_id:
                return False
            try:
                way = self._ask.way_to(window_id)
            except GONE:
                return False
        _remember(self._ways, window_id, way)
        return True

    def glance(self, window_id: int, offset: Point) -> tuple[WindowInfo | None, bool]:
        # As in `shows`, and where the window was last time is a guess too: mostly one round trip.
        corner, way = self._corners.get(window_id), self._ways.get(window_id)
        shown = False
        try:
            if corner is None or way is None:
                found = self._ask.describe(window_id)
            else:
                found, shown = self._ask.describe_on_way(window_id, way, corner + offset)
        except GONE:
            return None, False
        if not (shown and corner == found.rect.top_left):
            shown = self.shows(window_id, found.rect.top_left + offset)
            _remember(self._corners, window_id, found.rect.top_left)
        return _info(window_id, found), shown

    def activate(self, window_id: int, timeout_ms: int = 1000) -> bool:
        window = self._window(window_id)
        managed = bool(self._window_list("_NET_SUPPORTING_WM_CHECK"))
        try:
            if managed:
                message = xevent.ClientMessage(
                    window=window,
                    client_type=self._atom("_NET_ACTIVE_WINDOW"),
                    data=(32, [_SOURCE_PAGER, X.CurrentTime, 0, 0, 0]),
                )
                mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
                self._root.send_event(message, event_mask=mask)
            else:
                window.map()
                window.configure(stack_mode=X.Above)
                window.set_input_focus(X.RevertToParent, X.CurrentTime)
            self._display.sync()
        except GONE:
            return False
        return until(
            lambda: self.focused_window() == window_id and self._viewable(window),
            timeout_ms / 1000,
        )

    def active_window(self) -> int | None:
        listed = self._window_list("_NET_ACTIVE_WINDOW")
        return listed[0] if listed and listed[0] else self.focused_window()

    def focused_window(self) -> int | None:
        focus = self._display.get_input_focus().focus
        if not isinstance(focus, Window):
            return None
        try:
            while focus.id != self._root.id:
                if self._has_state(focus):
                    return int(focus.id)
                focus = focus.query_tree().parent
        except GONE:
            return None
        return None

    def client_of(self, window_id: int) -> int:
        return int(window_id & self._client_mask)

    def popups(self, window_id: int) -> frozenset[int]:
        return self._popups.of(window_id, self.client_of)

    def pointer(self) -> Point:
        at = self._root.query_pointer()
        return Point(at.root_x, at.root_y)

    def keys_down(self) -> tuple[str, ...]:
        mask = self._root.query_pointer().mask
        return tuple(name for bit, name in _MODIFIERS if mask & bit)

    def idle_ms(self) -> int | None:
        return self._idle.milliseconds()

    def _info(self, window_id: int, override: bool = False) -> WindowInfo | None:
        try:
            return _info(window_id, self._ask.describe(window_id), override)
        except GONE:
            return None

    def _client_below(self, window: Window, depth: int = 4) -> Window | None:
        """The window with WM_STATE in this subtree: the frame's client."""
        if self._has_state(window):
            return window
        if depth:
            for child in reversed(window.query_tree().children):
                if found := self._client_below(child, depth - 1):
                    return found
        return None

    def _has_state(self, window: Window) -> bool:
        return window.get_property(self._atom("WM_STATE"), X.AnyPropertyType, 0, 1) is not None

    def _viewable(self, window: Window) -> bool:
        try:
            return bool(window.get_attributes().map_state == X.IsViewable)
        except GONE:
            return False

    def _window_list(self, name: str) -> list[int]:
        value = self._root.get_full_property(self._atom(name), Xatom.WINDOW)
        return [int(item) for item in value.value] if value else []

    def _window(self, window_id: int) -> Window:
        return self._display.create_resource_object("window", window_id)

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            self._atoms[name] = self._display.intern_atom(name)
        return self._atoms[name]


def _remember(guesses: dict[int, T], window_id: int, guess: T) -> None:
    """Keeps the guesses of the windows that were looked at last."""
    guesses.pop(window_id, None)
    guesses[window_id] = guess
    while len(guesses) > _REMEMBERED:
        del guesses[next(iter(guesses))]


def _info(window_id: int, found: Described, override: bool = False) -> WindowInfo:
    identity = WindowIdentity(
        window_id=window_id,
        pid=found.pid,
        process_started=start_time(found.pid),
        window_class=found.window_class,
        title=found.title,
    )
    minimised = found.state == Xutil.IconicState
    return WindowInfo(identity, found.rect, minimised, override, program_name(found.pid))
