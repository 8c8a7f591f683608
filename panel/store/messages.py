"""agent_messages: queueing, reading, and what a person decides about a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.identifiers import new_id
from panel.core.message import (
    AnswerStatus,
    CoordinateStatus,
    DeliveryStatus,
    Draft,
    Evidence,
    Message,
    Method,
    Priority,
)
from panel.store import queue, settings
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import (
    dumped,
    integer,
    loaded,
    maybe_integer,
    maybe_text,
    moment,
    real,
    stored,
    text,
)

TABLE = "agent_messages"
DECISIONS = ("arrived", "send_again", "give_up")

# The origin's words for priorities.
_PRIORITIES = {"regular": Priority.NORMAL} | {str(priority): priority for priority in Priority}


def insert(
    tx: Transaction, message: Message, *, reply_to: str | None = None, resend_of: str | None = None
) -> None:
    """Adds a message as it is. Whether its receiver may be written to is the queue's question."""
    values: dict[str, object] = {
        "message_id": message.message_id,
        "from_agent": message.from_agent,
        "to_agent": message.to_agent,
        "priority": str(message.priority),
        "tags": dumped(list(message.tags)),
        "content": message.content,
        "sent_at": stored(message.sent_at),
        "processed_at": stored(message.processed_at),
        "status": str(message.status),
        "pyautogui_coordinates": (
            None if message.pyautogui_coordinates is None else dumped(message.pyautogui_coordinates)
        ),
        "delivery_method": str(message.delivery_method),
        "delivery_status": str(message.delivery_status),
        "retry_count": message.retry_count,
        "max_retries": message.max_retries,
        "delivery_time_ms": message.delivery_time_ms,
        "coordinate_validation_status": str(message.coordinate_validation_status),
        "evidence": str(message.evidence),
        "reason": message.reason,
        "expires_at": stored(message.expires_at),
        "held_since": stored(message.held_since),
        "next_attempt_at": stored(message.next_attempt_at),
        "group_id": message.group_id,
        "resend_of": resend_of,
        "reply_to": reply_to,
    }
    tx.execute(
        f"INSERT INTO agent_messages ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        *values.values(),
    )
    tx.changed(TABLE, message.message_id)


def get(connection: Connection, message_id: str) -> Message | None:
    """One message."""
    row = connection.row("SELECT * FROM agent_messages WHERE message_id = ?", message_id)
    return None if row is None else from_row(row)


def find(
    connection: Connection,
    *,
    to: str | None = None,
    from_: str | None = None,
    status: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Message]:
    """The newest messages that fit every filter given; `since` is included, `until` is not."""
    found = rows(
        connection, to=to, from_=from_, status=status, since=since, until=until, limit=limit
    )
    return [from_row(row) for row in found]


def rows(
    connection: Connection,
    *,
    to: str | None = None,
    from_: str | None = None,
    status: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Row]:
    """As `find`, with every column as it is stored."""
    filters: dict[str, object] = {
        "to_agent = ?": to,
        "from_agent = ?": from_,
        "delivery_status = ?": None if status is None else str(status),
        "sent_at >= ?": stored(since),
        "sent_at < ?": stored(until),
    }
    used = {condition: value for condition, value in filters.items() if value is not None}
    where = f" WHERE {' AND '.join(used)}" if used else ""
    return connection.rows(
        f"SELECT * FROM agent_messages{where} ORDER BY sent_at DESC, rowid DESC LIMIT ?",
        *used.values(),
        limit,
    )


def store_message_with_coordinates(
    tx: Transaction, message_data: Mapping[str, object], coordinates: Mapping[str, object] | None
) -> str:
    """The specification's way to queue a message; returns its message_id.

    `message_data` holds from_agent, to_agent, content and may hold priority (also in the origin's
    words, `regular`, `NORMAL` …) and tags. CommandError names what is missing or wrong: the rules
    are those of every draft, also that of who may send urgent.
    """
    for field in ("from_agent", "to_agent", "content"):
        if not isinstance(message_data.get(field), str) or not message_data[field]:
            raise CommandError(field, "takes a text")
    word = str(message_data.get("priority", Priority.NORMAL)).lower()
    if word not in _PRIORITIES:
        raise CommandError("priority", f"takes one of {', '.join(Priority)}, not {word!r}")
    draft = Draft(
        to_agent=str(message_data["to_agent"]),
        content=str(message_data["content"]),
        from_agent=str(message_data["from_agent"]),
        priority=_PRIORITIES[word],
        tags=tuple(cast("list[str]", message_data.get("tags") or ())),
    ).validated(str(settings.get(tx, "sender_name")))
    message = Message(
        message_id=new_id("msg"),
        from_agent=draft.from_agent,
        to_agent=draft.to_agent,
        priority=draft.priority,
        content=draft.content,
        sent_at=queue.not_before(tx, draft.to_agent, draft.priority, clock.now()),
        tags=draft.tags,
        pyautogui_coordinates=None if coordinates is None else dict(coordinates),
    )
    insert(tx, message)
    return message.message_id


def update_delivery_status(
    tx: Transaction, message_id: str, status: str, delivery_time: int | None = None
) -> bool:
    """The specification's way to set a delivery's state; `delivery_time` in milliseconds.

    `sending` is refused: only a claim makes it, together with the attempt that ends it. An attempt
    that is open ends here, so that its dispatcher goes no further.
    """
    takes = [str(each) for each in DeliveryStatus if each is not DeliveryStatus.SENDING]
    if status not in takes:
        raise CommandError("status", f"takes one of {', '.join(takes)}, not {status!r}")
    now = stored(clock.now())
    tx.execute(
        "UPDATE delivery_attempts SET phase = 'settled', finished_at = ?, outcome = ?"
        " WHERE message_id = ? AND finished_at IS NULL",
        now,
        str(status),
        message_id,
    )
    return _change(
        tx,
        "delivery_status = ?, delivery_time_ms = ?, processed_at = ? WHERE message_id = ?",
        message_id,
        str(status),
        delivery_time,
        now,
        message_id,
    )


def get_agent_message_statistics(
    connection: Connection, agent_id: str | None = None
) -> dict[str, object]:
    """Counts over the messages to and from an agent, or over all; the average is in ms or None.

    What agents say back is not delivered by anybody and does not count.
    """
    counted = ", ".join(
        f"COUNT(CASE WHEN delivery_status = '{status}' THEN 1 END) AS {status}"
        for status in DeliveryStatus
    )
    where = " WHERE direction = 'out'"
    if agent_id is not None:
        where += " AND (to_agent = ?1 OR from_agent = ?1)"
    row = connection.row(
        f"SELECT COUNT(*) AS total_messages, {counted},"
        " AVG(delivery_time_ms) AS avg_delivery_time,"
        " COUNT(CASE WHEN retry_count > 0 THEN 1 END) AS retried_messages"
        f" FROM agent_messages{where}",
        *(() if agent_id is None else (agent_id,)),
    )
    assert row is not None
    average = row["avg_delivery_time"]
    return {**row, "avg_delivery_time": None if average is None else real(average)}


def counts(connection: Connection) -> dict[DeliveryStatus, int]:
    """How many messages are in each state; states without any count 0."""
    found = {
        text(row["delivery_status"]): integer(row["n"])
        for row in connection.rows(
            "SELECT delivery_status, COUNT(*) AS n FROM agent_messages GROUP BY delivery_status"
        )
    }
    return {status: found.get(str(status), 0) for status in DeliveryStatus}


def cancel(tx: Transaction, message_id: str) -> bool:
    """Withdraws a message that waits; False when it does not wait (any more)."""
    return _change(
        tx,
        "delivery_status = 'cancelled', processed_at = ?, held_since = NULL,"
        " next_attempt_at = NULL, reason = '',"
        # So that `restore` puts an old one back behind its question.
        " reason_code = CASE reason_code WHEN 'backlog' THEN 'backlog' ELSE '' END"
        " WHERE message_id = ? AND delivery_status IN ('pending', 'held')",
        message_id,
        stored(clock.now()),
        message_id,
    )


def restore(tx: Transaction, message_id: str) -> bool:
    """Takes a cancellation back: queued again, an old one behind its question as before."""
    now = stored(clock.now())
    return _change(
        tx,
        "delivery_status = 'held', processed_at = NULL, held_since = ?,"
        " reason = 'It waits until you send or cancel it.'"
        " WHERE message_id = ? AND delivery_status = 'cancelled' AND reason_code = 'backlog'",
        message_id,
        now,
        message_id,
    ) or _requeue(tx, message_id, "'cancelled'")


def edit(tx: Transaction, message_id: str, content: str) -> bool:
    """Changes the text of a message that waits, which keeps its place; False otherwise."""
    return _change(
        tx,
        "content = ? WHERE message_id = ? AND delivery_status IN ('pending', 'held')",
        message_id,
        content,
        message_id,
    )


def retry(tx: Transaction, message_id: str) -> bool:
    """Queues a failed, held or cancelled message again with all its retries; False otherwise.

    It keeps its place in the order. An expiry that has passed is dropped: a person wants it sent
    now, which `next_attempt_at` notes, so that a start does not take it for a forgotten one.
    """
    return _requeue(tx, message_id, "'failed', 'held', 'cancelled'")


def decide(tx: Transaction, message_id: str, decision: str) -> bool:
    """What a person says about an uncertain message: `arrived`, `send_again` or `give_up`.

    False when it is not uncertain (any more).
    """
    if decision not in DECISIONS:
        raise CommandError("decision", f"takes one of {', '.join(DECISIONS)}, not {decision!r}")
    if decision == "send_again":
        return _requeue(tx, message_id, "'uncertain'")
    state, evidence = (
        ("delivered", "'operator'")
        if decision == "arrived"
        else (
            "cancelled",
            "evidence",
        )
    )
    return _change(
        tx,
        f"delivery_status = '{state}', evidence = {evidence}, wanted = NULL, processed_at = ?"
        " WHERE message_id = ? AND delivery_status = 'uncertain'",
        message_id,
        stored(clock.now()),
        message_id,
    )


def set_method(tx: Transaction, message_id: str, method: Method) -> None:
    """How it travels from now on, or has travelled in the end."""
    _change(tx, "delivery_method = ? WHERE message_id = ?", message_id, str(method), message_id)


def expire_due(tx: Transaction, now: datetime) -> int:
    """Expires waiting messages whose time has passed; returns how many."""
    found = tx.rows(
        "UPDATE agent_messages INDEXED BY idx_message_expiry"
        " SET delivery_status = 'expired', processed_at = ?1,"
        " held_since = NULL, next_attempt_at = NULL"
        " WHERE delivery_status IN ('pending', 'held') AND expires_at IS NOT NULL"
        " AND expires_at <= ?1 RETURNING message_id",
        stored(now),
    )
    if found:
        tx.changed(TABLE, *(text(row["message_id"]) for row in found))
    return len(found)


def _requeue(tx: Transaction, message_id: str, states: str) -> bool:
    now = stored(clock.now())
    return _change(
        tx,
        "delivery_status = 'pending', evidence = 'none', coordinate_validation_status = 'pending',"
        " reason = '', reason_code = '', wanted = NULL, retry_count = 0, delivery_time_ms = NULL,"
        " processed_at = NULL, held_since = NULL, next_attempt_at = ?1,"
        " expires_at = CASE WHEN expires_at > ?1 THEN expires_at END"
        f" WHERE message_id = ?2 AND delivery_status IN ({states})",
        message_id,
        now,
        message_id,
    )


def _change(tx: Transaction, assignment: str, message_id: str, *params: object) -> bool:
    changed = tx.execute(f"UPDATE agent_messages SET {assignment}", *params)
    if changed:
        tx.changed(TABLE, message_id)
    return changed > 0


def from_row(row: Row) -> Message:
    """A row with every column of agent_messages as a Message."""
    coordinates = loaded(row["pyautogui_coordinates"])
    tags = loaded(row["tags"])
    return Message(
        message_id=text(row["message_id"]),
        from_agent=text(row["from_agent"]),
        to_agent=text(row["to_agent"]),
        priority=Priority(text(row["priority"])),
        content=text(row["content"]),
        sent_at=moment(row["sent_at"]) or clock.now(),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        delivery_method=Method(text(row["delivery_method"])),
        delivery_status=DeliveryStatus(text(row["delivery_status"])),
        evidence=Evidence(text(row["evidence"])),
        status=AnswerStatus(text(row["status"])),
        coordinate_validation_status=CoordinateStatus(text(row["coordinate_validation_status"])),
        reason=text(row["reason"]),
        retry_count=integer(row["retry_count"]),
        max_retries=integer(row["max_retries"]),
        delivery_time_ms=maybe_integer(row["delivery_time_ms"]),
        processed_at=moment(row["processed_at"]),
        expires_at=moment(row["expires_at"]),
        held_since=moment(row["held_since"]),
        next_attempt_at=moment(row["next_attempt_at"]),
        group_id=maybe_text(row["group_id"]),
        pyautogui_coordinates=coordinates if isinstance(coordinates, dict) else None,
    )
