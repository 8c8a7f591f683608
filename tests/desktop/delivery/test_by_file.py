"""What cannot be typed goes into the inbox folder; what is typed says how to answer."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from panel.commands import agents, messages
from panel.core.clock import now
from panel.core.desktop import CalibrationRequest
from panel.core.geometry import Point
from panel.core.message import DeliveryStatus, Draft, Evidence, Method
from panel.core.target import TargetKind
from panel.store.values import stored
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm


def in_inbox(home: Path, message_id: str) -> str:
    (file,) = home.glob(f"agent_workspaces/*/inbox/{message_id}.md")
    return file.read_text("utf-8")


async def held_for_hours(swarm: Swarm, message_id: str) -> None:
    long_ago = stored(now() - timedelta(hours=2))
    await swarm.store.write(
        lambda tx: tx.execute(
            "UPDATE agent_messages SET held_since = ?, next_attempt_at = NULL WHERE message_id = ?",
            long_ago,
            message_id,
        )
    )


async def test_a_text_longer_than_its_target_takes_is_pointed_to(
    swarm: Swarm, open_chat: OpenChat, panel_home: Path
) -> None:
    chat = open_chat("Agent-1")
    wish = CalibrationRequest("Agent-1", TargetKind.CHAT, Point(0, 0), longest_paste=400)
    await swarm.calibrate("Agent-1", chat.point, wish)
    text = "A very long story. " * 100

    message = await swarm.send("Agent-1", text)

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert message.evidence is Evidence.SUBMITTED
    assert text.rstrip() in in_inbox(panel_home, message.message_id)
    assert str(panel_home) in (await swarm.attempts(message.message_id))[0]["reason"]  # type: ignore[operator]
    (typed,) = chat.await_submitted(1)
    found = re.fullmatch(rf"\[C2A\] Read (.+) \(message {message.message_id}\): .+", typed)
    assert found is not None, typed
    assert found[1].endswith(f"/inbox/{message.message_id}.md")


async def test_a_window_that_stays_blocked_gets_a_file_where_that_is_wanted(
    swarm: Swarm, open_chat: OpenChat, panel_home: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.tell("draft", "somebody's draft")
    chat.forget()
    (first,) = await swarm.queue("Agent-1", "urgent enough for a file")
    await swarm.drain()
    await held_for_hours(swarm, first)
    await swarm.drain()
    failed = await swarm.message(first)
    assert failed.delivery_status is DeliveryStatus.FAILED

    await agents.change(swarm.context, "Agent-1", inbox_fallback=True)
    await messages.retry(swarm.context, [first])
    await swarm.drain()
    assert (await swarm.message(first)).delivery_status is DeliveryStatus.HELD
    await held_for_hours(swarm, first)
    await swarm.drain()

    message = await swarm.message(first)
    assert message.delivery_status is DeliveryStatus.DELIVERED
    assert "text in its box" in message.reason
    assert "inbox" in message.reason
    assert "urgent enough for a file" in in_inbox(panel_home, first)
    assert chat.untouched


async def test_a_file_that_was_asked_for_is_proven_by_being_there(
    swarm: Swarm, panel_home: Path
) -> None:
    from panel.core.agent import Agent

    await agents.add(swarm.context, Agent("Agent-1"))
    (one,) = await messages.queue(swarm.context, [Draft("Agent-1", "by file", method=Method.INBOX)])
    await swarm.drain()
    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.DELIVERED
    assert message.evidence is Evidence.SUBMITTED
    assert "by file" in in_inbox(panel_home, one)


async def test_what_is_typed_says_how_to_answer(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("reply_hint", True)

    message = await swarm.send("Agent-1", "Are the tests green?")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    (typed,) = chat.await_submitted(1)
    assert typed == (
        f"[C2A] Are the tests green? ({message.message_id}; answer: captain-panel"
        f" --db {swarm.store.location.path} messages reply {message.message_id}"
        " --from Agent-1 TEXT)"
    )
