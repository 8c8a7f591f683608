"""The picker with a real pointer and keys, over windows that are not ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point, Rect
from panel.core.target import Reason, ReasonCode, TargetKind, WindowInfo
from panel.picker import (
    PickRequest,
    PickResult,
    PickSources,
    Proposal,
    Sight,
    TakenPoint,
    pick,
)
from panel.picker.overlay import Overlay
from panel.screen import pixels
from panel.screen.virtual import VirtualDesktop
from panel.screen.x11 import X11Windows
from tests.desktop.conftest import OpenWindow
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.event_loop import Aio

AGENT_WINDOW = (200, 150, 600, 500)
LANDMARK = Rect(20, 10, 120, 30)
COMPOSER = Rect(10, 430, 580, 50)
RED, BLUE = "#b43a3a", "#3a5ab4"


@dataclass
class Pick:
    """A running pick, and what the test sees of it."""

    aio: Aio
    answer: asyncio.Task[PickResult | None]
    sights: list[Sight] = field(default_factory=list)

    @property
    def overlay(self) -> Overlay:
        (found,) = overlays()
        return found

    def words(self) -> str:
        """All that the side panel says now."""
        labels: list[QLabel] = self.overlay.panel.findChildren(QLabel)
        shown = [label.text() for label in labels if label.isVisible()]
        shown += [button.text() for button in self.buttons if button.isVisible()]
        return " | ".join(shown)

    @property
    def buttons(self) -> list[QPushButton]:
        return self.overlay.panel.findChildren(QPushButton)

    async def until_says(self, words: str) -> None:
        await self.aio.until(lambda: words in self.words(), f"{words!r} in the panel")

    async def result(self) -> PickResult:
        result = await self.answer
        assert result is not None
        return result


def aim(operator: Operator, x: int, y: int) -> None:
    """Moves as a hand does, over a pixel beside it: Qt drops a move to the place where it saw the
    pointer last, in an earlier test perhaps.
    """
    operator.move(x + 1, y + 1)
    operator.move(x, y)


def overlays() -> list[Overlay]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, Overlay) and widget.isVisible()
    ]


@pytest.fixture
def system(desktop: VirtualDesktop) -> Iterator[X11Windows]:
    system = X11Windows()
    yield system
    system.close()


@asynccontextmanager
async def picking(
    aio: Aio,
    system: X11Windows,
    propose: Callable[[Sight], Awaitable[Proposal]] | None = None,
    **options: object,
) -> AsyncIterator[Pick]:
    """Starts a pick, waits until it has the keyboard, and at the end sees that nothing is left."""

    async def windows() -> Sequence[WindowInfo]:
        return system.windows()

    sources = PickSources(pixels, windows, propose=propose, pointer_position=system.pointer)
    sources = replace(sources, **options)  # type: ignore[arg-type]
    request = PickRequest("Agent-3", TargetKind.CHAT, (3, 8))
    running = Pick(aio, asyncio.ensure_future(pick(request, sources)))
    await aio.until(lambda: overlays() or running.answer.done(), "the overlay")
    await aio.until(running.overlay.isActiveWindow, "the overlay to have the keyboard")
    try:
        yield running
    finally:
        running.answer.cancel()
        await asyncio.gather(running.answer, return_exceptions=True)
    assert not overlays()


@pytest.fixture
def agent_window(open_window: OpenWindow) -> PlainWindow:
    return open_window("Agent-3 chat", geometry=AGENT_WINDOW, color=BLUE)


async def proposed(_sight: Sight) -> Proposal:
    return Proposal(LANDMARK, COMPOSER)


def colour_at(image: QImage, at: Point) -> str:
    return QColor(image.pixel(QPoint(at.x, at.y))).name()


def shown_at(point: Point) -> str:
    """What the X server shows at this native pixel."""
    (screen,) = QApplication.screens()
    return colour_at(pixels.grab(screen, Rect(point.x, point.y, 1, 1)), Point(0, 0))


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
        aim(operator, 500, 400)
        await run.until_says("500, 400")
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
        aim(operator, 500, 400)
        await run.until_says("500, 400")
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
        aim(operator, 500, 400)
        await run.until_says("500, 400")
        await asyncio.to_thread(agent_window.close)
        await aio.until(lambda: shown_at(Point(700, 600)) == BLUE, "the picture")
        await aio.until(lambda: shown_at(Point(600, 400)) == "#ffffff", "the crosshair's core")
        assert shown_at(Point(600, 399)) == "#000000"
        assert shown_at(Point(600, 401)) == "#000000"
        assert shown_at(Point(500, 400)) == BLUE
        assert shown_at(Point(500, 100)) == "#ffffff"


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
        aim(operator, 500, 400)
        operator.press("f")
        await run.until_says("Live")
        newer = await opened_meanwhile(open_window)
        await run.until_says("Newer")
        await aio.until(lambda: shown_at(Point(700, 600)) == RED, "the desktop through the overlay")
        operator.click(411, 433)
        await run.until_says("Use this point?")
        await asyncio.sleep(1)
        print("SHOWN", shown_at(Point(700, 600)), shown_at(Point(700,300)), colour_at(run.overlay._shown.picture, Point(700,600)), [ (w.identity.title, w.rect) for w in system.windows()], run.overlay.mask().boundingRect())
        operator.picture(__import__("pathlib").Path("/tmp/w/pk/x.png"))
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
        aim(operator, 500, 400)
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


async def test_a_cancelled_pick_takes_its_overlay_along(aio: Aio, system: X11Windows) -> None:
    async with picking(aio, system) as run:
        run.answer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run.answer
        assert not overlays()
