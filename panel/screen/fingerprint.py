"""Pictures as arrays, and whether two of them show the same.

A picture is a uint8 array of shape (height, width, 3), blue-green-red, native pixels. A mask is a
bool array of shape (height, width), True where pictures may be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from panel.core.geometry import Point, Rect

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

PIXEL_STEP = 24
"""Two pixels differ when a channel is further apart than this (of 255)."""

FLAT_DEVIATION = 6.0
"""A patch whose grey values deviate less than this holds nothing to recognise (opencv#5688)."""


SAME_PIXELS = 2
"""Two pictures of one thing differ in no more pixels: one digit of small, pale type changes three,
and one digit is all that tells "Agent-6" from "Agent-8"."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """`correlation` from -1 to 1 (0 for flat patches), `mean_difference` from 0 to 255, and how
    many pixels differ by more than PIXEL_STEP."""

    correlation: float
    mean_difference: float
    differing: int

    @property
    def same(self) -> bool:
        return (
            self.correlation >= 0.97
            and self.mean_difference <= 6.0
            and self.differing <= SAME_PIXELS
        )


def encode_png(pixels: Pixels | Mask) -> bytes:
    """The PNG file of a picture, or of a mask (white is True)."""
    image = pixels.astype(np.uint8)
    if pixels.dtype == np.bool_:
        image *= 255
    done, data = cv2.imencode(".png", image)
    if not done:
        raise ValueError(f"no PNG of shape {pixels.shape}")
    return bytes(data.tobytes())


@lru_cache(maxsize=128)
def decode_png(data: bytes) -> Pixels:
    """The picture in a PNG file, not to be written to; ValueError when it is none."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("not a PNG picture")
    pixels = np.asarray(image, dtype=np.uint8)
    pixels.setflags(write=False)
    return pixels


def decode_mask(data: bytes | None) -> Mask | None:
    """The mask in a PNG file, None for none."""
    return None if data is None else np.asarray(decode_png(data)[:, :, 0] > 127)


def deviation(pixels: Pixels) -> float:
    """Standard deviation of the grey values: 0 is a flat patch."""
    return float(cv2.meanStdDev(grey(pixels))[1][0, 0]) if pixels.size else 0.0


def similarity(one: Pixels, other: Pixels) -> Similarity:
    """Correlation and mean difference of two pictures; of different shapes: nothing alike."""
    if one.shape != other.shape or one.size == 0:
        return Similarity(0.0, 255.0, max(one.size, other.size) // 3)
    apart = cv2.absdiff(one, other)
    difference = sum(cv2.mean(apart)[:3]) / 3
    if difference == 0.0:
        return Similarity(1.0 if deviation(one) > 1e-3 else 0.0, 0.0, 0)
    a, b = grey(one).astype(np.float32), grey(other).astype(np.float32)
    a -= a.mean()
    b -= b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    correlation = float((a * b).sum()) / scale if scale > 1e-6 else 0.0
    return Similarity(correlation, difference, int(np.count_nonzero(_beyond_step(apart))))


def changed(one: Pixels, other: Pixels, mask: Mask | None = None) -> int:
    """How many pixels differ by more than PIXEL_STEP; all of them when the shapes differ."""
    if one.shape != other.shape:
        return int(max(one[:, :, 0].size, other[:, :, 0].size))
    differs = changed_mask(one, other)
    return int(np.count_nonzero(differs & mask if mask is not None else differs))


def changed_mask(one: Pixels, other: Pixels) -> Mask:
    """Where two pictures of one shape differ by more than PIXEL_STEP in any channel."""
    return _beyond_step(cv2.absdiff(one, other))


def find(patch: Pixels, within: Pixels) -> tuple[Point, Similarity] | None:
    """Where a patch stands in a larger picture, or None. A flat patch is never found."""
    height, width = patch.shape[:2]
    if height > within.shape[0] or width > within.shape[1] or deviation(patch) < FLAT_DEVIATION:
        return None
    scores = cv2.matchTemplate(grey(within), grey(patch), cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(scores)
    like = similarity(patch, within[y : y + height, x : x + width])
    return (Point(int(x), int(y)), like) if like.same else None


def crop(pixels: Pixels, rect: Rect) -> Pixels:
    """The part of a picture inside `rect`, which is in the picture's own coordinates."""
    x, y = max(0, rect.x), max(0, rect.y)
    return pixels[y : max(y, rect.bottom), x : max(x, rect.right)]


def _beyond_step(apart: Any) -> Mask:
    """Where a difference is larger than PIXEL_STEP in any channel."""
    within = cv2.inRange(apart, (0, 0, 0), (PIXEL_STEP, PIXEL_STEP, PIXEL_STEP))
    return np.asarray(np.asarray(within) == 0, np.bool_)


def grey(pixels: Pixels) -> Pixels:
    """Its grey values, of shape (height, width)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
