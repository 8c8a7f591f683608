"""A message on its way to an agent: the words of its states and the rules for its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from panel.core.agent import DEFAULT_CAPTAIN
from panel.core.errors import CommandError
from panel.core.text import forbidden_character, require_name

MAX_CONTENT = 10_000
MAX_TAGS = 16


class Priority(StrEnum):
    """How soon a message goes out; the order of the members is the order of urgency."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class DeliveryStatus(StrEnum):
    """agent_messages.delivery_status; docs/architecture.md draws the ways between them."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    HELD = "held"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Evidence(StrEnum):
    """The best that was seen of a delivery, weakest first."""

    NONE = "none"
    FOCUSED = "focused"
    PASTED = "pasted"
    VISIBLE = "visible"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    OPERATOR = "operator"


class Wanted(StrEnum):
    """agent_messages.wanted: what a person wants done about an uncertain one whose text stands."""

    SUBMIT = "submit"
    REMOVE = "remove"


class AnswerStatus(StrEnum):
    """agent_messages.status: the conversation's side."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"


class Direction(StrEnum):
    """agent_messages.direction: `out` goes to an agent, `in` is what an agent said."""

    OUT = "out"
    IN = "in"


class Method(StrEnum):
    """How a message travels."""

    PYAUTOGUI = "pyautogui"
    INBOX = "inbox"


class CoordinateStatus(StrEnum):
    """agent_messages.coordinate_validation_status: what the last look at the target said."""

    PENDING = "pending"
    VALID = "valid"
    STALE = "stale"
    BLOCKED = "blocked"
    UNVERIFIED = "unverified"


URGENT_SENDERS = frozenset({"captain", "operator", "discord"})


def check_content(content: str) -> str:
    """The text as it will be kept (newlines as \\n), or CommandError("content")."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CommandError("content", f"takes 1 to {MAX_CONTENT:,} characters, not an empty text")
    if len(text) > MAX_CONTENT:
        raise CommandError("content", f"takes 1 to {MAX_CONTENT:,} characters, not {len(text):,}")
    bad = forbidden_character(text)
    if bad is not None:
        raise CommandError(
            "content",
            f"takes no control characters but newline and tab; found U+{ord(bad):04X} "
            f"at character {text.index(bad) + 1:,}",
        )
    return text


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to one agent that nobody has queued yet.

    `message_id` is what it will be called, where somebody has to know that before; else empty.
    """

    to_agent: str
    content: str
    from_agent: str = "captain"
    priority: Priority = Priority.NORMAL
    tags: tuple[str, ...] = ()
    method: Method = Method.PYAUTOGUI
    expires_at: datetime | None = None
    group_id: str | None = None
    resend_of: str | None = None
    reply_to: str | None = None
    message_id: str = ""

    def validated(self, operator_name: str = DEFAULT_CAPTAIN) -> Draft:
        """This draft with its text normalised, or CommandError naming the field that is wrong.

        `operator_name` is what the person at the panel calls themselves (setting sender_name).
        Whether the receiver exists and may be written to is the queue command's question.
        """
        if len(self.tags) > MAX_TAGS:
            raise CommandError("tags", f"takes at most {MAX_TAGS} tags, not {len(self.tags)}")
        sender = require_name("from", self.from_agent)
        may = URGENT_SENDERS | {operator_name.lower()}
        if self.priority is Priority.URGENT and sender.lower() not in may:
            raise CommandError(
                "priority", f"urgent is for captain, operator and discord, not for {sender}"
            )
        return Draft(
            to_agent=require_name("to", self.to_agent),
            content=check_content(self.content),
            from_agent=sender,
            priority=self.priority,
            tags=tuple(dict.fromkeys(require_name("tags", tag) for tag in self.tags)),
            method=self.method,
            expires_at=self.expires_at,
            group_id=self.group_id,
            resend_of=self.resend_of,
            reply_to=self.reply_to,
            message_id=self.message_id,
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One row of agent_messages, as the dispatcher and the views read it."""

    message_id: str
    from_agent: str
    to_agent: str
    priority: Priority
    content: str
    sent_at: datetime
    tags: tuple[str, ...] = ()
    delivery_method: Method = Method.PYAUTOGUI
    delivery_status: DeliveryStatus = DeliveryStatus.PENDING
    evidence: Evidence = Evidence.NONE
    status: AnswerStatus = AnswerStatus.PENDING
    coordinate_validation_status: CoordinateStatus = CoordinateStatus.PENDING
    reason: str = ""
    retry_count: int = 0
    max_retries: int = 3
    delivery_time_ms: int | None = None
    processed_at: datetime | None = None
    expires_at: datetime | None = None
    held_since: datetime | None = None
    next_attempt_at: datetime | None = None
    group_id: str | None = None
    pyautogui_coordinates: dict[str, object] | None = field(default=None)
