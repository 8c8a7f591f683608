"""The boxes that are drawn in a window: fields, cards, buttons, as far as they have one ground."""

from __future__ import annotations

import cv2
import numpy as np

from panel.core.geometry import Rect
from panel.screen.fingerprint import Pixels

_TOLERANCE = (9, 9, 9)
_SMALLEST = (24, 12)
_LARGEST_SHARE = 0.6
_FILLED = 0.6
_STEP = (20, 10)
"""How far apart it looks for a ground; the smallest box has one such place inside."""


def boxes_in(window: Pixels) -> list[Rect]:
    """All of them, in the picture's coordinates, from the top down. 30 ms for a plain window of
    1920x1080, ten times as long for one full of noise.

    A box is an area of one colour that fills most of the rectangle around it, whatever is written
    on it; the window's own ground is none.
    """
    height, width = window.shape[:2]
    canvas = np.ascontiguousarray(window)
    # One mask for all: a pixel that belongs to an area is looked at once.
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    found: list[Rect] = []
    for y in range(_STEP[1] // 2, height, _STEP[1]):
        for x in range(_STEP[0] // 2, width, _STEP[0]):
            if mask[y + 1, x + 1]:
                continue
            filled, _, _, (left, top, wide, high) = cv2.floodFill(
                canvas, mask, (x, y), (0, 0, 0), _TOLERANCE, _TOLERANCE, flags
            )
            area = wide * high
            small = wide < _SMALLEST[0] or high < _SMALLEST[1]
            if small or area > width * height * _LARGEST_SHARE or filled < area * _FILLED:
                continue
            found.append(Rect(int(left), int(top), int(wide), int(high)))
    return sorted(found, key=lambda box: (box.y, box.x))
