"""What the person put off: away until it changes, or until its time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from panel.ui.models.needs import FAILED, Need

LATER = timedelta(minutes=30)
LATER_FAILED = timedelta(hours=8)
"""A failed message waits for nothing; it only wants to be known."""


class Later:
    """Remembers causes by key, with what they were like when they were put off."""

    def __init__(self) -> None:
        self._put_off: dict[str, tuple[tuple[object, ...], datetime]] = {}

    def put_off(self, need: Need, present: datetime) -> None:
        """Puts a cause away from now on."""
        length = LATER_FAILED if need.kind == FAILED else LATER
        self._put_off[need.key] = need.mark, present + length

    def split(
        self, needs: Iterable[Need], present: datetime
    ) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
        """Those to be shown, and those still put off; what came back is forgotten."""
        shown: list[Need] = []
        away: list[Need] = []
        kept: dict[str, tuple[tuple[object, ...], datetime]] = {}
        for need in needs:
            mark, until = self._put_off.get(need.key, ((), present))
            if mark == need.mark and present < until:
                kept[need.key] = mark, until
                away.append(need)
            else:
                shown.append(need)
        self._put_off = kept
        return tuple(shown), tuple(away)

    def bring_back(self) -> None:
        """Shows everything again."""
        self._put_off.clear()
