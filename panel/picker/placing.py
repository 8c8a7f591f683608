"""Where the loupe and the side panel stand: never under the pointer, never over each other."""

from __future__ import annotations

from collections.abc import Sequence

from panel.core.geometry import Point, Rect


def inflated(rect: Rect, by: int) -> Rect:
    return Rect(rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by)


def _overlap(rect: Rect, others: Sequence[Rect]) -> int:
    parts = (rect.intersection(other) for other in others)
    return sum(part.width * part.height for part in parts if not part.empty)


def _contains(outer: Rect, inner: Rect) -> bool:
    return inner.intersection(outer) == inner


class LoupePlace:
    """Beside the cursor, below right of it where there is room; it stays on a side while it can."""

    def __init__(self) -> None:
        self._side = (1, 1)

    def at(
        self, cursor: Point, size: tuple[int, int], away: int, screen: Rect, avoid: Sequence[Rect]
    ) -> Rect:
        """`away` is the distance from the cursor to the loupe's nearest edge; native pixels."""
        sides = [self._side, (1, 1), (-1, 1), (-1, -1), (1, -1)]
        for side in sides:
            place = self._beside(cursor, size, away, side)
            if _contains(screen, place) and not _overlap(place, avoid):
                self._side = side
                return place
        # Nowhere free: rather over the panel than off the screen or under the cursor.
        for side in sides:
            place = self._beside(cursor, size, away, side)
            if _contains(screen, place):
                return place
        return self._beside(cursor, size, away, (1, 1))

    @staticmethod
    def _beside(cursor: Point, size: tuple[int, int], away: int, side: tuple[int, int]) -> Rect:
        width, height = size
        x = cursor.x + away if side[0] > 0 else cursor.x - away - width
        y = cursor.y + away if side[1] > 0 else cursor.y - away - height
        return Rect(x, y, width, height)


class PanelPlace:
    """In a corner of the screen; it leaves when the cursor comes near or a frame lies under it."""

    def __init__(self) -> None:
        self._corner = 0

    def at(
        self,
        cursor: Point | None,
        size: tuple[int, int],
        margin: int,
        screen: Rect,
        keep_clear: Sequence[Rect] = (),
    ) -> Rect:
        """`cursor` None: nothing moves that it would have to flee from. Any one unit."""
        places = self._corners(size, margin, screen)
        if cursor is not None and inflated(places[self._corner], margin * 2).contains(cursor):
            across = self._corner ^ 1
            near = inflated(places[across], margin * 2).contains(cursor)
            self._corner = (
                max(range(4), key=lambda index: _far(places[index], cursor)) if near else across
            )
        covered = [_overlap(place, keep_clear) for place in places]
        free = [
            index
            for index, place in enumerate(places)
            if cursor is None or not inflated(place, margin * 2).contains(cursor)
        ]
        best = min(free, key=covered.__getitem__, default=self._corner)
        if covered[best] < covered[self._corner]:
            self._corner = best
        return places[self._corner]

    @staticmethod
    def _corners(size: tuple[int, int], margin: int, screen: Rect) -> list[Rect]:
        width, height = size
        left, right = screen.x + margin, screen.right - margin - width
        top, bottom = screen.y + margin, screen.bottom - margin - height
        return [
            Rect(x, y, width, height)
            for x, y in ((right, top), (left, top), (right, bottom), (left, bottom))
        ]


def _far(rect: Rect, cursor: Point) -> int:
    """How far the cursor is from the rectangle, in the direction that matters more."""
    across = max(rect.x - cursor.x, cursor.x - rect.right)
    along = max(rect.y - cursor.y, cursor.y - rect.bottom)
    return max(across, along)
