"""Messages in trouble, grouped by what they have in common."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panel.core.clock import now
from panel.core.message import DeliveryStatus, Message, Priority
from panel.store import causes, messages
from panel.store.causes import Cause, Span
from panel.store.connection import Row, Transaction

U, F, H = DeliveryStatus.UNCERTAIN, DeliveryStatus.FAILED, DeliveryStatus.HELD


def span() -> Span:
    present = now()
    return Span(present - timedelta(hours=24), present - timedelta(minutes=5))


def put(
    tx: Transaction,
    message_id: str,
    to: str,
    status: DeliveryStatus,
    *,
    minutes: float,
    code: str = "",
    held: float | None = None,
    resend_of: str | None = None,
) -> None:
    sent = now() - timedelta(minutes=minutes)
    messages.insert(
        tx,
        Message(
            message_id,
            "captain",
            to,
            Priority.NORMAL,
            f"text of {message_id}",
            sent,
            delivery_status=status,
            processed_at=sent if status in (U, F) else None,
            held_since=None if held is None else now() - timedelta(minutes=held),
        ),
        resend_of=resend_of,
    )
    tx.execute("UPDATE agent_messages SET reason_code = ? WHERE message_id = ?", code, message_id)


def found(store_rows: list[Row]) -> list[tuple[object, object, object]]:
    return [(row["to_agent"], row["message_id"], row["number"]) for row in store_rows]


def test_an_agents_unconfirmed_messages_are_one_cause_with_the_oldest_first(
    tx: Transaction,
) -> None:
    for number in range(200):
        put(tx, f"msg_{number:03}", "Agent-1", U, minutes=300 - number, code=f"c{number % 3}")
    put(tx, "msg_other", "Agent-2", U, minutes=500)
    rows = causes.rows(tx, U, span())
    assert found(rows) == [("Agent-2", "msg_other", 1), ("Agent-1", "msg_000", 200)]
    ids = causes.message_ids(tx, Cause(U, "Agent-1"), span())
    assert list(ids) == [f"msg_{number:03}" for number in range(200)]


def test_failed_ones_are_told_by_reason_the_newest_first_and_for_a_day(
    tx: Transaction,
) -> None:
    put(tx, "msg_old", "Agent-1", F, minutes=60 * 25, code="fault")
    put(tx, "msg_a", "Agent-1", F, minutes=20, code="fault")
    put(tx, "msg_b", "Agent-1", F, minutes=10, code="fault")
    put(tx, "msg_c", "Agent-1", F, minutes=5, code="too_long")
    put(tx, "msg_d", "Agent-1", F, minutes=4, code="too_long")
    put(tx, "msg_d2", "Agent-1", DeliveryStatus.PENDING, minutes=1, resend_of="msg_d")
    rows = causes.rows(tx, F, span())
    assert found(rows) == [("Agent-1", "msg_b", 2), ("Agent-1", "msg_c", 1)]
    ids = causes.message_ids(tx, Cause(F, "Agent-1", "fault"), span())
    assert list(ids) == ["msg_a", "msg_b"]


def test_holds_count_after_five_minutes_and_never_those_behind_a_question(
    tx: Transaction,
) -> None:
    put(tx, "msg_a", "Agent-1", H, minutes=20, code="busy", held=6)
    put(tx, "msg_b", "Agent-1", H, minutes=9, code="busy", held=4)
    put(tx, "msg_c", "Agent-1", H, minutes=900, code="backlog", held=900)
    rows = causes.rows(tx, H, span())
    assert found(rows) == [("Agent-1", "msg_a", 1)]


def test_other_states_are_no_trouble(tx: Transaction) -> None:
    with pytest.raises(ValueError, match="no trouble"):
        causes.rows(tx, DeliveryStatus.PENDING, span())
