"""The words, hues and icons of states: what the screen says for each word of the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from panel.core.agent import STALE_AFTER, AgentStatus
from panel.core.message import DeliveryStatus, Evidence, Priority
from panel.core.target import READY, ReasonCode, TargetKind
from panel.ui.theme import Hue


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as it is drawn: a word, a hue, an icon. Never a colour alone."""

    word: str
    hue: Hue
    icon: str


def _mark(word: object, hue: Hue, icon: str) -> Chip:
    return Chip(str(word), hue, icon)


_DELIVERY: Mapping[str, Chip] = {
    DeliveryStatus.PENDING: _mark(QT_TRANSLATE_NOOP("words", "Queued"), Hue.GREY, "clock"),
    DeliveryStatus.SENDING: _mark(QT_TRANSLATE_NOOP("words", "Sending"), Hue.BLUE, "arrow"),
    DeliveryStatus.DELIVERED: _mark(QT_TRANSLATE_NOOP("words", "Delivered"), Hue.GREEN, "tick"),
    DeliveryStatus.HELD: _mark(QT_TRANSLATE_NOOP("words", "On hold"), Hue.AMBER, "pause"),
    DeliveryStatus.UNCERTAIN: _mark(
        QT_TRANSLATE_NOOP("words", "Unconfirmed"), Hue.PURPLE, "question"
    ),
    DeliveryStatus.FAILED: _mark(QT_TRANSLATE_NOOP("words", "Failed"), Hue.RED, "cross"),
    DeliveryStatus.CANCELLED: _mark(QT_TRANSLATE_NOOP("words", "Cancelled"), Hue.GREY, "slash"),
    DeliveryStatus.EXPIRED: _mark(QT_TRANSLATE_NOOP("words", "Expired"), Hue.GREY, "hourglass"),
}

# Beside the delivery chip stands the proof; less than a taken text proves nothing to a person.
_PROOF: Mapping[str, Chip] = {
    Evidence.PASTED: _mark(QT_TRANSLATE_NOOP("words", "Text taken"), Hue.GREY, "tick-hollow"),
    Evidence.VISIBLE: _mark(QT_TRANSLATE_NOOP("words", "Text seen"), Hue.GREY, "eye"),
    Evidence.SUBMITTED: _mark(QT_TRANSLATE_NOOP("words", "Box emptied"), Hue.GREEN, "tick"),
    Evidence.ACKNOWLEDGED: _mark(
        QT_TRANSLATE_NOOP("words", "Agent confirmed"), Hue.GREEN, "tick-double"
    ),
    Evidence.OPERATOR: _mark(QT_TRANSLATE_NOOP("words", "You confirmed"), Hue.GREEN, "person"),
}

_PRIORITY: Mapping[str, Chip] = {
    Priority.URGENT: _mark(QT_TRANSLATE_NOOP("words", "Urgent"), Hue.RED, "urgent"),
    Priority.HIGH: _mark(QT_TRANSLATE_NOOP("words", "High"), Hue.AMBER, "high"),
    Priority.NORMAL: _mark(QT_TRANSLATE_NOOP("words", "Normal"), Hue.GREY, ""),
    Priority.LOW: _mark(QT_TRANSLATE_NOOP("words", "Low"), Hue.GREY, "low"),
}

_AGENT: Mapping[str, Chip] = {
    AgentStatus.ACTIVE: _mark(QT_TRANSLATE_NOOP("words", "Working"), Hue.BLUE, "play"),
    AgentStatus.IDLE: _mark(QT_TRANSLATE_NOOP("words", "Idle"), Hue.GREY, "moon"),
    AgentStatus.WAITING: _mark(QT_TRANSLATE_NOOP("words", "Waiting"), Hue.AMBER, "clock"),
    AgentStatus.BLOCKED: _mark(QT_TRANSLATE_NOOP("words", "Blocked"), Hue.RED, "bar"),
    AgentStatus.COMPLETE: _mark(QT_TRANSLATE_NOOP("words", "Done"), Hue.GREEN, "tick"),
    AgentStatus.UNKNOWN: _mark(QT_TRANSLATE_NOOP("words", "No report"), Hue.GREY, "dash"),
}
_STUCK = _mark(QT_TRANSLATE_NOOP("words", "Stuck"), Hue.PURPLE, "hourglass")
_RETIRED = _mark(QT_TRANSLATE_NOOP("words", "Inactive"), Hue.GREY, "slash")

_TARGET: Mapping[str, Chip] = {
    "ready": _mark(QT_TRANSLATE_NOOP("words", "Ready"), Hue.GREEN, "tick"),
    "covered": _mark(QT_TRANSLATE_NOOP("words", "Covered"), Hue.BLUE, "layers"),
    "moved": _mark(QT_TRANSLATE_NOOP("words", "Moved"), Hue.AMBER, "moved"),
    "unready": _mark(QT_TRANSLATE_NOOP("words", "Not ready"), Hue.AMBER, "triangle"),
    "missing": _mark(QT_TRANSLATE_NOOP("words", "Not found"), Hue.RED, "cross"),
    "unverified": _mark(QT_TRANSLATE_NOOP("words", "Not confirmed"), Hue.PURPLE, "eye"),
    "missing_alone": _mark(QT_TRANSLATE_NOOP("words", "No target"), Hue.GREY, "dash"),
    "none": _mark(QT_TRANSLATE_NOOP("words", "None"), Hue.GREY, "dash"),
}

_COMMAND: Mapping[str, Chip] = {
    "pending": _mark(QT_TRANSLATE_NOOP("words", "Received"), Hue.GREY, "inbox"),
    "running": _mark(QT_TRANSLATE_NOOP("words", "Running"), Hue.BLUE, "play"),
    "completed": _mark(QT_TRANSLATE_NOOP("words", "Done"), Hue.GREEN, "tick"),
    "failed": _mark(QT_TRANSLATE_NOOP("words", "Failed"), Hue.RED, "cross"),
    "refused": _mark(QT_TRANSLATE_NOOP("words", "Refused"), Hue.AMBER, "shield"),
    "expired": _mark(QT_TRANSLATE_NOOP("words", "Expired"), Hue.GREY, "hourglass"),
    "interrupted": _mark(QT_TRANSLATE_NOOP("words", "Interrupted"), Hue.PURPLE, "question"),
}

_TEST: Mapping[str, Chip] = {
    "PASS": _mark(QT_TRANSLATE_NOOP("words", "Passed"), Hue.GREEN, "tick"),
    "FAIL": _mark(QT_TRANSLATE_NOOP("words", "Failed"), Hue.RED, "cross"),
    "ERROR": _mark(QT_TRANSLATE_NOOP("words", "Error"), Hue.RED, "triangle"),
    "CRASH": _mark(QT_TRANSLATE_NOOP("words", "Crashed"), Hue.RED, "bolt"),
    "TIMEOUT": _mark(QT_TRANSLATE_NOOP("words", "Timed out"), Hue.AMBER, "clock"),
    "SKIP": _mark(QT_TRANSLATE_NOOP("words", "Skipped"), Hue.GREY, "slash"),
    "XFAIL": _mark(QT_TRANSLATE_NOOP("words", "Expected fail"), Hue.GREY, "dash"),
    "XPASS": _mark(QT_TRANSLATE_NOOP("words", "Passed unexpectedly"), Hue.AMBER, "triangle"),
    "NOT_RUN": _mark(QT_TRANSLATE_NOOP("words", "Not run"), Hue.GREY, "clock"),
    "running": _mark(QT_TRANSLATE_NOOP("words", "Running"), Hue.BLUE, "play"),
    "pending": _mark(QT_TRANSLATE_NOOP("words", "Not run"), Hue.GREY, "clock"),
}

_KIND: Mapping[str, str] = {
    TargetKind.CHAT: str(QT_TRANSLATE_NOOP("words", "Chat box")),
    TargetKind.ONBOARDING: str(QT_TRANSLATE_NOOP("words", "New-chat box")),
}


def translated(text: str) -> str:
    """The person's language for one of the words above."""
    return QCoreApplication.translate("words", text)


def _look_up(table: Mapping[str, Chip], word: object) -> Chip:
    known = table.get(str(word))
    if known is None:
        return Chip(str(word), Hue.GREY, "dash")
    return Chip(translated(known.word), known.hue, known.icon)


def delivery_chip(status: object) -> Chip:
    """agent_messages.delivery_status."""
    return _look_up(_DELIVERY, status)


def proof_chip(evidence: object) -> Chip | None:
    """agent_messages.evidence; None where nothing was proven."""
    return _look_up(_PROOF, evidence) if str(evidence) in _PROOF else None


def reply_chip(*, unread: bool) -> Chip:
    """What an agent said, in place of a delivery's state."""
    word = (
        QT_TRANSLATE_NOOP("words", "New reply") if unread else QT_TRANSLATE_NOOP("words", "Reply")
    )
    return Chip(translated(str(word)), Hue.BLUE if unread else Hue.GREY, "reply")


def priority_chip(priority: object) -> Chip:
    """agent_messages.priority."""
    return _look_up(_PRIORITY, priority)


def command_chip(status: object) -> Chip:
    """discord_commands.execution_status."""
    return _look_up(_COMMAND, status)


def test_chip(status: object) -> Chip:
    """integration_tests.test_status."""
    return _look_up(_TEST, status)


def kind_word(kind: object) -> str:
    """The target's kind: which box of the agent's window it is."""
    return translated(_KIND.get(str(kind), str(kind)))


_PHASES: Mapping[str, str] = {
    "claimed": str(QT_TRANSLATE_NOOP("words", "Begun")),
    "ready": str(QT_TRANSLATE_NOOP("words", "Ready to paste")),
    "pasting": str(QT_TRANSLATE_NOOP("words", "Pasting")),
    "pasted": str(QT_TRANSLATE_NOOP("words", "Pasted")),
    "submitting": str(QT_TRANSLATE_NOOP("words", "Pressing Enter")),
    "submitted": str(QT_TRANSLATE_NOOP("words", "Enter pressed")),
}
_KINDS_OF_ATTEMPT: Mapping[str, str] = {
    "submit": str(QT_TRANSLATE_NOOP("words", "You asked to press Enter")),
    "remove": str(QT_TRANSLATE_NOOP("words", "You asked to remove it")),
}


def attempt_word(kind: object, phase: object) -> str:
    """What an attempt was about, and how far it is while it is open; empty for a settled one."""
    words = (_KINDS_OF_ATTEMPT.get(str(kind), ""), _PHASES.get(str(phase), ""))
    return ": ".join(translated(word) for word in words if word)


def is_stuck(status: object, updated: datetime | None, now: datetime) -> bool:
    """Whether an agent says that it works and has not said anything for half an hour."""
    return status == AgentStatus.ACTIVE and updated is not None and now - updated > STALE_AFTER


def agent_chip(status: object, updated: datetime | None, active: bool, now: datetime) -> Chip:
    """An agent's state by its own word and the age of that word; other words stay as they are."""
    if not active:
        return Chip(translated(_RETIRED.word), _RETIRED.hue, _RETIRED.icon)
    if is_stuck(status, updated, now):
        return stuck_chip()
    return _look_up(_AGENT, status)


def stuck_chip() -> Chip:
    """An agent that says it works and has not said anything for half an hour."""
    return Chip(translated(_STUCK.word), _STUCK.hue, _STUCK.icon)


def target_chip(status: object, code: object, *, alone: bool = False) -> Chip:
    """A target by whether it is confirmed and by the last look at it; see `target_state`.

    `alone`: no column's title says that it is the target, so the missing one is called by name.
    """
    state = target_state(status, code)
    return _look_up(_TARGET, "missing_alone" if alone and state == "none" else state)


_STATES: Mapping[str, str] = {
    "": "ready",  # not looked at yet
    READY: "ready",
    ReasonCode.COVERED: "covered",
    ReasonCode.MINIMISED: "covered",
    ReasonCode.RESIZED: "moved",
    ReasonCode.OUTSIDE_WINDOW: "moved",
    ReasonCode.SCALE_CHANGED: "moved",
    ReasonCode.WINDOW_GONE: "missing",
    ReasonCode.WRONG_WINDOW: "missing",
    ReasonCode.AMBIGUOUS: "missing",
}


def target_state(status: object, code: object) -> str:
    """One of ready, covered, moved, missing, unready, unverified, none.

    `code` is click_targets.last_reason_code: the reason of the last look, `ready`, or empty.
    """
    if not status or status == "none":
        return "none"
    if status == "unverified":
        return "unverified"
    return _STATES.get(str(code or ""), "unready")


def compliance_chip(score: object) -> Chip:
    """A compliance score (0 to 100) as its level."""
    value = float(score) if isinstance(score, (int, float)) else 0.0
    for limit, word, hue, icon in (
        (90, QT_TRANSLATE_NOOP("words", "Excellent"), Hue.GREEN, "tick"),
        (75, QT_TRANSLATE_NOOP("words", "Good"), Hue.GREEN, "tick-hollow"),
        (60, QT_TRANSLATE_NOOP("words", "Acceptable"), Hue.AMBER, "dash"),
        (40, QT_TRANSLATE_NOOP("words", "Poor"), Hue.AMBER, "triangle"),
    ):
        if value >= limit:
            return Chip(translated(str(word)), hue, icon)
    return Chip(translated(str(QT_TRANSLATE_NOOP("words", "Critical"))), Hue.RED, "cross")
