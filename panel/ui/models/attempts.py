"""Reads what was tried for a message."""

from __future__ import annotations

from panel.store import attempts
from panel.store.connection import Connection
from panel.ui.models.column import Row


def read_attempts(connection: Connection, message_id: str) -> list[Row]:
    """The attempts of one message, first one first."""
    return list(attempts.of_message(connection, message_id))
