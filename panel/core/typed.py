"""What is typed into the agent's window for a message: its header, its text, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from panel.core.agent import DEFAULT_CAPTAIN, Agent
from panel.core.errors import CommandError
from panel.core.lines import takes_lines
from panel.core.message import Message
from panel.core.reply_hint import reply_hint
from panel.core.target import Target
from panel.core.templates import (
    COMMAND_OPENERS,
    HEADER_FIELDS,
    fill,
    header_fault,
    shipped_headers,
    values_for,
)

_SENDERS = {DEFAULT_CAPTAIN: "c", "operator": "h", "discord": "d", "system": "s"}


@dataclass(frozen=True, slots=True)
class Wording:
    """What decides about a message's header beside the message: its receiver and the person.

    `operator_name` is what the person at the panel calls themselves: their messages are the
    captain's. `headers` are by name as `core.templates.shipped_headers` has them. `reply_command`
    is what the agent is told to answer with; empty, and the message does not say how.
    """

    receiver: Agent | None = None
    operator_name: str = DEFAULT_CAPTAIN
    headers: Mapping[str, str] = field(default_factory=shipped_headers)
    reply_command: str = ""


def header_name(message: Message, wording: Wording) -> str:
    """Which header it is, by the origin's words: onboarding, broadcast, or sender and receiver."""
    if "onboarding" in message.tags:
        return "onboarding"
    if message.group_id is not None:
        return "broadcast"
    sender = message.from_agent.lower()
    if sender == wording.operator_name.lower():
        sender = DEFAULT_CAPTAIN
    receiver = wording.receiver
    to_captain = receiver is not None and receiver.captain == message.to_agent
    return f"{_SENDERS.get(sender, 'a')}2{'c' if to_captain else 'a'}"


def header(message: Message, wording: Wording) -> str:
    """The header as it is typed. One that cannot stand before a message is replaced by ours."""
    name = header_name(message, wording)
    receiver = wording.receiver or Agent(message.to_agent)
    values = values_for(receiver, message.from_agent, message.sent_at)
    try:
        text = fill(wording.headers[name], {each: values[each] for each in HEADER_FIELDS})
    except (CommandError, KeyError):
        return shipped_headers()[name]
    return shipped_headers()[name] if header_fault(text) else text


@dataclass(frozen=True, slots=True)
class Reach:
    """What a window takes: texts of at most `longest` characters (None: nobody knows), of several
    `lines` or not. `by_file`: what it does not take may lie in the inbox folder.
    """

    longest: int | None = None
    lines: bool = True
    by_file: bool = False


def reach_of(target: Target | None, agent: Agent | None, several_lines: str) -> Reach:
    """What the window of this target takes; `several_lines` is the setting with that name."""
    if target is None:
        return Reach()
    return Reach(
        longest=target.longest_paste,
        lines=takes_lines(target.proof, target.terminal_program, several_lines),
        by_file=agent is not None and agent.inbox_fallback,
    )


def window_text(message: Message, wording: Wording, reach: Reach, file: str = "") -> str:
    """What is typed into the window; the preview and the dispatcher both ask here.

    Where it is longer than the window takes it says nothing of how to answer. A text that is still
    too long, or has lines that the window does not take, lies in `file`, and one line points there;
    without a `file` the answer is then empty: make one and ask again.
    """
    text = typed_text(message, wording)
    if reach.longest is not None and len(text) > reach.longest:
        text = typed_text(message, replace(wording, reply_command=""))
    too_long = reach.longest is not None and len(text) > reach.longest
    if not too_long and not (reach.by_file and "\n" in text and not reach.lines):
        return text
    if not file:
        return ""
    return f"{header(message, wording)} Read {file} (message {message.message_id}): it is for you."


def typed_text(message: Message, wording: Wording | None = None) -> str:
    """The whole text of a message as it is typed, or written into a file.

    It begins with the header, so its first character is never a command to the agent (/ ! # @); a
    last word that would open a completion list gets a space. The hint stands on a line of its own
    only where the text has several: some programs take a new line for Enter.
    """
    wording = wording or Wording()
    text = f"{header(message, wording)} {message.content}"
    hint = reply_hint(message, wording.reply_command)
    if hint:
        return text.rstrip() + ("\n" if "\n" in message.content else " ") + hint
    words = text.split()
    if words and words[-1].startswith(COMMAND_OPENERS) and not text[-1].isspace():
        text += " "
    return text
