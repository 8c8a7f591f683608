"""Finding a target again in its window after the window was resized or its contents moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from panel.core.geometry import Point, Rect
from panel.core.target import Picture, Proof, Target, WindowInfo
from panel.screen.anchor import propose
from panel.screen.composer import Look, box_around, find_look
from panel.screen.fingerprint import Pixels, crop, decode_png, encode_png, find

_SURROUNDINGS = 48


@dataclass(frozen=True, slots=True)
class Place:
    """Where point, box and landmark are now, relative to the window's client area."""

    offset: Point
    composer: Rect
    anchor: Rect | None


def find_place(target: Target, window: Pixels) -> Place | None:
    """Looks over a picture of the whole window.

    The box has the first word, as it looked when empty; a box that has changed its size is
    recognised by what stands in it (a hint) or by its place beside the landmark.
    """
    if target.offset is None or target.composer is None:
        return None
    anchor = _find_anchor(target, window)
    if target.proof is Proof.TERMINAL:
        whole = Rect(0, 0, window.shape[1], window.shape[0])
        offset = _scaled(target.offset, target.composer, whole)
        return Place(offset, whole, anchor)
    composer = _find_composer(target, window, anchor)
    if composer is None:
        return None
    return Place(_scaled(target.offset, target.composer, composer), composer, anchor)


def _find_anchor(target: Target, window: Pixels) -> Rect | None:
    if target.anchor is None:
        return None
    patch = decode_png(target.anchor.png)
    found = find(patch, window)
    if found is None:
        return None
    at = found[0]
    return Rect(at.x, at.y, patch.shape[1], patch.shape[0])


def _find_composer(target: Target, window: Pixels, anchor: Rect | None) -> Rect | None:
    looks = [Look.of(picture) for picture in target.looks]
    for look in looks:
        exact = find_look(look, window)
        if exact is not None:
            return exact
    for look in looks:
        found = _by_its_words(look, window)
        if found is not None:
            return found
    return None


def _by_its_words(look: Look, window: Pixels) -> Rect | None:
    """A box of another size that holds the same words: the densest strip of the look is found."""
    words = propose(look.pixels, Rect(0, 0, 0, 0), look.mask, _strip(look.pixels))
    if words is None:
        return None
    found = find(crop(look.pixels, words), window)
    if found is None:
        return None
    at = found[0] + Point(words.width // 2, words.height // 2)
    box = box_around(window, at)
    return box if box.contains(at) else None


def _strip(pixels: Pixels) -> tuple[int, int]:
    height, width = pixels.shape[:2]
    return min(120, width), min(20, height)


def _scaled(point: Point, then: Rect, now: Rect) -> Point:
    """The same place in a box of another size."""
    return Point(
        now.x + round((point.x - then.x) * (now.width - 1) / max(1, then.width - 1)),
        now.y + round((point.y - then.y) * (now.height - 1) / max(1, then.height - 1)),
    )


def moved_target(target: Target, place: Place, window: WindowInfo, picture: Pixels) -> Target:
    """The target as it would be stored at its new place, with fresh pictures of it."""
    assert target.offset is not None
    looks = target.looks
    if target.proof is Proof.COMPOSER and place.composer != target.composer:
        seen = Look(crop(picture, place.composer))
        looks = (seen.to_picture(place.composer),)
    elif target.proof is Proof.COMPOSER:
        looks = tuple(replace(look, rect=place.composer) for look in target.looks)
    anchor = target.anchor
    if place.anchor is not None:
        anchor = Picture(place.anchor, encode_png(crop(picture, place.anchor)))
    return replace(
        target,
        point=window.rect.top_left + place.offset,
        offset=place.offset,
        composer=place.composer,
        anchor=anchor,
        looks=looks,
        window=replace(
            window.identity,
            title_rule=target.window.title_rule if target.window else None,
        ),
        window_size=(window.rect.width, window.rect.height),
    )


def distance(one: Point, other: Point) -> float:
    """In native pixels."""
    return math.hypot(one.x - other.x, one.y - other.y)


def surroundings(composer: Rect, window: Rect) -> Rect:
    """The box with a margin, on the desktop, cut to its window."""
    margin = _SURROUNDINGS
    grown = Rect(
        composer.x - margin,
        composer.y - margin,
        composer.width + 2 * margin,
        composer.height + 2 * margin,
    )
    return grown.intersection(Rect(0, 0, window.width, window.height)).moved(window.top_left)
