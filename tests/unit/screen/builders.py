"""Pictures for the tests of recognition: photographed windows, and drawn ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from panel.core.geometry import Point, Rect
from panel.core.target import (
    AnchorPolicy,
    Picture,
    Proof,
    Target,
    TargetKind,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)
from panel.screen.composer import Look, box_around
from panel.screen.fingerprint import Pixels, crop, encode_png

GREY, DARK = (246, 248, 250), (40, 35, 31)
PICTURES = Path(__file__).with_name("pictures")
IDENTITY = WindowIdentity(0x400007, 4711, 1234, "Chromium", "Agent-4 – chat", "Agent-4")
ANCHOR = Rect(0, 6, 160, 40)


def photo(name: str) -> Pixels:
    """A window as it stood on a desktop, grabbed from the X server."""
    image = cv2.imread(str(PICTURES / f"{name}.png"))
    assert image is not None
    return np.asarray(image, np.uint8)


def plain(width: int, height: int, colour: tuple[int, int, int] = GREY) -> Pixels:
    return np.full((height, width, 3), colour, np.uint8)


def written(text: str, width: int = 160, height: int = 40, scale: float = 0.4) -> Pixels:
    """A patch with a line of small type."""
    picture = plain(width, height)
    place = (8, height - 14)
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, DARK, 1, cv2.LINE_AA)
    return picture


def target_in(
    window: Pixels,
    at: Point,
    corner: Point = Point(0, 0),  # noqa: B008 - frozen
    policy: AnchorPolicy = AnchorPolicy.STRICT,
    proof: Proof = Proof.COMPOSER,
) -> Target:
    """A target as calibration would make it from a picture of its window."""
    composer = box_around(window, at)
    return Target(
        agent_id="Agent-4",
        kind=TargetKind.CHAT,
        point=corner + at,
        status=TargetStatus.CONFIRMED,
        offset=at,
        window=IDENTITY,
        window_size=(window.shape[1], window.shape[0]),
        composer=composer,
        anchor=Picture(ANCHOR, encode_png(crop(window, ANCHOR))),
        policy=policy,
        looks=(Look(crop(window, composer)).to_picture(composer),),
        proof=proof,
    )


def info(rect: Rect, identity: WindowIdentity = IDENTITY, minimised: bool = False) -> WindowInfo:
    return WindowInfo(identity, rect, minimised)
