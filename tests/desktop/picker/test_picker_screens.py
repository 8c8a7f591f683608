"""The picker on screens of every scale: the native pixel that was aimed at, and no other."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from panel.screen.virtual import VirtualDesktop
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.scripts import Script

SIZE = (1920, 1080)
CORNERS = [(0, 0), (1919, 0), (0, 1079), (1919, 1079)]
ODD = [(1, 1), (333, 777), (479, 540), (1279, 1), (1333, 777), (1601, 1003)]
BORDER = [(959, 0), (959, 1079), (960, 0), (960, 1079), (961, 541)]


@dataclass
class Desk:
    """A desktop of its own with two monitors side by side, a PyAutoGUI hand and an operator."""

    environment: dict[str, str]
    operator: Operator
    hand: Script
    folder: Path

    def picking(self, scales: str) -> Script:
        environment = {**self.environment, "QT_SCREEN_SCALE_FACTORS": scales}
        return Script("picking_process", str(self.folder), environment=environment)

    def do(self, *what: object) -> None:
        """One call of PyAutoGUI."""
        self.hand.say(*what)
        self.hand.expect("done")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("screens")
    with ExitStack() as stack:
        environment = stack.enter_context(VirtualDesktop(SIZE)).environment
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in environment.items():
            patch.setenv(name, value)
        width, height = SIZE[0] // 2, SIZE[1]
        for name, left, output in (("left", 0, "screen"), ("right", width, "none")):
            place = f"{width}/254x{height}/285+{left}+0"
            subprocess.run(
                ["xrandr", "--setmonitor", name, place, output],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        operator = Operator()
        stack.callback(operator.close)
        cover = PlainWindow.open(
            operator, folder, "Everywhere", geometry=(0, 0, *SIZE), override_redirect=True
        )
        stack.callback(cover.close)
        hand = stack.enter_context(Script("pyautogui_hand", environment=environment))
        yield Desk(environment, operator, hand, folder)


@pytest.fixture
def pointed_by_pyautogui(desk: Desk) -> Desk:
    desk.do("moveTo", 700, 500)
    return desk


@pytest.mark.parametrize("scales", ["left=1;right=1", "left=1;right=2", "left=1.25;right=1.5"])
def test_a_click_takes_the_very_pixel(pointed_by_pyautogui: Desk, scales: str) -> None:
    desk = pointed_by_pyautogui
    with desk.picking(scales) as picking:
        for x, y in CORNERS + ODD + BORDER:
            picking.say({})
            picking.expect("shown")
            desk.do("click", x, y)
            answer = picking.answer()
            assert answer["point"] == [x, y]
            side = "left" if x < SIZE[0] // 2 else "right"
            assert answer["screen"] == side
            assert f"{side}={answer['scale']:g}" in scales
            assert answer["window"] == "Everywhere"


@pytest.mark.parametrize("scales", ["left=1;right=2", "left=2;right=1.5"])
def test_the_keys_reach_every_pixel_across_the_border(
    pointed_by_pyautogui: Desk, scales: str
) -> None:
    desk = pointed_by_pyautogui
    with desk.picking(scales) as picking:
        for steps, expected in ((1, 959), (2, 960), (3, 961), (5, 963)):
            picking.say({"start": [958, 333]})
            picking.expect("shown")
            for _ in range(steps):
                desk.do("press", "right")
            desk.do("press", "enter")
            assert picking.answer()["point"] == [expected, 333]
        picking.say({"start": [971, 333]})
        picking.expect("shown")
        desk.do("hotkey", "shift", "left")
        desk.do("hotkey", "shift", "left")
        desk.do("hotkey", "shift", "down")
        desk.do("press", "up")
        desk.do("press", "enter")
        assert picking.answer()["point"] == [951, 342]


def test_typed_numbers_and_the_way_out_on_a_scaled_screen(pointed_by_pyautogui: Desk) -> None:
    desk = pointed_by_pyautogui
    with desk.picking("left=1;right=2") as picking:
        picking.say({})
        picking.expect("shown")
        desk.do("write", "1201, 641")
        desk.do("press", "enter")
        desk.do("press", "enter")
        assert picking.answer()["point"] == [1201, 641]
        picking.say({})
        picking.expect("shown")
        desk.do("press", "escape")
        assert picking.answer() is None
