"""Points and rectangles in native pixels; the origin is the first screen's top left corner.

Screens to the left of or above the first one have negative coordinates.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One native pixel."""

    x: int
    y: int

    def __add__(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Point) -> Point:
        return Point(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of native pixels; the right and bottom edges are outside."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top_left(self) -> Point:
        return Point(self.x, self.y)

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width // 2, self.y + self.height // 2)

    def contains(self, point: Point) -> bool:
        return self.x <= point.x < self.right and self.y <= point.y < self.bottom

    def moved(self, by: Point) -> Rect:
        return Rect(self.x + by.x, self.y + by.y, self.width, self.height)

    def intersection(self, other: Rect) -> Rect:
        """The common part; width and height are 0 when there is none."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    @property
    def empty(self) -> bool:
        return self.width <= 0 or self.height <= 0


@dataclass(frozen=True, slots=True)
class Screen:
    """One monitor: its name, its native rectangle and its scale (native per logical pixel)."""

    name: str
    rect: Rect
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class ScreenLayout:
    """All monitors at one moment."""

    screens: tuple[Screen, ...]

    def screen_at(self, point: Point) -> Screen | None:
        """The screen that shows a point, or None when no screen does."""
        return next((screen for screen in self.screens if screen.rect.contains(point)), None)

    @property
    def fingerprint(self) -> str:
        """What is plugged in where, at which size and scale. Names do not count: which socket a
        screen hangs on is nothing that a click depends on."""
        return " | ".join(
            f"{rect.width}x{rect.height}+{rect.x}+{rect.y}@{scale:.4g}"
            for rect, scale in sorted(
                ((screen.rect, screen.scale) for screen in self.screens),
                key=lambda one: (one[0].x, one[0].y, one[0].width, one[0].height),
            )
        )

    def in_corner(self, point: Point, reach: int) -> bool:
        """Whether a point lies within `reach` pixels of a corner of one of the screens."""
        screen = self.screen_at(point)
        if screen is None:
            return False
        rect = screen.rect
        across = min(point.x - rect.x, rect.right - 1 - point.x)
        down = min(point.y - rect.y, rect.bottom - 1 - point.y)
        return max(across, down) < reach

    def to_json(self) -> str:
        return json.dumps([asdict(screen) for screen in self.screens])

    @classmethod
    def from_json(cls, text: str) -> ScreenLayout:
        return cls(
            tuple(
                Screen(item["name"], Rect(**item["rect"]), item["scale"])
                for item in json.loads(text)
            )
        )
