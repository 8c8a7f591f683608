"""Reads messages by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from panel.core.message import Message
from panel.store import messages
from panel.store.connection import Connection


def read_messages(connection: Connection, message_ids: Sequence[str]) -> dict[str, Message]:
    """Those of these messages that exist."""
    found = ((message_id, messages.get(connection, message_id)) for message_id in message_ids)
    return {message_id: message for message_id, message in found if message is not None}


def read_content(connection: Connection, message_id: str) -> str:
    """The text of a message; empty when there is none of that id."""
    message = messages.get(connection, message_id)
    return message.content if message is not None else ""
