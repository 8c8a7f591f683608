"""Text in a box whose empty look is known from another size or theme."""

from __future__ import annotations

import cv2
import pytest

from panel.core.geometry import Point
from panel.screen.composer import Look, box_around
from panel.screen.draft import draft_in
from panel.screen.fingerprint import Pixels, crop
from tests.unit.screen.builders import DARK, GREY, photo, plain
from tests.unit.screen.test_finding import AT


def box(text: str, width: int = 300, *, dark: bool = False, icon: bool = True) -> Pixels:
    ground, ink = (DARK, GREY) if dark else (GREY, DARK)
    picture = plain(width, 40, ground)
    cv2.putText(picture, text, (8, 25), cv2.FONT_HERSHEY_SIMPLEX, 0.4, ink, 1, cv2.LINE_AA)
    if icon:
        cv2.circle(picture, (width - 20, 20), 8, (200, 120, 40), 2, cv2.LINE_AA)
        cv2.line(picture, (width - 24, 20), (width - 16, 20), (200, 120, 40), 2)
    return picture


HINT = "Message the agent"
EMPTY = [Look(box(HINT))]


@pytest.mark.parametrize("width", [240, 300, 420])
@pytest.mark.parametrize("dark", [True, False])
def test_the_same_hint_and_icon_are_no_draft(width: int, dark: bool) -> None:
    assert not draft_in(box(HINT, width, dark=dark), EMPTY)


@pytest.mark.parametrize("text", ["Please wait for me", "l", ".", HINT + ", please", "Message"])
@pytest.mark.parametrize("dark", [True, False])
def test_anything_else_is_a_draft(text: str, dark: bool) -> None:
    assert draft_in(box(text, dark=dark), [Look(box("", icon=False))])
    if text != "Message":  # a part of the hint is told from it only where the colours are the same
        assert draft_in(box(text, dark=dark), EMPTY)


def test_one_of_several_empty_looks_is_enough() -> None:
    assert not draft_in(box("Ask"), [*EMPTY, Look(box("Ask"))])


def test_photographed_boxes() -> None:
    window = photo("chat")
    empty = [Look(crop(window, box_around(window, AT)))]
    for name, at in (("chat_dark", AT), ("chat_resized", None), ("chat_dark_resized", None)):
        other = photo(name)
        place = at or Point(other.shape[1] // 2, other.shape[0] - (window.shape[0] - AT.y))
        assert not draft_in(crop(other, box_around(other, place)), empty), name
    draft = photo("chat_resized_draft")
    place = Point(draft.shape[1] // 2, draft.shape[0] - (window.shape[0] - AT.y))
    assert draft_in(crop(draft, box_around(draft, place)), empty)
