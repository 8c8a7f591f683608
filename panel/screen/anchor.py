"""Choosing the landmark of a target: static chrome near the composer that tells it from others."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from panel.core.geometry import Rect
from panel.screen.fingerprint import FLAT_DEVIATION, Mask, Pixels, crop, deviation

DEFAULT_SIZE = (160, 40)
_HEADER_HEIGHT = 64
_GOOD_DEVIATION = 60.0


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
    """The patch with the most to see in it whose border cuts through the least."""
    wide, high = size
    part = crop(window, area)
    if part.shape[0] < high or part.shape[1] < wide:
        return None
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    whole, ring = _patch_deviations(np.asarray(grey, np.uint8), size)
    score = np.minimum(whole, _GOOD_DEVIATION) - ring
    score[whole < FLAT_DEVIATION] = -np.inf
    if still is not None:
        moving = (~still[area.y : area.bottom, area.x : area.right]).astype(np.uint8)
        score[_patch_sums(np.asarray(cv2.integral(moving), np.float64), size) > 0] = -np.inf
    score[: max(0, composer.bottom - area.y), : max(0, composer.right - area.x)][
        max(0, composer.y - area.y - high + 1) :, max(0, composer.x - area.x - wide + 1) :
    ] = -np.inf
    y, x = divmod(int(score.argmax()), score.shape[1])
    if not np.isfinite(score[y, x]):
        return None
    return Rect(area.x + x, area.y + y, wide, high)


def _patch_deviations(
    grey: Pixels, size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviation of every patch of `size`, and of its border alone, by top left corner."""
    wide, high = size
    inner = (wide - 2, high - 2)
    sums, squares = (np.asarray(table, np.float64) for table in cv2.integral2(grey))
    total, total_squares = _patch_sums(sums, size), _patch_sums(squares, size)
    within = (slice(1, 1 + total.shape[0]), slice(1, 1 + total.shape[1]))
    border = total - _patch_sums(sums, inner)[within]
    border_squares = total_squares - _patch_sums(squares, inner)[within]
    count = 2 * (wide + high) - 4
    return (
        _deviation(total, total_squares, wide * high),
        _deviation(border, border_squares, count),
    )


def _deviation(
    sums: NDArray[np.float64], squares: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    mean = sums / count
    return np.asarray(np.sqrt(np.maximum(squares / count - mean * mean, 0.0)))


def _patch_sums(table: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """Sums over every patch, from a summed-area table."""
    wide, high = size
    return np.asarray(
        table[high:, wide:] - table[:-high, wide:] - table[high:, :-wide] + table[:-high, :-wide]
    )
