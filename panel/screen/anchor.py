"""Choosing the landmark of a target: static chrome near the composer that tells it from others."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from panel.core.geometry import Rect
from panel.screen.fingerprint import FLAT_DEVIATION, Mask, Pixels, crop, deviation

DEFAULT_SIZE = (160, 32)
SEARCH_MARGIN = 24
_HEADER_HEIGHT = 64
_STEP = 4
_GOOD_DEVIATION = 25.0


def propose(
    window: Pixels, composer: Rect, still: Mask | None = None, size: tuple[int, int] = DEFAULT_SIZE
) -> Rect | None:
    """The best landmark in the picture of a window, or None when all of it is flat.

    It is looked for in the header at the top first (it names the conversation and does not
    scroll), then beside and below the composer; never inside the composer, and never where
    `still` is False.
    """
    height, width = window.shape[:2]
    wide, high = min(size[0], width), min(size[1], height)
    header = Rect(0, 0, width, min(max(_HEADER_HEIGHT, high), height))
    band = Rect(0, max(0, composer.y - 4), width, height - max(0, composer.y - 4))
    for area in (header, band):
        best = _best_in(window, area, composer, still, (wide, high))
        if best is not None:
            return best
    return None


def refuse_flat(window: Pixels, rect: Rect) -> str | None:
    """Why this rectangle cannot be a landmark, or None when it can."""
    patch = crop(window, rect)
    if patch.size == 0 or patch.shape[:2] != (rect.height, rect.width):
        return "the landmark must lie inside the window"
    found = deviation(patch)
    if found < FLAT_DEVIATION:
        return (
            f"the landmark is one flat area (contrast {found:.1f}, it takes {FLAT_DEVIATION:.0f}); "
            "choose a place with a label, an icon or an edge"
        )
    return None


def _best_in(
    window: Pixels, area: Rect, composer: Rect, still: Mask | None, size: tuple[int, int]
) -> Rect | None:
    wide, high = size
    spread = _deviations(crop(window, area), size)
    if spread.size == 0:
        return None
    best: tuple[float, Rect] | None = None
    for y in range(0, spread.shape[0], _STEP):
        for x in range(0, spread.shape[1], _STEP):
            value = float(spread[y, x])
            if value < FLAT_DEVIATION or (best and min(value, _GOOD_DEVIATION) <= best[0]):
                continue
            rect = Rect(area.x + x, area.y + y, wide, high)
            if not rect.intersection(composer).empty:
                continue
            if still is not None and not still[rect.y : rect.bottom, rect.x : rect.right].all():
                continue
            best = (min(value, _GOOD_DEVIATION), rect)
    return best[1] if best else None


def _deviations(part: Pixels, size: tuple[int, int]) -> NDArray[np.float64]:
    """Standard deviation of the grey values of every patch of `size`, by its top left corner."""
    wide, high = size
    if part.shape[0] < high or part.shape[1] < wide:
        return np.zeros((0, 0))
    sums, squares = (
        np.asarray(table, np.float64)
        for table in cv2.integral2(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY))
    )
    mean = _patch_sums(sums, size) / (wide * high)
    variance = _patch_sums(squares, size) / (wide * high) - mean * mean
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def _patch_sums(table: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """Sums over every patch, from a summed-area table."""
    wide, high = size
    return np.asarray(
        table[high:, wide:] - table[:-high, wide:] - table[high:, :-wide] + table[:-high, :-wide]
    )
