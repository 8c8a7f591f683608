"""What agents say back: rows of agent_messages with direction `in`, and what they settle.

They lie in the same table as what is sent, are delivered from the start, and so never enter the
queue.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from panel.core.identifiers import new_id
from panel.core.message import AnswerStatus, DeliveryStatus, Evidence, Method, Priority
from panel.store.connection import Connection, Row, Transaction
from panel.store.messages import TABLE
from panel.store.values import dumped, integer, stored, text

LONGEST_THREAD = 200

# Its text left our hands at least once: an attempt that reached the paste, or a file.
_MAY_HAVE_ARRIVED = """
SELECT EXISTS (SELECT 1 FROM delivery_attempts AS attempt
    WHERE attempt.message_id = message.message_id
        AND (attempt.phase IN ('pasting', 'pasted', 'submitting', 'submitted')
            OR attempt.evidence NOT IN ('none', 'focused')
            OR attempt.outcome IN ('uncertain', 'delivered')
            OR message.delivery_method = 'inbox'))
FROM agent_messages AS message WHERE message.message_id = ?"""


def insert(  # noqa: PLR0913 - one parameter a column
    tx: Transaction,
    *,
    from_agent: str,
    to_agent: str,
    content: str,
    now: datetime,
    reply_to: str | None = None,
    priority: Priority = Priority.NORMAL,
    tags: Collection[str] = (),
    source_key: str | None = None,
) -> str:
    """Adds an agent's word; returns its message_id. ConstraintError for a source_key known."""
    values: dict[str, object] = {
        "message_id": new_id("msg"),
        "from_agent": from_agent,
        "to_agent": to_agent,
        "priority": str(priority),
        "tags": dumped(list(tags)),
        "content": content,
        "sent_at": stored(now),
        "processed_at": stored(now),
        "delivery_method": str(Method.INBOX),
        "delivery_status": str(DeliveryStatus.DELIVERED),
        "evidence": str(Evidence.ACKNOWLEDGED),
        "reply_to": reply_to,
        "direction": "in",
        "source_key": source_key,
    }
    tx.execute(
        f"INSERT INTO agent_messages ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        *values.values(),
    )
    message_id = text(values["message_id"])
    tx.changed(TABLE, message_id)
    return message_id


def is_answer(connection: Connection, message_id: str) -> bool:
    """Whether the message is what an agent said, not one to an agent."""
    return bool(
        connection.value(
            "SELECT direction = 'in' FROM agent_messages WHERE message_id = ?", message_id
        )
    )


def is_taken(connection: Connection, source_key: str) -> bool:
    """Whether what that key names was taken already."""
    return bool(
        connection.value(
            "SELECT EXISTS (SELECT 1 FROM agent_messages WHERE source_key = ?)", source_key
        )
    )


def may_have_arrived(connection: Connection, message_id: str) -> bool:
    """Whether its text ever left our hands, so that an agent can know of it."""
    return bool(connection.value(_MAY_HAVE_ARRIVED, message_id))


def settle(tx: Transaction, message_id: str, word: AnswerStatus, now: datetime) -> None:
    """The agent's word settles a message: delivered, whatever was seen of it before.

    An open attempt stays open: its dispatcher goes no further, and the keys which its phase names
    are released by whoever settles it.
    """
    tx.execute(
        "UPDATE agent_messages SET"
        " status = CASE WHEN status = 'answered' THEN status ELSE ?1 END,"
        " evidence = 'acknowledged',"
        " reason = CASE WHEN delivery_status = 'delivered' THEN reason ELSE '' END,"
        " reason_code = CASE WHEN delivery_status = 'delivered' THEN reason_code ELSE '' END,"
        " processed_at = CASE WHEN delivery_status = 'delivered' THEN processed_at ELSE ?2 END,"
        " delivery_status = 'delivered', held_since = NULL, next_attempt_at = NULL, wanted = NULL"
        " WHERE message_id = ?3",
        str(word),
        stored(now),
        message_id,
    )
    tx.changed(TABLE, message_id)


def answered_by_person(tx: Transaction, message_id: str, now: datetime) -> None:
    """A person wrote back to an agent's word: it was seen and answered. Others stay as they are."""
    if tx.execute(
        "UPDATE agent_messages SET status = 'answered', seen_at = COALESCE(seen_at, ?)"
        " WHERE message_id = ? AND direction = 'in'",
        stored(now),
        message_id,
    ):
        tx.changed(TABLE, message_id)


def see(tx: Transaction, message_ids: Collection[str] | None, now: datetime) -> list[str]:
    """Marks agents' words (None: all) as seen; returns those that were not."""
    found = tx.rows(
        "UPDATE agent_messages SET seen_at = ?1 WHERE direction = 'in' AND seen_at IS NULL"
        " AND (?2 IS NULL OR message_id IN (SELECT value FROM json_each(?2)))"
        " RETURNING message_id",
        stored(now),
        None if message_ids is None else dumped(sorted(message_ids)),
    )
    seen = [text(row["message_id"]) for row in found]
    if seen:
        tx.changed(TABLE, *seen)
    return seen


def unread(connection: Connection) -> int:
    """How many of the agents' words nobody has seen."""
    return integer(
        connection.value(
            "SELECT COUNT(*) FROM agent_messages INDEXED BY idx_message_unread"
            " WHERE direction = 'in' AND seen_at IS NULL"
        )
    )


def rows(
    connection: Connection, *, from_: str | None = None, unread_only: bool = False, limit: int = 100
) -> list[Row]:
    """The agents' words with every column, the newest first."""
    return connection.rows(
        "SELECT * FROM agent_messages WHERE direction = 'in' AND (?1 IS NULL OR from_agent = ?1)"
        " AND (NOT ?2 OR seen_at IS NULL) ORDER BY sent_at DESC, rowid DESC LIMIT ?3",
        from_,
        unread_only,
        limit,
    )


def waiting_for(connection: Connection, agent_id: str, limit: int) -> list[Row]:
    """What an agent was given and has not acknowledged, with every column, the oldest first."""
    return connection.rows(
        "SELECT * FROM (SELECT rowid AS place, * FROM agent_messages WHERE to_agent = ?"
        " AND status = 'pending' AND delivery_status IN ('delivered', 'uncertain')"
        " ORDER BY sent_at DESC, rowid DESC LIMIT ?) ORDER BY sent_at, place",
        agent_id,
        limit,
    )


def thread(connection: Connection, message_id: str) -> list[Row]:
    """The conversation around a message, the oldest first: answers to it, what it answers, and so
    on; messages that were sent again belong to it. At most LONGEST_THREAD rows.
    """
    return connection.rows(
        f"""
WITH RECURSIVE linked(id) AS (
    VALUES (?1)
    UNION
    SELECT other.message_id FROM linked
    JOIN agent_messages AS own ON own.message_id = linked.id
    JOIN agent_messages AS other ON other.message_id IN (own.reply_to, own.resend_of)
    UNION
    SELECT other.message_id FROM linked JOIN agent_messages AS other
        INDEXED BY idx_message_reply ON other.reply_to = linked.id
    UNION
    SELECT other.message_id FROM linked JOIN agent_messages AS other
        INDEXED BY idx_message_resend ON other.resend_of = linked.id
    LIMIT {LONGEST_THREAD}
)
SELECT message.* FROM linked JOIN agent_messages AS message ON message.message_id = linked.id
ORDER BY message.sent_at, message.rowid""",
        message_id,
    )
