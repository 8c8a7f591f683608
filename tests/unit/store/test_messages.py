"""agent_messages: what is queued, found, counted and decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.message import (
    AnswerStatus,
    CoordinateStatus,
    DeliveryStatus,
    Evidence,
    Message,
    Method,
    Priority,
)
from panel.store import messages
from panel.store.connection import ConstraintError, Transaction
from tests.unit.store.builders import at, message, queued

S = DeliveryStatus
FULL = Message(
    message_id="msg_1",
    from_agent="Agent-2",
    to_agent="Agent-1",
    priority=Priority.URGENT,
    content="two\nlines\t“quoted” 🎉 \\n 'x'",
    sent_at=at(0.123),
    tags=("a", "ü"),
    delivery_method=Method.INBOX,
    delivery_status=S.HELD,
    evidence=Evidence.FOCUSED,
    status=AnswerStatus.ACKNOWLEDGED,
    coordinate_validation_status=CoordinateStatus.BLOCKED,
    reason="The window is closed.",
    retry_count=2,
    max_retries=5,
    delivery_time_ms=33,
    processed_at=at(1),
    expires_at=at(2),
    held_since=at(3),
    next_attempt_at=at(4),
    group_id="grp_1",
    pyautogui_coordinates={"x": -1269, "y": 481, "agent": "Agent-1"},
)


def status(tx: Transaction, message_id: str) -> DeliveryStatus:
    found = messages.get(tx, message_id)
    assert found is not None
    return found.delivery_status


@pytest.mark.parametrize("given", [FULL, message(message_id="msg_2")])
def test_a_message_comes_back_as_it_went_in(tx: Transaction, given: Message) -> None:
    messages.insert(tx, given)
    assert messages.get(tx, given.message_id) == given
    changes = tx.changes()
    assert changes is not None
    assert changes.keys == {given.message_id}
    assert messages.get(tx, "nothing") is None


def test_times_are_stored_to_the_millisecond_as_sqlite_writes_them(tx: Transaction) -> None:
    messages.insert(tx, FULL)
    row = messages.rows(tx)[0]
    assert row["sent_at"] == "2026-11-23 12:00:00.123"
    assert row["next_attempt_at"] == "2026-11-23 12:00:04.000"


def test_answers_name_what_they_answer(tx: Transaction) -> None:
    first = queued(tx)
    messages.insert(tx, message(message_id="answer"), reply_to=first)
    messages.insert(tx, message(message_id="again"), resend_of=first)
    rows = {row["message_id"]: row for row in messages.rows(tx)}
    assert rows["answer"]["reply_to"] == first
    assert rows["again"]["resend_of"] == first
    with pytest.raises(ConstraintError):
        messages.insert(tx, message(), reply_to="nothing")


def test_find_filters_and_shows_the_newest_first(tx: Transaction) -> None:
    a = queued(tx, "A", sent=1)
    b = queued(tx, "B", sent=2, from_agent="A")
    c = queued(tx, "A", sent=3, status=S.FAILED)
    d = queued(tx, "A", sent=3)

    def ids(**filters: object) -> list[str]:
        return [found.message_id for found in messages.find(tx, **filters)]  # type: ignore[arg-type]

    assert ids() == [d, c, b, a]
    assert ids(to="A") == [d, c, a]
    assert ids(from_="A") == [b]
    assert ids(status=S.FAILED) == [c]
    assert ids(since=at(2), until=at(3)) == [b]
    assert ids(limit=2) == [d, c]
    assert ids(to="A", status=S.PENDING, since=at(2)) == [d]
    assert ids(to="nobody") == []


def test_the_specifications_way_to_queue(tx: Transaction) -> None:
    message_id = messages.store_message_with_coordinates(
        tx,
        {
            "from_agent": "Agent-2",
            "to_agent": "Agent-1",
            "priority": "HIGH",
            "tags": ["task"],
            "content": "hello",
        },
        {"x": 100, "y": 200, "agent": "Agent-1"},
    )
    assert message_id.startswith("msg_")
    found = messages.get(tx, message_id)
    assert found is not None
    assert found.priority is Priority.HIGH
    assert found.tags == ("task",)
    assert found.pyautogui_coordinates == {"x": 100, "y": 200, "agent": "Agent-1"}
    assert found.delivery_status is S.PENDING
    assert abs(clock.now() - found.sent_at) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from_agent": ""}, "from_agent"),
        ({"to_agent": None}, "to_agent"),
        ({"content": 5}, "content"),
        ({"priority": "soon"}, "priority"),
    ],
)
def test_what_is_missing_is_named(tx: Transaction, changed: dict[str, object], field: str) -> None:
    given: dict[str, object] = {"from_agent": "a", "to_agent": "b", "content": "c"}
    with pytest.raises(CommandError) as caught:
        messages.store_message_with_coordinates(tx, given | changed, {})
    assert caught.value.field == field


def test_the_origins_regular_is_normal(tx: Transaction) -> None:
    given = {"from_agent": "a", "to_agent": "b", "content": "c", "priority": "regular"}
    found = messages.get(tx, messages.store_message_with_coordinates(tx, given, None))
    assert found is not None
    assert found.priority is Priority.NORMAL


def test_the_specifications_way_to_set_a_state(tx: Transaction) -> None:
    message_id = queued(tx)
    assert messages.update_delivery_status(tx, message_id, "delivered", 42)
    found = messages.get(tx, message_id)
    assert found is not None
    assert (found.delivery_status, found.delivery_time_ms) == (S.DELIVERED, 42)
    assert found.processed_at is not None
    assert not messages.update_delivery_status(tx, "nothing", "failed")
    for word in ("done", "sending", ""):
        with pytest.raises(CommandError, match="status: takes one of pending"):
            messages.update_delivery_status(tx, message_id, word)


def test_statistics(tx: Transaction) -> None:
    for n, state in enumerate(S):
        queued(tx, "A", status=state, delivery_time_ms=n * 10 or None, retry_count=n % 2)
    queued(tx, "B", status=S.DELIVERED, from_agent="A", delivery_time_ms=100)
    queued(tx, "C", status=S.DELIVERED)
    found = messages.get_agent_message_statistics(tx, "A")
    assert found == {
        "total_messages": 9,
        "pending": 1,
        "sending": 1,
        "delivered": 2,
        "held": 1,
        "uncertain": 1,
        "failed": 1,
        "cancelled": 1,
        "expired": 1,
        "avg_delivery_time": pytest.approx(47.5),
        "retried_messages": 4,
    }
    assert messages.get_agent_message_statistics(tx, None)["total_messages"] == 10
    empty = messages.get_agent_message_statistics(tx, "nobody")
    assert empty["total_messages"] == 0
    assert empty["avg_delivery_time"] is None
    stats = tx.row("SELECT * FROM message_delivery_stats WHERE agent_id = 'A'")
    assert stats is not None
    assert (stats["total_messages"], stats["delivered"], stats["held"]) == (8, 1, 1)


def test_counts(tx: Transaction) -> None:
    for _ in range(3):
        queued(tx, status=S.HELD)
    queued(tx, status=S.UNCERTAIN)
    assert messages.counts(tx) == dict.fromkeys(S, 0) | {S.HELD: 3, S.UNCERTAIN: 1}


@pytest.mark.parametrize("state", S)
def test_only_what_waits_is_cancelled(tx: Transaction, state: DeliveryStatus) -> None:
    message_id = queued(tx, status=state, next_attempt_at=at(9), held_since=at(1))
    assert messages.cancel(tx, message_id) is (state in (S.PENDING, S.HELD))
    assert status(tx, message_id) is (S.CANCELLED if state in (S.PENDING, S.HELD) else state)


@pytest.mark.parametrize("state", S)
def test_what_may_be_retried(tx: Transaction, state: DeliveryStatus) -> None:
    given = replace(FULL, delivery_status=state, expires_at=clock.now() - timedelta(hours=1))
    messages.insert(tx, given)
    allowed = state in (S.FAILED, S.HELD, S.CANCELLED)
    assert messages.retry(tx, "msg_1") is allowed
    found = messages.get(tx, "msg_1")
    assert found is not None
    asked_at = found.next_attempt_at
    assert asked_at is not None
    assert not allowed or clock.now() - timedelta(minutes=2) < asked_at <= clock.now()
    expected = replace(
        given,
        delivery_status=S.PENDING,
        evidence=Evidence.NONE,
        coordinate_validation_status=CoordinateStatus.PENDING,
        reason="",
        retry_count=0,
        delivery_time_ms=None,
        processed_at=None,
        expires_at=None,
        held_since=None,
        next_attempt_at=asked_at,
    )
    assert found == (expected if allowed else given)


def test_a_retry_keeps_an_expiry_that_lies_ahead(tx: Transaction) -> None:
    later = clock.now() + timedelta(hours=1)
    message_id = queued(tx, status=S.FAILED, expires_at=later)
    assert messages.retry(tx, message_id)
    found = messages.get(tx, message_id)
    assert found is not None
    assert found.expires_at == later


@pytest.mark.parametrize(
    ("decision", "state", "evidence"),
    [
        ("arrived", S.DELIVERED, Evidence.OPERATOR),
        ("send_again", S.PENDING, Evidence.NONE),
        ("give_up", S.CANCELLED, Evidence.VISIBLE),
    ],
)
def test_a_person_decides_what_is_uncertain(
    tx: Transaction, decision: str, state: DeliveryStatus, evidence: Evidence
) -> None:
    message_id = queued(tx, status=S.UNCERTAIN, evidence=Evidence.VISIBLE)
    assert messages.decide(tx, message_id, decision)
    found = messages.get(tx, message_id)
    assert found is not None
    assert (found.delivery_status, found.evidence) == (state, evidence)
    assert not messages.decide(tx, message_id, decision), "decided already"


@pytest.mark.parametrize("state", [each for each in S if each is not S.UNCERTAIN])
def test_nothing_else_is_decided(tx: Transaction, state: DeliveryStatus) -> None:
    message_id = queued(tx, status=state)
    for decision in messages.DECISIONS:
        assert not messages.decide(tx, message_id, decision)
    assert status(tx, message_id) is state


def test_an_unknown_decision_is_refused(tx: Transaction) -> None:
    with pytest.raises(CommandError, match="decision: takes one of arrived"):
        messages.decide(tx, queued(tx, status=S.UNCERTAIN), "perhaps")


def test_what_waits_too_long_expires(tx: Transaction) -> None:
    due = queued(tx, expires_at=at(10))
    held = queued(tx, status=S.HELD, expires_at=at(9), held_since=at(1), next_attempt_at=at(20))
    later = queued(tx, expires_at=at(11))
    never = queued(tx)
    ended = queued(tx, status=S.DELIVERED, expires_at=at(1))
    sending = queued(tx, status=S.SENDING, expires_at=at(1))
    assert messages.expire_due(tx, at(10)) == 2
    assert messages.expire_due(tx, at(10)) == 0
    states = [status(tx, each) for each in (due, held, later, never, ended, sending)]
    assert states == [S.EXPIRED, S.EXPIRED, S.PENDING, S.PENDING, S.DELIVERED, S.SENDING]
