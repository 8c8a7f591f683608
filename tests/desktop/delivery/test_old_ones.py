"""Old messages at a start: no window gets them before somebody has said so."""

from __future__ import annotations

from datetime import timedelta

from panel.commands import backlog
from panel.core import clock
from panel.core.message import DeliveryStatus
from panel.session.desk import make_dispatcher
from tests.desktop.conftest import OpenXterm
from tests.desktop.delivery.conftest import Swarm


async def made_old(swarm: Swarm, message_ids: list[str]) -> None:
    then = clock.to_stored(clock.now() - timedelta(hours=14))
    for message_id in message_ids:
        await swarm.store.write(
            lambda tx, message_id=message_id: tx.execute(  # type: ignore[misc]
                "UPDATE agent_messages SET sent_at = ? WHERE message_id = ?", then, message_id
            )
        )


async def test_they_wait_and_are_sent_in_order_at_a_word(
    swarm: Swarm, open_xterm: OpenXterm
) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    old = await swarm.queue("Agent-1", "from yesterday", "also from yesterday")
    await made_old(swarm, old)
    await swarm.queue("Agent-1", "from now")

    done = await swarm.drain()

    assert (done.delivered, done.held) == (1, 2)
    assert terminal.await_lines(1) == ["[C2A] from now"]
    assert [(await swarm.message(each)).delivery_status for each in old] == [
        DeliveryStatus.HELD,
        DeliveryStatus.HELD,
    ]
    assert await backlog.count(swarm.context) == 2

    assert set(await backlog.release(swarm.context)) == set(old)
    again = make_dispatcher(swarm.store, swarm.desk)  # another start does not ask twice
    assert (await again.drain()).delivered == 2
    assert terminal.await_lines(3) == [
        "[C2A] from now",
        "[C2A] from yesterday",
        "[C2A] also from yesterday",
    ]


async def test_what_is_sent_with_a_wait_is_not_caught(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    other, mine = await swarm.queue("Agent-1", "somebody else's", "mine")
    await made_old(swarm, [other, mine])

    await swarm.dispatcher.drain(only=[mine], timeout=20)

    assert terminal.await_lines(1) == ["[C2A] mine"]
    assert (await swarm.message(other)).delivery_status is DeliveryStatus.HELD


async def test_order_holds_when_only_one_is_waited_for(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    _before, mine, after = await swarm.queue("Agent-1", "before", "mine", "after")

    await swarm.dispatcher.drain(only=[mine], timeout=20)

    assert terminal.await_lines(2) == ["[C2A] before", "[C2A] mine"]
    assert (await swarm.message(after)).delivery_status is DeliveryStatus.PENDING
