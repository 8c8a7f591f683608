"""Reads what agents said, and the conversations it belongs to."""

from __future__ import annotations

from panel.core.reply_hint import reply_command
from panel.store import answers
from panel.store.connection import Connection
from panel.store.location import Location, usual_path
from panel.ui.models.column import Row


def read_thread(connection: Connection, message_id: str) -> list[Row]:
    """The conversation around a message, the oldest first."""
    return list(answers.thread(connection, message_id))


def is_incoming(row: Row) -> bool:
    """Whether an agent said it."""
    return row.get("direction") == "in"


def is_unread(row: Row) -> bool:
    """Whether an agent said it and nobody has seen it."""
    return is_incoming(row) and row.get("seen_at") is None


def other_side(row: Row) -> str:
    """The agent that the message is to or from."""
    return str(row["from_agent"] if is_incoming(row) else row["to_agent"])


def agents_command(location: Location) -> str:
    """How an agent calls the panel so that it finds this database."""
    return reply_command("" if location.path == usual_path() else str(location.path))
