"""Finding a target again in its window after the window was resized or its contents moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from panel.core.geometry import Point, Rect
from panel.core.target import Picture, Proof, Target, WindowInfo
from panel.screen.anchor import refuse_flat
from panel.screen.composer import Look, drawn_box, find_look
from panel.screen.fingerprint import Pixels, crop, decode_png, encode_png, find
from panel.screen.lettering import lines_of, sightings

_SURROUNDINGS = 48
_MOST_LINES = 4
_SURELY_ALIKE = 0.95
_SHIFT = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where point, box and landmark are now, relative to the window's client area."""

    offset: Point
    composer: Rect
    anchor: Rect | None


def find_place(target: Target, window: Pixels) -> Place | None:
    """Looks over a picture of the whole window.

    The box has the first word, as it looked when empty; a box of another size or in other colours
    is recognised by what is written in it (a hint), or by its distance from the window's sides.
    What it answers is a proposal: nothing is clicked there until a person has agreed.
    """
    if target.offset is None or target.composer is None:
        return None
    anchor = _find_anchor(target, window)
    if target.proof is Proof.TERMINAL:
        whole = Rect(0, 0, window.shape[1], window.shape[0])
        offset = _scaled(target.offset, target.composer, whole)
        return Place(offset, whole, anchor)
    composer = _find_composer(target, window)
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


def _find_composer(target: Target, window: Pixels) -> Rect | None:
    if target.offset is None or target.composer is None:
        return None
    looks = [Look.of(picture) for picture in target.looks]
    for look in looks:
        exact = find_look(look, window)
        if exact is not None:
            # A wider box with the same hint holds the old look too, at its left.
            box = drawn_box(window, target.offset - target.composer.top_left + exact.top_left)
            return box if box is not None and _near(box.top_left, exact.top_left) else exact
    for look in looks:
        found = _by_its_words(look, window)
        if found is not None:
            return found
    return _by_its_margins(target, window)


def _by_its_words(look: Look, window: Pixels) -> Rect | None:
    """A box of another size, place or colour that holds the same words as the empty one did.

    Of several places with such words the one where they stand in a box as they stood before is
    better than any other; where no box is drawn, the words alone say how far it moved.
    """
    height, width = look.pixels.shape[:2]
    moved: Rect | None = None
    for line in lines_of(look.pixels, look.mask)[:_MOST_LINES]:
        for seen in sightings(crop(look.pixels, line), window):
            middle = seen.at + Point(line.width // 2, line.height // 2)
            box = drawn_box(window, middle)
            if box is not None and _near(seen.at - box.top_left, line.top_left):
                return box
            if moved is None and seen.likeness >= _SURELY_ALIKE:
                corner = seen.at - line.top_left
                moved = Rect(corner.x, corner.y, width, height)
    whole = Rect(0, 0, window.shape[1], window.shape[0])
    return moved if moved is not None and moved.intersection(whole) == moved else None


def _by_its_margins(target: Target, window: Pixels) -> Rect | None:
    """A box that is as high as it was and as far from three sides of its window: what stands in
    it, and its colours, may be quite different."""
    then, size = target.composer, target.window_size
    if then is None or size is None or target.offset is None:
        return None
    height, width = window.shape[:2]
    at = Point(round(target.offset.x * width / size[0]), height - (size[1] - target.offset.y))
    if not Rect(0, 0, width, height).contains(at):
        return None
    box = drawn_box(window, at)
    if box is None or abs(box.height - then.height) > _SHIFT:
        return None
    margins_then = (then.x, size[0] - then.right, size[1] - then.bottom)
    margins_now = (box.x, width - box.right, height - box.bottom)
    alike = all(abs(a - b) <= _SHIFT for a, b in zip(margins_then, margins_now, strict=True))
    return box if alike else None


def _near(one: Point, other: Point) -> bool:
    return abs(one.x - other.x) <= _SHIFT and abs(one.y - other.y) <= _SHIFT


def _scaled(point: Point, then: Rect, now: Rect) -> Point:
    """The same place in a box of another size."""
    return Point(
        now.x + round((point.x - then.x) * (now.width - 1) / max(1, then.width - 1)),
        now.y + round((point.y - then.y) * (now.height - 1) / max(1, then.height - 1)),
    )


def moved_target(target: Target, place: Place, window: WindowInfo, picture: Pixels) -> Target:
    """The target at its new place with a fresh landmark; its empty looks are still those of the old
    place: they are taken anew once a person has accepted it."""
    assert target.offset is not None
    anchor = None
    rect = place.anchor or (target.anchor.rect if target.anchor is not None else None)
    if rect is not None and refuse_flat(picture, rect) is None:
        anchor = Picture(rect, encode_png(crop(picture, rect)))
    return replace(
        target,
        point=window.rect.top_left + place.offset,
        offset=place.offset,
        composer=place.composer,
        anchor=anchor,
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
