"""What a message tells the agent about itself: its id, and how to answer."""

from __future__ import annotations

import shlex

from panel.core.message import Message

NO_REPLY = "no-reply"
"""A message with this tag does not say how to answer."""


def reply_command(database: str = "") -> str:
    """What an agent answers with; `database` is named where it is not the one found unasked."""
    return f"captain-panel --db {shlex.quote(database)}" if database else "captain-panel"


def reply_hint(message: Message, command: str) -> str:
    """One line without a newline, for the end of what is typed; empty where none is wanted."""
    if not command or NO_REPLY in message.tags:
        return ""
    receiver = shlex.quote(message.to_agent)
    return (
        f"({message.message_id}; answer: {command} messages reply {message.message_id}"
        f" --from {receiver} TEXT)"
    )
