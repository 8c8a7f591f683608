"""Whose turn it is, from what is seen of the person's hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from panel.core.dispatching import Hands, Standing
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message, Priority
from panel.core.target import Reason, ReasonCode
from panel.dispatch.course import Outcome
from panel.dispatch.courtesy import Look
from panel.dispatch.gate import Manners, judge, why
from panel.dispatch.plan import plan

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MANNERS = Manners(quiet=0.7, countdown=3, longest_wait=300)
QUIET = Look((), 100.0)
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("look", "postponed", "locked", "expected"),
    [
        (QUIET, None, False, Standing()),
        (Look((), float("inf")), None, False, Standing()),
        (Look((), None), None, False, Standing()),
        (Look((), 0.2), None, False, Standing(Hands.WORKING)),
        (Look((), 1.0), None, False, Standing(Hands.COUNTDOWN, until=NOW + timedelta(seconds=2))),
        (Look(("Shift",), 100.0), None, False, Standing(Hands.KEYS_DOWN, keys=("Shift",))),
        (QUIET, LATER, False, Standing(Hands.POSTPONED, until=LATER)),
        (QUIET, NOW, False, Standing()),
        (Look(("Shift",), 0.0), LATER, True, Standing(Hands.LOCKED)),
    ],
)
def test_whose_turn_it_is(
    look: Look, postponed: datetime | None, locked: bool, expected: Standing
) -> None:
    assert judge(look, MANNERS, postponed, locked, NOW) == expected


def test_without_quiet_nobodys_work_is_waited_for_but_held_keys_are() -> None:
    careless = Manners(quiet=0, countdown=3, longest_wait=300)
    assert judge(Look((), 0.0), careless, None, False, NOW).hands is Hands.FREE
    assert judge(Look(("Ctrl",), 9.0), careless, None, False, NOW).hands is Hands.KEYS_DOWN


def test_a_countdown_shorter_than_the_quiet_time_changes_nothing() -> None:
    short = Manners(quiet=5, countdown=1, longest_wait=300)
    assert judge(Look((), 4.9), short, None, False, NOW).hands is Hands.WORKING
    assert judge(Look((), 5.1), short, None, False, NOW).hands is Hands.FREE


def test_a_wish_of_the_person_is_no_reason_to_hold() -> None:
    assert why(Standing(Hands.POSTPONED, until=LATER)) is None
    codes = [
        reason.code
        for hands in (Hands.WORKING, Hands.COUNTDOWN, Hands.KEYS_DOWN, Hands.LOCKED)
        if (reason := why(Standing(hands, keys=("Alt",)))) is not None
    ]
    assert codes == ["operator_active", "operator_active", "keys_down", "locked"]


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (ReasonCode.OPERATOR_ACTIVE, DeliveryStatus.HELD),
        (ReasonCode.LOCKED, DeliveryStatus.HELD),
        (ReasonCode.POINTER_MOVED, DeliveryStatus.FAILED),
        (ReasonCode.COVERED, DeliveryStatus.FAILED),
    ],
)
def test_the_persons_own_work_makes_nothing_fail(code: ReasonCode, ends: DeliveryStatus) -> None:
    message = Message(
        "m", "captain", "A", Priority.NORMAL, "hello", NOW, held_since=NOW - timedelta(hours=2)
    )
    outcome = Outcome(
        DeliveryStatus.HELD, Evidence.NONE, Reason(code, "No."), CoordinateStatus.PENDING, 1
    )
    assert plan(message, outcome, NOW, timedelta(minutes=30)).outcome.status is ends
