"""Finding the box around a point, and telling an empty one from one with text in it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.screen.composer import (
    Look,
    box_around,
    drawn_box,
    find_look,
    looks_empty,
    still_parts,
    still_share,
)
from panel.screen.fingerprint import Pixels, crop
from tests.unit.screen.builders import DARK, photo, plain, written

FIELDS = {  # the text fields' places, as the programs told them
    "chat": Rect(25, 313, 380, 44),
    "chat_dark": Rect(25, 313, 380, 44),
    "chat_resized": Rect(25, 473, 650, 44),
    "chat_dark_resized": Rect(25, 473, 650, 44),
    "chat_resized_draft": Rect(25, 473, 650, 44),
    "demo": Rect(23, 508, 418, 58),
}


def round_box(border: tuple[int, int, int]) -> Pixels:
    """A white box with round corners; its border changes with the focus."""
    window = plain(300, 200, (255, 255, 255))
    for corner in ((40, 130), (260, 130), (40, 170), (260, 170)):
        cv2.circle(window, corner, 11, border, -1, cv2.LINE_AA)
    cv2.rectangle(window, (40, 119), (260, 181), border, -1)
    cv2.rectangle(window, (29, 130), (271, 170), border, -1)
    for corner in ((40, 130), (260, 130), (40, 170), (260, 170)):
        cv2.circle(window, corner, 10, (255, 255, 255), -1, cv2.LINE_AA)
    cv2.rectangle(window, (40, 120), (260, 180), (255, 255, 255), -1)
    cv2.rectangle(window, (30, 130), (270, 170), (255, 255, 255), -1)
    return window


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("share", [(0.1, 0.2), (0.5, 0.5), (0.02, 0.3), (0.9, 0.8)])
def test_the_box_of_a_photographed_window(name: str, share: tuple[float, float]) -> None:
    """Also from a point on a letter or on the hint. The padding is a few pixels wide."""
    field = FIELDS[name]
    at = Point(field.x + int(field.width * share[0]), field.y + int(field.height * share[1]))
    found = box_around(photo(name), at)
    assert found.contains(at)
    assert found.intersection(field) == field
    assert found.width - field.width <= 20
    assert found.height - field.height <= 36


def test_where_no_box_is_drawn_one_of_usual_size_is_taken() -> None:
    window = plain(1000, 700)
    assert drawn_box(window, Point(500, 300)) is None
    assert box_around(window, Point(500, 300)) == Rect(200, 270, 600, 60)
    assert box_around(window, Point(3, 699)) == Rect(0, 640, 600, 60)


@given(st.integers(1, 900), st.integers(1, 700), st.data())
def test_the_box_lies_in_the_picture_around_the_point(
    width: int, height: int, data: st.DataObject
) -> None:
    at = Point(data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1)))
    found = box_around(plain(width, height), at)
    assert found.contains(at)
    assert found.intersection(Rect(0, 0, width, height)) == found


def test_the_focus_changes_nothing_in_the_box() -> None:
    unfocused, focused = round_box((0xBD, 0xB2, 0xAA)), round_box((0xB4, 0x5F, 0x0A))
    box = box_around(unfocused, Point(150, 150))
    assert box == box_around(focused, Point(150, 150))
    assert box.width > 230
    assert Look(crop(unfocused, box)).matches(crop(focused, box))


def test_a_full_stop_is_a_draft() -> None:
    box = Look(plain(300, 40))
    typed = plain(300, 40)
    assert looks_empty(typed, [box])
    typed[20, 30] = DARK
    assert not looks_empty(typed, [box])
    assert looks_empty(typed, [box, Look(typed.copy())])
    assert not looks_empty(typed, [])


def test_a_photographed_draft_is_seen() -> None:
    box = box_around(photo("chat_resized"), Point(350, 495))
    empty = Look(crop(photo("chat_resized"), box))
    assert not empty.matches(crop(photo("chat_resized_draft"), box))


def test_what_blinks_is_masked_with_a_margin_and_nothing_else() -> None:
    on = plain(100, 40)
    on[10:24, 30:32] = DARK
    mask = still_parts([plain(100, 40), on, plain(100, 40)])
    assert mask is not None
    rows, columns = np.nonzero(~mask)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (8, 25, 28, 33)
    assert 0.9 < still_share(mask) < 1.0
    look = Look(plain(100, 40), mask)
    assert look.matches(on)
    draft = on.copy()
    draft[15, 50] = DARK
    assert not look.matches(draft)
    again = Look.of(look.to_picture(Rect(0, 0, 100, 40)))
    assert again.matches(on)
    assert not again.matches(draft)


def test_nothing_is_masked_where_all_is_still() -> None:
    assert still_parts([plain(9, 9)] * 3) is None
    assert still_share(None) == 1.0


def test_an_empty_look_is_found_where_it_moved() -> None:
    window = plain(600, 400)
    window[300:340, 100:260] = written("Ask anything")
    look = Look(written("Ask anything"))
    assert find_look(look, window) == Rect(100, 300, 160, 40)
    assert find_look(Look(written("Ask nothing")), window) is None


def test_a_look_without_structure_is_not_looked_for() -> None:
    assert find_look(Look(plain(50, 20)), plain(300, 300)) is None
    assert find_look(Look(written("larger than it", 400)), plain(300, 300)) is None
