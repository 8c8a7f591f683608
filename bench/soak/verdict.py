"""The verdict: what the panel's rows say, held against what the windows wrote down."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.soak.feed import Feed
from bench.soak.incidents import Log
from bench.soak.person import LETTERS
from bench.soak.seats import Entry, Seat
from panel.core.message import DeliveryStatus, Evidence, Message
from panel.store.connection import Row

BEFORE_SECONDS = 0.5
"""A fault that ended this long before a turn began is not counted as over: the panel waits for the
operator's hands to be still for 0.3 s."""


@dataclass
class Verdict:
    """Each list holds one sentence for each violation."""

    wrong_window: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    false_delivered: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    """Arrived with letters of the operator in it, who typed in the last instant before Enter."""
    states: Counter[str] = field(default_factory=Counter)
    evidence: Counter[str] = field(default_factory=Counter)
    turns: Counter[str] = field(default_factory=Counter)
    usable: int = 0
    usable_delivered: int = 0
    usable_otherwise: list[str] = field(default_factory=list)

    @property
    def usable_pct(self) -> float:
        return 100 * self.usable_delivered / self.usable if self.usable else 0.0


def judge(
    messages: list[Message],
    attempts: dict[str, list[Row]],
    feed: Feed,
    seats: list[Seat],
    bystander: Seat,
    log: Log,
) -> Verdict:
    """After the end: everything that could be sent was sent, and every window has told all."""
    found = Verdict()
    records = {seat.agent: seat.entries() for seat in [*seats, bystander]}
    _windows(found, feed, records)
    _rows(found, messages, feed, records)
    _order(found, messages, attempts, records)
    for message in messages:
        _turns(found, message, attempts.get(message.message_id, []), log)
    return found


def _windows(found: Verdict, feed: Feed, records: dict[str, list[Entry]]) -> None:
    for window, entries in records.items():
        submitted = [entry.text for entry in entries if entry.kind == "submit"]
        texts = {entry.text for entry in entries}
        for content, agent in feed.contents.items():
            name = content[:10]
            # The end of a text suffices: even a part of it has no business in another window.
            if agent != window and any(name in text for text in texts):
                found.wrong_window.append(f"{name} for {agent} stood in the window of {window}")
            times = sum(text.count(name) for text in submitted)
            if times > 1:
                found.duplicates.append(f"{name} arrived {times} times at {window}")
            for text in submitted:
                if name in text and set(text) & set(LETTERS):
                    found.altered.append(f"{name} arrived at {window} with letters of the operator")


def _rows(
    found: Verdict, messages: list[Message], feed: Feed, records: dict[str, list[Entry]]
) -> None:
    there = {message.message_id: message for message in messages}
    found.lost += [f"{each} was queued and has no row" for each in feed.ids if each not in there]
    for message in messages:
        found.states[str(message.delivery_status)] += 1
        found.evidence[str(message.evidence)] += 1
        name = message.content[:10]
        if message.delivery_status is DeliveryStatus.DELIVERED:
            exact = any(
                entry.kind == "submit" and message.content in entry.text
                for entry in records[message.to_agent]
            )
            if not exact and not any(name in each for each in found.altered):
                who = "a person said" if message.evidence is Evidence.OPERATOR else "the panel says"
                found.false_delivered.append(f"{name}: {who} delivered to {message.to_agent}")
        elif message.delivery_status is not DeliveryStatus.FAILED or not message.reason:
            status = message.delivery_status
            found.lost.append(f"{name} to {message.to_agent} is {status}: {message.reason!r}")


def _order(
    found: Verdict,
    messages: list[Message],
    attempts: dict[str, list[Row]],
    records: dict[str, list[Entry]],
) -> None:
    """Of one agent and one urgency, those that no person decided arrive as they were queued."""
    queues = defaultdict(list)
    for message in sorted(messages, key=lambda each: each.sent_at):
        decided = any(row["outcome"] == "uncertain" for row in attempts[message.message_id])
        if message.delivery_status is DeliveryStatus.DELIVERED and not decided:
            queues[message.to_agent, message.priority].append(message.content[:10])
    for (agent, _), names in queues.items():
        submitted = [entry.text for entry in records[agent] if entry.kind == "submit"]
        places = [next((i for i, t in enumerate(submitted) if name in t), -1) for name in names]
        for before, after in zip(range(len(names)), range(1, len(names)), strict=False):
            if -1 < places[after] < places[before]:
                found.out_of_order.append(f"{names[after]} before {names[before]} at {agent}")


def _turns(found: Verdict, message: Message, rows: list[Row], log: Log) -> None:
    """Each attempt is a turn. A turn counts as usable when no fault, and nothing the person did,
    concerned that agent or the whole desktop from shortly before it until its end; a message is
    judged by its first usable turn."""
    judged = False
    for row in rows:
        began, ended = _seconds(row["started_at"]), _seconds(row["finished_at"])
        about = log.concerned(message.to_agent, began - BEFORE_SECONDS, ended)
        outcome = str(row["outcome"])
        found.turns[f"{'disturbed' if about else 'usable'}: {outcome}"] += 1
        if about or judged:
            continue
        judged = True
        found.usable += 1
        if outcome == DeliveryStatus.DELIVERED:
            found.usable_delivered += 1
        else:
            found.usable_otherwise.append(
                f"{message.content[:10]} to {message.to_agent}: {outcome}, {row['reason']}"
            )


def _seconds(stored: object) -> float:
    """A stored time; one that is missing (an attempt that never ended) is now."""
    if stored is None:
        return time.time()
    return datetime.fromisoformat(str(stored)).replace(tzinfo=UTC).timestamp()
