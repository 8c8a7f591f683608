from __future__ import annotations

from datetime import timedelta

from panel.commands import courtesy, dispatching, messages
from panel.core import clock
from panel.core.message import Draft
from panel.store import control
from tests.unit.commands.conftest import Panel


async def test_postponing_says_until_when_and_ends(panel: Panel) -> None:
    before = clock.now()
    until = await courtesy.postpone(panel.context)
    assert until is not None
    assert timedelta(0) <= until - before - timedelta(minutes=5) < timedelta(seconds=5)
    assert (await panel.store.read(control.state)).postponed_until == until
    await courtesy.postpone(panel.context, None)
    assert (await panel.store.read(control.state)).postponed_until is None


def test_the_command_line_postpones(panel: Panel) -> None:
    answer = panel.json("postpone", "15m")
    assert answer["postponed_until"].endswith("Z")
    assert not answer["paused"]
    assert "left alone until" in panel.line("pause")[1]
    assert panel.json("resume")["postponed_until"] is None
    panel.json("postpone")
    assert panel.json("postpone", "--end")["postponed_until"] is None
    for words, field in ((["2d"], "length"), (["5m", "--end"], "end")):
        code, _, err = panel.line("postpone", *words)
        assert (code, err.split(":")[0]) == (2, field)


def test_send_now_says_what_goes(panel: Panel) -> None:
    assert panel.line("send-now") == (1, "No message waits for you to pause.\n", "")
    panel.json("send", "--all", "hello")
    panel.json("postpone", "1h")
    assert len(panel.json("send-now")["message_ids"]) == 2
    assert panel.json("pause")["postponed_until"] is None
    assert panel.line("send-now", "nobody")[0] == 2


async def test_what_is_paused_is_not_sent_now(panel: Panel) -> None:
    (one,) = await messages.queue(panel.context, [Draft("Agent-1", "hello")])
    await dispatching.pause(panel.context, ["Agent-1"])
    assert await courtesy.send_now(panel.context) == []
    assert await courtesy.send_now(panel.context, [one]) == []
