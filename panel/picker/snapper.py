"""Answers Tab: finds the boxes of the window under the cursor and walks through its places."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from panel.core.errors import PanelError
from panel.core.geometry import Rect
from panel.core.target import WindowInfo
from panel.picker.frozen import FrozenDesk
from panel.picker.session import Session
from panel.picker.values import FindBoxes, Sight


class Snapper:
    """Looks for the boxes of each window once a picture."""

    def __init__(self, session: Session, desk: FrozenDesk, find: FindBoxes | None) -> None:
        self._session, self._desk, self._find = session, desk, find
        self._boxes: dict[int, Sequence[Rect]] = {}
        # Quick presses are answered one after the other.
        self._turn = asyncio.Lock()

    async def go(self, by: int) -> None:
        """To the next place (1) or the one before (-1)."""
        async with self._turn:
            window = self._session.verdict.window
            if window is None:
                self._session.notice = "No window is here to snap to."
                return
            boxes = await self._boxes_in(window)
            if self._session.verdict.window == window:
                self._session.snap(by, window, boxes)

    def forget(self) -> None:
        """There is a new picture."""
        self._boxes.clear()

    async def _boxes_in(self, window: WindowInfo) -> Sequence[Rect]:
        """Native, of the desktop. None in live mode: there the crosshair lies over them."""
        number = window.identity.window_id
        if self._find is None or self._session.live:
            return ()
        if number not in self._boxes:
            corner = window.rect.top_left
            sight = Sight(self._session.cursor.at, window, self._desk.crop(window.rect))
            try:
                self._boxes[number] = [box.moved(corner) for box in await self._find(sight)]
            except PanelError:
                return ()  # the window's own places are there all the same
        return self._boxes[number]
