"""Messages arrive whole, once and in order; the receiving window's own record is the judge."""

from __future__ import annotations

import pytest

from panel.core.message import DeliveryStatus, Evidence, Priority
from tests.desktop.conftest import OpenChat, OpenXterm
from tests.desktop.delivery.conftest import Swarm

TEXTS = (
    "one line",
    "first line\nsecond line\n\nfourth line",
    "Grüße, 世界, עברית, ¡olé! – “quoted” 'single' \"double\" `back` \\ $HOME %s {x}",
    "emoji 🎉 👩‍💻 🏳️‍🌈",
    "\ttab and  two spaces ",
    "x" * 10_000,
)


async def test_chat_receives_every_text_as_written(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    ids = await swarm.queue("Agent-1", *TEXTS)
    done = await swarm.drain()

    assert done.delivered == len(TEXTS)
    assert chat.await_submitted(len(TEXTS)) == [f"[C2A] {text}" for text in TEXTS]
    for message_id in ids:
        message = await swarm.message(message_id)
        assert message.delivery_status is DeliveryStatus.DELIVERED
        assert message.evidence is Evidence.SUBMITTED
        assert message.delivery_time_ms is not None
        assert len(await swarm.attempts(message_id)) == 1


async def test_terminal_receives_every_line_as_written(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    # What is sent line by line arrives all the same; to `cat` the person allows it.
    await swarm.set("several_lines_programs", "cat")
    long = "\n".join(f"{number:04d} " + "ü" * 1_400 for number in range(6))

    done_ids = await swarm.queue("Agent-1", *TEXTS[:4], long)
    done = await swarm.drain()

    assert done.delivered == 5, [await swarm.message(each) for each in done_ids]
    expected = [f"[C2A] {text}" for text in (*TEXTS[:4], long)]
    lines = "\n".join(expected).split("\n")
    assert terminal.await_lines(len(lines)) == lines


async def test_two_windows_of_one_program_get_their_own(swarm: Swarm, open_chat: OpenChat) -> None:
    one = open_chat("Agent-1", geometry=(40, 60, 420, 560), title="Chat")
    two = open_chat("Agent-2", geometry=(500, 60, 420, 560), title="Chat")
    assert one.pid == two.pid
    await swarm.calibrate("Agent-1", one.point)
    await swarm.calibrate("Agent-2", two.point)

    for number in range(3):
        await swarm.queue("Agent-1", f"for one {number}")
        await swarm.queue("Agent-2", f"for two {number}")
    await swarm.drain()

    assert one.await_submitted(3) == [f"[C2A] for one {number}" for number in range(3)]
    assert two.await_submitted(3) == [f"[C2A] for two {number}" for number in range(3)]


async def test_urgent_goes_first_and_age_decides_the_rest(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    await swarm.queue("Agent-1", "low", priority=Priority.LOW)
    await swarm.queue("Agent-1", "first", "second")
    await swarm.queue("Agent-1", "urgent", priority=Priority.URGENT)
    await swarm.drain()

    order = [text.removeprefix("[C2A] ") for text in chat.await_submitted(4)]
    assert order == ["urgent", "first", "second", "low"]


async def test_a_command_or_completion_is_never_opened(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    await swarm.queue("Agent-1", "/clear", "look at @file")
    await swarm.drain()

    assert chat.await_submitted(2) == ["[C2A] /clear ", "[C2A] look at @file "]


@pytest.mark.parametrize("grows", [False, True])
async def test_growing_composer_is_proven_too(
    swarm: Swarm, open_chat: OpenChat, grows: bool
) -> None:
    chat = open_chat("Agent-1", grows=grows)
    await swarm.calibrate("Agent-1", chat.point)
    text = "\n".join(f"line {number}" for number in range(12))

    message = await swarm.send("Agent-1", text)

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert chat.await_submitted(1) == [f"[C2A] {text}"]


async def test_inbox_message_is_a_file(
    swarm: Swarm, open_chat: OpenChat, panel_home: object
) -> None:
    from pathlib import Path

    from panel.core.message import Method

    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()

    (message_id,) = await swarm.queue("Agent-1", "read me", method=Method.INBOX)
    await swarm.drain()

    folder = Path(str(panel_home)) / "agent_workspaces" / "Agent-1" / "inbox"
    assert [file.name for file in folder.iterdir()] == [f"{message_id}.md"]
    assert "[C2A] read me" in (folder / f"{message_id}.md").read_text(encoding="utf-8")
    assert (await swarm.message(message_id)).delivery_status is DeliveryStatus.DELIVERED
    assert chat.untouched
