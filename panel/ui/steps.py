"""What a person can do about a message or a target that is in trouble, by the reason's code.

Drawer, message detail and compose dialog offer the same steps; `mending` does them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP

from panel.core.target import ReasonCode
from panel.ui.words import translated


class Step(StrEnum):
    """One button. The values of the first five are the decisions of `messages.decide`."""

    ARRIVED = "arrived"
    AGAIN = "send_again"
    GIVE_UP = "give_up"
    PRESS = "press_enter"
    REMOVE = "remove"
    DECIDE = "decide"
    FIND = "find"
    REVIEW = "review"
    GOTO = "goto"
    EMPTY = "empty"
    CONFIRM = "confirm"
    CALIBRATE = "calibrate"
    SEND_NOW = "send_now"
    TRY_NOW = "try_now"
    RETRY = "retry"
    CANCEL = "cancel"
    USE_TEXT = "use_text"
    RESEND = "resend"
    WITHDRAW = "withdraw"
    EDIT = "edit"
    MESSAGE = "message"
    READ = "read"


DECISIONS = (Step.ARRIVED, Step.AGAIN, Step.GIVE_UP)
STANDING = (Step.PRESS, Step.REMOVE)
"""Decisions that are only possible while our own text still stands in the box."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a step looks: its word, an icon, and the key that does it within its card or pane."""

    word: str
    icon: str = ""
    key: str = ""
    tip: str = ""


def _look(word: object, icon: str = "", key: str = "", tip: object = "") -> Look:
    return Look(str(word), icon, key, str(tip))


_LOOKS: Mapping[Step, Look] = {
    Step.ARRIVED: _look(
        QT_TRANSLATE_NOOP("words", "It arrived"),
        "tick",
        "Alt+A",
        QT_TRANSLATE_NOOP("words", "Marks it delivered, with you as the proof"),
    ),
    Step.AGAIN: _look(
        QT_TRANSLATE_NOOP("words", "Send again"),
        "refresh",
        "Alt+S",
        QT_TRANSLATE_NOOP("words", "Types it once more; make sure that it did not arrive"),
    ),
    Step.GIVE_UP: _look(
        QT_TRANSLATE_NOOP("words", "Give up"),
        "close",
        "Alt+G",
        QT_TRANSLATE_NOOP("words", "It is not sent again"),
    ),
    Step.PRESS: _look(QT_TRANSLATE_NOOP("words", "Press Enter"), "send", "Alt+E"),
    Step.REMOVE: _look(QT_TRANSLATE_NOOP("words", "Remove it"), "trash", "Alt+R"),
    Step.DECIDE: _look(QT_TRANSLATE_NOOP("words", "Look and decide…"), "question"),
    Step.FIND: _look(QT_TRANSLATE_NOOP("words", "Find window…"), "search"),
    Step.REVIEW: _look(QT_TRANSLATE_NOOP("words", "Review new place…"), "moved"),
    Step.GOTO: _look(QT_TRANSLATE_NOOP("words", "Go to window"), "window"),
    Step.EMPTY: _look(QT_TRANSLATE_NOOP("words", "This is empty, remember…"), "tick-hollow"),
    Step.CONFIRM: _look(QT_TRANSLATE_NOOP("words", "Confirm by sight…"), "eye"),
    Step.CALIBRATE: _look(QT_TRANSLATE_NOOP("words", "Calibrate…"), "target"),
    Step.SEND_NOW: _look(QT_TRANSLATE_NOOP("words", "Send now"), "send"),
    Step.TRY_NOW: _look(QT_TRANSLATE_NOOP("words", "Try now"), "refresh"),
    Step.RETRY: _look(QT_TRANSLATE_NOOP("words", "Send again"), "refresh"),
    Step.CANCEL: _look(QT_TRANSLATE_NOOP("words", "Give up"), "close"),
    Step.RESEND: _look(QT_TRANSLATE_NOOP("words", "Send again"), "refresh"),
    Step.EDIT: _look(QT_TRANSLATE_NOOP("words", "Change text"), "edit"),
    Step.WITHDRAW: _look(QT_TRANSLATE_NOOP("words", "Cancel"), "close"),
    Step.USE_TEXT: _look(QT_TRANSLATE_NOOP("words", "Use text"), "copy"),
    Step.MESSAGE: _look(QT_TRANSLATE_NOOP("words", "Message"), "message"),
    Step.READ: _look(QT_TRANSLATE_NOOP("words", "Read"), "inbox"),
}


def look_of(step: Step) -> Look:
    """The step in the person's language."""
    look = _LOOKS[step]
    return Look(translated(look.word), look.icon, look.key, translated(look.tip))


_C = ReasonCode
_GOTO = (Step.GOTO,)
_FIXES: Mapping[ReasonCode, tuple[Step, ...]] = {
    _C.NO_TARGET: (Step.CALIBRATE,),
    _C.UNVERIFIED: (Step.CONFIRM,),
    _C.WINDOW_GONE: (Step.FIND,),
    _C.AMBIGUOUS: (Step.FIND,),
    _C.WRONG_WINDOW: (Step.FIND,),
    _C.RESIZED: (Step.REVIEW, Step.GOTO),
    _C.OUTSIDE_WINDOW: (Step.REVIEW, Step.GOTO),
    _C.SCALE_CHANGED: (Step.REVIEW, Step.GOTO),
    _C.ANCHOR_DIFFERS: (Step.REVIEW, Step.GOTO),
    _C.COMPOSER_NOT_EMPTY: (Step.GOTO, Step.EMPTY),
    _C.CANNOT_RAISE: _GOTO,
    _C.COVERED: _GOTO,
    _C.MINIMISED: _GOTO,
    _C.OFF_SCREEN: _GOTO,
    _C.NO_FOCUS: _GOTO,
    _C.BUSY: _GOTO,
    _C.POPUP: _GOTO,
    _C.WRONG_PROGRAM: _GOTO,
    _C.OPERATOR_ACTIVE: (Step.SEND_NOW,),
    _C.KEYS_DOWN: (Step.SEND_NOW,),
    _C.POINTER_MOVED: (Step.SEND_NOW,),
    _C.LOCKED: (),
    _C.NO_DISPLAY: (),
    _C.TOO_LONG: (Step.USE_TEXT,),
    _C.SEVERAL_LINES: (Step.USE_TEXT,),
}


def fixes_of(code: str) -> tuple[Step, ...] | None:
    """What mends that reason; None for one that names no remedy."""
    return _FIXES.get(ReasonCode(code)) if code in ReasonCode.__members__.values() else None


def steps_for(kind: str, code: str) -> tuple[Step, ...]:
    """The buttons for a message that is uncertain, failed or held, or an agent's trouble.

    `kind` is a delivery status, or target, stuck, replies; any other has none.
    """
    fixes = fixes_of(code)
    match kind:
        case "uncertain":
            return (*DECISIONS, Step.GOTO)
        case "held":
            mending = (Step.GOTO, Step.TRY_NOW) if fixes is None else fixes
            return (*mending, Step.CANCEL)
        case "failed":
            mending = tuple(step for step in fixes or () if step is not Step.SEND_NOW)
            return (*mending, Step.RETRY)
        case "target":
            return fixes or (Step.CALIBRATE,)
        case "stuck":
            return (Step.GOTO, Step.MESSAGE)
        case "replies":
            return (Step.READ,)
    return ()


_NOTES: Mapping[str, str] = {
    _C.LOCKED: str(QT_TRANSLATE_NOOP("words", "Continues when unlocked.")),
    _C.NO_DISPLAY: str(QT_TRANSLATE_NOOP("words", "Continues when there is a display.")),
}


def note_of(code: str) -> str:
    """What happens by itself, where nothing is to be done; empty otherwise."""
    return translated(_NOTES[code]) if code in _NOTES else ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step is about: an agent, and one message, or (`cause` names a kind) all of a cause."""

    agent_id: str
    message_id: str = ""
    cause: str = ""
    reason_code: str = ""
    content: str = ""
