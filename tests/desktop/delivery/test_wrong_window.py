"""The pointer never lands on the wrong window: what is not the target gets no click and no key."""

from __future__ import annotations

import pytest

from panel.commands import agents
from panel.core.agent import Agent
from panel.core.errors import CommandError
from panel.core.message import CoordinateStatus, DeliveryStatus, Message
from panel.core.target import TargetKind
from panel.screen.process import terminal_program
from panel.store import targets
from tests.desktop.conftest import OpenChat, OpenWindow, OpenXterm
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.waiting import until


def held(message: Message, words: str) -> bool:
    assert message.delivery_status is DeliveryStatus.HELD, message
    assert words in message.reason, message.reason
    return True


async def test_covered_target_is_raised(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    cover = open_window("Cover", geometry=(60, 40, 600, 640))
    assert cover.eyes.top_at(*chat.point) == cover.window

    message = await swarm.send("Agent-1", "through the cover")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert chat.await_submitted(1) == ["[C2A] through the cover"]
    assert cover.untouched


@pytest.mark.parametrize("how", [{"above": True}, {"override_redirect": True}])
async def test_cover_that_stays_above_holds(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow, how: dict[str, bool]
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    cover = open_window("Cover", geometry=(60, 40, 600, 640), **how)

    message = await swarm.send("Agent-1", "never typed")

    assert held(message, "lies over")
    assert message.next_attempt_at is not None
    assert chat.untouched
    assert cover.untouched
    cover.close()


async def test_closed_window_holds(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    other = open_chat("Agent-2", geometry=(600, 60, 420, 560))
    await swarm.calibrate("Agent-1", chat.point)
    other.forget()
    chat.close()
    until(lambda: not chat.eyes.exists(chat.window), "the chat to be gone")

    assert held(await swarm.send("Agent-1", "to nobody"), "is closed")
    assert other.untouched


async def test_other_program_in_its_place_gets_nothing(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.close()
    until(lambda: not chat.eyes.exists(chat.window), "the chat to be gone")
    stranger = open_window(chat.title, geometry=(100, 60, 420, 560))

    assert held(await swarm.send("Agent-1", "to a stranger"), "is closed")
    assert stranger.untouched


async def test_same_program_in_its_place_gets_nothing(swarm: Swarm, open_chat: OpenChat) -> None:
    """Class, pid, title and place alike: only the window's id tells them apart."""
    chat = open_chat("Agent-1", title="Chat")
    keeper = open_chat("Keeper", geometry=(900, 60, 420, 560), title="Other")
    await swarm.calibrate("Agent-1", chat.point)
    chat.close()
    until(lambda: not chat.eyes.exists(chat.window), "the chat to be gone")
    impostor = open_chat("Agent-7", title="Chat")
    impostor.forget()
    keeper.forget()

    message = await swarm.send("Agent-1", "to the wrong conversation")

    assert held(message, "is closed")
    assert impostor.untouched
    assert keeper.untouched


async def test_another_conversation_in_the_window_holds(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.tell("header", "Somebody else")
    chat.forget()

    assert held(await swarm.send("Agent-1", "to a stranger"), "landmark")
    assert chat.untouched


async def test_moved_window_takes_its_target_along(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", geometry=(100, 60, 420, 560))
    await swarm.calibrate("Agent-1", chat.point)
    chat.eyes.place(chat.window, (800, 200, 420, 560))
    until(lambda: chat.rect == (800, 200, 420, 560), "the chat to have moved")

    message = await swarm.send("Agent-1", "wherever you are")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert chat.await_submitted(1) == ["[C2A] wherever you are"]
    assert message.pyautogui_coordinates is not None
    assert (message.pyautogui_coordinates["x"], message.pyautogui_coordinates["y"]) == chat.point


async def test_resized_window_holds(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", geometry=(100, 60, 420, 560))
    await swarm.calibrate("Agent-1", chat.point)
    chat.eyes.place(chat.window, (100, 60, 600, 700))
    until(lambda: chat.rect[2:] == (600, 700), "the chat to have its size")
    chat.forget()

    message = await swarm.send("Agent-1", "on a guess")

    assert held(message, "600x700")
    assert message.coordinate_validation_status is CoordinateStatus.STALE
    assert chat.untouched


async def test_target_off_all_screens_holds(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", geometry=(100, 60, 420, 560))
    await swarm.calibrate("Agent-1", chat.point)
    chat.eyes.place(chat.window, (1500, 700, 420, 560))
    until(lambda: chat.rect[0] == 1500, "the chat to have moved")
    chat.forget()

    assert held(await swarm.send("Agent-1", "off the edge"), "no screen")
    assert chat.untouched


async def test_minimised_window_is_restored(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.eyes.minimise(chat.window)
    until(lambda: not chat.eyes.visible(chat.window), "the chat to be minimised")

    message = await swarm.send("Agent-1", "wake up")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert chat.await_submitted(1) == ["[C2A] wake up"]


async def test_terminal_with_another_program_holds(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1", command="cat > {record}; exec sleep 1000")
    await swarm.calibrate("Agent-1", terminal.centre)
    terminal.eyes.activate(terminal.window)
    hands = terminal.eyes
    assert isinstance(hands, Operator)
    hands.press("ctrl+d")
    until(lambda: terminal_program(terminal.pid) == "sleep", "cat to have ended")

    message = await swarm.send("Agent-1", "to the shell")

    assert held(message, "The terminal runs sleep")
    assert terminal.received == ""


async def test_unknown_inactive_and_uncalibrated_agents_are_refused(swarm: Swarm) -> None:
    await agents.add(swarm.context, Agent("Agent-1"))
    await agents.add(swarm.context, Agent("Agent-2", active=False))

    for name, words in (("Agent-9", "Agent-9"), ("Agent-2", "active"), ("Agent-1", "target")):
        with pytest.raises(CommandError, match=words) as refused:
            await swarm.queue(name, "hello")
        assert refused.value.field == "to"


async def test_target_that_went_away_while_queued_holds(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    (message_id,) = await swarm.queue("Agent-1", "too late")
    await swarm.store.write(lambda tx: targets.remove(tx, "Agent-1", TargetKind.CHAT))

    await swarm.drain()

    assert held(await swarm.message(message_id), "no target")
    assert chat.untouched
