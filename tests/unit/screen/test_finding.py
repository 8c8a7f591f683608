"""Finding a target again in a window that was resized, or has other colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.core.target import Proof
from panel.screen.finding import distance, find_place, moved_target, surroundings
from panel.screen.fingerprint import crop, decode_png
from panel.screen.lettering import lines_of, sightings
from tests.unit.screen.builders import info, photo, plain, target_in, written

AT = Point(215, 335)  # the middle of the text field of "chat"
MIDDLES = {
    "chat": AT,
    "chat_dark": AT,
    "chat_resized": Point(350, 495),
    "chat_dark_resized": Point(350, 495),
    "chat_resized_draft": Point(350, 495),
}


@pytest.mark.parametrize("name", MIDDLES)
def test_the_same_place_in_the_box_as_it_is_now(name: str) -> None:
    place = find_place(target_in(photo("chat"), AT), photo(name))
    assert place is not None
    assert distance(place.offset, MIDDLES[name]) <= 3
    assert place.composer.contains(place.offset)


@pytest.mark.parametrize("name", ["chat", "chat_resized"])
def test_from_dark_to_light(name: str) -> None:
    place = find_place(target_in(photo("chat_dark"), AT), photo(name))
    assert place is not None
    assert distance(place.offset, MIDDLES[name]) <= 3


def test_the_landmark_is_found_where_it_stands() -> None:
    place = find_place(target_in(photo("chat"), AT), photo("chat_resized"))
    assert place is not None
    assert place.anchor == Rect(0, 6, 160, 40)
    dark = find_place(target_in(photo("chat"), AT), photo("chat_dark"))
    assert dark is not None
    assert dark.anchor is None


@pytest.mark.parametrize("window", [plain(430, 400), plain(20, 10), plain(700, 560, (0, 0, 0))])
def test_nothing_is_proposed_where_nothing_is_like_it(window: np.ndarray) -> None:
    assert find_place(target_in(photo("chat"), AT), window) is None


def test_nothing_is_proposed_for_what_was_never_seen() -> None:
    target = target_in(photo("chat"), AT)
    assert find_place(replace(target, composer=None), photo("chat")) is None
    assert find_place(replace(target, offset=None), photo("chat")) is None


def test_words_alone_tell_how_far_they_moved_where_no_box_is_drawn() -> None:
    window = plain(900, 700)
    window[600:640, 300:460] = written("Type a message")
    target = target_in(window, Point(380, 620))
    moved = plain(900, 700)
    moved[500:540, 330:490] = written("Type a message")
    place = find_place(target, moved)
    assert place is not None
    assert place.offset == Point(410, 520)


@given(st.integers(80, 900), st.integers(80, 700))
def test_a_terminal_is_all_of_its_window(width: int, height: int) -> None:
    target = replace(
        target_in(photo("chat"), AT), proof=Proof.TERMINAL, composer=Rect(0, 0, 430, 400)
    )
    place = find_place(target, plain(width, height))
    assert place is not None
    assert place.composer == Rect(0, 0, width, height)
    assert place.composer.contains(place.offset)
    expected = Point(round(215 * width / 430), round(335 * height / 400))
    assert distance(place.offset, expected) <= 2


def test_the_moved_target_has_the_new_place_and_pictures() -> None:
    target, picture = target_in(photo("chat"), AT), photo("chat_resized")
    place = find_place(target, picture)
    assert place is not None
    moved = moved_target(target, place, info(Rect(50, 60, 700, 560)), picture)
    assert moved.point == Point(50, 60) + place.offset
    assert moved.window_size == (700, 560)
    assert moved.window is not None
    assert moved.window.title_rule == "Agent-4"
    assert moved.anchor is not None
    assert (decode_png(moved.anchor.png) == crop(picture, moved.anchor.rect)).all()
    assert moved.looks == target.looks, "what stands there now need not be empty"


def test_surroundings_are_cut_to_the_window() -> None:
    window = Rect(100, 100, 430, 400)
    around = surroundings(Rect(19, 309, 392, 72), window)
    assert around == Rect(100, 361, 430, 139)


def test_lines_of_a_box_without_its_border() -> None:
    box = plain(300, 60)
    box[0], box[-1], box[:, 0], box[:, -1] = 0, 0, 0, 0
    box[10:40, 20:140] = written("Ask anything", 120, 30)
    (line,) = lines_of(box)
    assert 20 <= line.x <= 30
    assert line.right < 145
    assert line.y >= 10 and line.bottom <= 40
    mask = np.ones((60, 300), np.bool_)
    mask[8:44] = False
    assert lines_of(box, mask) == []
    assert lines_of(plain(50, 50)) == []


def test_writing_is_seen_in_other_colours_too() -> None:
    window = plain(400, 300)
    window[100:140, 50:210] = written("Ask anything")
    for seen in (window, np.asarray(255 - window, np.uint8)):
        best = sightings(written("Ask anything"), seen)[0]
        assert best.at == Point(50, 100)
        assert best.likeness > 0.99
    assert sightings(written("Ask anything"), plain(400, 300)) == []
    assert sightings(written("Ask anything"), plain(100, 20)) == []
