"""What to propose instead of a landmark that was drawn where there is nothing to recognise."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from panel.core.geometry import Rect
from panel.screen.anchor import DEFAULT_SIZE
from panel.screen.fingerprint import Pixels, crop, grey

_ENOUGH = 14.0
"""How much has to be seen in a patch, grey values. It is counted over what straight lines across
or down explain: the edge of a box is the same along all of its length, and recognises nothing."""
_LEAST_SIZE, _MOST_SIZE = (48, 24), (320, 120)
_NEIGHBOURHOOD = 240
_PLENTY = 30.0
_RING_COST, _FAINT_COST = 12.0, 3.0
"""What a border that cuts through something costs, in pixels of distance per unit of contrast, and
what each unit less than plenty does."""

_Values = NDArray[np.float32]


def nearest(window: Pixels, drawn: Rect, avoid: Rect | None = None) -> Rect | None:
    """The nearest place to a drawn landmark that would do as one; None when none would.

    About as large as the drawn one, or of the usual size where only that finds anything; never
    over `avoid`; in the picture's coordinates. Something whole a little further away is preferred
    to something cut in two. Takes some milliseconds where there is such a place nearby, else as
    long as a look over all of the window.
    """
    whole, by = Rect(0, 0, window.shape[1], window.shape[0]), _NEIGHBOURHOOD
    near = Rect(drawn.x - by, drawn.y - by, drawn.width + 2 * by, drawn.height + 2 * by)
    for wanted in ((drawn.width, drawn.height), DEFAULT_SIZE):
        size = (
            min(max(_LEAST_SIZE[0], wanted[0]), _MOST_SIZE[0], whole.width),
            min(max(_LEAST_SIZE[1], wanted[1]), _MOST_SIZE[1], whole.height),
        )
        for area in (near.intersection(whole), whole):
            found = _nearest_in(window, area, drawn, avoid, size)
            if found is not None:
                return found
    return None


def _nearest_in(
    window: Pixels, area: Rect, drawn: Rect, avoid: Rect | None, size: tuple[int, int]
) -> Rect | None:
    wide, high = size
    if area.width < wide or area.height < high:
        return None
    seen, ring = _seen_in(crop(window, area), size)
    rows, columns = np.nonzero(seen >= _ENOUGH)
    x, y = area.x + columns, area.y + rows
    cost = np.hypot(x + wide // 2 - drawn.centre.x, y + high // 2 - drawn.centre.y)
    cost += _RING_COST * ring[rows, columns]
    cost += _FAINT_COST * np.maximum(_PLENTY - seen[rows, columns], 0.0)
    if avoid is not None:
        beside = (x + wide <= avoid.x) | (x >= avoid.right)
        cost[~(beside | (y + high <= avoid.y) | (y >= avoid.bottom))] = np.inf
    best = int(cost.argmin()) if cost.size else -1
    if best < 0 or not np.isfinite(cost[best]):
        return None
    return Rect(int(x[best]), int(y[best]), wide, high)


def _seen_in(part: Pixels, size: tuple[int, int]) -> tuple[_Values, _Values]:
    """What is to be seen in every patch of `size`, and on its border, by top left corner."""
    wide, high = size
    values = grey(part).astype(np.float32) - 128.0
    squares = _squared(values)
    # Every patch by its middle; those that reach out of the part are cut off.
    whole = (
        slice(high // 2, high // 2 + part.shape[0] - high + 1),
        slice(wide // 2, wide // 2 + part.shape[1] - wide + 1),
    )

    def sums(of: _Values, across: int, down: int) -> _Values:
        return np.asarray(cv2.boxFilter(of, cv2.CV_32F, (across, down), normalize=False))

    count = wide * high
    total, total_squares = sums(values, wide, high), sums(squares, wide, high)
    lines = sums(_squared(sums(values, wide, 1) / wide), 1, high) / high
    columns = sums(_squared(sums(values, 1, high) / high), wide, 1) / wide
    left = total_squares / count - lines - columns + (total / count) ** 2
    border = 2 * (wide + high) - 4
    mean = (total - sums(values, wide - 2, high - 2)) / border
    on_border = (total_squares - sums(squares, wide - 2, high - 2)) / border - mean**2
    return _root(left)[whole], _root(on_border)[whole]


def _squared(values: NDArray[Any]) -> _Values:
    return np.asarray(values * values, np.float32)


def _root(values: NDArray[Any]) -> _Values:
    return np.asarray(np.sqrt(np.maximum(values, 0.0)), np.float32)
