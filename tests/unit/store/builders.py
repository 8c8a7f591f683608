"""Values to put into a test's database."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from panel.core.agent import Agent
from panel.core.message import DeliveryStatus, Message, Priority
from panel.store import agents, messages
from panel.store.connection import Transaction

START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
DISPATCHER = '{"host": "test", "pid": 1, "started": 1, "display": ":1"}'
_numbers = itertools.count(1)


def at(seconds: float) -> datetime:
    """So many seconds after the start of the test's time."""
    return START + timedelta(seconds=seconds)


def message(
    to: str = "Agent-1",
    *,
    message_id: str | None = None,
    priority: Priority = Priority.NORMAL,
    status: DeliveryStatus = DeliveryStatus.PENDING,
    sent: float = 0,
    **others: object,
) -> Message:
    return Message(
        message_id=message_id or f"msg_{next(_numbers):06}",
        from_agent=str(others.pop("from_agent", "captain")),
        to_agent=to,
        priority=priority,
        content=str(others.pop("content", "hello")),
        sent_at=at(sent),
        delivery_status=status,
        **others,  # type: ignore[arg-type]
    )


def swarm(tx: Transaction, *names: str) -> None:
    for name in names:
        agents.insert(tx, Agent(name))


def queued(tx: Transaction, to: str = "Agent-1", **fields: object) -> str:
    """Inserts a message made by `message`; returns its id."""
    made = message(to, **fields)  # type: ignore[arg-type]
    messages.insert(tx, made)
    return made.message_id
