"""What a message tells the agent about itself: its id, and how to answer."""

from __future__ import annotations

from panel.core.message import Message


def reply_hint(message: Message) -> str:
    """One line without a newline, for the end of what is typed."""
    return (
        f"({message.message_id}; answer: captain-panel messages reply {message.message_id}"
        f" --from {_word(message.to_agent)} TEXT)"
    )


def _word(name: str) -> str:
    """A name as a shell takes it for one word."""
    return name if all(sign.isalnum() or sign in "-_." for sign in name) else f'"{name}"'
