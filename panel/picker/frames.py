"""The two frames of the second step: drawn, dragged and nudged, in native pixels of the window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from panel.core.geometry import Point, Rect

SMALLEST_SIDE = 8


class Frame(Enum):
    """Which frame; the words are for the screen."""

    LANDMARK = "Landmark"
    COMPOSER = "Text box"


@dataclass(frozen=True, slots=True)
class Grip:
    """What a drag changes: edges (-1 left or top, 1 right or bottom, 0 neither), or the place."""

    horizontal: int = 0
    vertical: int = 0
    moves: bool = False
    draws: bool = False


@dataclass(frozen=True, slots=True)
class _Drag:
    grip: Grip
    origin: Point
    before: Rect | None


def _between(one: Point, other: Point) -> Rect:
    left, top = min(one.x, other.x), min(one.y, other.y)
    return Rect(left, top, abs(one.x - other.x) + 1, abs(one.y - other.y) + 1)


class FrameEditor:
    """Holds both frames inside `bounds` (the window's visible client area, window-relative)."""

    def __init__(self, bounds: Rect, landmark: Rect | None, composer: Rect | None) -> None:
        self.bounds = bounds
        self._frames = {
            Frame.LANDMARK: self._clipped(landmark),
            Frame.COMPOSER: self._clipped(composer),
        }
        self.active = Frame.LANDMARK
        self._drag: _Drag | None = None

    def __getitem__(self, frame: Frame) -> Rect | None:
        return self._frames[frame]

    def put(self, frame: Frame, rect: Rect | None) -> None:
        """Sets a frame as a whole and makes it the active one."""
        self._frames[frame] = self._clipped(rect)
        self.active = frame

    @property
    def dragging(self) -> bool:
        return self._drag is not None

    def switch(self) -> None:
        """Makes the other frame the one that keys and new drags change."""
        if not self.dragging:
            other = self.active is Frame.LANDMARK
            self.active = Frame.COMPOSER if other else Frame.LANDMARK

    def grip_at(self, point: Point, reach: int) -> tuple[Frame, Grip]:
        """What a press there would take hold of; `reach` is how near to an edge counts as on it."""
        order = sorted(Frame, key=lambda frame: frame is not self.active)
        for frame in order:
            grip = _grip(self._frames[frame], point, reach)
            if grip is not None:
                return frame, grip
        return self.active, Grip(draws=True)

    def press(self, point: Point, reach: int) -> None:
        self.active, grip = self.grip_at(point, reach)
        self._drag = _Drag(grip, self._inside(point), self._frames[self.active])

    def drag(self, point: Point) -> None:
        if self._drag is None:
            return
        grip, before = self._drag.grip, self._drag.before
        if grip.draws or before is None:
            drawn = _between(self._drag.origin, self._inside(point))
        elif grip.moves:
            drawn = self._kept_inside(before.moved(point - self._drag.origin))
        else:
            drawn = self._stretched(before, grip, self._inside(point))
        self._frames[self.active] = drawn

    def release(self) -> None:
        """Ends the drag; a frame too small to be meant leaves the old one."""
        drag, self._drag = self._drag, None
        drawn = self._frames[self.active]
        if drag is not None and (drawn is None or min(drawn.width, drawn.height) < SMALLEST_SIDE):
            self._frames[self.active] = drag.before

    def cancel(self) -> None:
        drag, self._drag = self._drag, None
        if drag is not None:
            self._frames[self.active] = drag.before

    def nudge(self, dx: int, dy: int) -> None:
        frame = self._frames[self.active]
        if frame is not None and not self.dragging:
            self._frames[self.active] = self._kept_inside(frame.moved(Point(dx, dy)))

    def grow(self, dx: int, dy: int) -> None:
        """Moves the right and bottom edges."""
        frame = self._frames[self.active]
        if frame is not None and not self.dragging:
            width = max(SMALLEST_SIDE, min(frame.width + dx, self.bounds.right - frame.x))
            height = max(SMALLEST_SIDE, min(frame.height + dy, self.bounds.bottom - frame.y))
            self._frames[self.active] = Rect(frame.x, frame.y, width, height)

    def _inside(self, point: Point) -> Point:
        bounds = self.bounds
        return Point(
            min(max(point.x, bounds.x), bounds.right - 1),
            min(max(point.y, bounds.y), bounds.bottom - 1),
        )

    def _kept_inside(self, rect: Rect) -> Rect:
        bounds = self.bounds
        return Rect(
            max(bounds.x, min(rect.x, bounds.right - rect.width)),
            max(bounds.y, min(rect.y, bounds.bottom - rect.height)),
            rect.width,
            rect.height,
        )

    def _clipped(self, rect: Rect | None) -> Rect | None:
        if rect is None:
            return None
        part = rect.intersection(self.bounds)
        return None if part.empty else part

    def _stretched(self, before: Rect, grip: Grip, point: Point) -> Rect:
        left, top, right, bottom = before.x, before.y, before.right, before.bottom
        if grip.horizontal < 0:
            left = min(point.x, right - SMALLEST_SIDE)
        elif grip.horizontal > 0:
            right = max(point.x + 1, left + SMALLEST_SIDE)
        if grip.vertical < 0:
            top = min(point.y, bottom - SMALLEST_SIDE)
        elif grip.vertical > 0:
            bottom = max(point.y + 1, top + SMALLEST_SIDE)
        return Rect(left, top, right - left, bottom - top).intersection(self.bounds)


def _side(value: int, low: int, high: int, reach: int) -> int:
    """-1 or 1 near the low or the high edge, else 0; the nearer one when both are."""
    to_low, to_high = abs(value - low), abs(value - high + 1)
    if min(to_low, to_high) > reach:
        return 0
    return -1 if to_low <= to_high else 1


def _grip(rect: Rect | None, point: Point, reach: int) -> Grip | None:
    if rect is None:
        return None
    around = Rect(rect.x - reach, rect.y - reach, rect.width + 2 * reach, rect.height + 2 * reach)
    if not around.contains(point):
        return None
    # In a small frame the middle stays a place to move it by.
    reach_x, reach_y = min(reach, rect.width // 4), min(reach, rect.height // 4)
    inside = rect.contains(point)
    horizontal = _side(point.x, rect.x, rect.right, reach_x if inside else reach)
    vertical = _side(point.y, rect.y, rect.bottom, reach_y if inside else reach)
    return Grip(horizontal, vertical, moves=not (horizontal or vertical))
