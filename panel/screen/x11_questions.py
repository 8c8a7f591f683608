"""Several questions to the X server in one round trip: most of a question's time is the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from Xlib import X, Xatom, error
from Xlib.display import Display
from Xlib.protocol import request, rq

from panel.core.geometry import Point, Rect

GONE = (error.BadWindow, error.BadDrawable, error.BadMatch, error.BadAccess)
_LONGEST = 1024  # of a property, in units of four bytes


@dataclass(frozen=True, slots=True)
class Described:
    """What the server knows of one window; the rectangle is native, on the desktop."""

    rect: Rect
    window_class: str
    state: int | None
    pid: int | None
    title: str


class Questions:
    """Asks about windows by their ids. Xlib's errors come through, such as BadWindow."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._core = display.display
        self._root = int(display.screen().root.id)
        self._state = display.intern_atom("WM_STATE")
        self._pid = display.intern_atom("_NET_WM_PID")
        self._name = display.intern_atom("_NET_WM_NAME")

    def describe(self, window: int) -> Described:
        """One round trip; a second one for a window without _NET_WM_NAME."""
        return self._described(window, _answered(self._facts(window)))

    def describe_on_way(
        self, window: int, way: tuple[int, ...], point: Point
    ) -> tuple[Described, bool]:
        """`describe` and `is_way` in one round trip."""
        facts, links = (
            self._facts(window),
            [self._child_at(link, point) for link in self._above(way)],
        )
        described = self._described(window, _answered(facts))
        return described, _lead_down(links, way)

    def step_down(self, window: int, point: Point) -> tuple[int | None, bool]:
        """The child that shows this pixel of the desktop, and whether `window` has WM_STATE."""
        child, state = _answered(
            (self._child_at(window, point), self._property(window, self._state, 0, 0))
        )
        return _window_id(child.child), bool(state.property_type)

    def is_way(self, way: tuple[int, ...], point: Point) -> bool:
        """Whether the pixel shows the last window of `way`, each lying directly in the one before
        and the first in the root."""
        return _lead_down([self._child_at(link, point) for link in self._above(way)], way)

    def way_to(self, window: int) -> tuple[int, ...]:
        """The windows from below the root down to this one."""
        way: list[int] = []
        while window != self._root:
            way.append(window)
            (tree,) = _answered((request.QueryTree(display=self._core, defer=True, window=window),))
            window = _window_id(tree.parent) or self._root
        return tuple(reversed(way))

    def _above(self, way: tuple[int, ...]) -> tuple[int, ...]:
        """The parent of each window of a way."""
        return self._root, *way[:-1]

    def _facts(self, window: int) -> list[rq.ReplyRequest]:
        geometry = request.GetGeometry(display=self._core, defer=True, drawable=window)
        corner = request.TranslateCoords(
            display=self._core, defer=True, src_wid=window, dst_wid=self._root, src_x=0, src_y=0
        )
        properties = (
            (Xatom.WM_CLASS, X.AnyPropertyType),
            (self._state, X.AnyPropertyType),
            (self._pid, Xatom.CARDINAL),
            (self._name, X.AnyPropertyType),
        )
        return [geometry, corner, *(self._property(window, *one) for one in properties)]

    def _described(self, window: int, facts: Sequence[rq.ReplyRequest]) -> Described:
        geometry, corner, window_class, state, pid, name = facts
        if not name.property_type:
            (name,) = _answered((self._property(window, Xatom.WM_NAME, X.AnyPropertyType),))
        return Described(
            Rect(corner.x, corner.y, geometry.width, geometry.height),
            _class_name(window_class),
            _number(state),
            _number(pid),
            _text(name),
        )

    def _child_at(self, window: int, point: Point) -> rq.ReplyRequest:
        return request.TranslateCoords(
            display=self._core,
            defer=True,
            src_wid=self._root,
            dst_wid=window,
            src_x=point.x,
            src_y=point.y,
        )

    def _property(
        self, window: int, name: int, kind: int, length: int = _LONGEST
    ) -> rq.ReplyRequest:
        return request.GetProperty(
            display=self._core,
            defer=True,
            delete=0,
            window=window,
            property=name,
            type=kind,
            long_offset=0,
            long_length=length,
        )


def _answered(asked: Sequence[rq.ReplyRequest]) -> Sequence[rq.ReplyRequest]:
    """Sends what was asked and waits for all answers."""
    for question in asked:
        question.reply()
    return asked


def _lead_down(links: Sequence[rq.ReplyRequest], way: tuple[int, ...]) -> bool:
    try:
        children = [_window_id(link.child) for link in _answered(links)]
    except GONE:
        return False
    return children == list(way)


def _window_id(found: object) -> int | None:
    """Xlib answers with a window object, or with 0 for none."""
    return int(getattr(found, "id", 0)) or None


def _number(found: rq.ReplyRequest) -> int | None:
    """The first number of a property; None when the window has none."""
    if not found.property_type:
        return None
    form, numbers = found.value
    return int(numbers[0]) if form != 8 and len(numbers) else None


def _text(found: rq.ReplyRequest) -> str:
    if not found.property_type:
        return ""
    _, text = found.value
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _class_name(found: rq.ReplyRequest) -> str:
    """The second of WM_CLASS's two names."""
    _, between, rest = _text(found).partition("\0")
    return rest.partition("\0")[0] if between else ""
