"""Fetches what cards show of the desktop: pictures, and whether a text still stands in its box."""

from __future__ import annotations

import time
from collections.abc import Sequence

import shiboken6

from panel.ui.evidence.book import EvidenceBook
from panel.ui.models.needs import FAILED, HELD, TARGET, UNCERTAIN
from panel.ui.needs.card import NeedCard
from panel.ui.services import Workbench

AGAIN_SECONDS = 10.0
_PICTURED = (UNCERTAIN, FAILED, HELD, TARGET)


class CardLooks:
    """One look at a time, card by card from the top; none twice within a few seconds."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._book = EvidenceBook(bench)
        self._seen: dict[NeedCard, tuple[object, float]] = {}
        self._queue: list[NeedCard] = []
        self._looking = False

    def look(self, cards: Sequence[NeedCard]) -> None:
        """Looks at those that changed or were not looked at for a while."""
        present = time.monotonic()
        for card in cards:
            about, at = self._seen.get(card, (None, 0.0))
            if card.need.kind not in _PICTURED:
                continue
            if about == card.need.mark and present - at < AGAIN_SECONDS:
                continue
            if card not in self._queue:
                self._queue.append(card)
        if self._queue and not self._looking:
            self._looking = True
            self._bench.tasks.start(self._work())

    def forget(self, card: NeedCard) -> None:
        """The card is going away."""
        self._seen.pop(card, None)
        if card in self._queue:
            self._queue.remove(card)

    async def _work(self) -> None:
        try:
            while self._queue:
                card = self._queue.pop(0)
                self._seen[card] = card.need.mark, time.monotonic()
                await self._look_at(card)
        finally:
            self._looking = False

    async def _look_at(self, card: NeedCard) -> None:
        need = card.need
        pair = (
            await self._book.of_message(need.message_id, need.agent_id) if need.message_id else None
        )
        if pair is None and need.kind in (HELD, TARGET):
            pair = await self._book.of_box(need.agent_id)
        standing = None
        if need.kind == UNCERTAIN:
            standing = await self._book.standing(need.message_id)
        if not shiboken6.isValid(card) or card.need.message_id != need.message_id:
            return
        card.show_pictures(pair)
        card.show_standing(standing)
