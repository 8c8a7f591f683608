from __future__ import annotations

import pytest

from panel.core.message import AnswerStatus, DeliveryStatus, Evidence
from panel.store import answers, messages
from panel.store.connection import ConstraintError, Transaction
from tests.unit.store.builders import at, message, queued, swarm


def said(tx: Transaction, re: str | None, number: float, **fields: object) -> str:
    return answers.insert(
        tx, from_agent="Agent-1", to_agent="captain", content=f"said {number}", now=at(number),
        reply_to=re, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["message_id"] for row in rows]


def test_a_conversation_is_found_from_each_of_its_messages(tx: Transaction) -> None:
    asked = queued(tx, sent=1, status=DeliveryStatus.DELIVERED)
    answer = said(tx, asked, 2)
    back = message(sent=3)
    messages.insert(tx, back, reply_to=answer)
    again = message(sent=4)
    messages.insert(tx, again, resend_of=back.message_id)
    last = said(tx, again.message_id, 5)
    queued(tx, sent=2.5)
    said(tx, None, 2.6)
    whole = [asked, answer, back.message_id, again.message_id, last]
    for one in whole:
        assert ids(answers.thread(tx, one)) == whole
    assert answers.thread(tx, "msg_0") == []


def test_a_conversation_in_a_circle_ends(tx: Transaction) -> None:
    one, two = queued(tx, sent=1), queued(tx, sent=2)
    tx.execute("UPDATE agent_messages SET reply_to = ? WHERE message_id = ?", two, one)
    tx.execute("UPDATE agent_messages SET reply_to = ? WHERE message_id = ?", one, two)
    assert ids(answers.thread(tx, one)) == [one, two]


def test_a_long_conversation_is_cut(tx: Transaction) -> None:
    asked = queued(tx, status=DeliveryStatus.DELIVERED)
    for number in range(answers.LONGEST_THREAD + 50):
        said(tx, asked, number)
    assert len(answers.thread(tx, asked)) == answers.LONGEST_THREAD


def test_a_source_is_there_once(tx: Transaction) -> None:
    said(tx, None, 1, source_key="a")
    assert answers.is_taken(tx, "a")
    assert not answers.is_taken(tx, "b")
    with pytest.raises(ConstraintError):
        said(tx, None, 2, source_key="a")


def test_unread_uses_its_index(tx: Transaction) -> None:
    said(tx, None, 1)
    said(tx, None, 2)
    assert answers.unread(tx) == 2
    assert len(answers.see(tx, None, at(3))) == 2
    assert answers.unread(tx) == 0
    assert answers.see(tx, [], at(4)) == []


def test_a_settled_one_has_no_doubt_left(tx: Transaction) -> None:
    one = queued(tx, status=DeliveryStatus.UNCERTAIN, evidence=Evidence.PASTED, reason="No proof.")
    tx.execute("UPDATE agent_messages SET wanted = 'submit', reason_code = 'no_proof'")
    answers.settle(tx, one, AnswerStatus.ANSWERED, at(9))
    (row,) = messages.rows(tx)
    assert (row["delivery_status"], row["evidence"]) == ("delivered", "acknowledged")
    assert (row["reason"], row["reason_code"], row["wanted"]) == ("", "", None)
    assert row["processed_at"] == "2026-11-23 12:00:09.000"
    answers.settle(tx, one, AnswerStatus.ACKNOWLEDGED, at(10))
    (row,) = messages.rows(tx)
    assert (row["status"], row["processed_at"]) == ("answered", "2026-11-23 12:00:09.000")


def test_what_waits_for_an_agent(tx: Transaction) -> None:
    swarm(tx, "Agent-1")
    there = [queued(tx, sent=number, status=DeliveryStatus.DELIVERED) for number in range(4)]
    queued(tx, sent=9)
    queued(tx, "Agent-2", sent=9, status=DeliveryStatus.DELIVERED)
    answers.settle(tx, there[1], AnswerStatus.ACKNOWLEDGED, at(9))
    assert ids(answers.waiting_for(tx, "Agent-1", 10)) == [there[0], there[2], there[3]]
    assert ids(answers.waiting_for(tx, "Agent-1", 2)) == there[2:]
