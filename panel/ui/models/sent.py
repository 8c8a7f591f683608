"""Reads messages by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from panel.core.message import Message
from panel.store import broadcasts, messages
from panel.store.connection import Connection
from panel.store.listings import Listing, ListingReader
from panel.ui.models.column import Row


def read_rows(connection: Connection, message_ids: Sequence[str]) -> dict[str, Row]:
    """Those of these messages that exist, with the columns of the messages' listing."""
    reader = ListingReader(connection)
    found = ((message_id, reader.row(Listing.MESSAGES, message_id)) for message_id in message_ids)
    return {message_id: row for message_id, row in found if row is not None}


def read_message(connection: Connection, message_id: str) -> Message | None:
    """One message."""
    return messages.get(connection, message_id)


def read_content(connection: Connection, message_id: str) -> str:
    """The text of a message; empty when there is none of that id."""
    message = messages.get(connection, message_id)
    return message.content if message is not None else ""


def read_group(connection: Connection, group_id: str) -> list[Message]:
    """The last message of a broadcast to each receiver."""
    return broadcasts.last_of_each(connection, group_id)
