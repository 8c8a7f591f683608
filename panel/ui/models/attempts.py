"""Reads what was tried for a message."""

from __future__ import annotations

from pathlib import Path

from panel.store import attempts
from panel.store.connection import Connection
from panel.store.location import Location, evidence_folder
from panel.ui.models.column import Row


def read_attempts(connection: Connection, message_id: str) -> list[Row]:
    """The attempts of one message, first one first."""
    return list(attempts.of_message(connection, message_id))


def picture_folder(location: Location) -> Path:
    """Where the pictures of a database's deliveries lie; it may not exist yet."""
    return evidence_folder(location)
