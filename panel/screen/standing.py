"""Whether the text that we pasted still stands in its box, judged by the picture that was kept.

All in the driver's thread; nothing is clicked or raised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panel.core.geometry import Rect
from panel.core.target import Proof, Reason, ReasonCode, Target
from panel.screen.composer import Look
from panel.screen.fingerprint import Mask, Pixels, changed_mask, crop
from panel.screen.grab import Camera
from panel.screen.waiting import until

BLINK_SECONDS = 1.3
"""Longer than a caret's blink: within it every phase of it is seen."""

_BESIDE, _ABOVE, _BELOW = 48, 200, 80
_LOOKED_AT_BELOW = 32
"""What a person adds below our last line shows there, in a box that grows."""
_CARET_WIDTH, _CARET_HEIGHTS = 3, range(8, 61)
_BLOCK_CARET = (24, 40)


@dataclass(frozen=True, slots=True)
class Pasted:
    """The pictures of a delivery's steps `pasted` and, where it was kept, `ready`, as `view` cuts
    them."""

    pasted: Pixels
    ready: Pixels | None = None


def view(composer: Rect, window: Rect) -> Rect:
    """What a picture shows, on the desktop: the box and what is around it, cut to its window."""
    return _around(composer, window).moved(window.top_left)


def stands(
    target: Target, window: Rect, camera: Camera, kept: Pasted, *, focused: bool
) -> Reason | None:
    """None when the box looks as it did after our paste, but for the caret; looks for 1.3 s.

    With the focus (as it was then) the rows that the text has grown into are compared too, without
    it the box alone, as the frame around it has another colour then.
    """
    assert target.composer is not None
    around = _around(target.composer, window)
    box = Rect(
        target.composer.x - around.x,
        target.composer.y - around.y,
        target.composer.width,
        target.composer.height,
    )
    part = _grown(box, kept) if focused else box
    then = crop(kept.pasted, part)
    mask = None if focused and part != box else _own_motion(target)
    block = target.proof is Proof.TERMINAL and not focused

    def same() -> bool:
        now = camera.grab(around.moved(window.top_left))
        return now.shape == kept.pasted.shape and same_text(then, crop(now, part), mask, block)

    if until(same, BLINK_SECONDS):
        return None
    return Reason(ReasonCode.TEXT_GONE, "Its box no longer looks as it did after the paste.")


def same_text(then: Pixels, now: Pixels, mask: Mask | None = None, block: bool = False) -> bool:
    """Whether two pictures show the same but for a caret that `then` shows and `now` does not.

    That is a solid bar where `now` shows nothing but ground: a letter that was added shows its ink
    there, one that was taken away is no solid bar of a caret's height, but for a last "l" or "I".
    `block`: what a terminal's cursor changes when it loses the focus counts as no difference.
    """
    if then.shape != now.shape:
        return False
    differs = changed_mask(then, now)
    if mask is not None and mask.shape == differs.shape:
        differs &= mask
    if not differs.any():
        return True
    rows, columns = np.nonzero(differs)
    top, bottom = int(rows.min()), int(rows.max()) + 1
    left, right = int(columns.min()), int(columns.max()) + 1
    width, height = right - left, bottom - top
    if block:
        return width <= _BLOCK_CARET[0] and height <= _BLOCK_CARET[1]
    if width > _CARET_WIDTH or height not in _CARET_HEIGHTS:
        return False
    ground = now[top:bottom, left:right].reshape(-1, 3)
    return bool(differs[top:bottom, left:right].all() and (np.ptp(ground, axis=0) <= 2).all())


def _around(composer: Rect, window: Rect) -> Rect:
    """`view` in the window's own coordinates."""
    around = Rect(
        composer.x - _BESIDE,
        composer.y - _ABOVE,
        composer.width + 2 * _BESIDE,
        composer.height + _ABOVE + _BELOW,
    )
    return around.intersection(Rect(0, 0, window.width, window.height))


def _grown(box: Rect, kept: Pasted) -> Rect:
    """The box with the rows that our paste has changed, and some below."""
    height = kept.pasted.shape[0]
    top, bottom = box.y, box.bottom
    if kept.ready is not None and kept.ready.shape == kept.pasted.shape:
        columns = slice(max(0, box.x), box.right)
        rows = np.nonzero(changed_mask(kept.ready, kept.pasted)[:, columns].any(axis=1))[0]
        if rows.size:
            top, bottom = min(top, int(rows.min())), max(bottom, int(rows.max()) + 1)
    bottom = min(height, bottom + _LOOKED_AT_BELOW)
    return Rect(box.x, top, box.width, bottom - top)


def _own_motion(target: Target) -> Mask | None:
    """What moves in the box by itself is left out, as it was calibrated."""
    masks = [mask for mask in (Look.of(one).mask for one in target.looks) if mask is not None]
    if not masks or any(mask.shape != masks[0].shape for mask in masks):
        return None
    return np.asarray(np.logical_and.reduce(masks))
