"""Claim, advance, settle: who may go on, and what is left of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Priority
from panel.core.target import Reason, ReasonCode
from panel.store import agents, attempts, control, messages, queue
from panel.store.attempts import Claim, Phase
from panel.store.connection import StoreError, Transaction
from tests.unit.store.builders import DISPATCHER, at, queued, swarm

S, P = DeliveryStatus, Priority
HELD = Reason(ReasonCode.COVERED, "A window lies over it.", "Move it away.")


def claim(tx: Transaction, *, only: list[str] | None = None, now: float = 100) -> Claim | None:
    return attempts.claim_next(tx, now=at(now), dispatcher=DISPATCHER, only=only)


def claimed(tx: Transaction, **how: object) -> str | None:
    found = claim(tx, **how)  # type: ignore[arg-type]
    return None if found is None else found.message.message_id


def end(
    tx: Transaction, taken: Claim, status: DeliveryStatus = S.DELIVERED, **others: object
) -> bool:
    given: dict[str, object] = {
        "evidence": Evidence.SUBMITTED,
        "reason": None,
        "coordinate_status": CoordinateStatus.VALID,
        "delivery_time_ms": 33,
        "timings": {"focused": 3},
        "now": at(101),
    }
    return attempts.settle(tx, claim=taken, status=status, **(given | others))  # type: ignore[arg-type]


def status(tx: Transaction, message_id: str) -> str:
    found = messages.get(tx, message_id)
    assert found is not None
    return str(found.delivery_status)


@pytest.fixture(autouse=True)
def _swarm(tx: Transaction) -> None:
    swarm(tx, "A", "B", "C")


# ---- what comes next


def test_nothing_waits(tx: Transaction) -> None:
    assert claim(tx) is None
    for state in set(S) - {S.PENDING, S.HELD}:
        queued(tx, "A", status=state)
    assert claim(tx) is None


def test_a_claim_is_the_message_on_its_way_and_an_attempt(tx: Transaction) -> None:
    message_id = queued(tx, "A", next_attempt_at=at(50), status=S.HELD, held_since=at(40))
    taken = claim(tx)
    assert taken is not None
    assert taken.message == messages.get(tx, message_id)
    assert taken.message.delivery_status is S.SENDING
    assert taken.message.held_since == at(40)
    (row,) = attempts.of_message(tx, message_id)
    assert row["attempt_id"] == taken.attempt_id
    assert taken.attempt_id.startswith("att_")
    assert (row["phase"], row["attempt_number"], row["stop_counter"]) == ("claimed", 1, 0)
    assert (row["dispatcher"], row["started_at"]) == (DISPATCHER, "2026-11-23 12:01:40.000")
    assert (row["finished_at"], row["outcome"], row["keys"]) == (None, None, None)
    changes = tx.changes()
    assert changes is not None
    assert {message_id, taken.attempt_id} <= changes.keys
    assert changes.touches("delivery_attempts")


def test_urgency_comes_before_age_and_age_before_the_row(tx: Transaction) -> None:
    low = queued(tx, "A", priority=P.LOW, sent=1)
    late = queued(tx, "B", priority=P.HIGH, sent=9)
    first = queued(tx, "C", priority=P.HIGH, sent=8)
    order = []
    for _ in range(3):
        taken = claim(tx)
        assert taken is not None
        order.append(taken.message.message_id)
        end(tx, taken)
    assert order == [first, late, low]


def test_one_agents_messages_go_one_after_the_other(tx: Transaction) -> None:
    first, second = queued(tx, "A", sent=1), queued(tx, "A", sent=1)
    other = queued(tx, "B", sent=5)
    taken = claim(tx)
    assert taken is not None
    assert taken.message.message_id == first
    assert claimed(tx) == other
    assert claimed(tx) is None, "one is being sent to A"
    end(tx, taken)
    assert claimed(tx) == second


def test_an_uncertain_one_blocks_its_agent_until_decided(tx: Transaction) -> None:
    doubtful = queued(tx, "A", status=S.UNCERTAIN)
    queued(tx, "A", priority=P.URGENT)
    assert claimed(tx) is None
    messages.decide(tx, doubtful, "send_again")
    assert claimed(tx) != doubtful, "urgent is first"


def test_a_held_one_is_passed_by_a_more_urgent_one_only(tx: Transaction) -> None:
    held = queued(tx, "A", priority=P.NORMAL, status=S.HELD, next_attempt_at=at(200), sent=1)
    queued(tx, "A", priority=P.NORMAL, sent=2)
    queued(tx, "A", priority=P.LOW, sent=0)
    assert claimed(tx) is None
    urgent = queued(tx, "A", priority=P.HIGH, sent=3)
    taken = claim(tx)
    assert taken is not None
    assert taken.message.message_id == urgent
    end(tx, taken)
    assert claimed(tx, now=199) is None
    assert claimed(tx, now=200) == held


def test_a_held_agent_does_not_hold_up_others(tx: Transaction) -> None:
    queued(tx, "A", priority=P.URGENT, status=S.HELD, next_attempt_at=at(200))
    other = queued(tx, "B", priority=P.LOW)
    assert claimed(tx) == other


def test_what_rests_is_not_claimed(tx: Transaction) -> None:
    queued(tx, "A")
    control.pause(tx, ["A"])
    assert claimed(tx) is None
    other = queued(tx, "B")
    control.pause(tx, None)
    assert claimed(tx) is None
    control.resume(tx, None)
    assert claimed(tx) == other


def test_what_has_expired_is_not_claimed(tx: Transaction) -> None:
    late = queued(tx, "A", expires_at=at(100))
    next_one = queued(tx, "A", sent=5, expires_at=at(101))
    assert claimed(tx) == next_one
    assert status(tx, late) == "expired"


def test_messages_to_nobody_and_to_inactive_agents_fail_in_words(tx: Transaction) -> None:
    agents.update(tx, "B", active=False, paused=True)
    nobody = [queued(tx, "Zoe"), queued(tx, "Zoe", status=S.HELD, next_attempt_at=at(900))]
    inactive = queued(tx, "B", priority=P.URGENT)
    good = queued(tx, "A", priority=P.LOW)
    delivered = queued(tx, "B", status=S.DELIVERED)
    assert claimed(tx) == good
    for message_id, words in (
        (nobody[0], "There is no agent Zoe."),
        (nobody[1], "There is no agent Zoe."),
        (inactive, "B is inactive."),
    ):
        found = messages.get(tx, message_id)
        assert found is not None
        assert found.delivery_status is S.FAILED
        assert found.reason.startswith(words)
        assert found.processed_at == at(100)
        assert attempts.of_message(tx, message_id) == []
    assert status(tx, delivered) == "delivered"
    changes = tx.changes()
    assert changes is not None
    assert {*nobody, inactive} <= changes.keys


def test_only_some_messages_and_what_stands_before_them(tx: Transaction) -> None:
    first = queued(tx, "A", sent=1)
    second = queued(tx, "A", sent=2)
    third = queued(tx, "A", sent=3)
    queued(tx, "B")
    unknown = queued(tx, "Zoe")
    assert claimed(tx, only=[]) is None
    assert claimed(tx, only=["nothing"]) is None
    for expected in (first, second):
        taken = claim(tx, only=[second])
        assert taken is not None
        assert taken.message.message_id == expected, "the order of the agent holds"
        end(tx, taken)
    assert claimed(tx, only=[second]) is None
    assert status(tx, third) == "pending", "it stands behind"
    assert status(tx, unknown) == "pending", "it is none of them"
    assert claimed(tx, only=[unknown]) is None
    assert status(tx, unknown) == "failed"


def test_only_some_messages_have_a_time_of_their_own(tx: Transaction) -> None:
    queued(tx, "A", next_attempt_at=at(10))
    mine = queued(tx, "B", next_attempt_at=at(200))
    assert attempts.next_due(tx) == at(10)
    assert attempts.next_due(tx, [mine]) == at(200), "not that of somebody else's"


def test_a_clock_set_back_does_not_let_a_message_overtake(tx: Transaction) -> None:
    queued(tx, "A", sent=50)
    queued(tx, "A", priority=P.HIGH, status=S.UNCERTAIN, sent=60)
    assert queue.not_before(tx, "A", P.NORMAL, at(20)) == at(50)
    assert queue.not_before(tx, "A", P.HIGH, at(20)) == at(60)
    assert queue.not_before(tx, "A", P.LOW, at(20)) == at(20)
    assert queue.not_before(tx, "B", P.NORMAL, at(20)) == at(20)
    assert queue.not_before(tx, "A", P.NORMAL, at(70)) == at(70)


def test_attempts_are_numbered(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    for _ in range(3):
        taken = claim(tx)
        assert taken is not None
        end(tx, taken, S.HELD, next_attempt_at=at(0))
    assert [row["attempt_number"] for row in attempts.of_message(tx, message_id)] == [1, 2, 3]


# ---- when to look again


def test_the_next_time_to_look(tx: Transaction) -> None:
    assert attempts.next_due(tx) is None
    queued(tx, "A")
    assert attempts.next_due(tx) is None, "it may go at once"
    queued(tx, "B", status=S.HELD, next_attempt_at=at(30))
    queued(tx, "C", status=S.HELD, next_attempt_at=at(20))
    assert attempts.next_due(tx) == at(20)
    queued(tx, "C", priority=P.HIGH, next_attempt_at=at(40), sent=9)
    assert attempts.next_due(tx) == at(30), "only the heads count"
    queued(tx, "B", status=S.UNCERTAIN)
    assert attempts.next_due(tx) == at(40)
    control.pause(tx, ["C"])
    assert attempts.next_due(tx) is None


def test_while_the_desktop_rests_there_is_no_time(tx: Transaction) -> None:
    queued(tx, "B", status=S.HELD, next_attempt_at=at(30))
    control.pause(tx, None)
    assert attempts.next_due(tx) is None


# ---- phases and stops


def test_phases_go_forward(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    assert attempts.advance(tx, taken.attempt_id, "ready")
    assert attempts.advance(
        tx, taken.attempt_id, "pasting", keys="ctrl+v", evidence=Evidence.FOCUSED
    )
    (row,) = attempts.of_message(tx, message_id)
    assert (row["phase"], row["keys"], row["evidence"]) == ("pasting", "ctrl+v", "focused")
    assert attempts.advance(tx, taken.attempt_id, "pasted")
    (row,) = attempts.of_message(tx, message_id)
    assert (row["keys"], row["evidence"]) == (None, "focused"), "the chord is over"
    for phase in ("pasted", "pasting", "claimed", "settled"):
        with pytest.raises(StoreError, match="does not come after"):
            attempts.advance(tx, taken.attempt_id, phase)
    with pytest.raises(StoreError, match="no attempt"):
        attempts.advance(tx, "att_nothing", "ready")


@pytest.mark.parametrize("phase", [Phase.READY, Phase.PASTING, Phase.SUBMITTING])
def test_a_stop_ends_it_before_the_next_phase(tx: Transaction, phase: Phase) -> None:
    message_id = queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    control.stop(tx)
    assert not attempts.advance(tx, taken.attempt_id, phase, keys="ctrl+v")
    control.resume(tx, None)
    assert not attempts.advance(tx, taken.attempt_id, phase), "resuming does not take it back"
    (row,) = attempts.of_message(tx, message_id)
    assert (row["phase"], row["keys"]) == ("claimed", None)
    end(tx, taken, S.PENDING)
    again = claim(tx)
    assert again is not None
    assert again.stop_counter == 1
    assert attempts.advance(tx, again.attempt_id, phase)


def test_a_settled_attempt_goes_no_further(tx: Transaction) -> None:
    queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    assert end(tx, taken)
    assert not attempts.advance(tx, taken.attempt_id, "ready")


def test_a_state_set_by_hand_ends_the_attempt(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    messages.update_delivery_status(tx, message_id, "failed")
    assert not attempts.advance(tx, taken.attempt_id, "ready")
    assert not end(tx, taken)
    assert status(tx, message_id) == "failed"


# ---- settling


def test_delivered(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    assert end(tx, taken, coordinates={"x": 1, "y": 2, "agent": "A"})
    found = messages.get(tx, message_id)
    assert found == replace(
        taken.message,
        delivery_status=S.DELIVERED,
        evidence=Evidence.SUBMITTED,
        coordinate_validation_status=CoordinateStatus.VALID,
        delivery_time_ms=33,
        processed_at=at(101),
        pyautogui_coordinates={"x": 1, "y": 2, "agent": "A"},
    )
    (row,) = attempts.of_message(tx, message_id)
    assert (row["phase"], row["outcome"], row["evidence"]) == ("settled", "delivered", "submitted")
    assert (row["timings"], row["finished_at"]) == ('{"focused": 3}', "2026-11-23 12:01:41.000")


def test_held_keeps_the_time_of_the_first_hold(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    for now in (101, 105, 109):
        taken = claim(tx, now=now)
        assert taken is not None
        end(
            tx,
            taken,
            S.HELD,
            reason=HELD,
            now=at(now),
            next_attempt_at=at(now + 1),
            coordinate_status=CoordinateStatus.BLOCKED,
        )
    found = messages.get(tx, message_id)
    assert found is not None
    assert (found.held_since, found.next_attempt_at) == (at(101), at(110))
    assert found.reason == "A window lies over it. Move it away."
    assert (found.retry_count, found.processed_at) == (0, None)
    assert messages.rows(tx)[0]["reason_code"] == "covered"
    taken = claim(tx, now=120)
    assert taken is not None
    end(tx, taken, S.FAILED)
    ended = messages.get(tx, message_id)
    assert ended is not None
    assert (ended.held_since, ended.next_attempt_at, ended.reason) == (None, None, "")


def test_a_fault_before_the_paste_is_tried_again(tx: Transaction) -> None:
    message_id = queued(tx, "A", retry_count=1)
    taken = claim(tx)
    assert taken is not None
    end(tx, taken, S.PENDING, count_retry=True, next_attempt_at=at(150), reason=HELD)
    found = messages.get(tx, message_id)
    assert found is not None
    assert (found.delivery_status, found.retry_count) == (S.PENDING, 2)
    assert found.next_attempt_at == at(150)
    assert claimed(tx, now=149) is None
    assert claimed(tx, now=150) == message_id


def test_settling_twice_changes_nothing(tx: Transaction) -> None:
    message_id = queued(tx, "A")
    taken = claim(tx)
    assert taken is not None
    assert end(tx, taken, S.UNCERTAIN)
    assert not end(tx, taken, S.PENDING)
    assert status(tx, message_id) == "uncertain"
    with pytest.raises(StoreError):
        end(tx, taken, S.SENDING)


def test_what_a_dead_dispatcher_left(tx: Transaction) -> None:
    first, second = queued(tx, "A"), queued(tx, "B")
    taken = claim(tx, now=100), claim(tx, now=101)
    assert taken[0] is not None
    assert taken[1] is not None
    attempts.advance(tx, taken[1].attempt_id, "pasting", keys="ctrl+v")
    rows = attempts.unsettled(tx)
    assert [(row["message_id"], row["phase"], row["keys"]) for row in rows] == [
        (first, "claimed", None),
        (second, "pasting", "ctrl+v"),
    ]
    assert all(row["dispatcher"] == DISPATCHER for row in rows)
    again = attempts.claim_of(tx, str(rows[1]["attempt_id"]))
    assert again == taken[1]
    end(tx, again, S.UNCERTAIN)
    assert attempts.claim_of(tx, again.attempt_id) is None
    assert len(attempts.unsettled(tx)) == 1
