"""What the strip and the drawer show: counts, pause, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from panel.core.clock import now
from panel.core.message import DeliveryStatus
from panel.store import answers, control, messages
from panel.store.connection import Connection
from panel.store.listings import Listing, ListingQuery, ListingReader
from panel.ui.models.backlog import Pile, piles
from panel.ui.models.column import Row
from panel.ui.models.messages import QUEUED, TROUBLED, view_filters
from panel.ui.models.needs import Need, read_needs
from panel.ui.models.reading import Reading
from panel.ui.tasks import Tasks
from panel.ui.words import target_state

_MOST_AGENTS = 500


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the whole panel at one moment."""

    counts: Mapping[str, int] = field(default_factory=dict)
    paused: bool = False
    agents: tuple[Row, ...] = ()
    needs: tuple[Need, ...] = ()
    views: Mapping[str, int] = field(default_factory=dict)
    backlog: tuple[Pile, ...] = ()

    def count(self, *states: DeliveryStatus) -> int:
        """How many messages are in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def without_target(self) -> list[str]:
        """Active agents that cannot be written to yet."""
        return [
            str(row["agent_id"])
            for row in self.agents
            if row.get("active", True) and not _has_target(row)
        ]


class OverviewModel(QObject):
    """Reads the overview off the window's thread; `changed` follows each answer."""

    changed = Signal()

    def __init__(self, reading: Reading, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._reading = reading
        self._tasks = tasks
        self._busy = False
        self._again = False
        self.now = Overview()

    def refresh(self) -> None:
        """Looks again; many calls in a row become one or two reads."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._tasks.start(self._read())

    async def _read(self) -> None:
        try:
            while True:
                self._again = False
                self.now = await self._reading.read(read_overview)
                self.changed.emit()
                if not self._again:
                    return
        finally:
            self._busy = False


def read_overview(connection: Connection) -> Overview:
    """Counts, control, agents and needs in one go."""
    reader = ListingReader(connection)
    agents = tuple(reader.rows(ListingQuery(Listing.AGENTS), 0, _MOST_AGENTS))
    counts = {str(status): count for status, count in messages.counts(connection).items()}
    state = control.state(connection)
    needs = read_needs(connection, counts, agents, now())
    views = {
        "needs": sum(counts.get(status, 0) for status in (*TROUBLED, DeliveryStatus.HELD.value)),
        "queue": sum(counts.get(status, 0) for status in QUEUED),
        "all": sum(counts.values()),
    }
    views["replies"] = answers.unread(connection)
    views["today"] = reader.count(ListingQuery(Listing.MESSAGES, filters=view_filters("today")))
    old = tuple(piles(connection)) if counts.get(DeliveryStatus.HELD) else ()
    return Overview(counts, bool(state.paused), agents, needs, views, old)


def _has_target(row: Row) -> bool:
    return target_state(row.get("target_status"), row.get("target_reason_code")) != "none"
