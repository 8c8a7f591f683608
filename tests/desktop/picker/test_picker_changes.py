"""Undo, redo, snapping and refused landmarks, with a real pointer and keys over a real chat."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from panel.core.geometry import Point, Rect
from panel.picker import picking as picker_module
from panel.picker.session import Step
from panel.screen.x11 import X11Windows
from panel.session.calibrating import boxes, judge, propose, suggest
from tests.desktop.chromium import ChromiumAgent
from tests.desktop.conftest import OpenChat
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.picks import Pick, picking, proposed
from tests.event_loop import Aio

REAL: dict[str, Any] = {"judge_anchor": judge, "suggest_anchor": suggest, "boxes": boxes}


async def until_at(run: Pick, x: int, y: int) -> None:
    session = run.overlay._session
    await run.aio.until(lambda: session.cursor.at == Point(x, y), f"the cursor at {x}, {y}")


async def opened(open_chat: OpenChat) -> ChromiumAgent:
    return await asyncio.to_thread(open_chat, "Agent-3", geometry=(200, 60, 500, 600))


async def test_keys_typed_places_and_slips_of_the_pointer_are_undone_and_redone(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        operator.press("right")
        await until_at(run, 501, 400)
        operator.type("333, 222")
        operator.press("enter")
        await until_at(run, 333, 222)
        operator.move(700, 300)
        operator.move(701, 300)
        await until_at(run, 701, 300)
        for expected in ((333, 222), (501, 400), (500, 400)):
            operator.press("ctrl+z")
            await until_at(run, *expected)
        await run.until_says("Ctrl+Y")
        assert "Ctrl+Z" not in run.words()
        for chord, expected in (("ctrl+shift+z", (501, 400)), ("ctrl+y", (333, 222))):
            operator.press(chord)
            await until_at(run, *expected)
        operator.press("enter")
        assert (await run.result()).point == Point(333, 222)
    assert agent_window.untouched


async def test_a_key_that_repeats_itself_is_taken_back_at_once(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    async with picking(aio, system) as run:
        await run.aim(operator, 500, 400)
        with operator.holding("right"):
            await aio.until(lambda: run.overlay._session.cursor.at.x > 505, "the key's repetition")
        operator.press("ctrl+z")
        await until_at(run, 500, 400)
        operator.press("esc")
        assert await run.answer is None


async def test_frames_and_the_taken_point_are_undone_and_redone(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    x, y, _, _ = agent_window.rect
    async with picking(aio, system, proposed) as run:
        operator.click(x + 300, y + 450)
        await run.until_says("Is this box empty?")
        session = run.overlay._session
        operator.drag((x + 200, y + 100), (x + 299, y + 139))
        operator.press("shift+right")
        operator.press("tab")
        operator.press("ctrl+left")
        await aio.until(lambda: session.result(True).composer == Rect(10, 430, 579, 50), "the keys")
        for _ in range(5):
            operator.press("ctrl+z")
        await run.until_says("On a screen")
        assert session.step is Step.POINT
        for _ in range(4):
            operator.press("ctrl+y")
        await aio.until(lambda: session.result(True).anchor == Rect(210, 100, 100, 40), "them back")
        operator.press("ctrl+y")
        operator.press("enter")
        result = await run.result()
    assert (result.anchor, result.composer) == (Rect(210, 100, 100, 40), Rect(10, 430, 579, 50))
    assert agent_window.untouched


async def test_tab_snaps_to_the_composer_and_says_so(
    aio: Aio,
    system: X11Windows,
    operator: Operator,
    open_chat: OpenChat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(picker_module, "announce", lambda _speaker, text: said.append(text))
    chat = await opened(open_chat)
    x, y, width, height = chat.composer
    async with picking(aio, system, **REAL) as run:
        await run.aim(operator, x + 20, y + 10)
        operator.press("tab")
        await run.until_says("Middle of a box")
        at = run.overlay._session.cursor.at
        # The box that is drawn holds the field, and a hint below it.
        assert Rect(x, y, width, height).contains(at)
        assert abs(at.x - (x + width // 2)) <= 1
        await aio.until(lambda: any(text.startswith("Middle of a box") for text in said), "speech")
        for _ in range(12):
            operator.press("tab")
            if "Centre of the window" in run.words():
                break
            await asyncio.sleep(0)
        operator.press("shift+tab")
        await run.until_says("of ")
        operator.press("esc")
        assert await run.answer is None
    assert chat.untouched


async def test_tab_goes_round_the_windows_own_places_and_back(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    x, y, width, height = agent_window.rect
    places = [
        ("Centre of the window", (x + width // 2, y + height // 2)),
        ("Middle of the top edge", (x + width // 2, y)),
        ("Middle of the right edge", (x + width - 1, y + height // 2)),
        ("Middle of the bottom edge", (x + width // 2, y + height - 1)),
        ("Middle of the left edge", (x, y + height // 2)),
    ]
    async with picking(aio, system, **REAL) as run:
        await run.aim(operator, x + 50, y + 60)
        for name, at in (*places, places[0]):
            operator.press("tab")
            await run.until_says(name)
            await until_at(run, *at)
        operator.press("shift+tab")
        await until_at(run, *places[-1][1])
        operator.press("ctrl+z")
        await until_at(run, *places[0][1])
        operator.press("enter")
        assert (await run.result()).point == Point(*places[0][1])
    assert agent_window.untouched


async def test_quick_presses_of_tab_are_all_answered(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    x, y, width, height = agent_window.rect
    async with picking(aio, system, **REAL) as run:
        await run.aim(operator, x + 50, y + 60)
        for _ in range(3):
            operator.press("tab")
        await until_at(run, x + width - 1, y + height // 2)
        operator.press("esc")
        assert await run.answer is None


async def test_a_flat_landmark_is_refused_and_the_nearest_good_place_taken_instead(
    aio: Aio, system: X11Windows, operator: Operator, open_chat: OpenChat
) -> None:
    chat = await opened(open_chat)
    async with picking(aio, system, propose, **REAL) as run:
        operator.click(*chat.point)
        await run.until_says("This box is empty: remember it")
        session = run.overlay._session
        left, top, _, _ = chat.composer
        operator.drag((left + 60, top - 180), (left + 180, top - 140))
        await run.until_says("The landmark is one flat area")
        await run.until_says("Use the marked place")
        operator.press("enter")
        await run.until_says("Not kept. The landmark is one flat area")
        assert not run.answer.done()
        suggested = session.framing.suggested if session.framing else None
        assert suggested is not None
        operator.press("space")
        await aio.until(session.may_be_kept, "a landmark that would do")
        operator.press("ctrl+z")
        await run.until_says("The landmark is one flat area")
        operator.press("ctrl+y")
        await aio.until(session.may_be_kept, "it again")
        operator.press("enter")
        result = await run.result()
    assert result.anchor == suggested
    assert result.confirmed_empty
    assert chat.untouched


async def test_a_click_on_the_marked_place_takes_it_too(
    aio: Aio, system: X11Windows, operator: Operator, open_chat: OpenChat
) -> None:
    chat = await opened(open_chat)
    async with picking(aio, system, propose, **REAL) as run:
        operator.click(*chat.point)
        await run.until_says("This box is empty: remember it")
        session = run.overlay._session
        left, top, _, _ = chat.composer
        operator.drag((left + 60, top - 180), (left + 180, top - 140))
        await run.until_says("Use the marked place")
        place = session.suggested_on_desktop
        assert place is not None
        operator.click(place.centre.x, place.centre.y)
        await aio.until(session.may_be_kept, "the marked place")
        operator.press("enter")
        anchor = (await run.result()).anchor
    corner = Point(*chat.rect[:2])
    assert anchor == place.moved(Point(-corner.x, -corner.y))
