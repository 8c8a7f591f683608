"""What waits because somebody is at work: said so, on hold after a while, sent at their word.

Nothing here makes an attempt: the pointer was not taken.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from panel.core.target import Reason, ReasonCode
from panel.store.connection import Connection, Transaction
from panel.store.messages import TABLE
from panel.store.values import dumped, integer, stored, text

_THEIRS = (ReasonCode.OPERATOR_ACTIVE, ReasonCode.KEYS_DOWN, ReasonCode.POINTER_MOVED)
OPERATORS_OWN = frozenset(_THEIRS)
"""Reasons that lie with the person at the desktop, not with a target."""

_CODES = ", ".join(f"'{code}'" for code in _THEIRS)
_WAITING = "agent_messages INDEXED BY idx_message_queue"
_QUEUED = "delivery_status IN ('pending', 'held') AND reason_code <> 'backlog'"
# Those that nothing but the person keeps from their turn.
_FOR_THE_PERSON = (
    f"{_QUEUED} AND delivery_method = 'pyautogui'"
    f" AND (delivery_status = 'pending' OR reason_code IN ({_CODES}))"
    " AND NOT EXISTS (SELECT 1 FROM agent_workspaces AS agent WHERE agent.agent_id = to_agent"
    " AND (agent.paused OR NOT agent.active))"
)

# The person's word may have come since the dispatcher looked.
_UNHURRIED = f"delivery_status = 'pending' AND reason_code <> '{ReasonCode.SEND_NOW}'"


def note_wait(tx: Transaction, message_ids: Collection[str], reason: Reason) -> None:
    """Writes beside waiting messages why they wait; their state stays."""
    changed = tx.rows(
        "UPDATE agent_messages SET reason = ?1, reason_code = ?2"
        " WHERE message_id IN (SELECT value FROM json_each(?3))"
        f" AND {_UNHURRIED} AND (reason <> ?1 OR reason_code <> ?2)"
        " RETURNING message_id",
        str(reason),
        str(reason.code),
        dumped(sorted(message_ids)),
    )
    _tell(tx, [text(row["message_id"]) for row in changed])


def hold(tx: Transaction, message_ids: Collection[str], reason: Reason, since: datetime) -> None:
    """Puts pending ones on hold, as long as they have waited (`since`), so that whoever asks for
    long holds is told now. They stay ready: the first quiet moment sends them.
    """
    changed = tx.rows(
        "UPDATE agent_messages SET delivery_status = 'held', reason = ?1, reason_code = ?2,"
        " held_since = ?3, next_attempt_at = NULL"
        f" WHERE message_id IN (SELECT value FROM json_each(?4)) AND {_UNHURRIED}"
        " RETURNING message_id",
        str(reason),
        str(reason.code),
        stored(since),
        dumped(sorted(message_ids)),
    )
    _tell(tx, [text(row["message_id"]) for row in changed])


def send_now(tx: Transaction, message_ids: Collection[str] | None = None) -> list[str]:
    """The person wants them sent without waiting for quiet: these, or (None) all that wait for it.

    Counts once: `drop_words` takes it back from those whose turn does not come. Returns which.
    """
    source, chosen = _WAITING, ""
    if message_ids is not None:
        source, chosen = "agent_messages", " AND message_id IN (SELECT value FROM json_each(?2))"
    changed = tx.rows(
        f"UPDATE {source} SET delivery_status = 'pending', held_since = NULL,"
        " reason = '', reason_code = ?1, next_attempt_at = NULL"
        f" WHERE {_FOR_THE_PERSON}{chosen} RETURNING message_id",
        str(ReasonCode.SEND_NOW),
        *(() if message_ids is None else (dumped(sorted(message_ids)),)),
    )
    return _tell(tx, [text(row["message_id"]) for row in changed])


def drop_words(tx: Transaction) -> None:
    """Forgets `send_now` where it is left: it was meant for that moment, not for some later one."""
    changed = tx.rows(
        f"UPDATE {_WAITING} SET reason_code = '' WHERE {_QUEUED} AND reason_code = ?1"
        " RETURNING message_id",
        str(ReasonCode.SEND_NOW),
    )
    _tell(tx, [text(row["message_id"]) for row in changed])


def waiting(connection: Connection) -> int:
    """How many messages wait for the pointer and for nothing else."""
    return integer(connection.value(f"SELECT COUNT(*) FROM {_WAITING} WHERE {_FOR_THE_PERSON}"))


def _tell(tx: Transaction, changed: list[str]) -> list[str]:
    if changed:
        tx.changed(TABLE, *changed)
    return changed
