"""A running pick, as the picker's desktop tests see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from panel.core.geometry import Point, Rect
from panel.core.target import TargetKind, WindowInfo
from panel.picker import (
    PickRequest,
    PickResult,
    PickSources,
    Proposal,
    Sight,
    pick,
)
from panel.picker.overlay import Overlay
from panel.screen import pixels
from panel.screen.x11 import X11Windows
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

    async def aim(self, operator: Operator, x: int, y: int) -> None:
        """Moves as a hand does, over a pixel beside it: Qt drops a move to the place where it saw
        the pointer last, which may have been in an earlier test.
        """
        for place in ((x + 1, y), (x, y)):
            operator.move(*place)
            await self.until_says(f"{place[0]}, {place[1]}")

    async def result(self) -> PickResult:
        result = await self.answer
        assert result is not None
        return result


def overlays() -> list[Overlay]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, Overlay) and widget.isVisible()
    ]


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


async def proposed(_sight: Sight) -> Proposal:
    return Proposal(LANDMARK, COMPOSER)


def colour_at(image: QImage, at: Point) -> str:
    return QColor(image.pixel(QPoint(at.x, at.y))).name()


def shown_at(point: Point) -> str:
    """What the X server shows at this native pixel."""
    (screen,) = QApplication.screens()
    return colour_at(pixels.grab(screen, Rect(point.x, point.y, 1, 1)), Point(0, 0))
