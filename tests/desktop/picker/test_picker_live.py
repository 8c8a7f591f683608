"""The picker's live mode: the desktop goes on under the crosshair."""

from __future__ import annotations

import asyncio

from panel.core.geometry import Point
from panel.screen.x11 import X11Windows
from tests.desktop.conftest import OpenWindow
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.picks import (
    RED,
    picking,
    proposed,
    shown_at,
)
from tests.event_loop import Aio


async def opened_meanwhile(open_window: OpenWindow) -> PlainWindow:
    """In a thread, because its waiting would step the picker's tasks within this one."""
    return await asyncio.to_thread(open_window, "Newer", geometry=(300, 250, 500, 400), color=RED)


async def test_live_mode_sees_what_changes_and_still_takes_the_click(
    aio: Aio,
    system: X11Windows,
    operator: Operator,
    open_window: OpenWindow,
    agent_window: PlainWindow,
) -> None:
    async with picking(aio, system, proposed) as run:
        await run.aim(operator, 500, 400)
        operator.press("f")
        await run.until_says("Live")
        newer = await opened_meanwhile(open_window)
        await run.until_says("Newer")
        await aio.until(lambda: shown_at(Point(700, 600)) == RED, "the desktop through the overlay")
        operator.click(411, 433)
        await run.until_says("Use this point?")
        await aio.until(lambda: shown_at(Point(700, 600)) == RED, "the new frozen picture")
        operator.press("enter")
        result = await run.result()
    assert result.point == Point(411, 433)
    assert result.window.identity.window_id == newer.window
    assert newer.untouched
    assert agent_window.untouched


async def test_freezing_again_takes_a_new_picture(
    aio: Aio,
    system: X11Windows,
    operator: Operator,
    open_window: OpenWindow,
    agent_window: PlainWindow,
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        operator.press("f")
        await run.until_says("Live")
        newer = await opened_meanwhile(open_window)
        await run.until_says("Newer")
        operator.press("f")
        await aio.until(lambda: "Live" not in run.words(), "the frozen mode")
        await asyncio.to_thread(newer.close)
        await aio.until(lambda: shown_at(Point(700, 600)) == RED, "the frozen picture")
        assert "Newer" in run.words()
        operator.press("esc")
        assert await run.answer is None


async def test_escape_while_it_freezes_stays_live_and_then_leaves(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system, proposed) as run:
        await run.aim(operator, 520, 420)
        operator.press("f")
        await run.until_says("Live")
        operator.click(520, 420)
        operator.press("esc")
        await run.until_says("On a screen")
        await run.until_says("Live")
        await aio.until(lambda: run.overlay.mask().boundingRect().width() > 1, "the whole overlay")
        operator.press("esc")
        assert await run.answer is None
    assert agent_window.untouched
