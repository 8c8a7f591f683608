from __future__ import annotations

import pytest

from panel.commands import agents, messages
from panel.core.agent import Agent
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import DeliveryStatus, Draft
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import GONE


def test_an_empty_swarm_says_what_to_do(empty: Panel) -> None:
    code, out, err = empty.line("agents", "list")
    assert (code, err) == (0, "")
    assert "agents add" in out
    assert empty.json("agents", "list") == []


def test_add_keeps_what_was_given(empty: Panel) -> None:
    (row,) = empty.json(
        *("agents", "add", "Agent-7", "--team", "blue"),
        *("--specialization", "tests", "--captain", "Ada"),
    )
    assert (row["agent_id"], row["team"], row["specialization"], row["captain"]) == (
        "Agent-7",
        "blue",
        "tests",
        "Ada",
    )
    assert row["active"] is True
    assert row["paused"] is False
    assert row["last_updated"].endswith("Z")
    assert row["integration_status"] == "pending"
    assert empty.json("agents", "show", "Agent-7") == [row]


def test_list_is_in_natural_order_and_by_team(panel: Panel) -> None:
    panel.line("agents", "add", "Agent-10", "--team", "other")
    ids = [row["agent_id"] for row in panel.json("agents", "list")]
    assert ids == ["Agent-1", "Agent-2", "Agent-10"]
    assert [row["agent_id"] for row in panel.json("agents", "list", "--team", "other")] == [
        "Agent-10"
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("agents add Agent-1", "agent: takes a new name; there is an Agent-1 already"),
        ("agents show agnt-1", "agent: no agent is called agnt-1; did you mean Agent-1?"),
        ("agents show Agent-12", "agent: no agent is called Agent-12; there are Agent-1, Agent-2"),
        ("agents show zebra", "agent: no agent is called zebra; there are Agent-1, Agent-2"),
        ("agents set Agent-1", "agents set: takes at least one option such as --team or --focus"),
        ("agents remove nobody", "agent: no agent is called nobody; there are Agent-1, Agent-2"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(panel: Panel, words: str, error: str) -> None:
    assert panel.line(*words.split()) == (2, "", f"{error}\n")


@pytest.mark.parametrize("name", ["a/b", "..", " ", "x" * 65, "a\x1b[2J", "a\nb"])
def test_names_that_are_none(empty: Panel, name: str) -> None:
    code, out, err = empty.line("agents", "add", name)
    assert (code, out) == (2, "")
    assert err.startswith("agent_id: takes ")
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()


def test_set_changes_only_what_is_named(panel: Panel) -> None:
    (before,) = panel.json("agents", "show", "Agent-1")
    (after,) = panel.json("agents", "set", "Agent-1", "--focus", "release 1.2", "--active", "no")
    assert (after["current_focus"], after["active"]) == ("release 1.2", False)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"current_focus", "active", "last_updated"}


async def test_change_refuses_a_bad_team(panel: Panel) -> None:
    with pytest.raises(CommandError) as refused:
        await agents.change(panel.context, "Agent-1", team="a,b")
    assert refused.value.field == "team"


async def test_remove_waits_for_a_decision_about_waiting_messages(panel: Panel) -> None:
    (waiting,) = await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    with pytest.raises(NotDoneError, match="1 message for Agent-1 still waiting"):
        await agents.remove(panel.context, "Agent-1")
    assert await agents.remove(panel.context, "Agent-1", cancel_waiting=True) == 1
    (row,) = await messages.rows(panel.context, [waiting])
    assert row["delivery_status"] == "cancelled"
    assert [row["agent_id"] for row in await agents._rows(panel.context)] == ["Agent-2"]


async def test_remove_never_leaves_an_uncertain_message_behind(panel: Panel) -> None:
    await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    await panel.deliver(status=DeliveryStatus.UNCERTAIN)
    with pytest.raises(NotDoneError, match="unconfirmed"):
        await agents.remove(panel.context, "Agent-1", cancel_waiting=True)


def test_goto_raises_the_window_of_the_target(panel: Panel) -> None:
    code, out, _ = panel.line("agents", "goto", "Agent-2")
    assert code == 0
    assert "in front" in out
    assert panel.desk.activated == [2]
    assert panel.desk.checked == [2]


def test_goto_says_why_not(panel: Panel) -> None:
    panel.desk.broken["Agent-1"] = GONE
    code, _, err = panel.line("agents", "goto", "Agent-1")
    assert (code, panel.desk.activated) == (1, [])
    assert "Its window is closed." in err
    panel.desk.raises = False
    assert panel.line("agents", "goto", "Agent-2")[0] == 1


async def test_two_at_once_cannot_take_one_name(empty: Panel) -> None:
    await agents.add(empty.context, Agent("Agent-1"))
    with pytest.raises(CommandError):
        await agents.add(empty.context, Agent("Agent-1"))
