"""Whether two pictures show the same."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.screen.fingerprint import (
    PIXEL_STEP,
    Pixels,
    changed,
    changed_mask,
    crop,
    decode_mask,
    decode_png,
    deviation,
    encode_png,
    find,
    similarity,
)
from tests.unit.screen.builders import photo, plain, written


def random_pixels(seed: int, height: int = 12, width: int = 17) -> Pixels:
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (height, width, 3), np.uint8)


def test_one_thing_is_the_same_as_itself() -> None:
    patch = written("Agent-1")
    assert similarity(patch, patch.copy()).same
    assert similarity(patch, patch.copy()).correlation == 1.0


@pytest.mark.parametrize("scale", [0.3, 0.4, 0.5])
def test_one_digit_makes_another_agent(scale: float) -> None:
    for one, other in combinations("0123456789", 2):
        first, second = (written(f"Agent-{digit}", scale=scale) for digit in (one, other))
        assert not similarity(first, second).same, f"{one} and {other} at {scale}"


def test_a_flat_patch_is_like_nothing_and_found_nowhere() -> None:
    flat = plain(40, 20)
    assert not similarity(flat, flat).same
    assert find(flat, plain(200, 100)) is None
    assert find(flat, written("Agent-1", 200, 100)) is None


def test_pictures_of_other_shapes_are_not_the_same() -> None:
    assert not similarity(written("Agent-1", 160), written("Agent-1", 161)).same
    assert not similarity(plain(4, 4), np.zeros((0, 0, 3), np.uint8)).same
    assert changed(plain(4, 4), plain(5, 4)) == 20


@given(st.integers(0, 1000), st.integers(0, 43), st.integers(0, 28))
def test_a_patch_is_found_where_it_stands(seed: int, x: int, y: int) -> None:
    window = random_pixels(seed, 40, 60)
    found = find(crop(window, Rect(x, y, 17, 12)), window)
    assert found is not None
    assert found[0] == Point(x, y)


def test_a_patch_with_one_digit_changed_is_not_found() -> None:
    window = plain(400, 300)
    window[100:140, 50:210] = written("Agent-7")
    assert find(written("Agent-7"), window) is not None
    assert find(written("Agent-1"), window) is None


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_what_changed_is_counted_the_same_both_ways(one: int, other: int) -> None:
    a, b = random_pixels(one), random_pixels(other)
    expected = np.abs(a.astype(int) - b.astype(int)).max(axis=2) > PIXEL_STEP
    assert (changed_mask(a, b) == expected).all()
    assert changed(a, b) == changed(b, a) == expected.sum() == similarity(a, b).differing
    mask = a[:, :, 0] > 100
    assert changed(a, b, mask) == (expected & mask).sum()


@given(st.integers(0, 1000))
def test_pictures_and_masks_survive_their_png(seed: int) -> None:
    pixels = random_pixels(seed)
    assert (decode_png(encode_png(pixels)) == pixels).all()
    mask = pixels[:, :, 0] > 127
    again = decode_mask(encode_png(mask))
    assert again is not None
    assert (again == mask).all()


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="PNG"):
        decode_png(b"no picture")
    assert decode_mask(None) is None


def test_deviation() -> None:
    assert deviation(plain(9, 9)) == 0.0
    assert deviation(plain(0, 0)) == 0.0
    assert deviation(photo("chat")) > 20
