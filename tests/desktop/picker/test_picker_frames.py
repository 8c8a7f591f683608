"""The picker's second step: the landmark, the text box, and whether it is empty."""

from __future__ import annotations

import asyncio

import pytest

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point, Rect
from panel.core.target import Reason, ReasonCode
from panel.picker import (
    PickResult,
    Proposal,
    Sight,
)
from panel.screen.x11 import X11Windows
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.picks import (
    AGENT_WINDOW,
    BLUE,
    COMPOSER,
    LANDMARK,
    colour_at,
    picking,
    proposed,
)
from tests.event_loop import Aio


async def test_the_second_step_asks_about_the_frames(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    sights: list[Sight] = []

    async def propose(sight: Sight) -> Proposal:
        sights.append(sight)
        return Proposal(LANDMARK, COMPOSER, (Reason(ReasonCode.FAULT, "Look at this."),))

    async with picking(aio, system, propose) as run:
        operator.click(500, 600)
        await run.until_says("This box is empty: remember it")
        await run.until_says("Look at this.")
        operator.press("enter")
        result = await run.result()
    (sight,) = sights
    assert (sight.picture.width(), sight.picture.height()) == AGENT_WINDOW[2:]
    assert colour_at(sight.picture, Point(599, 0)) == BLUE
    assert result == PickResult(Point(500, 600), sight.window, LANDMARK, COMPOSER, True)
    assert agent_window.untouched


async def test_the_landmark_is_drawn_anew_and_the_text_box_moved(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    corner = agent_window.rect[:2]

    def at(x: int, y: int) -> tuple[int, int]:
        return corner[0] + x, corner[1] + y

    async with picking(aio, system, proposed) as run:
        operator.click(*at(300, 450))
        await run.until_says("Is this box empty?")
        operator.drag(at(200, 100), at(299, 139))
        operator.press("tab")
        operator.press("up")
        operator.press("shift+right")
        operator.press("ctrl+shift+left")
        operator.press("shift+enter")
        result = await run.result()
    assert result.anchor == Rect(200, 100, 100, 40)
    assert result.composer == Rect(20, 429, 570, 50)
    assert not result.confirmed_empty
    assert agent_window.untouched


async def test_the_buttons_confirm_and_go_back_too(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system, proposed) as run:
        for text in ("Back", "This box is empty: remember it"):
            operator.click(500, 600)
            await run.until_says("Is this box empty?")
            (button,) = [button for button in run.buttons if button.text() == text]
            centre = button.mapToGlobal(button.rect().center())
            operator.click(centre.x(), centre.y())
            if text == "Back":
                await run.until_says("On a screen")
        assert (await run.result()).confirmed_empty


async def test_escape_goes_back_one_step_and_then_out(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system, proposed) as run:
        operator.click(500, 600)
        await run.until_says("Is this box empty?")
        operator.press("esc")
        await run.until_says("On a screen")
        operator.press("esc")
        assert await run.answer is None


async def test_a_fault_of_the_surroundings_is_said_beside_the_point(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async def propose(_sight: Sight) -> Proposal:
        raise EnvironmentFault("The display gives no pictures.")

    async with picking(aio, system, propose) as run:
        operator.click(500, 600)
        await run.until_says("The display gives no pictures.")
        operator.press("esc")
        assert await run.answer is None


async def test_escape_while_it_looks_comes_back_to_the_point(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    cancelled = asyncio.Event()

    async def propose(_sight: Sight) -> Proposal:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        raise AssertionError

    async with picking(aio, system, propose) as run:
        operator.click(500, 600)
        await run.until_says("Looking at the box…")
        operator.press("esc")
        await cancelled.wait()
        await run.until_says("500, 600")
        operator.press("esc")
        assert await run.answer is None


async def test_our_own_bug_ends_the_pick(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async def propose(_sight: Sight) -> Proposal:
        raise ZeroDivisionError

    async with picking(aio, system, propose) as run:
        operator.click(500, 600)
        with pytest.raises(ZeroDivisionError):
            await run.answer
