"""Looks for a better landmark while one is refused, without making the hand wait."""

from __future__ import annotations

from panel.core.errors import PanelError
from panel.picker.session import Session
from panel.picker.values import SuggestAnchor


class Suggester:
    """Answers what the frames ask, the latest question last."""

    def __init__(self, session: Session, suggest: SuggestAnchor | None) -> None:
        self._session, self._suggest = session, suggest

    @property
    def wanted(self) -> bool:
        """Whether there is a question without an answer."""
        framing = self._session.framing
        return self._suggest is not None and framing is not None and framing.asks is not None

    async def go(self) -> None:
        """Answers the present question. The frames may be others by then."""
        framing = self._session.framing
        asked = framing.asks if framing is not None else None
        if self._suggest is None or framing is None or asked is None:
            return
        try:
            found = await self._suggest(framing.sight, *asked)
        except PanelError:
            found = None  # what was refused stays refused, in words
        framing.suggest(asked, found)
