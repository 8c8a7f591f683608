"""The lines of writing in a box, and where such a line stands in another picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from panel.core.geometry import Point, Rect
from panel.screen.fingerprint import PIXEL_STEP, Mask, Pixels, grey

_LOWEST, _HIGHEST = 5, 48
_SHORTEST, _LONGEST = 14, 260
_MARGIN = 2
_BLANK_ROWS = 2
_RULE_SHARE = 0.8
"""A row or column with more ink than this is a border, not writing."""
_ALIKE = 0.75
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a line of writing may stand; `likeness` from 0 to 1, light on dark or dark on light."""

    at: Point
    likeness: float


def lines_of(pixels: Pixels, mask: Mask | None = None) -> list[Rect]:
    """Where writing stands in the picture of a box, the longest line first."""
    ink = ink_of(pixels, mask)
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size == 0:
        return []
    height, width = ink.shape
    found = []
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > _BLANK_ROWS) + 1):
        top, bottom = int(run[0]), int(run[-1]) + 1
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        if _LOWEST <= bottom - top <= _HIGHEST and right - left >= _SHORTEST:
            x, y = max(0, left - _MARGIN), max(0, top - _MARGIN)
            wide = min(right + _MARGIN, width) - x
            high = min(bottom + _MARGIN, height) - y
            found.append(Rect(x, y, min(wide, _LONGEST), high))
    return sorted(found, key=lambda line: -line.width)


def ink_of(pixels: Pixels, mask: Mask | None) -> Mask:
    """Where a picture differs from its commonest colour, without borders and what moves."""
    colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    ground = colours[int(counts.argmax())].astype(np.int16)
    ink = np.asarray(np.abs(pixels.astype(np.int16) - ground).max(axis=2) > PIXEL_STEP)
    rules = ink.mean(axis=1) > _RULE_SHARE, ink.mean(axis=0) > _RULE_SHARE
    ink[rules[0], :] = False
    ink[:, rules[1]] = False
    return ink if mask is None else ink & mask


def sightings(line: Pixels, window: Pixels) -> list[Sighting]:
    """The places that look most like a line of writing, in whatever colours, the best first."""
    high, wide = line.shape[:2]
    if high > window.shape[0] or wide > window.shape[1]:
        return []
    scores = np.abs(cv2.matchTemplate(grey(window), grey(line), cv2.TM_CCOEFF_NORMED))
    # Over a flat ground the normalised score is noise, up to infinite.
    scores[~_structured(window, (wide, high))] = 0.0
    found: list[Sighting] = []
    while len(found) < _CANDIDATES:
        _, best, _, (x, y) = cv2.minMaxLoc(scores)
        if best < _ALIKE:
            break
        found.append(Sighting(Point(int(x), int(y)), float(best)))
        scores[max(0, y - high // 2) : y + high // 2 + 1, max(0, x - 8) : x + 9] = 0.0
    return found


def _structured(window: Pixels, size: tuple[int, int]) -> Mask:
    """Where a patch of this size is not flat, by its top left corner."""
    wide, high = size
    sums, squares = (np.asarray(one, np.float64) for one in cv2.integral2(grey(window)))
    count = wide * high
    mean = _patch_sums(sums, wide, high) / count
    return np.asarray(_patch_sums(squares, wide, high) / count - mean * mean > 4.0)


def _patch_sums(table: NDArray[np.float64], wide: int, high: int) -> NDArray[np.float64]:
    return np.asarray(
        table[high:, wide:] - table[:-high, wide:] - table[high:, :-wide] + table[:-high, :-wide]
    )
