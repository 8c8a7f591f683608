"""The same text to the same agent within a few seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from panel.core.message import Draft, Message
from panel.store.connection import Connection
from panel.store.messages import from_row
from panel.store.values import stored


def same_lately(
    connection: Connection, draft: Draft, now: datetime, seconds: float
) -> Message | None:
    """The newest message like the draft that is on its way or has arrived; None if there is none.

    Like it is: to the same agent, from the same sender, the same text, queued at most so many
    seconds ago. Of a message that is sent again only another one that was sent again counts. Call
    it in the transaction that queues the draft, or two processes may both pass.
    """
    if seconds <= 0:
        return None
    span = timedelta(seconds=seconds)
    row = connection.row(
        "SELECT * FROM agent_messages INDEXED BY idx_message_to_time"
        # Ahead of now: a clock that was set back.
        " WHERE to_agent = ?1 AND sent_at BETWEEN ?2 AND ?3 AND direction = 'out'"
        " AND content = ?4 AND from_agent = ?5 AND (?6 IS NULL OR resend_of = ?6)"
        " AND delivery_status IN ('pending', 'sending', 'delivered', 'held', 'uncertain')"
        " ORDER BY sent_at DESC, rowid DESC LIMIT 1",
        draft.to_agent,
        stored(now - span),
        stored(now + span),
        draft.content,
        draft.from_agent,
        draft.resend_of,
    )
    return None if row is None else from_row(row)
