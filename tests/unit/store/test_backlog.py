"""Old messages at a start: behind a question, in nobody's way, answered or taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panel.core import clock
from panel.core.message import DeliveryStatus, Priority
from panel.store import attempts, backlog, messages
from panel.store.connection import Transaction
from tests.unit.store.builders import DISPATCHER, at, queued, swarm

S = DeliveryStatus
HALF_HOUR = timedelta(minutes=30)
HOUR = 3600


def start(tx: Transaction, now: float = HOUR, *but: str) -> int:
    return backlog.set_aside(tx, at(now), HALF_HOUR, but=but)


def claimed(tx: Transaction, now: float = HOUR) -> str | None:
    taken = attempts.claim_next(tx, now=at(now), dispatcher=DISPATCHER)
    return None if taken is None else taken.message.message_id


def state(tx: Transaction, message_id: str) -> tuple[str, str]:
    row = tx.row(
        "SELECT delivery_status, reason_code FROM agent_messages WHERE message_id = ?", message_id
    )
    assert row is not None
    return str(row["delivery_status"]), str(row["reason_code"])


@pytest.fixture(autouse=True)
def _swarm(tx: Transaction) -> None:
    swarm(tx, "A", "B")


def test_what_is_old_waits_and_blocks_nobody(tx: Transaction) -> None:
    old = queued(tx, "A", priority=Priority.URGENT)
    held = queued(tx, "A", status=S.HELD, held_since=at(3500), next_attempt_at=at(3610))
    new = queued(tx, "A", sent=3000, priority=Priority.LOW)
    exactly = queued(tx, "B", sent=1800)
    assert start(tx) == 2
    assert state(tx, old) == state(tx, held) == ("held", "backlog")
    assert claimed(tx) == exactly, "30 minutes are not more than 30 minutes"
    assert claimed(tx) == new
    assert claimed(tx, 99_999) is None
    assert attempts.next_due(tx) is None
    assert not attempts.any_waiting(tx, [old, held])
    assert start(tx) == 0


@pytest.mark.parametrize("status", sorted(set(S) - {S.PENDING, S.HELD}))
def test_only_what_waits_can_be_old(tx: Transaction, status: DeliveryStatus) -> None:
    queued(tx, "A", status=status)
    assert start(tx) == 0


def test_what_is_wanted_now_is_never_caught(tx: Transaction) -> None:
    mine, other = queued(tx, "A"), queued(tx, "A")
    assert start(tx, HOUR, mine) == 1
    assert state(tx, mine)[0] == "pending"
    assert state(tx, other) == ("held", "backlog")


def test_a_message_between_two_retries_counts_by_its_age(tx: Transaction) -> None:
    queued(tx, "A", retry_count=1, next_attempt_at=at(HOUR + 5))
    assert start(tx) == 1


def test_what_a_person_asked_for_again_is_as_new(tx: Transaction) -> None:
    failed = queued(tx, "A", status=S.FAILED, sent=-9_000_000)
    assert messages.retry(tx, failed)
    assert backlog.set_aside(tx, clock.now(), HALF_HOUR) == 0
    assert backlog.set_aside(tx, clock.now() + timedelta(hours=1), HALF_HOUR) == 1


def test_released_ones_go_in_their_old_order_and_pass_the_next_start(tx: Transaction) -> None:
    first, second = queued(tx, "A", sent=1), queued(tx, "A", sent=2)
    other = queued(tx, "B", sent=3)
    new = queued(tx, "A", sent=HOUR - 1)
    start(tx)
    assert [(p.agent_id, p.count, p.oldest, p.newest) for p in backlog.piles(tx)] == [
        ("A", 2, at(1), at(2)),
        ("B", 1, at(3), at(3)),
    ]
    assert set(backlog.release(tx, at(HOUR), ["A"])) == {first, second}
    assert start(tx, HOUR + 60) == 0, "somebody has just said send"
    assert state(tx, other) == ("held", "backlog")
    order = []
    while taken := attempts.claim_next(tx, now=at(HOUR + 60), dispatcher=DISPATCHER):
        order.append(taken.message.message_id)
        messages.update_delivery_status(tx, order[-1], "delivered")
    assert order == [first, second, new]


def test_a_cancellation_taken_back_asks_again(tx: Transaction) -> None:
    old, new = queued(tx, "A"), queued(tx, "A", sent=HOUR)
    start(tx)
    assert backlog.cancel(tx) == [old]
    assert state(tx, old) == ("cancelled", "backlog")
    assert backlog.piles(tx) == []
    assert messages.restore(tx, old)
    assert state(tx, old) == ("held", "backlog")
    assert messages.cancel(tx, new)
    assert messages.restore(tx, new)
    assert state(tx, new) == ("pending", "")
    assert not messages.restore(tx, new)


def test_old_ones_expire_instead_of_being_sent(tx: Transaction) -> None:
    late = queued(tx, "A", expires_at=at(HOUR + 1))
    start(tx)
    assert backlog.release(tx, at(HOUR + 2)) == []
    assert state(tx, late)[0] == "expired"


def test_a_word_about_one_of_them_sends_it(tx: Transaction) -> None:
    old = queued(tx, "A")
    start(tx)
    assert messages.retry(tx, old)
    assert state(tx, old) == ("pending", "")
