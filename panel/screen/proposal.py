"""Frames to propose for a point, from a picture of the window; the operator may redraw them."""

from __future__ import annotations

from dataclasses import dataclass

from panel.core.geometry import Point, Rect
from panel.core.target import Proof, Reason, ReasonCode, WindowInfo
from panel.screen.anchor import propose, refuse_flat
from panel.screen.composer import box_around
from panel.screen.fingerprint import Pixels
from panel.screen.preset import preset_for
from panel.screen.process import terminal_program


@dataclass(frozen=True, slots=True)
class Frames:
    """Rectangles relative to the window's client area; None where there is nothing to propose."""

    anchor: Rect | None
    composer: Rect | None
    reasons: tuple[Reason, ...] = ()
    proof: Proof = Proof.COMPOSER
    needs_anchor: bool = True


def frames_for(picture: Pixels, window: WindowInfo, offset: Point) -> Frames:
    """Landmark and box for a point; in a terminal whose program is known there is no landmark."""
    preset = preset_for(window.program, window.identity.window_class)
    if preset.proof is Proof.TERMINAL:
        whole = Rect(0, 0, window.rect.width, window.rect.height)
        if terminal_program(window.identity.pid) is not None:
            return Frames(None, whole, (), preset.proof, needs_anchor=False)
        anchor = propose(picture, Rect(0, 0, 0, 0))
        return Frames(anchor, whole, () if anchor else (no_landmark(),), preset.proof)
    composer = box_around(picture, offset)
    anchor = propose(picture, composer)
    return Frames(anchor, composer, () if anchor else (no_landmark(),))


def no_landmark() -> Reason:
    """Nothing near the point can be recognised."""
    return Reason(
        ReasonCode.ANCHOR_DIFFERS,
        "No landmark was found near this place.",
        "Draw one around a label or an icon.",
    )


def refused(patch: Pixels, rect: Rect, box: Rect | None) -> tuple[Reason, ...]:
    """What speaks against a landmark that was drawn; `patch` is what `rect` of the window shows.

    `box` is the text box, if what is in it changes: no landmark may lie over it.
    """
    words = refuse_flat(patch, Rect(0, 0, rect.width, rect.height))
    if words is None and box is not None and not rect.intersection(box).empty:
        words = "the landmark lies over the text box, which changes; draw it beside the box"
    if words is None:
        return ()
    return (Reason(ReasonCode.ANCHOR_DIFFERS, words[0].upper() + words[1:] + "."),)
