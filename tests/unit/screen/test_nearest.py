"""What is proposed instead of a landmark that was refused, and the boxes of a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from panel.core.geometry import Point, Rect
from panel.core.target import Reason
from panel.screen.anchor import refuse_flat
from panel.screen.boxes import boxes_in
from panel.screen.composer import box_around
from panel.screen.fingerprint import Pixels, crop
from panel.screen.nearest import nearest
from panel.screen.proposal import refused
from tests.unit.screen.builders import photo, plain, written

BOX = Rect(20, 300, 360, 60)


def window(*words: tuple[str, Point]) -> Pixels:
    picture = np.full((400, 400, 3), 245, np.uint8)
    cv2.rectangle(picture, (BOX.x, BOX.y), (BOX.right, BOX.bottom), (120, 120, 120), 1)
    for text, at in words:
        cv2.putText(
            picture, text, (at.x, at.y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA
        )
    return picture


def ink_in(picture: Pixels, rect: Rect) -> int:
    return int((picture[rect.y : rect.bottom, rect.x : rect.right] < 100).any(axis=2).sum())


def test_the_nearer_of_two_labels_is_proposed_whole() -> None:
    far, near = Point(20, 30), Point(230, 240)
    picture = window(("Agent-1 far", far), ("Agent-2", near))
    found = nearest(picture, Rect(240, 130, 100, 30))
    assert found is not None
    label = Rect(near.x - 2, near.y - 14, 75, 20)
    assert ink_in(picture, found) == ink_in(picture, label) > 0
    assert refuse_flat(picture, found) is None


def test_the_edge_of_a_box_alone_is_none() -> None:
    assert nearest(window(), Rect(100, 250, 100, 30)) is None
    assert nearest(plain(300, 200), Rect(10, 10, 50, 20)) is None


def test_the_text_box_is_left_free() -> None:
    picture = window(("a draft in the box", Point(40, 335)))
    assert nearest(picture, Rect(100, 200, 80, 30), BOX) is None
    found = nearest(picture, Rect(100, 200, 80, 30))
    assert found is not None
    assert not found.intersection(BOX).empty


@pytest.mark.parametrize("drawn", [Rect(0, 0, 8, 8), Rect(10, 60, 380, 200)])
def test_what_is_proposed_has_a_size_that_can_be_recognised(drawn: Rect) -> None:
    picture = window(("Agent-2", Point(30, 30)))
    found = nearest(picture, drawn)
    assert found is not None
    assert (found.width, found.height) >= (48, 24)
    assert found.intersection(Rect(0, 0, 400, 400)) == found


def against(picture: Pixels, rect: Rect, box: Rect | None) -> tuple[Reason, ...]:
    return refused(crop(picture, rect), rect, box)


def test_a_flat_landmark_is_refused_in_words_and_what_is_proposed_is_not() -> None:
    picture = window(("Agent-2", Point(30, 30)))
    drawn = Rect(200, 150, 100, 30)
    (reason,) = against(picture, drawn, BOX)
    assert reason.text.startswith("The landmark is one flat area (contrast 0.0")
    instead = nearest(picture, drawn, BOX)
    assert instead is not None
    assert against(picture, instead, BOX) == ()


def test_a_landmark_over_the_text_box_is_refused() -> None:
    picture = window(("Agent-2", Point(30, 290)))
    (reason,) = against(picture, Rect(25, 270, 100, 60), BOX)
    assert reason.text == (
        "The landmark lies over the text box, which changes; draw it beside the box."
    )
    assert against(picture, Rect(25, 270, 100, 60), None) == ()


def test_a_landmark_that_reaches_out_of_the_picture_is_refused() -> None:
    (reason,) = against(window(), Rect(350, 380, 100, 60), None)
    assert reason.text == "The landmark must lie inside the window."


def test_the_boxes_of_a_picture_are_found_and_its_ground_is_none() -> None:
    picture = window(("Agent-2", Point(30, 30)))
    cv2.rectangle(picture, (300, 20), (360, 45), (200, 90, 20), -1)
    assert boxes_in(picture) == [Rect(300, 20, 61, 26), Rect(21, 301, 359, 59)]
    assert boxes_in(plain(300, 200)) == []


def test_in_a_real_chat_the_composer_is_among_them() -> None:
    picture = photo("chat")
    height, width = picture.shape[:2]
    found = boxes_in(picture)
    composer = box_around(picture, Point(width // 2, height - 50))
    assert any(
        abs(box.centre.x - composer.centre.x) <= 1 and abs(box.centre.y - composer.centre.y) <= 1
        for box in found
    ), (composer, found)


def test_noise_holds_no_boxes() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), np.uint8)
    assert boxes_in(noise) == []
    assert written("Agent-1", 200, 100).shape[0]
