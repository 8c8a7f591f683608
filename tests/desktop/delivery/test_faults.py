"""A fault beside the message never doubles it, and never keeps a drain from ending."""

from __future__ import annotations

import pytest

from panel.commands import dispatching
from panel.core.message import DeliveryStatus
from panel.dispatch import aim
from panel.dispatch.receipts import ClipboardOffer
from panel.screen.check import find_window
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm


async def test_fault_in_giving_back_is_no_fault_of_sending(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    def broken(*_parts: object) -> None:
        raise RuntimeError("the pointer is gone")

    monkeypatch.setattr(aim, "restore", broken)
    monkeypatch.setattr(ClipboardOffer, "withdraw", broken)

    message = await swarm.send("Agent-1", "once")

    assert message.delivery_status is DeliveryStatus.DELIVERED
    assert len(await swarm.attempts(message.message_id)) == 1
    assert chat.await_submitted(1) == ["[C2A] once"]


async def test_fault_before_the_paste_is_tried_again(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    looks = find_window
    faults = iter([RuntimeError("first"), RuntimeError("second")])

    def unsteady(*parts: object) -> object:
        for fault in faults:
            raise fault
        return looks(*parts)  # type: ignore[arg-type]

    monkeypatch.setattr(aim, "find_window", unsteady)

    message = await swarm.send("Agent-1", "third time")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert message.retry_count == 2
    assert len(await swarm.attempts(message.message_id)) == 3
    assert chat.await_submitted(1) == ["[C2A] third time"]


async def test_fault_that_stays_fails_with_its_reason(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()

    def broken(*_parts: object) -> object:
        raise RuntimeError("the server hangs")

    monkeypatch.setattr(aim, "find_window", broken)

    message = await swarm.send("Agent-1", "never")

    assert message.delivery_status is DeliveryStatus.FAILED
    assert message.retry_count == message.max_retries
    assert "the server hangs" in message.reason
    assert chat.untouched


async def test_fault_after_the_paste_is_uncertain(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    def broken(*_parts: object) -> bool:
        raise RuntimeError("no picture")

    monkeypatch.setattr(aim.Aim, "wait_visible", broken)

    message = await swarm.send("Agent-1", "pasted and then?")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert "no picture" in message.reason
    assert (await swarm.drain()).delivered == 0
    assert chat.submitted == []


async def test_drain_ends_when_everything_rests(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.queue("Agent-1", "resting")
    await dispatching.pause(swarm.context)

    assert (await swarm.drain()).delivered == 0
    assert chat.submitted == []
