"""Menus, lists of completions and other windows that a program shows past the window manager."""

from __future__ import annotations

from collections.abc import Callable

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.xobject.drawable import Window

from panel.screen.x11_questions import GONE

_TELLS_ONLY = ("TOOLTIP", "NOTIFICATION", "DND")


class Popups:
    """What of a program's own windows lies on the screen besides those that are managed."""

    def __init__(self, display: Display) -> None:
        self._root = display.screen().root
        self._type = display.intern_atom("_NET_WM_WINDOW_TYPE")
        self._tells_only = frozenset(
            display.intern_atom(f"_NET_WM_WINDOW_TYPE_{kind}") for kind in _TELLS_ONLY
        )

    def of(self, window_id: int, client_of: Callable[[int], int]) -> frozenset[int]:
        """Those that the same client made, but for tool tips and the like, which take no keys."""
        client = client_of(window_id)
        return frozenset(
            int(child.id)
            for child in self._root.query_tree().children
            if child.id != window_id and client_of(child.id) == client and self._takes_keys(child)
        )

    def _takes_keys(self, window: Window) -> bool:
        try:
            about, size = window.get_attributes(), window.get_geometry()
            kinds = window.get_full_property(self._type, Xatom.ATOM)
        except GONE:
            return False
        seen = about.map_state == X.IsViewable and about.win_class == X.InputOutput
        if not seen or not about.override_redirect or min(size.width, size.height) <= 1:
            return False
        return kinds is None or self._tells_only.isdisjoint(kinds.value)
