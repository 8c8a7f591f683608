"""What the strip and the drawer show: counts, pause, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QObject, Signal

from panel.core.clock import now
from panel.core.message import DeliveryStatus
from panel.store import control, messages
from panel.store.connection import Connection
from panel.store.listings import Listing, ListingQuery, ListingReader
from panel.ui.models.column import Row
from panel.ui.models.messages import QUEUED, TROUBLED, view_filters
from panel.ui.models.reading import Reading
from panel.ui.tasks import Tasks
from panel.ui.times import age, moment
from panel.ui.words import Chip, delivery_chip, is_stuck, target_chip, target_state

HELD_TOO_LONG = timedelta(minutes=5)
FAILED_SHOWN = timedelta(hours=24)
_MOST_MESSAGES = 200
_MOST_AGENTS = 500


@dataclass(frozen=True, slots=True)
class Need:
    """One cause that waits for a person: which agent, what is so, since when, which messages."""

    key: str
    kind: str
    agent_id: str
    chip: Chip
    sentence: str
    excerpt: str = ""
    since: datetime | None = None
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the whole panel at one moment."""

    counts: Mapping[str, int] = field(default_factory=dict)
    paused: bool = False
    agents: tuple[Row, ...] = ()
    needs: tuple[Need, ...] = ()
    views: Mapping[str, int] = field(default_factory=dict)

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
    present = now()
    needs = [
        *_uncertain(_messages(reader, counts, DeliveryStatus.UNCERTAIN), agents),
        *_failed(_messages(reader, counts, DeliveryStatus.FAILED), present),
        *_held(_messages(reader, counts, DeliveryStatus.HELD), present),
    ]
    # One card a cause: what holds an agent's message already says what is wrong with its target.
    told = {need.agent_id for need in needs if need.kind in ("held", "failed")}
    needs += [
        need
        for need in _agents_in_trouble(agents, present)
        if need.kind != "target" or need.agent_id not in told
    ]
    views = {
        "needs": sum(counts.get(status, 0) for status in (*TROUBLED, DeliveryStatus.HELD.value)),
        "queue": sum(counts.get(status, 0) for status in QUEUED),
        "all": sum(counts.values()),
    }
    for view in ("replies", "today"):
        views[view] = reader.count(ListingQuery(Listing.MESSAGES, filters=view_filters(view)))
    return Overview(counts, bool(state.paused), agents, tuple(needs), views)


def _messages(
    reader: ListingReader, counts: Mapping[str, int], status: DeliveryStatus
) -> list[Row]:
    if not counts.get(status):
        return []
    query = ListingQuery(Listing.MESSAGES, filters=(("delivery_status", (status.value,)),))
    return list(reader.rows(query, 0, _MOST_MESSAGES))


def _uncertain(rows: list[Row], agents: tuple[Row, ...]) -> list[Need]:
    waiting = {str(row["agent_id"]): row.get("waiting") or 0 for row in agents}
    needs = []
    for row in rows:
        agent = str(row["to_agent"])
        behind = waiting.get(agent, 0)
        sentence = str(row.get("reason") or _tr("It was pasted, but not seen to be sent."))
        if behind:
            more = (
                _tr("{0} more waits behind it.") if behind == 1 else _tr("{0} more wait behind it.")
            )
            sentence += " " + more.format(behind)
        needs.append(_need(row, "uncertain", sentence, (str(row["message_id"]),)))
    return needs


def _failed(rows: list[Row], present: datetime) -> list[Need]:
    recent = [
        row
        for row in rows
        if (then := moment(row.get("processed_at") or row.get("sent_at")))
        and present - then < FAILED_SHOWN
    ]
    return _by_cause(recent, "failed", _tr("It was not sent."))


def _held(rows: list[Row], present: datetime) -> list[Need]:
    old = [
        row
        for row in rows
        if (then := moment(row.get("held_since"))) and present - then > HELD_TOO_LONG
    ]
    return _by_cause(old, "held", _tr("It waits until the target is ready."))


def _by_cause(rows: list[Row], kind: str, sentence: str) -> list[Need]:
    """One card for all messages of an agent with the same reason."""
    causes: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        causes.setdefault((str(row["to_agent"]), str(row.get("reason_code") or "")), []).append(row)
    needs = []
    for group in causes.values():
        text = str(group[0].get("reason") or sentence)
        if len(group) > 1:
            text += " " + _tr("{0} messages.").format(len(group))
        needs.append(_need(group[0], kind, text, tuple(str(row["message_id"]) for row in group)))
    return needs


def _need(row: Row, kind: str, sentence: str, ids: tuple[str, ...]) -> Need:
    return Need(
        key=f"{kind}:{ids[0]}:{len(ids)}",
        kind=kind,
        agent_id=str(row["to_agent"]),
        chip=delivery_chip(row["delivery_status"]),
        sentence=sentence,
        excerpt=" ".join(str(row["content"])[:200].split()),
        since=moment(row.get("held_since") or row.get("processed_at") or row.get("sent_at")),
        message_ids=ids,
    )


def _agents_in_trouble(agents: tuple[Row, ...], present: datetime) -> list[Need]:
    needs = []
    for row in agents:
        agent = str(row["agent_id"])
        updated = moment(row.get("last_updated"))
        if not row.get("active", True):
            continue
        code = row.get("target_reason_code")
        state = target_state(row.get("target_status"), code)
        chip = target_chip(row.get("target_status"), code)
        if state in ("missing", "moved", "unready"):
            text = str(row.get("target_verdict") or _tr("Its window is not found."))
            needs.append(Need(f"target:{agent}:{state}", "target", agent, chip, text))
        elif state == "unverified":
            text = _tr("Its target was imported. Confirm it by sight before anything is sent.")
            needs.append(Need(f"target:{agent}:{state}", "target", agent, chip, text))
        if is_stuck(row.get("status"), updated, present):
            text = _tr("Says it works, but last reported {0}.").format(age(updated, present))
            stuck = Chip(_tr("Stuck"), delivery_chip("uncertain").hue, "hourglass")
            needs.append(Need(f"stuck:{agent}:{updated}", "stuck", agent, stuck, text))
    return needs


def _has_target(row: Row) -> bool:
    return target_state(row.get("target_status"), row.get("target_reason_code")) != "none"


def _tr(text: str) -> str:
    return QCoreApplication.translate("overview", text)
