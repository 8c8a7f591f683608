from __future__ import annotations

import asyncio
import json

import pytest

from panel.commands import dispatching, messages
from panel.core.dispatching import DrainResult
from panel.core.errors import CommandError
from panel.core.message import DeliveryStatus, Draft
from panel.store import control
from tests.unit.commands.conftest import Panel


def test_drain_counts_and_is_done_only_when_nothing_is_left(panel: Panel) -> None:
    panel.post.result = DrainResult(delivered=3)
    assert panel.json("dispatch", "--drain", "--max", "5") == {
        "delivered": 3,
        "failed": 0,
        "uncertain": 0,
        "held": 0,
    }
    assert panel.post.limits == [5]
    panel.post.result = DrainResult(delivered=3, held=1)
    code, out, _ = panel.line("dispatch", "--forever")
    assert code == 1
    assert "1 message not delivered" in out


@pytest.mark.parametrize("words", [[], ["--drain", "--forever"]])
def test_dispatch_takes_one_way(panel: Panel, words: list[str]) -> None:
    assert panel.line("dispatch", *words) == (
        2,
        "",
        "dispatch: takes one of --drain and --forever\n",
    )


def test_dispatch_without_a_display(panel: Panel) -> None:
    panel.context.dispatch = None
    assert panel.line("dispatch", "--drain")[0] == 3


def test_pause_and_resume_of_all_and_of_some(panel: Panel) -> None:
    assert panel.json("pause") == {
        "paused": True,
        "paused_agents": [],
        "postponed_until": None,
        "stopped": [],
        "not_stopped": [],
    }
    assert panel.json("pause", "Agent-1", "Agent-2")["paused_agents"] == ["Agent-1", "Agent-2"]
    assert panel.json("resume", "Agent-1")["paused_agents"] == ["Agent-2"]
    state = panel.json("resume")
    assert (state["paused"], state["paused_agents"]) == (False, ["Agent-2"])


def test_pausing_an_unknown_agent_pauses_nobody(panel: Panel) -> None:
    code, _, err = panel.line("pause", "Agent-1", "Agent-9")
    assert (code, err) == (2, "agent: no agent is called Agent-9; there are Agent-1, Agent-2\n")
    assert panel.json("resume", "Agent-1")["paused_agents"] == []


async def test_what_is_paused_is_not_claimed(panel: Panel) -> None:
    await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    await dispatching.pause(panel.context, ["Agent-1"])
    assert await panel.claim() is None
    await dispatching.resume(panel.context, ["Agent-1"])
    await dispatching.pause(panel.context)
    assert await panel.claim() is None
    with pytest.raises(CommandError):
        await dispatching.resume(panel.context, ["nobody"])


def test_stop_all_with_nothing_on_its_way(panel: Panel) -> None:
    panel.line("send", "--all", "hello")
    assert panel.json("stop-all") == {"paused": True, "stopped": [], "not_stopped": []}
    assert panel.json("messages", "stats")["pending"] == 2
    assert "Nothing was being sent." in panel.line("stop-all")[1]


async def sending(panel: Panel) -> str:
    (one,) = await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    assert await panel.claim() is not None
    return one


async def test_stop_all_waits_for_the_dispatchers_word(panel: Panel) -> None:
    one = await sending(panel)
    stopping = asyncio.create_task(panel.run("stop-all", "--json"))
    await panel.wrote("dispatch_control")
    state = await panel.store.read(control.state)
    assert state.paused
    await panel.store.write(lambda tx: control.acknowledge_stop(tx, state.stop_counter))
    code, out, _ = await stopping
    report = json.loads(out)
    assert code == 0
    assert [item["message_id"] for item in report["stopped"]] == [one]
    assert report["not_stopped"] == []


async def test_stop_all_says_what_nobody_stopped(panel: Panel) -> None:
    one = await sending(panel)
    report = await dispatching.stop_all(panel.context, seconds=0.05)
    assert report.paused
    assert report.stopped == ()
    assert [message.message_id for message in report.not_stopped] == [one]


async def test_an_old_word_does_not_count(panel: Panel) -> None:
    """An acknowledgement of the stop before says nothing about this one."""
    await panel.store.write(control.stop)
    await panel.store.write(lambda tx: control.acknowledge_stop(tx, 1))
    await dispatching.resume(panel.context)
    await sending(panel)
    report = await dispatching.stop_all(panel.context, seconds=0.05)
    assert len(report.not_stopped) == 1


async def test_what_was_delivered_meanwhile_was_not_stopped(panel: Panel) -> None:
    """`stopped` must not hold what reached the agent all the same."""
    (one,) = await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    claim = await panel.claim()
    assert claim is not None
    stopping = asyncio.create_task(panel.run("stop-all"))
    await panel.wrote("dispatch_control")
    from panel.store import messages as stored

    await panel.store.write(
        lambda tx: stored.update_delivery_status(tx, one, DeliveryStatus.DELIVERED, 12)
    )
    code, out, _ = await stopping
    assert code == 1
    assert "Not stopped: Agent-1 (was delivered already)." in out
