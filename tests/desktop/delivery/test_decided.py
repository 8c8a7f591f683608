"""A person decides about a text that still stands in its box: Enter, or out with it.

Judged by the chat's own record.
"""

from __future__ import annotations

import json

import pytest

from panel.commands import dispatching, evidence, messages
from panel.core import clock
from panel.core.errors import NotDoneError
from panel.core.message import DeliveryStatus, Evidence, Wanted
from panel.store import attempts, wanted
from panel.store.location import evidence_folder
from tests.desktop.chromium import ChromiumAgent
from tests.desktop.conftest import OpenChat, OpenWindow, OpenXterm
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.waiting import until

TEXT = "[C2A] it stands there"


async def unconfirmed(swarm: Swarm, chat: ChromiumAgent, text: str = "it stands there") -> str:
    """A message whose Enter was lost: its text stands in the box."""
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("proof_timeout_ms", 400)
    chat.tell("submits", "never")
    message = await swarm.send("Agent-1", text)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN, message.reason
    assert message.evidence is Evidence.VISIBLE
    chat.tell("submits", "empties")
    return message.message_id


def click_into(operator: Operator, chat: ChromiumAgent) -> None:
    """A key that comes before the click has done its work would go elsewhere."""
    chat.eyes.activate(chat.window)
    clicks = len(chat.page.of_kind("click"))
    operator.click(*chat.point)
    until(lambda: len(chat.page.of_kind("click")) > clicks, "the click in its box")


def go_to_end(operator: Operator, chat: ChromiumAgent) -> None:
    click_into(operator, chat)
    operator.press("ctrl+End")


def empty_box(operator: Operator, chat: ChromiumAgent) -> None:
    click_into(operator, chat)
    operator.press("ctrl+a")
    operator.press("Delete")
    until(lambda: chat.text == "", "an empty box")


async def wanted_of(swarm: Swarm, message_id: str) -> object:
    return await swarm.store.read(
        lambda c: c.value("SELECT wanted FROM agent_messages WHERE message_id = ?", message_id)
    )


async def test_enter_is_pressed_and_proven(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    (second,) = await swarm.queue("Agent-1", "after it")
    standing = await evidence.standing(swarm.context, one)
    assert standing == evidence.Standing(True)

    await messages.decide(swarm.context, one, "press_enter")
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert message.evidence is Evidence.SUBMITTED
    assert (await swarm.message(second)).delivery_status is DeliveryStatus.DELIVERED
    assert chat.await_submitted(2) == [TEXT, "[C2A] after it"]
    assert await wanted_of(swarm, one) is None
    kinds = [row["kind"] for row in await swarm.attempts(one)]
    assert kinds == ["deliver", "submit"]
    assert set(json.loads(str((await swarm.attempts(one))[1]["pictures"]))) == {"ready", "after"}


async def test_text_is_removed_and_seen_gone(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)

    await messages.decide(swarm.context, one, "remove")
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.CANCELLED, message.reason
    assert message.evidence is Evidence.VISIBLE
    assert chat.submitted == []
    assert chat.text == ""
    assert await wanted_of(swarm, one) is None


@pytest.mark.parametrize("decision", ["press_enter", "remove"])
@pytest.mark.parametrize("added", [" and more of my own", "l", "."])
async def test_what_a_person_added_is_left_alone(
    swarm: Swarm, open_chat: OpenChat, operator: Operator, decision: str, added: str
) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    go_to_end(operator, chat)
    operator.type(added)
    until(lambda: chat.text == TEXT + added, "what was typed")
    (second,) = await swarm.queue("Agent-1", "after it")
    standing = await evidence.standing(swarm.context, one)
    assert standing is not None
    assert not standing.stands

    await messages.decide(swarm.context, one, decision)
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert message.evidence is Evidence.VISIBLE
    assert "no longer looks" in message.reason
    assert chat.submitted == []
    assert chat.text == TEXT + added
    assert await wanted_of(swarm, one) is None
    assert (await swarm.message(second)).delivery_status is DeliveryStatus.PENDING


@pytest.mark.parametrize("grows", [False, True])
async def test_lines_below_are_seen(
    swarm: Swarm, open_chat: OpenChat, operator: Operator, grows: bool
) -> None:
    chat = open_chat("Agent-1", grows=grows)
    long = " ".join(["several words that fill three lines"] * 3)
    one = await unconfirmed(swarm, chat, long)
    go_to_end(operator, chat)
    operator.press("shift+Return")
    operator.type("mine")
    until(lambda: chat.text.endswith("\nmine"), "what was typed")

    await messages.decide(swarm.context, one, "remove")
    await swarm.drain()

    assert (await swarm.message(one)).delivery_status is DeliveryStatus.UNCERTAIN
    assert chat.text.endswith("\nmine")


async def test_long_text_in_a_box_that_grew_is_removed(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", grows=True)
    one = await unconfirmed(swarm, chat, " ".join(["several words that fill three lines"] * 3))

    await messages.decide(swarm.context, one, "remove")
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.CANCELLED, message.reason
    assert chat.text == ""


async def test_enter_that_does_nothing_again_stays_uncertain(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    chat.tell("submits", "never")

    await messages.decide(swarm.context, one, "press_enter")
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert "did not empty" in message.reason
    assert chat.text == TEXT


async def test_paused_and_stopped_nothing_is_pressed(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    await messages.decide(swarm.context, one, "press_enter")
    await dispatching.stop_all(swarm.context)

    await swarm.drain()

    assert await wanted_of(swarm, one) == Wanted.SUBMIT
    assert len(await swarm.attempts(one)) == 1
    assert chat.submitted == []

    await dispatching.resume(swarm.context)
    await swarm.drain()
    assert chat.await_submitted(1) == [TEXT]


async def test_stop_after_the_claim_presses_nothing(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    await messages.decide(swarm.context, one, "remove")
    claims = swarm.dispatcher._errands.claim

    async def stopped_then(*parts: object) -> object:
        errand = await claims(*parts)  # type: ignore[arg-type]
        await dispatching.stop_all(swarm.context)
        return errand

    monkeypatch.setattr(swarm.dispatcher._errands, "claim", stopped_then)
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert "It was not removed. A stop came first." in message.reason
    assert chat.text == TEXT


@pytest.mark.parametrize("phase", ["claimed", "submitting"])
async def test_crash_in_between_leaves_it_uncertain(
    swarm: Swarm, open_chat: OpenChat, phase: str
) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    await messages.decide(swarm.context, one, "press_enter")
    dead = json.dumps(swarm.dispatcher._identity.about() | {"pid": 1, "started": -1})
    errand = await swarm.store.write(
        lambda tx: wanted.claim_next(tx, now=clock.now(), dispatcher=dead)
    )
    assert errand is not None
    assert (await swarm.message(one)).delivery_status is DeliveryStatus.SENDING
    if phase != "claimed":
        await swarm.store.write(
            lambda tx: attempts.advance(tx, errand.claim.attempt_id, phase, keys="enter")
        )

    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert message.evidence is Evidence.VISIBLE
    assert "interrupted" in message.reason
    assert await wanted_of(swarm, one) is None
    assert chat.submitted == []


async def test_without_its_picture_nobody_can_tell(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    for file in evidence_folder(swarm.store.location).iterdir():
        file.unlink()
    standing = await evidence.standing(swarm.context, one)
    assert standing is not None
    assert not standing.stands

    await messages.decide(swarm.context, one, "press_enter")
    await swarm.drain()

    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert "picture" in message.reason
    assert chat.submitted == []

    await swarm.store.write(lambda tx: tx.execute("UPDATE delivery_attempts SET pictures = NULL"))
    with pytest.raises(NotDoneError, match="No picture"):
        await messages.decide(swarm.context, one, "remove")


async def test_nothing_is_removed_from_a_terminal(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    one = (await swarm.send("Agent-1", "stands in the terminal")).message_id
    await swarm.store.write(
        lambda tx: tx.execute(
            "UPDATE agent_messages SET delivery_status = 'uncertain' WHERE message_id = ?", one
        )
    )
    with pytest.raises(NotDoneError, match="terminal"):
        await messages.decide(swarm.context, one, "remove")


@pytest.mark.slow
async def test_empty_box_lets_the_next_ones_go(
    swarm: Swarm, open_chat: OpenChat, operator: Operator
) -> None:
    chat = open_chat("Agent-1")
    one = await unconfirmed(swarm, chat)
    (second,) = await swarm.queue("Agent-1", "after it")
    await swarm.drain(3)
    assert (await swarm.message(second)).delivery_status is DeliveryStatus.PENDING

    empty_box(operator, chat)
    await swarm.drain(12)

    assert (await swarm.message(second)).delivery_status is DeliveryStatus.DELIVERED
    message = await swarm.message(one)
    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert message.evidence is Evidence.VISIBLE
    assert message.reason.endswith("Its box is empty now; the next ones go on.")
    assert chat.await_submitted(1) == ["[C2A] after it"]
    (row,) = await swarm.attempts(one)
    assert "emptied" in json.loads(str(row["pictures"]))


@pytest.mark.slow
async def test_box_that_is_covered_lets_nobody_go(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow, operator: Operator
) -> None:
    chat = open_chat("Agent-1")
    await unconfirmed(swarm, chat)
    (second,) = await swarm.queue("Agent-1", "after it")
    empty_box(operator, chat)
    cover = open_window("Cover", geometry=(60, 40, 700, 700), above=True)
    chat.forget()

    await swarm.drain(4)

    assert (await swarm.message(second)).delivery_status is DeliveryStatus.PENDING
    assert chat.untouched
    assert cover.untouched
