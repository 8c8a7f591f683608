"""Finding the box around a point, and telling an empty composer from one with text in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from panel.core.geometry import Point, Rect
from panel.core.target import Picture
from panel.screen.fingerprint import (
    Mask,
    Pixels,
    changed,
    changed_mask,
    decode_mask,
    decode_png,
    deviation,
    encode_png,
)

_TOLERANCE = (9, 9, 9)
_SMALLEST = (24, 12)
_LARGEST_SHARE = 0.6
_DEFAULT_BOX = (600, 60)
_SAMPLE = 7
_DEEPEST_CORNER = 20
_MASK_MARGIN = 2
_NOISE_PIXELS = 0
"""Pixels that may differ in a look that still counts as empty: a full stop of small type changes
one or two, and it is a draft too."""


@dataclass(frozen=True, slots=True)
class Look:
    """An empty look of the composer, decoded."""

    pixels: Pixels
    mask: Mask | None = None

    @classmethod
    def of(cls, picture: Picture) -> Look:
        return cls(decode_png(picture.png), decode_mask(picture.mask_png))

    def to_picture(self, rect: Rect) -> Picture:
        mask = encode_png(self.mask) if self.mask is not None else None
        return Picture(rect, encode_png(self.pixels), mask)

    def matches(self, pixels: Pixels) -> bool:
        return changed(self.pixels, pixels, self.mask) <= _NOISE_PIXELS


def looks_empty(pixels: Pixels, looks: Iterable[Look]) -> bool:
    """Whether the composer looks like one of its empty looks."""
    return any(look.matches(pixels) for look in looks)


def box_around(window: Pixels, at: Point) -> Rect:
    """The input box that contains a point, in the picture's coordinates.

    It is the area of the background colour around the point, when that looks like a box; otherwise
    a box of usual size around the point. Its border and its round corners are left out: they
    change their colour with the focus.
    """
    found = drawn_box(window, at)
    if found is not None:
        return found
    height, width = window.shape[:2]
    wide, high = min(_DEFAULT_BOX[0], width), min(_DEFAULT_BOX[1], height)
    x = min(max(0, at.x - wide // 2), width - wide)
    y = min(max(0, at.y - high // 2), height - high)
    return Rect(x, y, wide, high)


def drawn_box(window: Pixels, at: Point) -> Rect | None:
    """The box that is drawn around a point, without its border; None when none can be seen."""
    height, width = window.shape[:2]
    found = _same_colour_area(window, at)
    if (
        found
        and found.width >= _SMALLEST[0]
        and found.height >= _SMALLEST[1]
        and found.width * found.height <= width * height * _LARGEST_SHARE
        and found.contains(at)
    ):
        return found
    return None


def _same_colour_area(window: Pixels, at: Point) -> Rect | None:
    """The extent of the commonest colour around a point, over what is written on it."""
    height, width = window.shape[:2]
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    canvas = np.ascontiguousarray(window)
    for seed in _background_seeds(window, at):
        if mask[seed.y + 1, seed.x + 1]:
            continue
        _, _, _, (x, y, wide, high) = cv2.floodFill(
            canvas, mask, (seed.x, seed.y), (0, 0, 0), _TOLERANCE, _TOLERANCE, flags
        )
        # A smaller one is the inside of a letter that the point is on.
        if wide >= _SMALLEST[0] and high >= _SMALLEST[1]:
            area = Rect(int(x), int(y), int(wide), int(high))
            return _inside_corners(area, np.asarray(mask[1:-1, 1:-1] > 0))
    return None


def _inside_corners(area: Rect, filled: Mask) -> Rect:
    """As much smaller as it takes for all four corners to lie on the background."""
    for by in range(min(_DEEPEST_CORNER, area.width // 4, area.height // 4)):
        left, top, right, bottom = area.x + by, area.y + by, area.right - by, area.bottom - by
        if filled[[top, top, bottom - 1, bottom - 1], [left, right - 1, left, right - 1]].all():
            # One more: a corner's softened edge is nearly of the background's colour.
            return Rect(left + 1, top + 1, right - left - 2, bottom - top - 2)
    return area


def _background_seeds(window: Pixels, at: Point) -> list[Point]:
    """Pixels near the point that have the commonest colour there, the nearest first (the point
    may be on a letter)."""
    top, left = max(0, at.y - _SAMPLE), max(0, at.x - 3 * _SAMPLE)
    part = window[top : at.y + _SAMPLE + 1, left : at.x + 3 * _SAMPLE + 1]
    if part.size == 0:
        return []
    flat = part.reshape(-1, 3)
    colours, counts = np.unique(flat, axis=0, return_counts=True)
    common = colours[int(counts.argmax())]
    rows, columns = np.nonzero((part == common).all(axis=2))
    order = np.argsort((rows + top - at.y) ** 2 + (columns + left - at.x) ** 2, kind="stable")
    return [Point(int(columns[one] + left), int(rows[one] + top)) for one in order]


def still_parts(frames: Sequence[Pixels]) -> Mask | None:
    """True where all frames show the same; None when nothing moved. Needs at least one frame."""
    moving = np.zeros(frames[0].shape[:2], np.bool_)
    for earlier, later in pairwise(frames):
        if earlier.shape == later.shape:
            moving |= changed_mask(earlier, later)
    if not moving.any():
        return None
    kernel = np.ones((2 * _MASK_MARGIN + 1, 2 * _MASK_MARGIN + 1), np.uint8)
    grown = cv2.dilate(moving.astype(np.uint8), kernel)
    return np.asarray(grown == 0)


def still_share(mask: Mask | None) -> float:
    """The part of a mask that may be compared, 0 to 1."""
    return 1.0 if mask is None else float(mask.mean())


def find_look(look: Look, window: Pixels) -> Rect | None:
    """Where an empty composer stands in a picture of the window, exactly as it looked; or None.

    A look without structure (a flat box) is not searched for: it would be found everywhere.
    """
    height, width = look.pixels.shape[:2]
    if height > window.shape[0] or width > window.shape[1] or deviation(look.pixels) < 1.0:
        return None
    mask = None if look.mask is None else np.repeat(look.mask[:, :, None], 3, 2).astype(np.uint8)
    scores = cv2.matchTemplate(window, look.pixels, cv2.TM_SQDIFF, mask=mask)
    _, _, (x, y), _ = cv2.minMaxLoc(scores)
    place = Rect(int(x), int(y), width, height)
    there = window[place.y : place.bottom, place.x : place.right]
    return place if look.matches(there) else None
