from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Collection
from typing import Any

import pytest

from panel.core.errors import CommandError, EnvironmentFault
from panel.core.message import DeliveryStatus
from tests.unit.commands.conftest import Panel


def sent(panel: Panel, *words: str) -> tuple[int, Any, str]:
    code, out, err = panel.line("send", *words, "--json")
    return code, json.loads(out), err


def total(panel: Panel) -> int:
    return int(panel.json("messages", "stats")["total_messages"])


def test_send_queues_one_message_a_receiver(panel: Panel) -> None:
    code, rows, err = sent(panel, "--to", "Agent-1,Agent-2", "--to", "Agent-1", "hello")
    assert (code, err) == (0, "")
    assert [row["to_agent"] for row in rows] == ["Agent-1", "Agent-2"]
    assert set(rows[0]) == {
        "message_id", "to_agent", "delivery_status", "evidence", "delivery_time_ms", "reason",
    }  # fmt: skip
    first, second = panel.json("messages", "list")
    assert first["group_id"] == second["group_id"]
    assert first["group_id"].startswith("grp_")
    assert panel.post.drained == []


def test_a_single_message_is_no_broadcast(panel: Panel) -> None:
    sent(panel, "--to", "Agent-1", "hello")
    assert panel.json("messages", "list")[0]["group_id"] is None


def test_all_options_arrive_in_the_row(panel: Panel) -> None:
    panel.line("settings", "set", "sender_name", "Ada")
    sent(
        panel, "--to", "Agent-1", "--priority", "HIGH", "--tag", "a,b", "--tag", "c",
        "--expires", "30m", "two\nlines",
    )  # fmt: skip
    (row,) = panel.json("messages", "list")
    assert (row["priority"], row["tags"], row["content"], row["from_agent"]) == (
        "high",
        ["a", "b", "c"],
        "two\nlines",
        "Ada",
    )
    assert row["expires_at"] > row["sent_at"]
    sent(panel, "--to", "Agent-1", "--from", "system", "--method", "inbox", "x")
    row = panel.json("messages", "list")[0]
    assert (row["from_agent"], row["delivery_method"]) == ("system", "inbox")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["hello"], "to: takes receivers: one of --to AGENT, --team TEAM and --all"),
        (["--all", "--team", "core", "hello"], "to: takes receivers: one of"),
        (["--to", "Agent-1", " \n"], "content: takes 1 to 10,000 characters, not an empty text"),
        (["--to", "Agent-1", "x" * 10_001], "content: takes 1 to 10,000 characters, not 10,001"),
        (["--to", "Agent-1", "a\x00b"], "content: takes no control characters but newline and"),
        (["--to", "Agent-1,Agent-9", "x"], "to: no agent is called Agent-9; there are Agent-1"),
        (["--team", "none", "x"], "team: takes a team with active agents; none has none"),
        (["--to", "Agent-1", "--expires", "9999d", "x"], "expires: takes at most 3650 days"),
        (["--to", "Agent-1", "--wait", "30d", "x"], "wait: takes at most 7 days"),
        (["--to", "Agent-1", "--priority", "urgent", "--from", "Bob", "x"], "priority: urgent is"),
    ],
)
def test_bad_input_writes_nothing(panel: Panel, words: list[str], error: str) -> None:
    code, out, err = panel.line("send", *words)
    assert (code, out) == (2, "")
    assert err.startswith(error)
    assert err.count("\n") == 1
    assert total(panel) == 0


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--to", "Agent-1"], "text: takes a text: send needs TEXT"),
        (["--to", "Agent-1", "hello", "world"], "text: takes one word or one quoted text; 'world'"),
        (["--to", "A,,B", "x"], "to: takes words separated by commas; one of 'A,,B' is empty"),
        (["--wait", "soon", "--all", "x"], "wait: takes a length of time such as 90s, 30m, 2h"),
        (["--priority", "x", "--all", "x"], "priority: takes one of urgent, high, normal, low"),
        (["--all=1", "x"], "all: takes no value, not '1'"),
        (["--all", "-x"], "x: is no option of send; write -- before a text that begins with"),
    ],
)
def test_words_that_make_no_sense(panel: Panel, words: list[str], error: str) -> None:
    with pytest.raises(CommandError) as refused:
        panel.line("send", *words)
    assert str(refused.value).startswith(error)


@pytest.mark.parametrize("text", ["- one\n- two", "-", "--help me", "-5", "−x", "@all #tag !"])
def test_texts_that_look_like_options(panel: Panel, text: str) -> None:
    assert panel.line("send", "--all", text)[0] == 0
    assert panel.json("messages", "list")[0]["content"] == text


def test_after_two_hyphens_everything_is_text(panel: Panel) -> None:
    assert panel.line("send", "--all", "--", "--json")[0] == 0
    assert panel.json("messages", "list")[0]["content"] == "--json"


def test_all_writes_to_those_it_can_and_names_the_others(panel: Panel) -> None:
    panel.line("agents", "add", "Blind", "--team", "core")
    panel.line("agents", "add", "Retired")
    panel.line("agents", "set", "Retired", "--active", "no")
    code, rows, err = sent(panel, "--team", "core", "hello")
    assert code == 1
    assert err.startswith("Not written to: Blind has no target yet")
    assert [(row["to_agent"], row["delivery_status"]) for row in rows] == [
        ("Agent-1", "pending"),
        ("Agent-2", "pending"),
        ("Blind", "refused"),
    ]
    assert total(panel) == 2


def test_if_all_are_refused_nothing_is_written(panel: Panel) -> None:
    panel.line("agents", "add", "Blind", "--team", "dark")
    code, out, err = panel.line("send", "--team", "dark", "hello")
    assert (code, out) == (2, "")
    assert err.startswith("to: Blind has no target yet")
    assert total(panel) == 0


def test_wait_dispatches_by_itself_when_nobody_does(panel: Panel) -> None:
    panel.line("send", "--to", "Agent-1", "an older one")
    code, rows, err = sent(panel, "--all", "--wait", "5", "hello")
    assert (code, err) == (0, "")
    assert [row["delivery_status"] for row in rows] == ["delivered", "delivered"]
    assert [row["evidence"] for row in rows] == ["submitted", "submitted"]
    assert rows[0]["delivery_time_ms"] == 41
    assert panel.post.drained == [[row["message_id"] for row in rows]]


@pytest.mark.parametrize(
    "status", [DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.HELD]
)
def test_wait_is_done_only_when_all_are_delivered(panel: Panel, status: DeliveryStatus) -> None:
    panel.post.deliver = (
        panel.settle_as(status) if status is not DeliveryStatus.HELD else held_once(panel)
    )
    code, out, _ = panel.line("send", "--to", "Agent-1", "--wait", "1", "hello")
    assert code == 1
    assert status in out
    assert "0 of 1 message delivered." in out


def held_once(panel: Panel) -> Any:
    async def hold(only: Collection[str]) -> None:
        from panel.store import attempts

        claim = await panel.claim(only)
        assert claim is not None
        from panel.core.clock import now
        from panel.core.message import CoordinateStatus, Evidence

        await panel.store.write(
            lambda tx: attempts.settle(
                tx,
                claim=claim,
                status=DeliveryStatus.HELD,
                evidence=Evidence.NONE,
                reason=None,
                coordinate_status=CoordinateStatus.BLOCKED,
                delivery_time_ms=None,
                timings={},
                now=now(),
                next_attempt_at=now(),
            )
        )

    return hold


async def test_wait_watches_while_another_process_dispatches(panel: Panel) -> None:
    panel.post.held_by = "pid 4711 on here"
    sending = asyncio.create_task(panel.run("send", "--all", "--wait", "20", "hello", "--json"))
    await panel.wrote("agent_messages")
    await panel.deliver()
    code, out, err = await sending
    assert code == 0
    assert [row["delivery_status"] for row in json.loads(out)] == ["delivered", "delivered"]
    assert panel.post.drained == []
    assert "delivering: 100 %" in err


def test_wait_ends_in_time(panel: Panel) -> None:
    panel.post.held_by = "pid 4711 on here"
    code, rows, _ = sent(panel, "--all", "--wait", "0.05", "hello")
    assert code == 1
    assert [row["delivery_status"] for row in rows] == ["pending", "pending"]


@pytest.mark.parametrize("way", ["no dispatch", "no display", "fault while draining"])
def test_without_a_display_the_messages_stay_queued(panel: Panel, way: str) -> None:
    async def fail(only: Collection[str]) -> None:
        raise EnvironmentFault("There is no display.")

    if way == "no dispatch":
        panel.context.dispatch = None
    panel.post.display = way != "no display"
    panel.post.deliver = fail
    code, rows, err = sent(panel, "--all", "--wait", "5", "hello")
    assert code == 3
    assert [row["delivery_status"] for row in rows] == ["pending", "pending"]
    assert err.startswith("There is no display. ")
    assert err.endswith(" 2 messages stay queued; the next dispatcher sends what is queued.\n")
    assert total(panel) == 2


def test_who_takes_the_display_first_delivers(panel: Panel) -> None:
    async def lose(only: Collection[str]) -> None:
        panel.post.held_by = "pid 4711 on here"
        await panel.deliver()
        raise EnvironmentFault("pid 4711 on here dispatches already.")

    panel.post.deliver = lose
    code, rows, err = sent(panel, "--to", "Agent-1", "--wait", "5", "hello")
    assert code == 0, err
    assert rows[0]["delivery_status"] == "delivered"


def test_the_same_text_sent_twice_asks_first(panel: Panel) -> None:
    sent(panel, "--to", "Agent-1", "hello")
    code, out, err = panel.line("send", "--all", "hello")
    assert (code, out) == (2, "")
    assert err.startswith("content: the same text went to Agent-1 0 s ago (msg_")
    assert err.rstrip().endswith("--allow-duplicate sends it again")
    assert total(panel) == 1, "nothing is queued, also not to the others"
    assert sent(panel, "--all", "--allow-duplicate", "hello")[0] == 0
    assert total(panel) == 3
    assert sent(panel, "--to", "Agent-1", "--from", "Agent-2", "hello")[0] == 0, "somebody else"
    panel.line("settings", "set", "duplicate_seconds", "0")
    assert sent(panel, "--to", "Agent-1", "hello")[0] == 0
    ids = {row["message_id"] for row in panel.json("messages", "list")}
    assert len(ids) == 5


def test_what_did_not_arrive_may_be_sent_again(panel: Panel) -> None:
    (first,) = sent(panel, "--to", "Agent-1", "hello")[1]
    panel.json("messages", "cancel", first["message_id"])
    assert sent(panel, "--to", "Agent-1", "hello")[0] == 0


def test_of_two_processes_only_one_sends_the_same_text(panel: Panel) -> None:
    path = str(panel.store.location.path)
    for number in range(3):
        words = ["--db", path, "send", "--to", "Agent-1", f"run {number}"]
        both = [
            subprocess.Popen(
                [sys.executable, "-m", "panel", *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        assert sorted(each.wait(60) for each in both) == [0, 2]
    assert total(panel) == 3
