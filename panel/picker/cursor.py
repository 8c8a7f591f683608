"""The picker's cursor: one native pixel, moved by the pointer, by keys and by typed numbers."""

from __future__ import annotations

import re

from panel.core.geometry import Point, Rect, ScreenLayout

# After a key step the hand on the mouse may tremble this far (native) without undoing the step.
STILL_DISTANCE = 3

_NUMBERS = re.compile(r"\s*(-?\d{1,6})(?:\s*[,;x×]\s*|\s+)(-?\d{1,6})\s*")
ENTRY_CHARACTERS = frozenset("0123456789-,;x× ")


def parse_entry(text: str) -> Point | None:
    """The point in "1200, 640", "1200 640" or "-1269x481"; None while it is not one."""
    numbers = _NUMBERS.fullmatch(text)
    return None if numbers is None else Point(int(numbers[1]), int(numbers[2]))


def nearest_on_screens(layout: ScreenLayout, point: Point) -> Point:
    """The point itself, or the nearest pixel that some screen shows."""
    candidates = [_within(screen.rect, point) for screen in layout.screens]
    return min(
        candidates, key=lambda at: (at.x - point.x) ** 2 + (at.y - point.y) ** 2, default=point
    )


def _within(rect: Rect, point: Point) -> Point:
    return Point(
        min(max(point.x, rect.x), rect.right - 1), min(max(point.y, rect.y), rect.bottom - 1)
    )


class Cursor:
    """Always on a screen, in native integers whatever the screens' scales are."""

    def __init__(self, layout: ScreenLayout, start: Point, pointer: Point | None = None) -> None:
        """`pointer` is where the pointer rests, if that is elsewhere: `start` holds until it moves.

        Raises ValueError without a screen.
        """
        if not layout.screens:
            raise ValueError("a cursor needs a screen")
        self._layout = layout
        self.at = nearest_on_screens(layout, start)
        self._pointer = pointer
        self._still_at = pointer

    @property
    def screen_rect(self) -> Rect:
        screen = self._layout.screen_at(self.at)
        assert screen is not None, "the cursor never leaves the screens"
        return screen.rect

    def follow(self, pointer: Point) -> None:
        """The pointer is there now. Near the place where it rested at a key step it is ignored."""
        self._pointer = pointer
        if self._still_at is not None:
            away = pointer - self._still_at
            if max(abs(away.x), abs(away.y)) <= STILL_DISTANCE:
                return
            self._still_at = None
        self.at = nearest_on_screens(self._layout, pointer)

    def step(self, dx: int, dy: int) -> None:
        """Moves by keys: to the screen's edge first, then over it to the next screen that way."""
        self._hold_still()
        target = self.at + Point(dx, dy)
        if self._layout.screen_at(target) is not None:
            self.at = target
            return
        edge = _within(self.screen_rect, target)
        self.at = edge if edge != self.at else self._across(dx, dy)

    def jump(self, point: Point) -> bool:
        """Goes to a typed point; False (and stays) when no screen shows it."""
        if self._layout.screen_at(point) is None:
            return False
        self._hold_still()
        self.at = point
        return True

    def _hold_still(self) -> None:
        self._still_at = self._pointer

    def _across(self, dx: int, dy: int) -> Point:
        """The first pixel of the nearest screen in that row or column; the same place if none."""
        best: Point | None = None
        for screen in self._layout.screens:
            rect, at = screen.rect, self.at
            if dx and rect.y <= at.y < rect.bottom:
                entry = Point(rect.x if dx > 0 else rect.right - 1, at.y)
                ahead = (entry.x - at.x) * dx > 0
            elif dy and rect.x <= at.x < rect.right:
                entry = Point(at.x, rect.y if dy > 0 else rect.bottom - 1)
                ahead = (entry.y - at.y) * dy > 0
            else:
                continue
            if ahead and (best is None or _distance(entry, at) < _distance(best, at)):
                best = entry
        return self.at if best is None else best


def _distance(one: Point, other: Point) -> int:
    return abs(one.x - other.x) + abs(one.y - other.y)
