"""delivery_attempts and the queue: claim a message, note each phase before it, settle it.

Everything here runs in write transactions (BEGIN IMMEDIATE), so of two processes only one changes a
row and goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panel.core.identifiers import new_id
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message
from panel.core.target import Reason
from panel.store import control, messages
from panel.store.connection import Connection, Row, StoreError, Transaction
from panel.store.queue import (
    any_retry,
    any_waiting,
    claimable,
    next_due,
    refuse_undeliverable,
)
from panel.store.values import dumped, integer, stored, text

__all__ = [
    "Claim",
    "Phase",
    "advance",
    "any_retry",
    "any_waiting",
    "claim_next",
    "claim_of",
    "next_due",
    "of_message",
    "settle",
    "unsettled",
]

TABLE = "delivery_attempts"


class Phase(StrEnum):
    """How far an attempt has gone; `pasting` and `submitting` are committed before the key."""

    CLAIMED = "claimed"
    READY = "ready"
    PASTING = "pasting"
    PASTED = "pasted"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    SETTLED = "settled"


_ORDER = {phase: place for place, phase in enumerate(Phase)}
# The agent said that it has the message, while this attempt was still open.
_CONFIRMED = """EXISTS (SELECT 1 FROM agent_messages AS message
    WHERE message.message_id = attempt.message_id
        AND message.delivery_status = 'delivered' AND message.status <> 'pending')"""
_WAITING = (DeliveryStatus.PENDING, DeliveryStatus.HELD)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is this dispatcher's to deliver, and the stop counter it was claimed at."""

    message: Message
    attempt_id: str
    stop_counter: int


def claim_next(
    tx: Transaction, *, now: datetime, dispatcher: str, only: Collection[str] | None = None
) -> Claim | None:
    """Takes the next message, or None when nothing may be sent now.

    In order: urgency, then age; one agent's messages strictly one after the other, of which a more
    urgent one may pass a held one but never one that is being sent or is uncertain. Waiting
    messages to unknown or inactive agents become failed, expired ones expired. With `only`, these
    and what stands before one of them in its receiver's order. `dispatcher` is JSON that says who
    claims.
    """
    messages.expire_due(tx, now)
    if control.resting(tx, now):
        return None
    refuse_undeliverable(tx, now, only)
    message_id = claimable(tx, now, only)
    if message_id is None:
        return None
    row = tx.row(
        "UPDATE agent_messages SET delivery_status = 'sending', next_attempt_at = NULL"
        " WHERE message_id = ? AND delivery_status IN ('pending', 'held') RETURNING *",
        message_id,
    )
    if row is None:
        raise StoreError(f"{message_id} changed within the transaction that claims it")
    attempt_id = new_id("att")
    stop_counter = integer(tx.value("SELECT stop_counter FROM dispatch_control"))
    tx.execute(
        "INSERT INTO delivery_attempts (attempt_id, message_id, attempt_number, dispatcher,"
        " started_at, phase, stop_counter) VALUES (?1, ?2, (SELECT COALESCE(MAX(attempt_number), 0)"
        " + 1 FROM delivery_attempts WHERE message_id = ?2), ?3, ?4, 'claimed', ?5)",
        attempt_id,
        message_id,
        dispatcher,
        stored(now),
        stop_counter,
    )
    tx.changed(messages.TABLE, message_id)
    tx.changed(TABLE, attempt_id)
    return Claim(messages.from_row(row), attempt_id, stop_counter)


def advance(
    tx: Transaction,
    attempt_id: str,
    phase: Phase | str,
    *,
    keys: str | None = None,
    evidence: Evidence | None = None,
) -> bool:
    """Notes the phase that is about to begin; `keys` is the chord that will be pressed in it.

    False, and nothing is noted, when a stop was committed since the claim, the attempt was settled
    by somebody else, or the agent has said that it has the message: then do not go on. StoreError
    for a phase that does not lie ahead.
    """
    row = tx.row(
        "SELECT phase, finished_at, stop_counter = (SELECT stop_counter FROM dispatch_control)"
        f" AND NOT {_CONFIRMED}"
        " AS going FROM delivery_attempts AS attempt WHERE attempt_id = ?",
        attempt_id,
    )
    if row is None:
        raise StoreError(f"there is no attempt {attempt_id}")
    if row["finished_at"] is not None or not row["going"]:
        return False
    wanted, present = Phase(phase), Phase(text(row["phase"]))
    if _ORDER[wanted] <= _ORDER[present] or wanted is Phase.SETTLED:
        raise StoreError(f"{attempt_id} is {present}; {wanted} does not come after that")
    tx.execute(
        "UPDATE delivery_attempts SET phase = ?, keys = ?, evidence = COALESCE(?, evidence)"
        " WHERE attempt_id = ?",
        str(wanted),
        keys,
        None if evidence is None else str(evidence),
        attempt_id,
    )
    tx.changed(TABLE, attempt_id)
    return True


def going(tx: Transaction, attempt_id: str) -> bool:
    """Whether an attempt may press its next key: it is open, no stop was committed since its
    claim, and the agent has not said that it has the message. While the caller's transaction
    lasts, none of that can change."""
    return bool(
        tx.value(
            "SELECT finished_at IS NULL AND stop_counter = (SELECT stop_counter FROM"
            f" dispatch_control) AND NOT {_CONFIRMED}"
            " FROM delivery_attempts AS attempt WHERE attempt_id = ?",
            attempt_id,
        )
    )


def settle(  # noqa: PLR0913 - one transaction writes all that is known of the attempt
    tx: Transaction,
    *,
    claim: Claim,
    status: DeliveryStatus,
    evidence: Evidence,
    reason: Reason | None,
    coordinate_status: CoordinateStatus,
    delivery_time_ms: int | None,
    timings: Mapping[str, object],
    now: datetime,
    next_attempt_at: datetime | None = None,
    count_retry: bool = False,
    coordinates: Mapping[str, object] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> bool:
    """Ends an attempt: the message's state and the attempt's row in one transaction.

    Held keeps the time of the first hold; `count_retry` uses up one retry; `coordinates` is where
    it was clicked; `pictures` names the files that show it, by step. False, and nothing is changed,
    when somebody else has settled it already.
    """
    if status is DeliveryStatus.SENDING:
        raise StoreError("sending is no end of an attempt")
    message_id = claim.message.message_id
    waiting = status in _WAITING
    settled = tx.execute(
        "UPDATE delivery_attempts SET phase = 'settled', finished_at = ?, evidence = ?,"
        " outcome = ?, reason = ?, reason_code = ?, timings = ?,"
        " pictures = COALESCE(?, pictures)"
        " WHERE attempt_id = ? AND finished_at IS NULL",
        stored(now),
        str(evidence),
        str(status),
        *_words(reason),
        dumped(dict(timings)),
        dumped(dict(pictures)) if pictures else None,
        claim.attempt_id,
    )
    if not settled:
        return False
    changed = tx.execute(
        "UPDATE agent_messages SET delivery_status = ?, evidence = ?, reason = ?, reason_code = ?,"
        " coordinate_validation_status = ?, delivery_time_ms = ?, processed_at = ?,"
        " next_attempt_at = ?, held_since = ?, retry_count = retry_count + ?, wanted = NULL,"
        " pyautogui_coordinates = COALESCE(?, pyautogui_coordinates)"
        " WHERE message_id = ? AND delivery_status = 'sending'",
        str(status),
        str(evidence),
        *_words(reason),
        str(coordinate_status),
        delivery_time_ms,
        None if waiting else stored(now),
        stored(next_attempt_at) if waiting else None,
        stored(claim.message.held_since or now) if status is DeliveryStatus.HELD else None,
        count_retry,
        None if coordinates is None else dumped(dict(coordinates)),
        message_id,
    )
    if not changed and not _confirmed_by_agent(tx, claim, status, delivery_time_ms):
        raise StoreError(f"{message_id} is not being sent, though {claim.attempt_id} is open")
    tx.changed(messages.TABLE, message_id)
    tx.changed(TABLE, claim.attempt_id)
    return True


def _confirmed_by_agent(
    tx: Transaction, claim: Claim, status: DeliveryStatus, delivery_time_ms: int | None
) -> bool:
    """Whether the agent's own word came before the settlement: then that stands, whatever we saw.

    The attempt stayed open for it, so that the keys which its phase names can be released.
    """
    took = delivery_time_ms if status is DeliveryStatus.DELIVERED else None
    if not tx.execute(
        "UPDATE agent_messages SET delivery_time_ms = COALESCE(?, delivery_time_ms), wanted = NULL"
        " WHERE message_id = ? AND delivery_status = 'delivered' AND status <> 'pending'",
        took,
        claim.message.message_id,
    ):
        return False
    tx.execute(
        "UPDATE delivery_attempts SET outcome = 'delivered', evidence = 'acknowledged'"
        " WHERE attempt_id = ?",
        claim.attempt_id,
    )
    return True


def unsettled(connection: Connection) -> list[Row]:
    """Attempts that are open: message_id, attempt_id, phase, keys, dispatcher, oldest first.

    Also those whose message the agent has confirmed meanwhile: their keys may still be down.
    """
    return connection.rows(
        "SELECT attempt.message_id, attempt.attempt_id, attempt.phase, attempt.keys,"
        " attempt.dispatcher, attempt.started_at, attempt.evidence, attempt.kind,"
        " message.to_agent, message.evidence AS known"
        " FROM delivery_attempts AS attempt"
        " JOIN agent_messages AS message USING (message_id)"
        " WHERE attempt.finished_at IS NULL AND (message.delivery_status = 'sending'"
        " OR message.delivery_status = 'delivered' AND message.status <> 'pending')"
        " ORDER BY attempt.started_at, attempt.rowid"
    )


def claim_of(connection: Connection, attempt_id: str) -> Claim | None:
    """The claim of an open attempt, to settle what another process left behind."""
    row = connection.row(
        "SELECT message.*, attempt.stop_counter AS attempt_stop_counter"
        " FROM delivery_attempts AS attempt"
        " JOIN agent_messages AS message USING (message_id)"
        " WHERE attempt.attempt_id = ? AND attempt.finished_at IS NULL",
        attempt_id,
    )
    if row is None:
        return None
    return Claim(messages.from_row(row), attempt_id, integer(row["attempt_stop_counter"]))


def of_message(connection: Connection, message_id: str) -> list[Row]:
    """Every attempt at a message, oldest first, with every column."""
    return connection.rows(
        "SELECT * FROM delivery_attempts WHERE message_id = ? ORDER BY attempt_number", message_id
    )


def _words(reason: Reason | None) -> tuple[str, str]:
    return ("", "") if reason is None else (str(reason), str(reason.code))
