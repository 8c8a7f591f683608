"""The text stands as it was pasted: nothing but a caret may differ."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from panel.screen.fingerprint import Pixels
from panel.screen.standing import same_text

CARET = slice(8, 26), slice(151, 152)


def box(text: str = "[C2A] hello there", *, caret: bool = False) -> Pixels:
    made: Pixels = np.full((34, 300, 3), 255, np.uint8)
    cv2.putText(made, text, (4, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (20, 20, 20), 1, cv2.LINE_AA)
    if caret:
        made[CARET] = 0
    return made


def test_the_same_with_and_without_its_caret() -> None:
    assert same_text(box(), box())
    assert same_text(box(caret=True), box())


@pytest.mark.parametrize(
    "text", ["[C2A] hello there.", "[C2A] hello therel", "[C2A] hello ther", ""]
)
@pytest.mark.parametrize("caret", [False, True])
def test_what_was_added_or_taken_away_is_seen(text: str, caret: bool) -> None:
    assert not same_text(box(caret=caret), box(text))


def test_a_letter_where_the_caret_stood_is_seen() -> None:
    now = box()
    now[12:22, 151:152] = 60
    assert not same_text(box(caret=True), now)


def test_what_moves_by_itself_does_not_count() -> None:
    now = box()
    now[2:6, 280:290] = 0
    mask = np.ones(now.shape[:2], np.bool_)
    assert not same_text(box(), now, mask)
    mask[:, 275:] = False
    assert same_text(box(), now, mask)


def test_another_size_is_another_box() -> None:
    assert not same_text(box(), box()[:-1])
