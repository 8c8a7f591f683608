"""A small part of the benchmark's seeded screens: `make bench ARGS=calibration` has them all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.desk import BenchDesk
from bench.recognition import Tally, Turns, look_at
from bench.subjects import chat_turns, demo_turns, terminal_turns
from panel.core.geometry import Point
from panel.screen.grab import ScreenCamera
from panel.screen.x11 import X11Windows
from tests.desktop.chromium import Chromium
from tests.desktop.conftest import OpenWindow
from tests.desktop.hands import Operator

SEED = 7


@pytest.fixture
def bench(
    operator: Operator, chromium: Chromium, opened: ExitStack, tmp_path: Path
) -> Iterator[BenchDesk]:
    system, camera = X11Windows(), ScreenCamera()
    yield BenchDesk(operator, system, camera, chromium, tmp_path, opened)
    camera.close()
    system.close()


@pytest.mark.slow
@pytest.mark.parametrize("turns", [chat_turns, demo_turns, terminal_turns])
def test_no_wrong_target_and_most_right_ones(bench: BenchDesk, turns: Turns) -> None:
    tally = Tally()
    look_at(bench, turns, random.Random(SEED), 1, tally)
    assert tally.kinds.total() >= 4
    assert tally.wrong == []
    # One miss may be a window that was slow to paint on a busy machine.
    assert len(tally.missed) <= 1, tally.missed


def test_a_glance_answers_as_the_slow_way_does(bench: BenchDesk, open_window: OpenWindow) -> None:
    """Also for a window that got the number of a dead one, in another frame."""
    numbers = set()
    for round_number in range(3):
        at = (100 + 200 * round_number, 100)
        window = open_window(f"Window {round_number}", geometry=(*at, 300, 200))
        numbers.add(window.window)
        for _ in range(2):
            info, shown = bench.system.glance(window.window, Point(20, 30))
            assert shown
            assert info == bench.system.describe(window.window)
        cover = open_window("Cover", geometry=(*at, 150, 150), above=True)
        _, shown = bench.system.glance(window.window, Point(20, 30))
        assert not shown
        assert not bench.system.shows(window.window, Point(at[0] + 20, at[1] + 30))
        assert bench.system.glance(window.window, Point(200, 180))[1]
        cover.close()
        window.eyes.place(window.window, (at[0] + 50, at[1] + 300, 300, 200))
        info, shown = bench.system.glance(window.window, Point(20, 30))
        assert shown
        assert info is not None
        assert info.rect.top_left == Point(at[0] + 50, at[1] + 300)
        window.close()
        assert bench.system.glance(window.window, Point(20, 30)) == (None, False)
    assert len(numbers) < 3, "the server gave no number twice: this test has lost its point"
