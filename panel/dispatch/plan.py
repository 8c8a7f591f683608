"""What follows from an outcome: the state that is written, and when it is looked at again."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message
from panel.core.target import Reason, ReasonCode
from panel.dispatch.course import Outcome

_FIRST_LOOK = timedelta(seconds=1)
_LONGEST_LOOK = timedelta(seconds=30)
_OPERATOR_LOOK = timedelta(seconds=0.5)
_RETRY_BASE_SECONDS = 0.5
_RETRY_LONGEST_SECONDS = 30.0
_OPERATORS_OWN = frozenset(
    {ReasonCode.OPERATOR_ACTIVE, ReasonCode.KEYS_DOWN, ReasonCode.POINTER_MOVED}
)

# Nothing is wrong with the target, and the person knows what they do: they are told, it stays.
_WAITED_FOR = frozenset({ReasonCode.OPERATOR_ACTIVE, ReasonCode.KEYS_DOWN, ReasonCode.LOCKED})


@dataclass(frozen=True, slots=True)
class Settlement:
    """An outcome with its consequences. `by_file`: it went to the inbox instead of the window."""

    outcome: Outcome
    next_attempt_at: datetime | None = None
    count_retry: bool = False
    by_file: bool = False


def plan(message: Message, outcome: Outcome, now: datetime, hold_limit: timedelta) -> Settlement:
    """Holds are looked at again after 1, 2, 4 … 30 s and fail after `hold_limit`, but for those
    that lie with the person at the desktop."""
    if outcome.status is not DeliveryStatus.HELD:
        return Settlement(outcome)
    held_for = now - (message.held_since or now)
    code = None if outcome.reason is None else outcome.reason.code
    if held_for >= hold_limit and code not in _WAITED_FOR:
        minutes = hold_limit.total_seconds() / 60
        why = outcome.reason or Reason(ReasonCode.FAULT, "Not ready.")
        failed = Reason(why.code, f"On hold for {minutes:g} min: {why.text}", why.fix)
        return Settlement(replace(outcome, status=DeliveryStatus.FAILED, reason=failed))
    wait = min(max(held_for, _FIRST_LOOK), _LONGEST_LOOK)
    if outcome.reason is not None and outcome.reason.code in _OPERATORS_OWN:
        wait = _OPERATOR_LOOK
    return Settlement(outcome, now + wait)


def after_fault(message: Message, fault: Exception, now: datetime) -> Settlement:
    """A fault before the paste is tried again with back-off and jitter, up to max_retries."""
    reason = Reason(ReasonCode.FAULT, f"{type(fault).__name__}: {fault}.")
    outcome = Outcome(
        DeliveryStatus.PENDING, Evidence.NONE, reason, CoordinateStatus.PENDING, delivery_time_ms=0
    )
    if message.retry_count >= message.max_retries:
        return Settlement(replace(outcome, status=DeliveryStatus.FAILED))
    seconds = min(_RETRY_BASE_SECONDS * 2**message.retry_count, _RETRY_LONGEST_SECONDS)
    jitter = random.uniform(0.8, 1.2)
    return Settlement(outcome, now + timedelta(seconds=seconds * jitter), count_retry=True)


def after_crash_of_errand(keys: str | None, known: Evidence) -> Outcome:
    """What an uncertain message is whose dispatcher died over what a person wanted done about it:
    uncertain as before."""
    pressed = f"after {keys} may have been pressed" if keys else "before a key was pressed"
    reason = Reason(
        ReasonCode.FAULT, f"It was interrupted {pressed}.", "Look at its box and decide."
    )
    return Outcome(DeliveryStatus.UNCERTAIN, known, reason, CoordinateStatus.PENDING, 0)


def after_crash(phase: str, keys: str | None) -> Outcome:
    """What an attempt is worth whose dispatcher died in `phase`."""
    if phase in {"claimed", "ready"}:
        reason = Reason(ReasonCode.FAULT, "Sending was interrupted before anything was typed.")
        status = DeliveryStatus.PENDING
    else:
        pressed = f" ({keys})" if keys else ""
        reason = Reason(
            ReasonCode.FAULT,
            f"Sending was interrupted while {phase}{pressed}: it may or may not have arrived.",
            "Look at its window and decide.",
        )
        status = DeliveryStatus.UNCERTAIN
    return Outcome(status, Evidence.NONE, reason, CoordinateStatus.PENDING, delivery_time_ms=0)
