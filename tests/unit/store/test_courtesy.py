"""What waits for the person at work."""

from __future__ import annotations

import pytest

from panel.core.message import DeliveryStatus, Message, Method
from panel.core.target import Reason, ReasonCode
from panel.store import agents, attempts, control, courtesy, messages
from panel.store.connection import Transaction
from panel.store.queue import ready_heads
from tests.unit.store.builders import DISPATCHER, at, queued, swarm

S = DeliveryStatus
WORKING = Reason(ReasonCode.OPERATOR_ACTIVE, "You are working.", "Sent when you pause.")


def read(tx: Transaction, message_id: str) -> Message:
    found = messages.get(tx, message_id)
    assert found is not None
    return found


def codes(tx: Transaction) -> dict[str, str]:
    rows = tx.rows("SELECT message_id, reason_code FROM agent_messages")
    return {str(row["message_id"]): str(row["reason_code"]) for row in rows}


@pytest.fixture
def waiting(tx: Transaction) -> list[str]:
    """Two to A, one to B."""
    swarm(tx, "A", "B", "C")
    return [queued(tx, to, message_id=f"m{n}", sent=n) for n, to in enumerate("AAB")]


def test_ready_heads_are_those_that_are_claimed_in_their_order(
    tx: Transaction, waiting: list[str]
) -> None:
    queued(tx, "C", message_id="file", sent=-1, delivery_method=Method.INBOX)
    heads = ready_heads(tx, at(10))
    assert [head.message_id for head in heads] == ["file", "m0", "m2"]
    assert [head.method for head in heads][:2] == [Method.INBOX, Method.PYAUTOGUI]
    assert [head.message_id for head in ready_heads(tx, at(10), ["m1"])] == ["m0"]
    claim = attempts.claim_next(tx, now=at(10), dispatcher=DISPATCHER)
    assert claim is not None
    assert claim.message.message_id == "file"


def test_why_it_waits_is_written_beside_it_once(tx: Transaction, waiting: list[str]) -> None:
    courtesy.note_wait(tx, ["m0"], WORKING)
    assert read(tx, "m0").reason == "You are working. Sent when you pause."
    assert read(tx, "m0").delivery_status is S.PENDING
    before = tx.value("SELECT total_changes()")
    courtesy.note_wait(tx, ["m0"], WORKING)
    assert tx.value("SELECT total_changes()") == before


def test_on_hold_without_an_attempt_and_ready_at_once(tx: Transaction, waiting: list[str]) -> None:
    courtesy.hold(tx, ["m0", "m2"], WORKING, at(300))
    assert [read(tx, one).delivery_status for one in waiting] == [S.HELD, S.PENDING, S.HELD]
    assert read(tx, "m0").held_since == at(300)
    assert tx.value("SELECT COUNT(*) FROM delivery_attempts") == 0
    assert [head.message_id for head in ready_heads(tx, at(300))] == ["m0", "m2"]
    assert courtesy.waiting(tx) == 3


def test_send_now_takes_those_that_wait_for_the_person_only(
    tx: Transaction, waiting: list[str]
) -> None:
    courtesy.hold(tx, ["m0"], WORKING, at(1))
    box = Reason(ReasonCode.COMPOSER_NOT_EMPTY, "Its box is not empty.")
    courtesy.hold(tx, ["m2"], box, at(1))
    queued(tx, "C", message_id="file", delivery_method=Method.INBOX)
    assert sorted(courtesy.send_now(tx)) == ["m0", "m1"]
    assert codes(tx) == {
        "m0": "send_now",
        "m1": "send_now",
        "m2": "composer_not_empty",
        "file": "",
    }
    assert read(tx, "m0").delivery_status is S.PENDING
    courtesy.drop_words(tx)
    assert codes(tx)["m0"] == ""


def test_send_now_leaves_paused_agents_and_named_strangers(
    tx: Transaction, waiting: list[str]
) -> None:
    control.pause(tx, ["A"])
    assert courtesy.send_now(tx) == ["m2"]
    assert courtesy.send_now(tx, ["m1", "m2", "none"]) == ["m2"]
    agents.remove(tx, "B")
    assert courtesy.waiting(tx) == 1


def test_a_postponement_ends_with_resume(tx: Transaction) -> None:
    control.postpone(tx, at(60))
    assert control.state(tx).postponed_until == at(60)
    control.resume(tx, None)
    assert control.state(tx).postponed_until is None


def test_a_word_that_came_meanwhile_is_not_overwritten(tx: Transaction, waiting: list[str]) -> None:
    courtesy.send_now(tx)
    courtesy.note_wait(tx, waiting, WORKING)
    courtesy.hold(tx, waiting, WORKING, at(1))
    assert set(codes(tx).values()) == {"send_now"}
