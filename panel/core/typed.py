"""What is typed into the agent's window for a message: its header, its text, and nothing else."""

from __future__ import annotations

from panel.core.agent import DEFAULT_CAPTAIN
from panel.core.message import Message

_COMPLETION_OPENERS = ("/", "@", "#", "!")


def header(from_agent: str, to_captain: bool, broadcast: bool) -> str:
    """The origin's header words by sender and receiver: [C2A], [A2A], [A2C], [D2A], [S2A] …"""
    if broadcast:
        return "[BROADCAST]"
    sender = {
        DEFAULT_CAPTAIN: "C",
        "operator": "H",
        "discord": "D",
        "system": "S",
    }.get(from_agent.lower(), "A")
    return f"[{sender}2{'C' if to_captain else 'A'}]"


def typed_text(
    message: Message, *, to_captain: bool = False, operator_name: str = DEFAULT_CAPTAIN
) -> str:
    """The exact text that goes into the composer.

    It begins with the header, so its first character is never a command to the agent (/ ! # @); a
    last word that would open a completion list gets a space. `operator_name` is what the person at
    the panel calls themselves: their messages are the captain's.
    """
    broadcast = message.group_id is not None
    sender = message.from_agent
    if sender.lower() == operator_name.lower():
        sender = DEFAULT_CAPTAIN
    text = f"{header(sender, to_captain, broadcast)} {message.content}"
    words = text.split()
    if words and words[-1].startswith(_COMPLETION_OPENERS) and not text[-1].isspace():
        text += " "
    return text
