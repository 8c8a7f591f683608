"""Reads targets, and says what is wrong with one and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panel.core.message import DeliveryStatus
from panel.core.target import ReasonCode, Target, TargetCheck, TargetKind
from panel.store import messages, targets
from panel.store.connection import Connection
from panel.ui.models.column import Row
from panel.ui.times import moment

Key = tuple[str, TargetKind]


def read_target(
    connection: Connection, agent_id: str, kind: TargetKind = TargetKind.CHAT
) -> Target | None:
    """An agent's target with its pictures; the chat box unless another kind is named."""
    return targets.get(connection, agent_id, kind)


def read_some(connection: Connection, keys: Sequence[Key]) -> list[Target]:
    """These targets with their pictures, those that are there, in this order."""
    found = (targets.get(connection, agent_id, kind) for agent_id, kind in keys)
    return [target for target in found if target is not None]


class Fix(StrEnum):
    """What a person can do about a target."""

    CALIBRATE = "calibrate"
    AGAIN = "again"
    CONFIRM = "confirm"
    FIND = "find"
    REVIEW = "review"
    GOTO = "goto"
    EMPTY = "empty"
    NONE = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the check board: a box of an agent, or an agent without any.

    `held` is why a message waits although the window is found: there is text in the box.
    """

    agent_id: str
    kind: TargetKind
    status: str
    verdict: str = ""
    window: str = ""
    calibrated_at: datetime | None = None
    checked_at: datetime | None = None
    last_success_at: datetime | None = None
    held: str = ""

    @property
    def key(self) -> Key:
        return self.agent_id, self.kind

    @property
    def set(self) -> bool:
        """Whether there is a target at all."""
        return self.status != "none"

    @property
    def well(self) -> bool:
        """Whether the last look found nothing that speaks against it (or there was none)."""
        return not self.verdict or self.verdict.startswith(("ready", "covered"))


def read_board(connection: Connection, agent_ids: Sequence[str]) -> list[BoardRow]:
    """All boxes of these agents, without pictures; agents without a target are there too."""
    own: dict[str, list[Row]] = {}
    for row in targets.rows(connection):
        own.setdefault(str(row["agent_id"]), []).append(row)
    held = _held(connection)
    board: list[BoardRow] = []
    for agent_id in agent_ids:
        rows = own.get(agent_id)
        if rows:
            board += [_row(row, held) for row in rows]
        else:
            board.append(BoardRow(agent_id, TargetKind.CHAT, "none"))
    return board


def _held(connection: Connection) -> dict[str, str]:
    """Why, for each agent with a message that waits until its box is empty."""
    return {
        str(row["to_agent"]): str(row["reason"] or "")
        for row in messages.rows(connection, status=DeliveryStatus.HELD)
        if row["reason_code"] == ReasonCode.COMPOSER_NOT_EMPTY.value
    }


def _row(row: Row, held: Mapping[str, str]) -> BoardRow:
    kind = TargetKind(str(row["kind"]))
    return BoardRow(
        str(row["agent_id"]),
        kind,
        str(row["status"]),
        str(row["last_verdict"] or ""),
        str(row["title"] or ""),
        moment(row["calibrated_at"]),
        moment(row["last_check_at"]),
        moment(row["last_success_at"]),
        held.get(str(row["agent_id"]), "") if kind is TargetKind.CHAT else "",
    )


_FIXES: Mapping[ReasonCode, Fix] = {
    ReasonCode.NO_TARGET: Fix.CALIBRATE,
    ReasonCode.UNVERIFIED: Fix.CONFIRM,
    ReasonCode.WINDOW_GONE: Fix.FIND,
    ReasonCode.AMBIGUOUS: Fix.FIND,
    ReasonCode.WRONG_WINDOW: Fix.FIND,
    ReasonCode.RESIZED: Fix.REVIEW,
    ReasonCode.OUTSIDE_WINDOW: Fix.REVIEW,
    ReasonCode.ANCHOR_DIFFERS: Fix.REVIEW,
    ReasonCode.OFF_SCREEN: Fix.GOTO,
    ReasonCode.CANNOT_RAISE: Fix.GOTO,
    ReasonCode.MINIMISED: Fix.AGAIN,
    ReasonCode.COVERED: Fix.AGAIN,
    ReasonCode.COMPOSER_NOT_EMPTY: Fix.EMPTY,
    ReasonCode.BUSY: Fix.GOTO,
    ReasonCode.LOCKED: Fix.NONE,
    ReasonCode.NO_DISPLAY: Fix.NONE,
}

# The database keeps verdicts in words only; another process may have written them.
_WORDS: Sequence[tuple[str, ReasonCode]] = (
    ("nobody has confirmed it", ReasonCode.UNVERIFIED),
    ("never confirmed", ReasonCode.UNVERIFIED),
    ("is closed", ReasonCode.WINDOW_GONE),
    ("was not found", ReasonCode.WINDOW_GONE),
    ("windows could be", ReasonCode.AMBIGUOUS),
    ("when it was calibrated", ReasonCode.RESIZED),
    ("lies outside its window", ReasonCode.OUTSIDE_WINDOW),
    ("landmark", ReasonCode.ANCHOR_DIFFERS),
    ("moved", ReasonCode.RESIZED),
    ("is on no screen", ReasonCode.OFF_SCREEN),
    ("text in the box", ReasonCode.COMPOSER_NOT_EMPTY),
    ("text in its box", ReasonCode.COMPOSER_NOT_EMPTY),
    ("front", ReasonCode.CANNOT_RAISE),
)


def reason_in(verdict: str) -> ReasonCode | None:
    """The reason that a stored verdict tells in words; None where it tells none that is known."""
    low = verdict.lower()
    return next((code for words, code in _WORDS if words in low), None)


def fix_of(row: BoardRow, seen: TargetCheck | None = None) -> Fix:
    """What mends a line: by the check that this window made last, else by the words it left."""
    if not row.set:
        return Fix.CALIBRATE
    if row.status == "unverified":
        return Fix.CONFIRM
    if seen is not None and not seen.valid and seen.reasons:
        return _FIXES.get(seen.reasons[0].code, Fix.CALIBRATE)
    if row.held:
        return Fix.EMPTY
    if seen is not None or row.well:
        return Fix.AGAIN
    code = reason_in(row.verdict)
    return _FIXES.get(code, Fix.CALIBRATE) if code else Fix.CALIBRATE
