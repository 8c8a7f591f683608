"""Changing what waits, sending once more, and a broadcast as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from panel.commands import targets
from panel.core.message import DeliveryStatus
from panel.core.target import Proof
from panel.store import messages
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import target

S = DeliveryStatus


def send(panel: Panel, *words: str) -> list[str]:
    return [row["message_id"] for row in panel.json("send", *words)]


def become(panel: Panel, message_id: str, status: DeliveryStatus) -> None:
    panel.aio.run(
        panel.store.write(
            lambda tx: tx.execute(
                "UPDATE agent_messages SET delivery_status = ? WHERE message_id = ?",
                status.value,
                message_id,
            )
        )
    )


def row(panel: Panel, message_id: str) -> Any:
    return panel.json("messages", "show", message_id)[0]


# ---- edit


def test_an_edited_message_keeps_its_place(panel: Panel) -> None:
    first, second = send(panel, "--to", "Agent-1", "one"), send(panel, "--to", "Agent-1", "two")
    before = row(panel, first[0])
    (edited,) = panel.json("messages", "edit", first[0], "three\r\nlines")
    assert edited["content"] == "three\nlines"
    assert edited["sent_at"] == before["sent_at"]
    claim = panel.aio.run(panel.claim())
    assert claim is not None
    assert claim.message.message_id == first[0]
    assert claim.message.content == "three\nlines"
    code, _, err = panel.line("messages", "edit", first[0], "late")
    assert code == 1
    assert "is sending; only what waits can be changed" in err
    assert row(panel, first[0])["content"] == "three\nlines"
    assert second


@pytest.mark.parametrize("status", S)
def test_only_what_waits_can_be_changed(panel: Panel, status: DeliveryStatus) -> None:
    (one,) = send(panel, "--to", "Agent-1", "one")
    become(panel, one, status)
    code, _, _ = panel.line("messages", "edit", one, "two")
    waits = status in (S.PENDING, S.HELD)
    assert code == (0 if waits else 1)
    assert row(panel, one)["content"] == ("two" if waits else "one")


@pytest.mark.parametrize(
    ("words", "error"),
    [(["msg_0", "x"], "id: takes a message's id"), (["", " "], "content: takes 1 to 10,000")],
)
def test_a_wrong_edit_is_named(panel: Panel, words: list[str], error: str) -> None:
    code, _, err = panel.line("messages", "edit", *words)
    assert code == 2
    assert err.startswith(error)


# ---- once more


@pytest.mark.parametrize("status", S)
def test_what_can_be_sent_once_more(panel: Panel, status: DeliveryStatus) -> None:
    (one,) = send(panel, "--to", "Agent-1", "--priority", "high", "--tag", "a", "text")
    become(panel, one, status)
    code, _, err = panel.line("messages", "resend", one)
    allowed = status in (S.DELIVERED, S.FAILED, S.CANCELLED, S.EXPIRED)
    assert code == (0 if allowed else 1)
    if not allowed:
        assert f"{one} ({status})" in err
        assert panel.json("messages", "stats")["total_messages"] == 1
        return
    new = panel.json("messages", "list")[0]
    assert new["message_id"] != one
    assert (new["resend_of"], new["delivery_status"], new["content"]) == (one, "pending", "text")
    assert (new["priority"], new["tags"], new["expires_at"]) == ("high", ["a"], None)
    assert row(panel, one)["delivery_status"] == status
    assert panel.line("messages", "resend", one)[0] == 2, "a double click asks"
    assert panel.line("messages", "resend", one, "--allow-duplicate")[0] == 0


def test_an_urgent_one_stays_with_those_who_may(panel: Panel) -> None:
    (one,) = send(panel, "--to", "Agent-1", "text")
    become(panel, one, S.FAILED)
    panel.aio.run(
        panel.store.write(
            lambda tx: tx.execute(
                "UPDATE agent_messages SET priority = 'urgent', from_agent = 'Bob'"
            )
        )
    )
    code, _, err = panel.line("messages", "resend", one)
    assert code == 2
    assert err.startswith("priority: urgent is for captain, operator and discord, not for Bob")


@pytest.mark.parametrize("sender", ["Agent-1", "system", "captains"])
def test_the_specifications_way_does_not_let_urgent_pass(panel: Panel, sender: str) -> None:
    given = {"from_agent": sender, "to_agent": "Agent-2", "content": "c", "priority": "URGENT"}
    with pytest.raises(Exception, match="urgent is for captain, operator and discord"):
        panel.aio.run(
            panel.store.write(lambda tx: messages.store_message_with_coordinates(tx, given, None))
        )


# ---- broadcasts


def test_a_broadcast_has_one_summary(panel: Panel) -> None:
    first, second = send(panel, "--all", "text")
    group = row(panel, first)["group_id"]
    become(panel, first, S.DELIVERED)
    become(panel, second, S.FAILED)
    found = panel.json("messages", "group", group)
    assert (found["total"], found["content"], found["from_agent"]) == (2, "text", "captain")
    assert {k: v for k, v in found["counts"].items() if v} == {"delivered": 1, "failed": 1}
    assert [r["to_agent"] for r in found["receivers"]] == ["Agent-1", "Agent-2"]
    assert "1 of 2 delivered, 1 failed." in panel.line("messages", "group", group)[1]
    (again,) = panel.json("messages", "resend", group)
    assert (again["to_agent"], again["resend_of"]) == ("Agent-2", second)
    become(panel, again["message_id"], S.DELIVERED)
    assert "2 of 2 delivered." in panel.line("messages", "group", group)[1]
    code, _, err = panel.line("messages", "resend", group)
    assert code == 1
    assert "nothing is left to send again" in err
    assert panel.line("messages", "group", "grp_0")[0] == 2
    assert panel.line("messages", "resend", "grp_0")[0] == 2


# ---- several lines in terminals


def terminal(panel: Panel, program: str | None) -> None:
    made = replace(target("Agent-1"), proof=Proof.TERMINAL, terminal_program=program)
    panel.aio.run(targets.store(panel.context, made))


@pytest.mark.parametrize("program", ["cat", "python3.11", "bashful", None])
def test_several_lines_are_refused_where_each_would_send(panel: Panel, program: str | None) -> None:
    terminal(panel, program)
    code, _, err = panel.line("send", "--to", "Agent-1", "a\nb")
    assert code == 2
    assert err.startswith("content: the terminal of Agent-1")
    assert "inbox" in err
    code, _, err = panel.line("send", "--all", "a\nb", "--json")
    assert code == 1
    assert "sends at each new line" in err
    assert panel.line("send", "--to", "Agent-1", "--method", "inbox", "a\nb")[0] == 0
    (one,) = send(panel, "--to", "Agent-1", "one line")
    code, _, err = panel.line("messages", "edit", one, "a\nb")
    assert code == 2
    assert err.startswith("content: the terminal")


def test_several_lines_go_where_the_program_takes_them(panel: Panel) -> None:
    terminal(panel, "bash")
    assert panel.line("send", "--to", "Agent-1", "a\nb")[0] == 0
    panel.line("settings", "set", "several_lines_programs", "zsh, cat")
    assert panel.line("send", "--to", "Agent-1", "c\nd")[0] == 2
    terminal(panel, "cat")
    assert panel.line("send", "--to", "Agent-1", "c\nd")[0] == 0
