"""The picker with a real pointer and keys, over windows that are not ours: the point."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from panel.core.geometry import Point
from panel.core.target import TargetKind
from panel.picker import (
    TakenPoint,
)
from panel.screen.x11 import X11Windows
from tests.desktop.conftest import OpenWindow
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.picks import (
    BLUE,
    overlays,
    picking,
    shown_at,
)
from tests.event_loop import Aio

EVERYWHERE = [(0, 0), (1599, 0), (0, 899), (1599, 899), (1, 1), (777, 333), (1598, 450)]


@pytest.mark.parametrize("place", EVERYWHERE)
async def test_a_click_takes_the_pixel_and_no_window_gets_it(
    aio: Aio,
    system: X11Windows,
    operator: Operator,
    open_window: OpenWindow,
    place: tuple[int, int],
) -> None:
    window = open_window("Everywhere", geometry=(0, 0, 1600, 900), override_redirect=True)
    async with picking(aio, system) as run:
        operator.click(*place)
        result = await run.result()
    assert result.point == Point(*place)
    assert result.window.identity.window_id == window.window
    assert window.untouched


async def test_arrows_move_by_one_and_with_shift_by_ten(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        for chord in ("right", "right", "down", "shift+left", "shift+down", "up"):
            operator.press(chord)
        await run.until_says("492, 410")
        operator.press("enter")
        result = await run.result()
    assert result.point == Point(492, 410)
    assert result.window.identity.title == "Agent-3 chat"
    assert agent_window.untouched


async def test_a_typed_place_is_gone_to_and_then_taken(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        operator.type("9999, 9")
        operator.press("enter")
        await run.until_says("No screen shows 9999, 9.")
        operator.press("esc")
        operator.type("333, 222")
        await run.until_says("Go to  333, 222")
        operator.press("enter")
        await run.until_says("333, 222")
        operator.press("enter")
        assert (await run.result()).point == Point(333, 222)


async def test_escape_leaves_with_no_answer(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        operator.press("esc")
        assert await run.answer is None
    assert agent_window.untouched


async def test_what_cannot_be_taken_says_why_and_stays(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow, qtbot: QtBot
) -> None:
    ours = QWidget()
    ours.setGeometry(1000, 200, 300, 300)
    qtbot.addWidget(ours)
    with qtbot.waitExposed(ours):
        ours.show()
    taken = [TakenPoint("Agent-2", TargetKind.CHAT, Point(300, 300))]
    async with picking(aio, system, taken=taken) as run:
        for place, words in (
            ((60, 60), "Not taken. This is the bare desktop: no window is here."),
            ((1100, 400), "Not taken. This is the panel itself. Choose the agent's window."),
            ((303, 298), "Not taken. This is already Agent-2's chat box."),
        ):
            operator.click(*place)
            await run.until_says(words)
            assert not run.answer.done()
        operator.press("enter")
        await run.until_says("Not taken. This is already Agent-2's chat box.")
        operator.click(330, 300)
        assert (await run.result()).point == Point(330, 300)
    assert agent_window.untouched


async def test_the_panel_tells_all_about_the_place(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        x, y, _, _ = agent_window.rect
        words = run.words()
        for part in (
            "Agent-3",
            "Chat box",
            "3 of 8",
            f"{500 - x}, {400 - y}",
            "1600 × 900, scale 1",
            "Agent-3 chat",
            "PlainWindow",
            str(agent_window.pid),
            "On a screen",
            "In a window",
            "Not this panel",
            "No other agent's box",
        ):
            assert part in words


async def test_the_overlay_shows_the_frozen_picture_under_crosshair_and_loupe(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        await asyncio.to_thread(agent_window.close)
        await aio.until(lambda: shown_at(Point(700, 600)) == BLUE, "the picture")
        await aio.until(lambda: shown_at(Point(600, 400)) == "#ffffff", "the crosshair's core")
        assert shown_at(Point(600, 399)) == "#000000"
        assert shown_at(Point(600, 401)) == "#000000"
        assert shown_at(Point(500, 400)) == BLUE
        assert shown_at(Point(500, 100)) == "#ffffff"


async def test_a_cancelled_pick_takes_its_overlay_along(aio: Aio, system: X11Windows) -> None:
    async with picking(aio, system) as run:
        run.answer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run.answer
        assert not overlays()
