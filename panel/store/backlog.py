"""Old messages at a start: they wait behind a question and meanwhile stand in nobody's way.

They are on hold with the reason code `backlog`; idx_message_queue leaves them out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from panel.store import messages
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import dumped, integer, moment, stored, text

_OLD = "agent_messages INDEXED BY idx_message_backlog"
_IN_BACKLOG = "delivery_status = 'held' AND reason_code = 'backlog'"
_OF_THESE = "(?1 IS NULL OR to_agent IN (SELECT value FROM json_each(?1)))"


@dataclass(frozen=True, slots=True)
class Pile:
    """The old messages to one agent."""

    agent_id: str
    count: int
    oldest: datetime
    newest: datetime


def set_aside(
    tx: Transaction, now: datetime, older_than: timedelta, *, but: Collection[str] = ()
) -> int:
    """Puts waiting messages that are older than this behind the question; returns how many.

    Age counts from when a message was queued, or from when a person asked for it again. `but` are
    message ids that are wanted now.
    """
    found = tx.rows(
        "UPDATE agent_messages INDEXED BY idx_message_queue SET delivery_status = 'held',"
        " reason = ?1, reason_code = 'backlog', held_since = ?2, next_attempt_at = NULL"
        " WHERE delivery_status IN ('pending', 'held') AND reason_code <> 'backlog'"
        " AND sent_at < ?3"
        # Set with no retry behind it, it is when somebody said "send" (see messages.retry).
        " AND NOT (delivery_status = 'pending' AND retry_count = 0"
        " AND COALESCE(next_attempt_at, '') >= ?3)"
        " AND message_id NOT IN (SELECT value FROM json_each(?4)) RETURNING message_id",
        f"It was older than {older_than.total_seconds() / 60:g} min when sending began."
        " It waits until you send or cancel it.",
        stored(now),
        stored(now - older_than),
        dumped(sorted(but)),
    )
    return len(_tell(tx, found))


def piles(connection: Connection, agents: Collection[str] | None = None) -> list[Pile]:
    """What waits behind the question, one entry an agent, the oldest first."""
    rows = connection.rows(
        "SELECT to_agent, COUNT(*) AS n, MIN(sent_at) AS oldest, MAX(sent_at) AS newest"
        f" FROM {_OLD} WHERE {_IN_BACKLOG} AND {_OF_THESE}"
        " GROUP BY to_agent ORDER BY oldest, to_agent",
        _named(agents),
    )
    return [_pile(row) for row in rows]


def release(tx: Transaction, now: datetime, agents: Collection[str] | None = None) -> list[str]:
    """Queues them again in their old order, as wanted from now on; returns their message ids."""
    messages.expire_due(tx, now)
    return _tell(
        tx,
        tx.rows(
            f"UPDATE {_OLD} SET delivery_status = 'pending', reason = '', reason_code = '',"
            " retry_count = 0, held_since = NULL, next_attempt_at = ?2"
            f" WHERE {_IN_BACKLOG} AND {_OF_THESE} RETURNING message_id",
            _named(agents),
            stored(now),
        ),
    )


def cancel(tx: Transaction, agents: Collection[str] | None = None) -> list[str]:
    """Cancels them; returns their message ids, which `messages.restore` takes back."""
    found = tx.rows(
        f"SELECT message_id FROM {_OLD} WHERE {_IN_BACKLOG} AND {_OF_THESE}", _named(agents)
    )
    ids = [text(row["message_id"]) for row in found]
    return [each for each in ids if messages.cancel(tx, each)]


def _pile(row: Row) -> Pile:
    oldest, newest = moment(row["oldest"]), moment(row["newest"])
    assert oldest is not None
    assert newest is not None
    return Pile(text(row["to_agent"]), integer(row["n"]), oldest, newest)


def _tell(tx: Transaction, rows: list[Row]) -> list[str]:
    ids = [text(row["message_id"]) for row in rows]
    if ids:
        tx.changed(messages.TABLE, *ids)
    return ids


def _named(agents: Collection[str] | None) -> str | None:
    return None if agents is None else dumped(sorted(agents))
