"""The clipboard is the operator's: borrowed for a moment, given back as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from panel.core.message import DeliveryStatus
from tests.desktop.clipboard_owner import RICH
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.waiting import until

_OWNER = Path(__file__).parents[1] / "clipboard_owner.py"


@contextmanager
def another_program_owns(text: str, what: str = "text") -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, str(_OWNER), text, what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "owned\n"
        try:
            yield
        finally:
            owner.terminate()


async def test_operators_text_comes_back_each_time(swarm: Swarm, open_chat: OpenChat) -> None:
    """Another program takes the clipboard between messages, while we see no events of our own."""
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    for number in range(3):
        mine = f"operator's own text {number}, ü 🎉"
        with another_program_owns(mine):
            message = await swarm.send("Agent-1", f"message {number}")
            assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
            assert QGuiApplication.clipboard().text() == mine
    assert chat.await_submitted(3) == [f"[C2A] message {number}" for number in range(3)]


async def test_html_files_and_pictures_come_back(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    with another_program_owns("in words", "rich"):
        message = await swarm.send("Agent-1", "hello")
        assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
        assert message.reason == ""
        data = QGuiApplication.clipboard().mimeData()
        assert data.text() == "in words"
        assert {kind: bytes(data.data(kind).data()) for kind in RICH} == RICH


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("secret", "a password manager marked it as not to be read"),
        ("large", "it is larger than 16 MB"),
        ("other", "it is none of text, HTML, files and PNG"),
        ("hung", "its program did not answer"),
    ],
)
async def test_what_could_not_be_kept_is_said(
    swarm: Swarm, open_chat: OpenChat, what: str, why: str
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    with another_program_owns("hunter2", what):
        message = await swarm.send("Agent-1", "hello")
        assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
        assert message.reason == f"Your clipboard could not be kept: {why}."
        assert QGuiApplication.clipboard().text() == ""
    assert chat.await_submitted(1) == ["[C2A] hello"]


async def test_text_copied_during_a_hold_is_not_touched(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1", draft="a person's draft")
    clean = open_chat("Agent-2", geometry=(600, 60, 420, 560))
    await swarm.calibrate("Agent-2", clean.point)
    clean.tell("draft", "a person's draft")
    with another_program_owns("copied meanwhile"):
        message = await swarm.send("Agent-2", "held")
        assert message.delivery_status is DeliveryStatus.HELD
        assert not QGuiApplication.clipboard().ownsClipboard()
        assert QGuiApplication.clipboard().text() == "copied meanwhile"
    assert chat.text == "a person's draft"


def test_operators_text_outlives_a_short_command(
    open_chat: OpenChat, operator: Operator, panel_home: Path, qapp: QApplication
) -> None:
    chat = open_chat("Agent-1")
    x, y = chat.point
    panel = [sys.executable, "-m", "panel"]
    subprocess.run([*panel, "agents", "add", "Agent-1"], check=True, capture_output=True)
    place = ["--x", str(x), "--y", str(y)]
    subprocess.run([*panel, "target", "set", "Agent-1", *place], check=True, capture_output=True)
    for name, value in (("operator_idle_ms", "0"), ("reply_hint", "no")):
        subprocess.run([*panel, "settings", "set", name, value], check=True, capture_output=True)
    with another_program_owns("copied before"):
        sent = subprocess.run(
            [*panel, "send", "--to", "Agent-1", "--wait", "20", "hello"],
            check=False,
            capture_output=True,
            text=True,
        )
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert chat.await_submitted(1) == ["[C2A] hello"]
    assert QGuiApplication.clipboard().text() == "copied before"
    with another_program_owns("copied after"):
        until(lambda: not _keepers(), "the keeper to end")


def _keepers() -> list[str]:
    found = subprocess.run(
        ["pgrep", "-f", "panel.dispatch.keeper"], check=False, capture_output=True, text=True
    )
    display = os.environ["DISPLAY"].encode()
    return [
        pid for pid in found.stdout.split() if b"DISPLAY=" + display + b"\0" in _environment(pid)
    ]


def _environment(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
