"""Whether something is written in a box whose empty look is known, in whatever size and colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from panel.core.geometry import Rect
from panel.screen.composer import Look
from panel.screen.fingerprint import Mask, Pixels, crop
from panel.screen.lettering import ink_of, sightings

_MARGIN = 2
_NOISE_PIXELS = 3
"""A softened corner's rest. A full stop of small type has more."""
_JOINED = (9, 3)
"""Pixels across and down within which ink belongs together: the letters of a word."""


def draft_in(box: Pixels, looks: Sequence[Look], mask: Mask | None = None) -> bool:
    """Whether there is more in the box than in one of its empty looks.

    A hint and icons are recognised wherever they stand in it, light on dark or dark on light; what
    is left over is a draft. `mask` is False where the box moves by itself (the caret).
    """
    return all(_left_over(box, look, mask) > _NOISE_PIXELS for look in looks)


def _left_over(box: Pixels, look: Look, mask: Mask | None) -> int:
    """Pixels of ink that the empty look does not explain."""
    if look.matches(box):
        return 0
    ink = ink_of(box, mask)
    for block in _blocks(ink_of(look.pixels, look.mask)):
        seen = sightings(crop(look.pixels, block), box)
        if seen:
            at = seen[0].at
            top, left = max(0, at.y - _MARGIN), max(0, at.x - _MARGIN)
            ink[top : at.y + block.height + _MARGIN, left : at.x + block.width + _MARGIN] = False
    return int(ink.sum())


def _blocks(ink: Mask) -> list[Rect]:
    """Where ink stands together, with a margin, the largest first."""
    kernel = np.ones((2 * _JOINED[1] + 1, 2 * _JOINED[0] + 1), np.uint8)
    joined = cv2.dilate(ink.astype(np.uint8), kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    height, width = ink.shape
    whole = Rect(0, 0, width, height)
    blocks = []
    for number in range(1, count):
        x, y, wide, high = (int(value) for value in stats[number][:4])
        dx, dy = _JOINED[0] - _MARGIN, _JOINED[1] - _MARGIN
        block = Rect(x + dx, y + dy, wide - 2 * dx, high - 2 * dy).intersection(whole)
        if not block.empty:
            blocks.append(block)
    return sorted(blocks, key=lambda block: -block.width * block.height)
