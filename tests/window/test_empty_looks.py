"""The empty looks that a person is shown: striped where nothing is compared."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from panel.core.geometry import Rect
from panel.core.target import Picture
from panel.screen.fingerprint import encode_png
from panel.ui.calibrate.empty_looks import GAP, looks_image, looks_words

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]

WIDE, HIGH = 60, 20
RECT = Rect(5, 5, WIDE, HIGH)


def look(grey: int, *, masked: bool = False, size: tuple[int, int] = (WIDE, HIGH)) -> Picture:
    """One colour; with `masked` a caret's place at its left is not compared."""
    png = encode_png(np.full((size[1], size[0], 3), grey, np.uint8))
    mask = np.ones((HIGH, WIDE), np.bool_)
    mask[3:15, 4:12] = False
    return Picture(RECT, png, encode_png(mask) if masked else None)


def seen(looks: list[Picture]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = looks_image(looks)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    # A copy: the image's own memory goes with it.
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


@pytest.mark.parametrize("grey", [0, 40, 128, 250])
def test_only_what_is_not_compared_is_striped(grey: int) -> None:
    shown = seen([look(grey, masked=True)])[:, :, :3]
    changed = (shown != grey).any(axis=2)
    expected = np.zeros((HIGH, WIDE), np.bool_)
    expected[3:15, 4:12] = True
    assert np.array_equal(changed, expected)
    inside = cv2.cvtColor(np.ascontiguousarray(shown[3:15, 4:12]), cv2.COLOR_BGR2GRAY)
    assert len(np.unique(inside)) > 1  # stripes, not a colour alone


def test_without_a_mask_it_is_the_picture_itself() -> None:
    assert (seen([look(77)])[:, :, :3] == 77).all()


def test_several_looks_stand_below_each_other() -> None:
    shown = seen([look(10), look(200, masked=True)])
    assert shown.shape[:2] == (2 * HIGH + GAP, WIDE)
    assert (shown[:HIGH, :, 0] == 10).all()
    assert (shown[HIGH : HIGH + GAP, :, 3] == 0).all()
    assert (shown[-1, :, 0] == 200).all()


def test_a_mask_of_another_size_is_left_out_rather_than_misplaced() -> None:
    assert (seen([look(90, masked=True, size=(WIDE + 1, HIGH))])[:, :, :3] == 90).all()


def test_the_words_say_what_is_compared() -> None:
    assert looks_words([]) == ""
    assert looks_words([look(1)]) == "All of it is compared."
    assert looks_words([look(1), look(2, masked=True)]) == (
        "2 looks are kept; one of them has to fit. "
        "What is striped changes by itself (a caret) and is not compared."
    )


def test_no_look_is_no_picture() -> None:
    assert looks_image([]).isNull()
