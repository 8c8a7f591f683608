"""A state is never better than its evidence, and what is not sure is never sent twice."""

from __future__ import annotations

import asyncio
import json

import pytest

from panel.commands import dispatching, messages
from panel.core import clock
from panel.core.errors import EnvironmentFault
from panel.core.message import DeliveryStatus, Evidence
from panel.session.desk import make_dispatcher
from panel.store import attempts
from tests.desktop.conftest import OpenChat, OpenWindow, OpenXterm
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator


async def test_draft_of_a_person_is_left_alone(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.tell("draft", "I was just writing")
    chat.forget()

    message = await swarm.send("Agent-1", "not on top of it")

    assert message.delivery_status is DeliveryStatus.HELD
    assert "text in its box" in message.reason
    assert chat.untouched

    chat.tell("draft", "")
    done = await swarm.drain(20)
    assert done.delivered == 1
    assert chat.await_submitted(1) == ["[C2A] not on top of it"]


async def test_box_that_does_not_empty_is_uncertain_and_blocks(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1", submits="never")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("proof_timeout_ms", 500)

    first, second = await swarm.queue("Agent-1", "one", "two")
    await swarm.drain()

    message = await swarm.message(first)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert message.evidence is Evidence.VISIBLE
    assert "did not empty" in message.reason
    assert (await swarm.message(second)).delivery_status is DeliveryStatus.PENDING
    assert chat.submitted == []
    assert chat.text == "[C2A] one"


async def test_person_decides_what_became_of_it(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", submits="keeps")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("proof_timeout_ms", 500)
    message = await swarm.send("Agent-1", "sent, but the box keeps it")
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert chat.await_submitted(1) == ["[C2A] sent, but the box keeps it"]

    decided = await messages.decide(swarm.context, message.message_id, "arrived")

    assert decided.delivery_status is DeliveryStatus.DELIVERED
    assert decided.evidence is Evidence.OPERATOR


async def test_program_that_swallows_the_text_is_uncertain(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1", swallows_paste=True)
    await swarm.calibrate("Agent-1", chat.point)

    message = await swarm.send("Agent-1", "gone")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert message.evidence is Evidence.PASTED
    assert chat.submitted == []


async def test_busy_terminal_holds(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm(
        "Agent-1",
        command="touch {record}; while :; do date +%N; sleep 0.03; done",
    )
    await swarm.calibrate("Agent-1", terminal.centre)

    message = await swarm.send("Agent-1", "into the noise")

    assert message.delivery_status is DeliveryStatus.HELD
    assert "busy" in message.reason


async def test_operator_gets_everything_back(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow, operator: Operator
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    mine = open_window("My work", geometry=(700, 100, 500, 400))
    mine.eyes.activate(mine.window)
    operator.move(1111, 777)

    message = await swarm.send("Agent-1", "quietly")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert operator.pointer() == (1111, 777)
    assert mine.eyes.active() == mine.window
    assert mine.untouched


async def test_held_key_holds(swarm: Swarm, open_chat: OpenChat, operator: Operator) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    with operator.holding("shift"):
        (message_id,) = await swarm.queue("Agent-1", "not shifted")
        await swarm.drain(1)
    message = await swarm.message(message_id)
    assert message.delivery_status is DeliveryStatus.PENDING
    assert "Shift held down" in message.reason
    assert await swarm.attempts(message_id) == []
    assert chat.submitted == []


async def test_pause_and_stop_keep_the_queue(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await dispatching.pause(swarm.context, ["Agent-1"])
    (message_id,) = await swarm.queue("Agent-1", "when resumed")
    assert (await swarm.drain()).delivered == 0
    assert (await swarm.message(message_id)).delivery_status is DeliveryStatus.PENDING

    await dispatching.resume(swarm.context, ["Agent-1"])
    report = await dispatching.stop_all(swarm.context)
    assert report.not_stopped == ()
    assert (await swarm.drain()).delivered == 0

    await dispatching.resume(swarm.context)
    assert (await swarm.drain()).delivered == 1
    assert chat.await_submitted(1) == ["[C2A] when resumed"]


async def test_stop_acts_before_the_next_key(swarm: Swarm, open_chat: OpenChat) -> None:
    """A stop that is committed while a delivery runs: no further key is pressed."""
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    texts = [f"message {number}" for number in range(20)]
    ids = await swarm.queue("Agent-1", *texts)
    running = asyncio.ensure_future(swarm.dispatcher.run())
    try:
        while len(chat.submitted) < 3:
            await asyncio.sleep(0.01)
        report = await dispatching.stop_all(swarm.context)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    # One whose Enter was pressed before the stop was committed cannot be stopped any more.
    assert len(report.not_stopped) <= 1
    assert all(m.delivery_status is DeliveryStatus.DELIVERED for m in report.not_stopped)
    arrived = len(chat.submitted)
    assert arrived < 20
    found = [await swarm.message(message_id) for message_id in ids]
    delivered = sum(m.delivery_status is DeliveryStatus.DELIVERED for m in found)
    doubtful = sum(m.delivery_status is DeliveryStatus.UNCERTAIN for m in found)
    assert delivered == arrived
    assert doubtful <= 1
    assert (
        sum(m.delivery_status is DeliveryStatus.PENDING for m in found) == 20 - arrived - doubtful
    )


async def test_one_dispatcher_a_display(swarm: Swarm, open_chat: OpenChat) -> None:
    running = asyncio.ensure_future(swarm.dispatcher.run())
    try:
        while swarm.dispatcher.holder() is None:
            await asyncio.sleep(0.01)
        other = make_dispatcher(swarm.store, swarm.desk)
        with pytest.raises(EnvironmentFault, match="already being sent by process"):
            await other.drain()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert swarm.dispatcher.holder() is None


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("claimed", DeliveryStatus.DELIVERED),
        ("pasting", DeliveryStatus.UNCERTAIN),
        ("submitting", DeliveryStatus.UNCERTAIN),
    ],
)
async def test_what_a_dead_dispatcher_left_is_settled(
    swarm: Swarm, open_chat: OpenChat, phase: str, status: DeliveryStatus
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    (message_id,) = await swarm.queue("Agent-1", "interrupted")
    dead = json.dumps(swarm.dispatcher._identity.about() | {"pid": 1, "started": -1})
    claim = await swarm.store.write(
        lambda tx: attempts.claim_next(tx, now=clock.now(), dispatcher=dead)
    )
    assert claim is not None
    if phase != "claimed":
        await swarm.store.write(
            lambda tx: attempts.advance(tx, claim.attempt_id, phase, keys="ctrl+v")
        )

    await swarm.drain()

    assert (await swarm.message(message_id)).delivery_status is status
    assert len(chat.submitted) == (status is DeliveryStatus.DELIVERED)
