"""What keeps messages from getting through, one row a cause: whom it concerns, how many, the first.

An agent's unconfirmed messages are one cause; failed and held ones are one for each reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from panel.core.message import DeliveryStatus
from panel.store.connection import Connection, Row
from panel.store.values import stored, text

_COLUMNS = (
    "message_id, to_agent, content, sent_at, processed_at, held_since, delivery_status, evidence,"
    " reason, reason_code, wanted"
)
# A failed message was settled at most so long after it was sent; the index goes by sent_at.
_LONGEST_WAY = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Span:
    """Which messages count: `failed_since` by the time they failed, `held_before` by their hold."""

    failed_since: datetime
    held_before: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """Which messages belong together; `reason_code` is None where it makes no difference."""

    status: DeliveryStatus
    to_agent: str
    reason_code: str | None = None


def rows(connection: Connection, status: DeliveryStatus, span: Span) -> list[Row]:
    """One row a cause: the columns of its first message, and `number` of messages.

    The first is the oldest, of failed ones the newest. Unconfirmed, failed and held only.
    """
    where, params = _where(status, span)
    parts = "to_agent" if status is DeliveryStatus.UNCERTAIN else "to_agent, reason_code"
    order = "DESC" if status is DeliveryStatus.FAILED else "ASC"
    return connection.rows(
        f"SELECT {_COLUMNS}, number FROM (SELECT {_COLUMNS},"
        f" COUNT(*) OVER (PARTITION BY {parts}) AS number,"
        f" ROW_NUMBER() OVER (PARTITION BY {parts} ORDER BY sent_at {order}, rowid {order})"
        f" AS place FROM agent_messages AS message WHERE {where}) AS cause"
        " WHERE place = 1 ORDER BY sent_at, message_id",
        *params,
    )


def message_ids(connection: Connection, cause: Cause, span: Span) -> Sequence[str]:
    """The messages of one cause, oldest first."""
    where, params = _where(cause.status, span)
    where += " AND to_agent = ?"
    params.append(cause.to_agent)
    if cause.reason_code is not None:
        where += " AND reason_code = ?"
        params.append(cause.reason_code)
    found = connection.rows(
        f"SELECT message_id FROM agent_messages AS message WHERE {where} ORDER BY sent_at, rowid",
        *params,
    )
    return [text(row["message_id"]) for row in found]


def _where(status: DeliveryStatus, span: Span) -> tuple[str, list[object]]:
    where, params = "direction = 'out' AND delivery_status = ?", [str(status)]
    match status:
        case DeliveryStatus.UNCERTAIN:
            return where, [*params]
        case DeliveryStatus.FAILED:
            # What was sent again as a new message is settled.
            where += (
                " AND sent_at >= ? AND COALESCE(processed_at, sent_at) >= ? AND NOT EXISTS"
                " (SELECT 1 FROM agent_messages AS again"
                " WHERE again.resend_of = message.message_id)"
            )
            since = span.failed_since
            return where, [*params, stored(since - _LONGEST_WAY), stored(since)]
        case DeliveryStatus.HELD:
            # Old ones that wait behind a question are asked about elsewhere.
            where += " AND reason_code <> 'backlog' AND held_since < ?"
            return where, [*params, stored(span.held_before)]
    raise ValueError(f"{status} is no trouble")
