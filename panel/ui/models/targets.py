"""Reads targets, and says what is wrong with one and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panel.core.message import DeliveryStatus
from panel.core.target import ReasonCode, Target, TargetCheck, TargetKind
from panel.store import layouts, messages, targets
from panel.store.connection import Connection
from panel.ui.models.column import Row
from panel.ui.times import moment
from panel.ui.words import target_state

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


def layout_in_use(connection: Connection) -> str:
    """The name of the screen layout whose targets are in place; empty before the first."""
    return next((each.name for each in layouts.all(connection) if each.in_use), "")


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

    `verdict` and `code` are what the last look said, in words and in a word of
    core.target.TargetCheck.code. `held` is why a message waits although the window is found: there
    is text in the box.
    """

    agent_id: str
    kind: TargetKind
    status: str
    verdict: str = ""
    code: str = ""
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
        return target_state(self.status, self.code) in ("ready", "covered")


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
        str(row["last_reason_code"]),
        str(row["title"] or ""),
        moment(row["calibrated_at"]),
        moment(row["last_check_at"]),
        moment(row["last_success_at"]),
        held.get(str(row["agent_id"]), "") if kind is TargetKind.CHAT else "",
    )


_FIXES: Mapping[str, Fix] = {
    ReasonCode.NO_TARGET: Fix.CALIBRATE,
    ReasonCode.UNVERIFIED: Fix.CONFIRM,
    ReasonCode.WINDOW_GONE: Fix.FIND,
    ReasonCode.AMBIGUOUS: Fix.FIND,
    ReasonCode.WRONG_WINDOW: Fix.FIND,
    ReasonCode.RESIZED: Fix.REVIEW,
    ReasonCode.OUTSIDE_WINDOW: Fix.REVIEW,
    ReasonCode.SCALE_CHANGED: Fix.REVIEW,
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


def fix_of(row: BoardRow, seen: TargetCheck | None = None) -> Fix:
    """What mends a line: by the check that this window made last, else by the code it left."""
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
    return _FIXES.get(row.code, Fix.CALIBRATE)
