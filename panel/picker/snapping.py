"""Places of a window that the cursor can jump to: its boxes, its centre, its edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from panel.core.geometry import Point, Rect

MOST_BOXES = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place to jump to, native; `box` is what it is the middle of, if that is a drawn box."""

    name: str
    point: Point
    box: Rect | None = None


def candidates(
    window: Rect, boxes: Sequence[Rect], at: Point, shows: Callable[[Point], bool]
) -> tuple[Candidate, ...]:
    """All places of a window in the order in which Tab goes through them, each once.

    First the middles of the drawn boxes (native, of the desktop), the innermost one round `at`
    before all and then the nearest; then the window's own. `shows` tells where the window is the
    one that a click would meet.
    """
    near = sorted(boxes, key=lambda box: (_away(box, at), box.width * box.height))[:MOST_BOXES]
    places = [
        Candidate(f"Middle of a box, {box.width} × {box.height}", box.centre, box) for box in near
    ]
    centre, right, bottom = window.centre, window.right - 1, window.bottom - 1
    places += [
        Candidate("Centre of the window", centre),
        Candidate("Middle of the top edge", Point(centre.x, window.y)),
        Candidate("Middle of the right edge", Point(right, centre.y)),
        Candidate("Middle of the bottom edge", Point(centre.x, bottom)),
        Candidate("Middle of the left edge", Point(window.x, centre.y)),
    ]
    found: dict[Point, Candidate] = {}
    for place in places:
        if shows(place.point):
            found.setdefault(place.point, place)
    return tuple(found.values())


def _away(box: Rect, at: Point) -> int:
    """How far a point is from a box, 0 inside it."""
    across = max(box.x - at.x, at.x - box.right + 1, 0)
    along = max(box.y - at.y, at.y - box.bottom + 1, 0)
    return across + along


class Walk:
    """Goes round the candidates, forwards and backwards; it begins before the first one."""

    def __init__(self, places: Sequence[Candidate]) -> None:
        """Raises ValueError without a place."""
        if not places:
            raise ValueError("a walk needs a place")
        self.places = tuple(places)
        self._at: int | None = None

    @property
    def current(self) -> Candidate | None:
        return None if self._at is None else self.places[self._at]

    @property
    def position(self) -> tuple[int, int]:
        """(2, 7): at the second of seven; (0, 7) before the first."""
        return (0 if self._at is None else self._at + 1), len(self.places)

    def step(self, by: int) -> Candidate:
        """The next one (1) or the one before (-1)."""
        start = self._at if self._at is not None else (-1 if by > 0 else 0)
        self._at = (start + by) % len(self.places)
        return self.places[self._at]
