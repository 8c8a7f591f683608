"""What a person wants done about uncertain messages, and which of them hold up others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from panel.core.message import DeliveryStatus, Wanted
from panel.store import attempts, control, messages, wanted
from panel.store.connection import Transaction
from tests.unit.store.builders import DISPATCHER, at, queued, swarm

S = DeliveryStatus
Do = Callable[[Callable[[Transaction], Any]], Any]


def claim(tx: Transaction, *only: str) -> wanted.Errand | None:
    return wanted.claim_next(tx, now=at(100), dispatcher=DISPATCHER, only=only or None)


def test_the_oldest_is_claimed_first(tx: Transaction) -> None:
    swarm(tx, "Agent-1", "Agent-2")
    late = queued(tx, "Agent-1", status=S.UNCERTAIN, sent=2)
    early = queued(tx, "Agent-2", status=S.UNCERTAIN, sent=1)
    queued(tx, "Agent-2", status=S.UNCERTAIN, sent=0)
    assert claim(tx) is None
    assert wanted.ask(tx, late, Wanted.SUBMIT)
    assert wanted.ask(tx, early, Wanted.REMOVE)
    assert wanted.any_wanted(tx)
    first, second, third = claim(tx), claim(tx), claim(tx)
    assert first is not None and second is not None and third is None
    assert (first.claim.message.message_id, first.wanted) == (early, Wanted.REMOVE)
    assert (second.claim.message.message_id, second.wanted) == (late, Wanted.SUBMIT)
    (attempt,) = attempts.of_message(tx, early)
    assert (attempt["kind"], attempt["phase"]) == ("remove", "claimed")


def test_only_these(tx: Transaction) -> None:
    swarm(tx, "Agent-1")
    one, other = (queued(tx, status=S.UNCERTAIN, sent=n) for n in (1, 2))
    wanted.ask(tx, one, Wanted.SUBMIT)
    wanted.ask(tx, other, Wanted.SUBMIT)
    found = claim(tx, other)
    assert found is not None and found.claim.message.message_id == other


@pytest.mark.parametrize("status", [s for s in S if s is not S.UNCERTAIN])
def test_only_of_an_uncertain_one(tx: Transaction, status: DeliveryStatus) -> None:
    swarm(tx, "Agent-1")
    assert not wanted.ask(tx, queued(tx, status=status), Wanted.SUBMIT)


@pytest.mark.parametrize("decision", messages.DECISIONS)
def test_another_decision_takes_it_back(tx: Transaction, decision: str) -> None:
    swarm(tx, "Agent-1")
    one = queued(tx, status=S.UNCERTAIN)
    wanted.ask(tx, one, Wanted.SUBMIT)
    assert messages.decide(tx, one, decision)
    assert tx.value("SELECT wanted FROM agent_messages") is None
    assert claim(tx) is None


def test_pause_is_obeyed(tx: Transaction) -> None:
    swarm(tx, "Agent-1")
    one = queued(tx, status=S.UNCERTAIN)
    wanted.ask(tx, one, Wanted.SUBMIT)
    control.pause(tx, ["Agent-1"])
    assert claim(tx) is None
    control.resume(tx, ["Agent-1"])
    control.pause(tx, None)
    assert not wanted.any_wanted(tx)
    assert claim(tx) is None
    control.resume(tx, None)
    assert claim(tx) is not None


def test_empty_box_lets_the_next_go(tx: Transaction) -> None:
    swarm(tx, "Agent-1", "Agent-2")
    one = queued(tx, "Agent-1", status=S.UNCERTAIN, sent=1, reason="Why.")
    two = queued(tx, "Agent-1", status=S.UNCERTAIN, sent=2)
    queued(tx, "Agent-2", status=S.UNCERTAIN)
    assert wanted.holding_up(tx) == {}
    after = queued(tx, "Agent-1", sent=3)
    assert wanted.holding_up(tx) == {"Agent-1": [one, two]}
    assert wanted.holding_up(tx, ["msg_else"]) == {}
    assert attempts.claim_next(tx, now=at(9), dispatcher=DISPATCHER) is None

    assert sorted(wanted.note_emptied(tx, [one, two, after])) == [one, two]

    assert wanted.holding_up(tx) == {}
    found = attempts.claim_next(tx, now=at(9), dispatcher=DISPATCHER)
    assert found is not None and found.message.message_id == after
    kept = messages.get(tx, one)
    assert kept is not None
    assert kept.delivery_status is S.UNCERTAIN
    assert kept.reason == "Why. Its box is empty now; the next ones go on."


def test_reads_go_by_the_partial_indexes(tx: Transaction) -> None:
    for sql in (f"SELECT 1 {wanted._WANTED}",):
        plan = " ".join(str(row["detail"]) for row in tx.rows(f"EXPLAIN QUERY PLAN {sql}", None))
        assert "idx_message_wanted" in plan
        assert "SCAN message USING" in plan or "SEARCH message USING" in plan
