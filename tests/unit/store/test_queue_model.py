"""The queue over a whole day in the life of a swarm, against a plain Python model of it.

The model keeps messages in lists and knows the rules only; whatever happens (claims, holds, retries
with back-off, faults, doubts, a person's decisions, pauses, time, a new start), both have to name
the same next message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from panel.core import clock
from panel.core.agent import Agent
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Priority
from panel.store import agents, attempts, backlog, control, messages
from panel.store.attempts import Claim
from panel.store.connection import Connection, Transaction
from tests.unit.store.builders import DISPATCHER, at, message

S = DeliveryStatus
NAMES = ("A", "B")
PRIORITIES = st.sampled_from([Priority.NORMAL, Priority.NORMAL, *Priority])
EXPIRES = st.one_of(st.none(), st.none(), st.integers(1, 40))
MADE = st.tuples(st.sampled_from(NAMES), PRIORITIES, EXPIRES)
WAITING = (S.PENDING, S.HELD)
OLD_AFTER = timedelta(seconds=20)
ENDS = (S.DELIVERED, S.FAILED, S.UNCERTAIN, S.HELD, S.PENDING)


@dataclass
class Entry:
    """One message of the model; `due` is when it may be looked at again."""

    row: int
    agent: str
    priority: Priority
    sent: float
    status: DeliveryStatus = S.PENDING
    due: float | None = None
    expires: float | None = None
    retries: int = 0
    old: bool = False

    @property
    def waits(self) -> bool:
        """Whether it stands in the queue."""
        return self.status in WAITING and not self.old

    def again(self, now: float) -> None:
        """Somebody said "send": all its retries anew, and an expiry that has passed is dropped."""
        self.status, self.old, self.retries, self.due = S.PENDING, False, 0, now
        if self.expires is not None and self.expires <= now:
            self.expires = None

    @property
    def name(self) -> str:
        return f"m{self.row:03}"

    @property
    def place(self) -> tuple[int, float, int]:
        return list(Priority).index(self.priority), self.sent, self.row


class Day(RuleBasedStateMachine):
    """`tx` is a transaction that is rolled back after each example."""

    tx: Transaction

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.entries: list[Entry] = []
        self.claims: dict[str, Claim] = {}
        self.resting: set[str] = set()
        self.stopped = False

    @initialize(
        made=st.lists(
            st.tuples(st.sampled_from(NAMES), PRIORITIES, EXPIRES), min_size=3, max_size=9
        )
    )
    def swarm(self, made: list[tuple[str, Priority, int | None]]) -> None:
        for name in NAMES:
            agents.insert(self.tx, Agent(name))
        for number, (agent, priority, expires) in enumerate(made):
            self.queue(agent, priority, expires)
            self.time_passes((0, 0.001, 1)[number % 3])

    # ---- what happens

    @rule(agent=st.sampled_from(NAMES), priority=PRIORITIES, expires=EXPIRES)
    def queue(self, agent: str, priority: Priority, expires: int | None) -> None:
        entry = Entry(len(self.entries), agent, priority, self.now)
        entry.expires = None if expires is None else round(self.now + expires, 3)
        self.entries.append(entry)
        messages.insert(
            self.tx,
            message(
                agent,
                message_id=entry.name,
                priority=priority,
                sent=self.now,
                expires_at=None if entry.expires is None else at(entry.expires),
            ),
        )

    @rule(seconds=st.sampled_from([0.001, 1, 5, 30]))
    def time_passes(self, seconds: float) -> None:
        self.now = round(self.now + seconds, 3)

    @rule(only=st.one_of(st.none(), st.frozensets(st.integers(0, 12), max_size=4)))
    def claim(self, only: frozenset[int] | None) -> None:
        wanted = None if only is None else {f"m{row:03}" for row in only}
        expected = self._expected(wanted)
        taken = attempts.claim_next(self.tx, now=at(self.now), dispatcher=DISPATCHER, only=wanted)
        assert (taken and taken.message.message_id) == (expected and expected.name)
        if taken is not None and expected is not None:
            expected.status, expected.due = S.SENDING, None
            self.claims[expected.name] = taken

    @rule(ends=st.lists(st.sampled_from(ENDS), min_size=1, max_size=6))
    def a_dispatcher_works(self, ends: list[DeliveryStatus]) -> None:
        """Claims and settles until there is nothing; its last claim stays open."""
        for end in ends:
            before = set(self.claims)
            self.claim(None)
            for name in set(self.claims) - before:
                self._settle(name, end, 4)
        self.claim(None)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), end=st.sampled_from(ENDS), seconds=st.sampled_from([0.5, 1, 4, 30]))
    def settle(self, data: st.DataObject, end: DeliveryStatus, seconds: float) -> None:
        self._settle(data.draw(st.sampled_from(sorted(self.claims))), end, seconds)

    def _settle(self, name: str, end: DeliveryStatus, seconds: float) -> None:
        entry = self._entry(name)
        entry.status = end
        entry.due = round(self.now + seconds, 3) if end in WAITING else None
        entry.retries += end is S.PENDING
        assert attempts.settle(
            self.tx,
            claim=self.claims.pop(name),
            status=end,
            evidence=Evidence.NONE,
            reason=None,
            coordinate_status=CoordinateStatus.PENDING,
            delivery_time_ms=1,
            timings={},
            now=at(self.now),
            next_attempt_at=None if entry.due is None else at(entry.due),
            count_retry=end is S.PENDING,
        )

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def cancelled_by_a_person(self, data: st.DataObject) -> None:
        entry = self._any(data)
        assert messages.cancel(self.tx, entry.name) == (entry.status in WAITING)
        if entry.status in WAITING:
            entry.status, entry.due = S.CANCELLED, None

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def cancellation_taken_back(self, data: st.DataObject) -> None:
        entry = self._any(data)
        assert messages.restore(self.tx, entry.name) == (entry.status is S.CANCELLED)
        if entry.status is S.CANCELLED and entry.old:
            entry.status = S.HELD
        elif entry.status is S.CANCELLED:
            entry.again(self.now)

    @precondition(lambda self: self.entries)
    @rule(data=st.data())
    def tried_again(self, data: st.DataObject) -> None:
        entry = self._any(data)
        done = messages.retry(self.tx, entry.name)
        assert done == (entry.status in (S.FAILED, S.HELD, S.CANCELLED))
        if done:
            entry.again(self.now)

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), again=st.booleans())
    def decided_by_a_person(self, data: st.DataObject, again: bool) -> None:
        entry = self._any(data)
        done = messages.decide(self.tx, entry.name, "send_again" if again else "arrived")
        assert done == (entry.status is S.UNCERTAIN)
        if done and again:
            entry.again(self.now)
        elif done:
            entry.status = S.DELIVERED

    @rule(but=st.frozensets(st.integers(0, 12), max_size=2))
    def a_new_start(self, but: frozenset[int]) -> None:
        cutoff = round(self.now - OLD_AFTER.total_seconds(), 3)
        expected = 0
        for entry in self.entries:
            asked = entry.status is S.PENDING and entry.retries == 0 and entry.due is not None
            wanted = entry.row in but or (asked and entry.due is not None and entry.due >= cutoff)
            if entry.waits and entry.sent < cutoff and not wanted:
                entry.status, entry.old, entry.due = S.HELD, True, None
                expected += 1
        names = [f"m{row:03}" for row in but]
        assert backlog.set_aside(self.tx, at(self.now), OLD_AFTER, but=names) == expected

    @rule(agent=st.one_of(st.none(), st.sampled_from(NAMES)))
    def old_ones_are_released(self, agent: str | None) -> None:
        self._expire()
        expected = set()
        for entry in self.entries:
            if entry.status is S.HELD and entry.old and agent in (None, entry.agent):
                entry.again(self.now)
                expected.add(entry.name)
        found = backlog.release(self.tx, at(self.now), None if agent is None else [agent])
        assert set(found) == expected

    @rule(who=st.sampled_from([None, *NAMES]), rests=st.sampled_from([True, False, False, False]))
    def somebody_rests(self, who: str | None, rests: bool) -> None:
        (control.pause if rests else control.resume)(self.tx, None if who is None else [who])
        if who is None:
            self.stopped = rests
        else:
            (self.resting.add if rests else self.resting.discard)(who)

    # ---- what has to be so

    def _expected(self, only: set[str] | None) -> Entry | None:
        self._expire()
        if self.stopped:
            return None
        heads = []
        for name in NAMES:
            own = [entry for entry in self.entries if entry.agent == name]
            if name in self.resting or any(e.status in (S.SENDING, S.UNCERTAIN) for e in own):
                continue
            waiting = [entry for entry in own if entry.waits]
            if not any(only is None or entry.name in only for entry in waiting):
                continue
            head = min(waiting, key=lambda entry: entry.place)
            if head.due is None or head.due <= self.now:
                heads.append(head)
        return min(heads, key=lambda entry: entry.place) if heads else None

    def _expire(self) -> None:
        for entry in self.entries:
            late = entry.expires is not None and entry.expires <= self.now
            if entry.status in WAITING and late:
                entry.status, entry.due = S.EXPIRED, None

    @invariant()
    def the_states_are_the_models(self) -> None:
        found = {
            str(row["message_id"]): row["delivery_status"]
            for row in self.tx.rows("SELECT message_id, delivery_status FROM agent_messages")
        }
        assert found == {entry.name: entry.status.value for entry in self.entries}

    @invariant()
    def nobody_is_sent_two_at_once(self) -> None:
        sending = [entry.agent for entry in self.entries if entry.status is S.SENDING]
        assert len(sending) == len(set(sending))

    def _any(self, data: st.DataObject) -> Entry:
        return data.draw(st.sampled_from(self.entries))

    def _entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)

    def teardown(self) -> None:
        self.tx.execute("ROLLBACK")


def test_the_queue_keeps_the_models_order(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[Day] = []

    def begin() -> Day:
        connection.execute("BEGIN IMMEDIATE")
        days[:] = [Day()]
        days[0].tx = Transaction(connection)
        return days[0]

    # What a person decides is decided in the day's time.
    monkeypatch.setattr(clock, "now", lambda: at(days[0].now))
    run_state_machine_as_test(
        begin,  # type: ignore[arg-type] # hypothesis takes any factory
        settings=settings(max_examples=150, stateful_step_count=40, deadline=None),
    )
