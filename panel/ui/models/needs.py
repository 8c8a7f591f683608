"""What needs a person, one entry a cause: read in the reader's thread, put into words here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from panel.core.message import DeliveryStatus
from panel.store import causes
from panel.store.causes import Cause, Span
from panel.store.connection import Connection
from panel.ui.controls import counted
from panel.ui.models.column import Row
from panel.ui.steps import Step, Subject, steps_for
from panel.ui.theme import Hue
from panel.ui.times import age, moment
from panel.ui.words import Chip, delivery_chip, is_stuck, stuck_chip, target_chip, target_state

HELD_TOO_LONG = timedelta(minutes=5)
FAILED_SHOWN = timedelta(hours=24)
UNCERTAIN, FAILED, HELD = "uncertain", "failed", "held"
TARGET, STUCK, REPLIES = "target", "stuck", "replies"
_STATUS = {
    UNCERTAIN: DeliveryStatus.UNCERTAIN,
    FAILED: DeliveryStatus.FAILED,
    HELD: DeliveryStatus.HELD,
}
_BROKEN = ("missing", "moved", "unready", "unverified")


@dataclass(frozen=True, slots=True)
class Need:
    """One cause that waits for a person: which agent, what is so, since when, which messages.

    `key` is the same as long as the cause is; `mark` tells whether it has changed meanwhile.
    `message_id` is the first message of the cause and `number` how many there are (0: none).
    """

    key: str
    kind: str
    agent_id: str
    chip: Chip
    sentence: str
    excerpt: str = ""
    since: datetime | None = None
    message_id: str = ""
    number: int = 0
    reason_code: str = ""
    wanted: str = ""

    @property
    def mark(self) -> tuple[object, ...]:
        """Differs once the cause is not what it was: another message, reason or number."""
        said = self.sentence if self.kind == TARGET else ""
        return self.message_id, self.number, self.reason_code, said

    @property
    def more(self) -> int:
        """How many messages there are besides the first."""
        return max(0, self.number - 1)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What settles it."""
        return steps_for(self.kind, self.reason_code)

    @property
    def subject(self) -> Subject:
        """What its steps are about."""
        several = self.kind in (FAILED, HELD) and self.number > 1
        return Subject(
            self.agent_id, self.message_id, self.kind if several else "", self.reason_code
        )


def span(present: datetime) -> Span:
    """Which failed and held messages count now."""
    return Span(present - FAILED_SHOWN, present - HELD_TOO_LONG)


def read_message_ids(
    connection: Connection, kind: str, agent_id: str, reason_code: str, present: datetime
) -> Sequence[str]:
    """All messages of the cause that a need of that kind is about."""
    cause = Cause(_STATUS[kind], agent_id, None if kind == UNCERTAIN else reason_code)
    return causes.message_ids(connection, cause, span(present))


def read_needs(
    connection: Connection,
    counts: Mapping[str, int],
    agents: Sequence[Row],
    present: datetime,
) -> tuple[Need, ...]:
    """Everything that needs a person, the most urgent kind first."""
    waiting = {str(row["agent_id"]): _whole(row.get("waiting")) for row in agents}
    needs: list[Need] = []
    for kind, status in _STATUS.items():
        if counts.get(status):
            rows = causes.rows(connection, status, span(present))
            needs += [_of_messages(kind, row, waiting) for row in rows]
    # One card a cause: what holds an agent's message already says what is wrong with its target.
    told = {need.agent_id for need in needs if need.kind == HELD or Step.FIND in need.steps}
    for row in agents:
        if row.get("active", True):
            needs += _of_agent(row, present, target_told=str(row["agent_id"]) in told)
    order = (UNCERTAIN, FAILED, HELD, TARGET, STUCK, REPLIES)
    return tuple(sorted(needs, key=lambda need: order.index(need.kind)))


def _of_messages(kind: str, row: Row, waiting: Mapping[str, int]) -> Need:
    agent, number, code = str(row["to_agent"]), _whole(row["number"]), str(row["reason_code"])
    said = (
        str(row["reason"] or "")
        or {
            UNCERTAIN: _tr("It was pasted, but not seen to be sent."),
            FAILED: _tr("It was not sent."),
            HELD: _tr("It waits until the target is ready."),
        }[kind]
    )
    behind = waiting.get(agent, 0)
    if kind == FAILED and number > 1:
        said += " " + _tr("{0} messages.").format(f"{number:,}")
    elif kind == UNCERTAIN and behind:
        said += " " + counted(
            behind, _tr("{0} more waits behind it."), _tr("{0} more wait behind it.")
        )
    elif kind == HELD and behind > 1:
        said += " " + _tr("{0} messages wait.").format(f"{behind:,}")
    return Need(
        key=f"{kind}:{agent}" if kind == UNCERTAIN else f"{kind}:{agent}:{code}",
        kind=kind,
        agent_id=agent,
        chip=delivery_chip(row["delivery_status"]),
        sentence=said,
        excerpt=" ".join(str(row["content"])[:400].split()),
        since=moment(row.get("held_since") or row.get("processed_at") or row.get("sent_at")),
        message_id=str(row["message_id"]),
        number=number,
        reason_code=code,
        wanted=str(row.get("wanted") or ""),
    )


def _of_agent(row: Row, present: datetime, *, target_told: bool) -> list[Need]:
    needs = []
    agent = str(row["agent_id"])
    code = str(row.get("target_reason_code") or "")
    state = target_state(row.get("target_status"), code)
    if state in _BROKEN and not target_told:
        chip = target_chip(row.get("target_status"), code)
        said = str(row.get("target_verdict") or chip.word)
        if state == "unverified":
            said = _tr("Its place was imported. Confirm it by sight before anything is sent.")
            code = "unverified"
        looked = moment(row.get("target_checked_at"))
        needs.append(
            Need(f"{TARGET}:{agent}", TARGET, agent, chip, said, since=looked, reason_code=code)
        )
    updated = moment(row.get("last_updated"))
    if is_stuck(row.get("status"), updated, present):
        said = _tr("Says it works, but last reported {0}.").format(age(updated, present))
        key = f"{STUCK}:{agent}:{updated}"
        needs.append(Need(key, STUCK, agent, stuck_chip(), said, since=updated))
    if unread := _whole(row.get("unread")):
        said = counted(unread, _tr("{0} unread reply."), _tr("{0} unread replies."))
        chip = Chip(_tr("Reply"), Hue.BLUE, "reply")
        needs.append(Need(f"{REPLIES}:{agent}", REPLIES, agent, chip, said, number=unread))
    return needs


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("overview", text)
