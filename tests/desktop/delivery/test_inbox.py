"""Files in the inbox folder: asked for, instead of a blocked window, and for texts too long."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from panel.commands import agents, answers, messages
from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.message import DeliveryStatus, Evidence, Message, Method
from panel.core.target import TargetKind
from panel.store import targets
from panel.store.connection import Transaction
from panel.store.values import stored
from tests.desktop.conftest import OpenChat, OpenXterm
from tests.desktop.delivery.conftest import Swarm

S = DeliveryStatus


@pytest.fixture
def inbox(panel_home: Path) -> Path:
    return panel_home / "agent_workspaces" / "Agent-1" / "inbox"


def letters(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.iterdir()) if inbox.is_dir() else []


def put_a_file_there(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be", encoding="utf-8")


async def blocked_for_long(swarm: Swarm, message_id: str) -> None:
    """As if it had been on hold for longer than it may be."""
    await swarm.store.write(
        lambda tx: tx.execute(
            "UPDATE agent_messages SET held_since = ?, next_attempt_at = NULL"
            " WHERE message_id = ? AND delivery_status = 'held'",
            stored(now() - timedelta(hours=1)),
            message_id,
        )
    )


async def takes_at_most(swarm: Swarm, characters: int) -> None:
    def work(tx: Transaction) -> None:
        target = targets.get(tx, "Agent-1", TargetKind.CHAT)
        assert target is not None
        targets.save(tx, replace(target, longest_paste=characters))

    await swarm.store.write(work)


async def held(swarm: Swarm, text: str) -> str:
    message = await swarm.send("Agent-1", text)
    assert message.delivery_status is S.HELD, message.reason
    return message.message_id


async def test_a_file_is_its_own_proof_and_the_agent_confirms_it(
    swarm: Swarm, inbox: Path, panel_home: Path
) -> None:
    await agents.add(swarm.context, Agent("Agent-1"))
    (one,) = await swarm.queue("Agent-1", "read me\nall of it", method=Method.INBOX)
    await swarm.drain()
    message = await swarm.message(one)
    assert (message.delivery_status, message.evidence) == (S.DELIVERED, Evidence.SUBMITTED)
    assert letters(inbox) == [f"{one}.md"]
    text = (inbox / f"{one}.md").read_text(encoding="utf-8")
    assert text.endswith("\n[C2A] read me\nall of it\n")
    for path in (inbox / f"{one}.md", *inbox.parents):
        if panel_home in path.parents:
            assert not path.stat().st_mode & 0o077, f"{path} is for the user alone"
    await answers.acknowledge(swarm.context, [one], "Agent-1")
    assert (await swarm.message(one)).evidence is Evidence.ACKNOWLEDGED


async def test_a_window_that_stays_blocked_gives_way_to_the_inbox(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await agents.change(swarm.context, "Agent-1", inbox_fallback=True)
    chat.tell("draft", "mine")
    chat.forget()
    one = await held(swarm, "important")
    assert letters(inbox) == [], "not before its time is over"
    await blocked_for_long(swarm, one)
    await swarm.drain()
    message = await swarm.message(one)
    assert (message.delivery_status, message.evidence) == (S.DELIVERED, Evidence.SUBMITTED)
    assert message.delivery_method is Method.INBOX
    assert message.reason.startswith("On hold for 30 min: ")
    assert message.reason.endswith(f"It lies in its inbox: {inbox / one}.md.")
    assert letters(inbox) == [f"{one}.md"]
    assert chat.untouched


async def test_without_that_setting_it_fails_as_before(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.tell("draft", "mine")
    one = await held(swarm, "important")
    await blocked_for_long(swarm, one)
    await swarm.drain()
    message = await swarm.message(one)
    assert (message.delivery_status, message.delivery_method) == (S.FAILED, Method.PYAUTOGUI)
    assert letters(inbox) == []


async def test_where_the_inbox_cannot_be_written_it_fails_with_both_reasons(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await agents.change(swarm.context, "Agent-1", inbox_fallback=True)
    put_a_file_there(inbox)
    chat.tell("draft", "mine")
    one = await held(swarm, "important")
    await blocked_for_long(swarm, one)
    await swarm.drain()
    message = await swarm.message(one)
    assert message.delivery_status is S.FAILED
    assert "On hold for 30 min" in message.reason
    assert "Its inbox could not be written either" in message.reason


async def test_a_text_too_long_for_the_window_is_a_file_and_a_line_that_points_to_it(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await takes_at_most(swarm, 400)
    text = "word\n" * 200
    message = await swarm.send("Agent-1", text)
    assert (message.delivery_status, message.evidence) == (S.DELIVERED, Evidence.SUBMITTED)
    file = inbox / f"{message.message_id}.md"
    assert chat.await_submitted(1) == [
        f"[C2A] Read {file} (message {message.message_id}): it is for you."
    ]
    assert text in file.read_text(encoding="utf-8")
    assert message.delivery_method is Method.PYAUTOGUI, "its window was told"


async def test_a_file_that_nobody_was_told_of_is_taken_back(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await takes_at_most(swarm, 400)
    chat.tell("draft", "mine")
    one = await held(swarm, "long " * 200)
    assert letters(inbox) == []
    chat.tell("draft", "")
    await messages.retry(swarm.context, [one])
    await swarm.drain()
    assert (await swarm.message(one)).delivery_status is S.DELIVERED
    assert letters(inbox) == [f"{one}.md"]


async def test_not_even_the_line_fits(swarm: Swarm, open_chat: OpenChat, inbox: Path) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await takes_at_most(swarm, 20)
    message = await swarm.send("Agent-1", "long " * 200)
    assert message.delivery_status is S.FAILED
    assert "this target takes 20" in message.reason
    assert letters(inbox) == []
    assert chat.text == ""


async def test_the_hint_gives_way_before_the_text_does(
    swarm: Swarm, open_chat: OpenChat, inbox: Path
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("reply_hint", True)
    await takes_at_most(swarm, 60)
    message = await swarm.send("Agent-1", "x" * 50)
    assert message.delivery_status is S.DELIVERED, message.reason
    assert chat.await_submitted(1) == ["[C2A] " + "x" * 50]
    assert letters(inbox) == []


async def test_lines_for_a_terminal_that_sends_each_go_by_file_if_the_agent_allows_it(
    swarm: Swarm, open_xterm: OpenXterm, inbox: Path
) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)
    await agents.change(swarm.context, "Agent-1", inbox_fallback=True)
    message = await swarm.send("Agent-1", "first\nsecond")
    assert message.delivery_status is S.DELIVERED, message.reason
    file = inbox / f"{message.message_id}.md"
    assert terminal.await_lines(1) == [
        f"[C2A] Read {file} (message {message.message_id}): it is for you."
    ]
    assert file.read_text(encoding="utf-8").endswith("[C2A] first\nsecond\n")


async def test_the_hint_arrives_and_what_it_says_works(
    swarm: Swarm, open_chat: OpenChat, open_xterm: OpenXterm
) -> None:
    """In a chat and in a terminal that sends each line."""
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    terminal = open_xterm("Agent-2", at=(820, 60))
    await swarm.calibrate("Agent-2", terminal.centre)
    await swarm.set("reply_hint", True)
    told = [await swarm.send(agent, f"hello {agent}") for agent in ("Agent-1", "Agent-2")]
    assert [message.delivery_status for message in told] == [S.DELIVERED] * 2
    (in_chat,) = chat.await_submitted(1)
    (in_terminal,) = terminal.await_lines(1)
    assert in_chat.startswith("[C2A] hello Agent-1 (msg_")
    for typed, message in ((in_chat, told[0]), (in_terminal, told[1])):
        words = shlex.split(typed.partition("; answer: ")[2].removesuffix(")"))
        assert words[0] == "captain-panel"
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "panel", *words[1:-1], "done"],
            env=dict(os.environ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert await _said(swarm, message) == "answered"


async def _said(swarm: Swarm, message: Message) -> str:
    (row,) = await messages.rows(swarm.context, [message.message_id])
    return str(row["status"])
