"""Whether every native pixel can be picked: the picker's own input on screens of every scale."""

from __future__ import annotations

import contextlib
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.desk import SIZE, display_of
from bench.figures import Figure, spread
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.scripts import Script

SEED = 20260314
POINTS = 80
"""On each of the screens below, besides the corners and the pixels along the border."""
_WIDTH, _HEIGHT = SIZE
_ONE_SCREEN = ("1", "1.25", "1.5", "2")
_TWO_SCREENS = ("left=1;right=2", "left=1.25;right=1.5", "left=2;right=1", "left=1.5;right=1.25")
_LONGEST_STEPS = 12

Pixel = tuple[int, int]


def picks() -> list[Figure]:
    """The largest distance, in either direction, between a pixel aimed at and the one answered."""
    chance = random.Random(SEED)
    errors: list[int] = []
    seconds: list[float] = []
    told: list[str] = []
    for scales in _ONE_SCREEN:
        with _desk(two_screens=False) as (folder, operator):
            before = len(errors)
            setting = {"QT_SCALE_FACTOR": scales}
            _pick_all(folder, operator, setting, _wanted(chance, two=False), errors, seconds)
        told.append(f"{scales}: {len(errors) - before}")
    for scales in _TWO_SCREENS:
        with _desk(two_screens=True) as (folder, operator):
            before = len(errors)
            setting = {"QT_SCREEN_SCALE_FACTORS": scales}
            _pick_all(folder, operator, setting, _wanted(chance, two=True), errors, seconds)
        told.append(f"{scales}: {len(errors) - before}")
    return [
        Figure(
            "calibration.pick_error_px",
            max(errors),
            "px",
            "== 0",
            "",
            f"{len(errors)} picks on {_WIDTH}x{_HEIGHT} (seed {SEED}), by scale {', '.join(told)}; "
            f"error {spread(errors, 'px')}; "
            f"{statistics.median(seconds) * 1000:.0f} ms a pick; clicked, and by keys",
        )
    ]


def _wanted(chance: random.Random, *, two: bool) -> list[Pixel]:
    """The corners of each screen, and pixels from anywhere."""
    wanted = [(x, y) for x in (0, _WIDTH - 1) for y in (0, _HEIGHT - 1)]
    if two:
        middle = _WIDTH // 2
        wanted += [(x, y) for x in (middle - 1, middle) for y in (0, _HEIGHT - 1)]
        wanted += [(middle + side, chance.randrange(_HEIGHT)) for side in (-2, -1, 0, 1)]
    for _ in range(POINTS):
        wanted.append((chance.randrange(_WIDTH), chance.randrange(_HEIGHT)))
    return wanted


@contextlib.contextmanager
def _desk(*, two_screens: bool) -> Iterator[tuple[Path, Operator]]:
    """A desktop that one foreign window covers, with one monitor or two side by side."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="panel-bench-")))
        stack.enter_context(display_of(SIZE, folder))
        if two_screens:
            half = _WIDTH // 2
            for name, left, output in (("left", 0, "screen"), ("right", half, "none")):
                place = f"{half}/254x{_HEIGHT}/285+{left}+0"
                line = ["xrandr", "--setmonitor", name, place, output]
                subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        operator = Operator()
        stack.callback(operator.close)
        cover = PlainWindow.open(
            operator, folder, "Everywhere", geometry=(0, 0, *SIZE), override_redirect=True
        )
        stack.callback(cover.close)
        yield folder, operator


def _pick_all(
    folder: Path,
    operator: Operator,
    setting: dict[str, str],
    wanted: list[Pixel],
    errors: list[int],
    seconds: list[float],
) -> None:
    """Every second pixel by a click, the others by arrow keys from a pixel some steps away."""
    operator.move(_WIDTH // 3, _HEIGHT // 3)
    with Script("picking_process", str(folder), environment=setting) as picking:
        for number, pixel in enumerate(wanted):
            began = time.perf_counter()
            if number % 2:
                _by_keys(picking, operator, pixel, number)
            else:
                _by_click(picking, operator, pixel)
            answer = picking.answer()
            seconds.append(time.perf_counter() - began)
            assert f"{answer['scale']:g}" in next(iter(setting.values())), answer
            errors.append(max(abs(a - b) for a, b in zip(answer["point"], pixel, strict=True)))


def _by_click(picking: Script, operator: Operator, pixel: Pixel) -> None:
    picking.say({})
    picking.expect("shown")
    operator.click(*pixel)


def _by_keys(picking: Script, operator: Operator, pixel: Pixel, number: int) -> None:
    """Steps towards the middle of the desktop are taken back, so that no edge stops them."""
    steps = number % _LONGEST_STEPS
    inward = 1 if pixel[0] < _WIDTH // 2 else -1
    picking.say({"start": [pixel[0] + inward * steps, pixel[1]]})
    picking.expect("shown")
    for _ in range(steps):
        operator.press("left" if inward > 0 else "right")
    operator.press("enter")
