"""Which waiting message comes next. Reads the partial indexes only, never the history.

An agent's HEAD is the first of its waiting (pending or held) messages by urgency, age and rowid. An
agent is blocked while one of its messages is being sent or is uncertain; an uncertain one whose box
was seen empty since (reason_code box_emptied) blocks no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from panel.core import clock
from panel.core.message import DeliveryStatus, Method, Priority
from panel.core.target import ReasonCode
from panel.store import control
from panel.store.connection import Connection, Transaction
from panel.store.values import dumped, maybe_text, moment, stored, text

# Without INDEXED BY the planner, which knows nothing of the rows, reads all that waits.
_WAITING = "agent_messages INDEXED BY idx_message_queue"
# Old ones that wait behind a question are passed over.
_QUEUED = "delivery_status IN ('pending', 'held') AND reason_code <> 'backlog'"
# The receivers of waiting messages, found by one index step each (a loose index scan).
_RECEIVERS = f"""
WITH RECURSIVE receiver(name) AS (
    SELECT (SELECT to_agent FROM {_WAITING} WHERE {_QUEUED}
            ORDER BY to_agent LIMIT 1)
    UNION ALL
    SELECT (SELECT to_agent FROM {_WAITING}
            WHERE {_QUEUED} AND to_agent > receiver.name
            ORDER BY to_agent LIMIT 1)
    FROM receiver WHERE receiver.name IS NOT NULL
)"""
_HEAD = f"""
    (SELECT rowid FROM {_WAITING}
     WHERE to_agent = agent.agent_id AND {_QUEUED}
     ORDER BY urgency, sent_at, rowid LIMIT 1)"""
# The receivers of the messages named by a JSON list; the cross join looks each of them up. Their
# heads are the same: what stands before a named message goes first, or the order would break.
_NAMED_RECEIVERS = """
WITH receiver(name) AS (
    SELECT DISTINCT message.to_agent
    FROM json_each(?1) AS named CROSS JOIN agent_messages AS message
        ON message.message_id = named.value AND message.delivery_status IN ('pending', 'held')
            AND message.reason_code <> 'backlog'
)"""
_READY_AGENTS = f"""
FROM receiver
JOIN agent_workspaces AS agent ON agent.agent_id = receiver.name
JOIN agent_messages AS head ON head.rowid = {_HEAD}
WHERE agent.active AND NOT agent.paused
    AND NOT EXISTS (
        SELECT 1 FROM agent_messages AS busy
        WHERE busy.to_agent = agent.agent_id AND busy.delivery_status IN ('sending', 'uncertain')
            AND NOT (busy.delivery_status = 'uncertain' AND busy.reason_code = 'box_emptied')
    )"""


@dataclass(frozen=True, slots=True)
class Head:
    """An agent's next message, as far as it matters to whether it may go now."""

    message_id: str
    method: Method
    reason_code: str
    status: DeliveryStatus


def claimable(connection: Connection, now: datetime, only: Collection[str] | None) -> str | None:
    """The message_id of the best head that may go now, None when there is none.

    With `only`, the heads of these messages' receivers: a head that is none of them stands before
    one of them.
    """
    return maybe_text(
        connection.value(
            f"{_ready('head.message_id', only)} LIMIT 1",
            _named(only),
            stored(now),
        )
    )


def ready_heads(
    connection: Connection, now: datetime, only: Collection[str] | None = None
) -> list[Head]:
    """Every head that may go now, the one that `claimable` names first."""
    columns = "head.message_id, head.delivery_method, head.reason_code, head.delivery_status"
    return [
        Head(
            text(row["message_id"]),
            Method(text(row["delivery_method"])),
            text(row["reason_code"]),
            DeliveryStatus(text(row["delivery_status"])),
        )
        for row in connection.rows(_ready(columns, only), _named(only), stored(now))
    ]


def _ready(columns: str, only: Collection[str] | None) -> str:
    """Of the heads that may go at ?2, among the messages of ?1, the best first."""
    return (
        f"{_receivers(only)} SELECT {columns} {_READY_AGENTS}"
        " AND (head.next_attempt_at IS NULL OR head.next_attempt_at <= ?2)"
        " AND ?1 IS ?1"  # every parameter has to occur
        " ORDER BY head.urgency, head.sent_at, head.rowid"
    )


def next_due(connection: Connection, only: Collection[str] | None = None) -> datetime | None:
    """When the first head that waits for a time may go; None when none waits for one.

    Heads that may go at once have no such time: claim until there is nothing, then ask with the
    same `only`.
    """
    if control.resting(connection, clock.now()):
        return None
    return moment(
        connection.value(
            f"{_receivers(only)} SELECT MIN(head.next_attempt_at) {_READY_AGENTS} AND ?1 IS ?1",
            _named(only),
        )
    )


def not_before(
    connection: Connection, to_agent: str, priority: Priority, now: datetime
) -> datetime:
    """The sent_at of a message that is queued now: `now`, or later than a clock set back would say.

    Age is the order of the queue, so a new message is never older than one that waits before it.
    """
    latest = moment(
        connection.value(
            f"SELECT MAX(latest) FROM (SELECT MAX(sent_at) AS latest FROM {_WAITING}"
            f" WHERE to_agent = ?1 AND urgency = ?2 AND {_QUEUED}"
            " UNION ALL SELECT MAX(sent_at) FROM agent_messages INDEXED BY idx_message_blocking"
            " WHERE to_agent = ?1 AND urgency = ?2"
            " AND delivery_status IN ('sending', 'uncertain'))",
            to_agent,
            list(Priority).index(priority),
        )
    )
    return now if latest is None else max(now, latest)


def any_waiting(connection: Connection, only: Collection[str] | None) -> bool:
    """Whether any message (of these) is pending, held or being sent; old ones do not count."""
    return bool(
        connection.value(
            "SELECT EXISTS (SELECT 1 FROM agent_messages"
            " WHERE delivery_status IN ('pending', 'held', 'sending')"
            " AND reason_code <> 'backlog'"
            " AND (?1 IS NULL OR message_id IN (SELECT value FROM json_each(?1))))",
            _named(only),
        )
    )


def any_retry(connection: Connection) -> bool:
    """Whether any pending message waits for the time of its next attempt."""
    return bool(
        connection.value(
            "SELECT EXISTS (SELECT 1 FROM agent_messages"
            " WHERE delivery_status = 'pending' AND next_attempt_at IS NOT NULL"
            " AND retry_count > 0)"  # without one, somebody asked for it: it may go at once
        )
    )


def refuse_undeliverable(
    tx: Transaction, now: datetime, only: Collection[str] | None = None
) -> None:
    """Fails waiting messages to agents that are unknown or inactive, with the reason in words."""
    refused = tx.rows(
        f"{_receivers(only)} SELECT receiver.name, agent.agent_id IS NOT NULL AS known"
        " FROM receiver"
        " LEFT JOIN agent_workspaces AS agent ON agent.agent_id = receiver.name"
        " WHERE receiver.name IS NOT NULL AND COALESCE(agent.active, 0) = 0 AND ?1 IS ?1",
        _named(only),
    )
    for row in refused:
        name = text(row["name"])
        reason = (
            f"{name} is inactive. Set it active, then send again."
            if row["known"]
            else f"There is no agent {name}. Add it, then send again."
        )
        failed = tx.rows(
            f"UPDATE {_WAITING} SET delivery_status = 'failed', reason = ?1, reason_code = ?2,"
            " processed_at = ?3, held_since = NULL, next_attempt_at = NULL"
            f" WHERE to_agent = ?4 AND {_QUEUED}"
            " AND (?5 IS NULL OR message_id IN (SELECT value FROM json_each(?5)))"
            " RETURNING message_id",
            reason,
            str(ReasonCode.NO_TARGET),
            stored(now),
            name,
            _named(only),
        )
        tx.changed("agent_messages", *(text(each["message_id"]) for each in failed))


def _receivers(only: Collection[str] | None) -> str:
    return _RECEIVERS if only is None else _NAMED_RECEIVERS


def _named(only: Collection[str] | None) -> str | None:
    return None if only is None else dumped(sorted(only))
