"""Uncertain messages: what a person wants done about the text in the box, and which of them block.

The rows are few: all reads here go by the partial indexes of wanted and of blocking messages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from panel.core import clock
from panel.core.identifiers import new_id
from panel.core.message import Wanted
from panel.core.target import ReasonCode
from panel.store import attempts, control, messages
from panel.store.attempts import Claim
from panel.store.connection import Connection, StoreError, Transaction
from panel.store.values import dumped, integer, stored, text

_WANTED = """
FROM agent_messages AS message INDEXED BY idx_message_wanted
JOIN agent_workspaces AS agent ON agent.agent_id = message.to_agent
WHERE message.wanted IS NOT NULL AND message.delivery_status = 'uncertain'
    AND agent.active AND NOT agent.paused
    AND (?1 IS NULL OR message.message_id IN (SELECT value FROM json_each(?1)))"""
_EMPTIED = " Its box is empty now; the next ones go on."


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed message and what is to be done about its text."""

    claim: Claim
    wanted: Wanted


def ask(tx: Transaction, message_id: str, wanted: Wanted) -> bool:
    """Asks the dispatcher to do it; False when the message is not uncertain (any more)."""
    changed = tx.execute(
        "UPDATE agent_messages SET wanted = ? WHERE message_id = ?"
        " AND delivery_status = 'uncertain'",
        str(wanted),
        message_id,
    )
    if changed:
        tx.changed(messages.TABLE, message_id)
    return changed > 0


def any_wanted(connection: Connection, only: Collection[str] | None = None) -> bool:
    """Whether anything (of these) can be claimed, unless all is paused."""
    if control.resting(connection, clock.now()):
        return False
    return bool(connection.value(f"SELECT EXISTS (SELECT 1 {_WANTED})", _named(only)))


def claim_next(
    tx: Transaction, *, now: datetime, dispatcher: str, only: Collection[str] | None = None
) -> Errand | None:
    """Takes the oldest uncertain message (of these) that a person wants something done about; None
    when there is none or all is paused. Its attempt is of the kind that is wanted."""
    if control.resting(tx, now):
        return None
    found = tx.row(
        f"SELECT message.message_id, message.wanted {_WANTED} ORDER BY message.sent_at LIMIT 1",
        _named(only),
    )
    if found is None:
        return None
    message_id, wanted = text(found["message_id"]), Wanted(text(found["wanted"]))
    row = tx.row(
        "UPDATE agent_messages SET delivery_status = 'sending'"
        " WHERE message_id = ? AND delivery_status = 'uncertain' RETURNING *",
        message_id,
    )
    if row is None:
        raise StoreError(f"{message_id} changed within the transaction that claims it")
    attempt_id, stop_counter = (
        new_id("att"),
        integer(tx.value("SELECT stop_counter FROM dispatch_control")),
    )
    tx.execute(
        "INSERT INTO delivery_attempts (attempt_id, message_id, attempt_number, dispatcher,"
        " started_at, phase, stop_counter, kind, evidence) VALUES (?1, ?2,"
        " (SELECT COALESCE(MAX(attempt_number), 0) + 1 FROM delivery_attempts"
        " WHERE message_id = ?2), ?3, ?4, 'claimed', ?5, ?6, ?7)",
        attempt_id,
        message_id,
        dispatcher,
        stored(now),
        stop_counter,
        str(wanted),
        text(row["evidence"]),
    )
    tx.changed(messages.TABLE, message_id)
    tx.changed(attempts.TABLE, attempt_id)
    return Errand(Claim(messages.from_row(row), attempt_id, stop_counter), wanted)


def holding_up(
    connection: Connection, only: Collection[str] | None = None
) -> Mapping[str, list[str]]:
    """The uncertain messages that hold up others which wait, by agent; only agents to which
    something could be sent. With `only`, those that hold up one of these."""
    rows = connection.rows(
        "SELECT busy.to_agent, busy.message_id"
        " FROM agent_messages AS busy INDEXED BY idx_message_blocking"
        " JOIN agent_workspaces AS agent ON agent.agent_id = busy.to_agent"
        " WHERE busy.delivery_status IN ('sending', 'uncertain')"
        " AND busy.delivery_status = 'uncertain' AND busy.reason_code <> 'box_emptied'"
        " AND busy.wanted IS NULL AND busy.delivery_method = 'pyautogui'"
        " AND agent.active AND NOT agent.paused"
        " AND EXISTS (SELECT 1 FROM agent_messages AS next INDEXED BY idx_message_queue"
        " WHERE next.to_agent = busy.to_agent AND next.delivery_status IN ('pending', 'held')"
        " AND next.reason_code <> 'backlog'"
        " AND (?1 IS NULL OR next.message_id IN (SELECT value FROM json_each(?1))))",
        _named(only),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(text(row["to_agent"]), []).append(text(row["message_id"]))
    return found


def note_emptied(tx: Transaction, message_ids: Collection[str]) -> list[str]:
    """Their box was seen empty: they block no more and stay uncertain, for the person; returns
    those of which that is true. An attempt's row keeps the reason that there was."""
    changed = tx.rows(
        "UPDATE agent_messages SET reason_code = ?1, reason = TRIM(reason || ?2)"
        " WHERE message_id IN (SELECT value FROM json_each(?3))"
        " AND delivery_status = 'uncertain' AND wanted IS NULL AND reason_code <> ?1"
        " RETURNING message_id",
        str(ReasonCode.BOX_EMPTIED),
        _EMPTIED,
        dumped(sorted(message_ids)),
    )
    noted = [text(row["message_id"]) for row in changed]
    if noted:
        tx.changed(messages.TABLE, *noted)
    return noted


def last_paste(connection: Connection, message_id: str) -> str | None:
    """The attempt that typed the message last."""
    found = connection.value(
        "SELECT attempt_id FROM delivery_attempts WHERE message_id = ? AND kind = 'deliver'"
        " ORDER BY attempt_number DESC LIMIT 1",
        message_id,
    )
    return None if found is None else text(found)


def _named(only: Collection[str] | None) -> str | None:
    return None if only is None else dumped(sorted(only))
