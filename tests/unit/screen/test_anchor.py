"""The landmark: never flat, never in the box, never where something moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Rect
from panel.screen.anchor import propose, refuse_flat
from panel.screen.fingerprint import FLAT_DEVIATION, crop, deviation, similarity
from tests.unit.screen.builders import photo, plain, written

COMPOSER = Rect(19, 309, 392, 72)
NAME = Rect(14, 12, 100, 30)  # the chip with the agent's number and its name


@pytest.mark.parametrize("rect", [Rect(100, 200, 160, 40), Rect(200, 70, 64, 64)])
def test_a_flat_patch_is_refused_with_the_reason(rect: Rect) -> None:
    refused = refuse_flat(photo("chat"), rect)
    assert refused is not None
    assert "flat" in refused
    assert "label" in refused


@pytest.mark.parametrize("rect", [Rect(400, 6, 160, 40), Rect(500, 500, 20, 20), Rect(0, 0, 0, 0)])
def test_a_landmark_outside_the_window_is_refused(rect: Rect) -> None:
    refused = refuse_flat(photo("chat"), rect)
    assert refused is not None
    assert "inside the window" in refused


@pytest.mark.parametrize("name", ["chat", "chat_dark", "chat_resized", "demo"])
def test_the_proposed_landmark_shows_who_it_is(name: str) -> None:
    window = photo(name)
    found = propose(window, COMPOSER)
    assert found is not None
    assert refuse_flat(window, found) is None
    assert found.intersection(NAME) == NAME or (name == "demo" and found.y < 60)


def test_another_agent_in_the_header_is_another_landmark() -> None:
    window = plain(500, 400)
    window[10:50, 20:180] = written("Agent-6")
    found = propose(window, Rect(0, 350, 500, 50))
    assert found is not None
    other = window.copy()
    other[10:50, 20:180] = written("Agent-8")
    assert not similarity(crop(window, found), crop(other, found)).same


def test_a_flat_header_leaves_the_band_below_the_transcript() -> None:
    window = plain(500, 400)
    window[360:400, 20:180] = written("To Agent-7")
    found = propose(window, Rect(0, 300, 500, 50))
    assert found is not None
    assert found.y >= 350
    assert propose(plain(500, 400), Rect(0, 300, 500, 50)) is None


def test_what_moves_is_no_landmark() -> None:
    window = plain(500, 400)
    window[10:50, 20:180] = written("Agent-7")
    still = np.ones((400, 500), np.bool_)
    still[:64] = False
    assert propose(window, Rect(0, 300, 500, 50), still) is None


@given(st.integers(0, 300), st.integers(0, 330), st.integers(20, 400), st.integers(12, 120))
def test_the_landmark_never_lies_in_the_box(x: int, y: int, width: int, height: int) -> None:
    window = photo("chat")
    composer = Rect(x, y, width, height).intersection(Rect(0, 0, 430, 400))
    found = propose(window, composer)
    if found is not None:
        assert found.intersection(composer).empty
        assert deviation(crop(window, found)) >= FLAT_DEVIATION
