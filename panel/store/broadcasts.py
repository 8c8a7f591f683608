"""A broadcast: the messages to several agents that were written as one."""

from __future__ import annotations

from panel.core.message import Message
from panel.store.connection import Connection
from panel.store.messages import from_row
from panel.store.values import text


def last_of_each(connection: Connection, group_id: str) -> list[Message]:
    """The last message to each receiver, in the order of queueing; empty for an unknown group.

    What was sent again belongs to its group, so it stands for the one before it.
    """
    found = connection.rows(
        "SELECT * FROM agent_messages INDEXED BY idx_message_group WHERE group_id = ?"
        " ORDER BY rowid",
        group_id,
    )
    last = {text(row["to_agent"]): row for row in found}
    return [from_row(row) for row in last.values()]
