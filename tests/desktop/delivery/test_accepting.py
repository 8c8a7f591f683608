"""A new place that a person accepts is calibrated anew; a test click types nothing."""

from __future__ import annotations

import pytest

from panel.commands import targets
from panel.core.errors import CommandError
from panel.core.message import DeliveryStatus
from panel.core.target import ReasonCode
from tests.desktop.conftest import OpenChat, OpenWindow
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator

HOME = (100, 60, 420, 560)


@pytest.mark.slow
async def test_another_theme_is_used_once_it_is_accepted(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", geometry=HOME)
    before = await swarm.calibrate("Agent-1", chat.point)
    chat.tell("dark", True)
    held = await swarm.send("Agent-1", "not yet")
    assert held.delivery_status is DeliveryStatus.HELD
    finding = await targets.find(swarm.context, "Agent-1")
    assert finding is not None and not finding.landmark_found
    kept = await targets.accept(swarm.context, finding)
    assert kept.looks and kept.looks != before.looks
    chat.forget()
    await swarm.queue("Agent-1", "in the dark")
    await swarm.drain(20)
    assert [text.split("] ", 1)[-1] for text in chat.submitted] == ["not yet", "in the dark"]


@pytest.mark.slow
async def test_a_draft_is_never_taken_for_an_empty_box(
    swarm: Swarm, open_chat: OpenChat, operator: Operator
) -> None:
    chat = open_chat("Agent-1", geometry=HOME)
    before = await swarm.calibrate("Agent-1", chat.point)
    operator.place(chat.window, (100, 60, 700, 640))
    chat.tell("draft", "my own half a sentence")
    finding = await targets.find(swarm.context, "Agent-1")
    assert finding is not None
    with pytest.raises(CommandError, match="there is text in the box"):
        await targets.accept(swarm.context, finding)
    assert await targets.one(swarm.context, "Agent-1") == before
    assert {touch["kind"] for touch in chat.touches} <= {"click"}, "the draft stands as it did"
    chat.tell("draft", "")
    finding = await targets.find(swarm.context, "Agent-1")
    assert finding is not None
    await targets.accept(swarm.context, finding)
    sent = await swarm.send("Agent-1", "larger")
    assert sent.delivery_status is DeliveryStatus.DELIVERED, sent.reason


@pytest.mark.slow
async def test_a_test_click_types_nothing(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow, operator: Operator
) -> None:
    chat = open_chat("Agent-1", geometry=HOME)
    await swarm.calibrate("Agent-1", chat.point)
    other = open_window("Mine", geometry=(700, 100, 300, 200))
    operator.activate(other.window)
    operator.move(1200, 700)
    chat.forget()
    found = await targets.try_click(swarm.context, "Agent-1")
    assert found.valid and found.window is not None, found.words
    assert found.window.identity.window_id == chat.window
    kinds = {touch["kind"] for touch in chat.touches}
    assert kinds == {"click"} and chat.text == "" and chat.submitted == []
    assert operator.active() == other.window, "the operator's window comes back"
    chat.tell("header", "Agent-7")
    chat.forget()
    found = await targets.try_click(swarm.context, "Agent-1")
    assert (found.valid, found.code) == (False, ReasonCode.ANCHOR_DIFFERS)
    assert chat.untouched
