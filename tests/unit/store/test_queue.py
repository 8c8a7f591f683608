"""The order of the queue against a model of it in plain Python, and its speed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.core.agent import Agent
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message, Priority
from panel.store import agents, attempts, control, messages
from panel.store.connection import Connection, Transaction
from tests.unit.store.builders import DISPATCHER, at, message

S = DeliveryStatus
URGENCY = {priority: place for place, priority in enumerate(Priority)}
NAMES = ("A", "B", "C", "gone")  # the last one is no agent
NOW = 10


@dataclass(frozen=True)
class Situation:
    messages: Sequence[Message]
    inactive: frozenset[str]
    paused: frozenset[str]
    only: frozenset[str] | None


WAITS = st.sampled_from([S.PENDING, S.PENDING, S.HELD])
STATES = st.one_of(WAITS, st.sampled_from(S))
TIMES = st.one_of(st.none(), st.integers(0, 20))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    made = [
        message(
            draw(st.sampled_from(NAMES)),
            message_id=f"m{number}",
            priority=draw(st.sampled_from(Priority)),
            status=draw(STATES),
            sent=draw(st.integers(0, 4)),
            next_attempt_at=_time(draw(TIMES)),
            expires_at=_time(draw(st.one_of(st.none(), st.none(), st.integers(0, 20)))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]
    some = st.frozensets(st.sampled_from(NAMES[:3]), max_size=2)
    chosen = st.frozensets(st.sampled_from([f"m{number}" for number in range(12)]))
    return Situation(made, draw(some), draw(some), draw(st.one_of(st.none(), chosen)))


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else at(seconds)


def expected(situation: Situation) -> str | None:
    """The rules once more, as simply as they can be written."""

    def waits(each: Message) -> bool:
        return each.delivery_status in (S.PENDING, S.HELD) and not (
            each.expires_at is not None and each.expires_at <= at(NOW)
        )

    heads = []
    for name in NAMES[:3]:
        if name in situation.inactive | situation.paused:
            continue
        own = [(row, each) for row, each in enumerate(situation.messages) if each.to_agent == name]
        if any(each.delivery_status in (S.SENDING, S.UNCERTAIN) for _, each in own):
            continue
        queue = sorted(
            (URGENCY[each.priority], each.sent_at, row, each) for row, each in own if waits(each)
        )
        wanted = [
            place
            for place in queue
            if situation.only is None or place[3].message_id in situation.only
        ]
        if not wanted:
            continue
        due = queue[0][3].next_attempt_at
        if due is None or due <= at(NOW):
            heads.append(queue[0])
    return min(heads)[3].message_id if heads else None


def fill(tx: Transaction, situation: Situation) -> None:
    for name in NAMES[:3]:
        agents.insert(
            tx, Agent(name, active=name not in situation.inactive, paused=name in situation.paused)
        )
    for each in situation.messages:
        messages.insert(tx, each)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(situation=situations())
def test_the_claim_follows_the_rules(connection: Connection, situation: Situation) -> None:
    connection.execute("BEGIN IMMEDIATE")
    tx = Transaction(connection)
    try:
        fill(tx, situation)
        taken = attempts.claim_next(tx, now=at(NOW), dispatcher=DISPATCHER, only=situation.only)
        found = None if taken is None else taken.message.message_id
        assert found == expected(situation)
        for before in situation.messages:
            after = messages.get(tx, before.message_id)
            assert after is not None
            assert (after.delivery_status is S.SENDING) == (
                before.delivery_status is S.SENDING or before.message_id == found
            ), "nothing else is sent"
            waited = before.delivery_status in (S.PENDING, S.HELD)
            if waited and before.to_agent in situation.inactive | {"gone"}:
                outside = situation.only is not None and before.message_id not in situation.only
                assert after.delivery_status in (
                    {before.delivery_status, S.EXPIRED} if outside else {S.FAILED, S.EXPIRED}
                )
    finally:
        connection.execute("ROLLBACK")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    entries=st.lists(
        st.tuples(st.sampled_from(NAMES[:3]), st.sampled_from(Priority), st.integers(0, 3)),
        max_size=20,
    )
)
def test_everything_is_claimed_once_and_in_each_agents_order(
    connection: Connection, entries: list[tuple[str, Priority, int]]
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    tx = Transaction(connection)
    try:
        made = [
            message(name, message_id=f"m{row:02}", priority=priority, sent=sent)
            for row, (name, priority, sent) in enumerate(entries)
        ]
        fill(tx, Situation(made, frozenset(), frozenset(), None))
        order = []
        while taken := attempts.claim_next(tx, now=at(NOW), dispatcher=DISPATCHER):
            order.append(taken.message)
            attempts.settle(
                tx,
                claim=taken,
                status=S.DELIVERED,
                evidence=Evidence.SUBMITTED,
                reason=None,
                coordinate_status=CoordinateStatus.VALID,
                delivery_time_ms=1,
                timings={},
                now=at(NOW),
            )
        assert [each.message_id for each in order] == [
            each.message_id
            for each in sorted(made, key=lambda m: (URGENCY[m.priority], m.sent_at, m.message_id))
        ]
    finally:
        connection.execute("ROLLBACK")


def _history(tx: Transaction, rows: int, waiting: int = 0) -> None:
    """Messages to eight agents that have ended, and some that wait."""
    tx.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
        " INSERT INTO agent_messages (message_id, from_agent, to_agent, priority, content, sent_at,"
        " delivery_status) SELECT 'old_' || i, 'captain', 'Agent-' || (i % 8), 'urgent', 'text',"
        " strftime('%Y-%m-%d %H:%M:%f', '2026-01-01', '+' || i || ' seconds'),"
        " CASE WHEN i <= ?2 THEN 'pending' WHEN i % 50 THEN 'delivered' ELSE 'failed' END FROM n",
        rows,
        waiting,
    )


def test_neither_a_long_history_nor_a_long_queue_slows_the_claim_down(tx: Transaction) -> None:
    """The claim reads the heads only, through the partial indexes."""
    for number in range(8):
        agents.insert(tx, Agent(f"Agent-{number}"))

    def fastest() -> float:
        best = 1.0
        for number in range(20):
            messages.insert(tx, message(f"Agent-{number % 8}", status=S.PENDING))
            start = time.perf_counter()
            taken = attempts.claim_next(tx, now=at(NOW), dispatcher=DISPATCHER)
            best = min(best, time.perf_counter() - start)
            assert taken is not None
            messages.update_delivery_status(tx, taken.message.message_id, "delivered")
        return best

    few = fastest()
    _history(tx, 40_000, waiting=10_000)
    assert fastest() < few * 5 + 0.001


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT tags FROM agent_messages WHERE to_agent = 'A' ORDER BY sent_at DESC",
        "SELECT tags FROM agent_messages WHERE delivery_status = 'held' ORDER BY sent_at DESC",
        "SELECT * FROM agent_messages ORDER BY sent_at DESC, rowid DESC LIMIT 60",
        "SELECT rowid FROM agent_messages WHERE to_agent = 'A' AND delivery_status IN"
        " ('pending', 'held') AND reason_code <> 'backlog'"
        " ORDER BY urgency, sent_at, rowid LIMIT 1",
    ],
)
def test_hot_queries_neither_scan_nor_sort(tx: Transaction, sql: str) -> None:
    plan = " / ".join(str(row["detail"]) for row in tx.rows(f"EXPLAIN QUERY PLAN {sql}"))
    assert "INDEX" in plan
    assert "B-TREE" not in plan


def test_a_rest_of_the_desktop_sends_nothing_and_still_lets_messages_expire(
    tx: Transaction,
) -> None:
    agents.insert(tx, Agent("A"))
    messages.insert(tx, message("A", expires_at=at(1), message_id="old"))
    messages.insert(tx, message("A", message_id="waiting"))
    control.pause(tx, None)
    assert attempts.claim_next(tx, now=at(NOW), dispatcher=DISPATCHER) is None
    states = {name: messages.get(tx, name) for name in ("old", "waiting")}
    assert [found and found.delivery_status for found in states.values()] == [S.EXPIRED, S.PENDING]
