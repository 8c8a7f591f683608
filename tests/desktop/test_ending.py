"""Whoever ends the program while it types: what is being typed is finished, nothing is cut."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.conftest import OpenChat
from tests.desktop.hands import Operator
from tests.waiting import until

pytestmark = pytest.mark.slow
MANY = 40


class Panel:
    """`captain-panel` with a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = os.environ | {"CAPTAIN_PANEL_HOME": str(home)}
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "panel", "--json", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return json.loads(done.stdout)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "panel", *words],
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        return self.process

    def states(self) -> Counter[str]:
        rows = self.ask("messages", "list", "--limit", "1000")
        return Counter(row["delivery_status"] for row in rows)


@pytest.fixture
def panel(tmp_path: Path, operator: Operator) -> Iterator[Panel]:
    built = Panel(tmp_path / "home")
    yield built
    if built.process is not None and built.process.poll() is None:
        built.process.kill()
        built.process.wait()


@pytest.mark.parametrize("how", ["the window is closed", "SIGTERM", "SIGTERM twice", "no window"])
def test_what_is_being_typed_is_finished(
    panel: Panel, open_chat: OpenChat, operator: Operator, how: str
) -> None:
    chat = open_chat("Agent-1", geometry=(1120, 60, 420, 560))
    x, y = chat.point
    panel.ask("agents", "add", "Agent-1")
    panel.ask("target", "set", "Agent-1", "--x", str(x), "--y", str(y))
    for name, value in (("operator_idle_ms", "0"), ("reply_hint", "no")):
        panel.ask("settings", "set", name, value)
    for number in range(MANY):
        panel.ask("send", "--to", "Agent-1", f"message {number}")
    process = panel.start(*(["dispatch", "--forever"] if how == "no window" else []))
    until(lambda: len(chat.submitted) >= 3, "some messages", seconds=40)

    if how == "the window is closed":
        operator.close_window(operator.await_window("Captain Panel"))
    else:
        process.send_signal(signal.SIGTERM)
        if how == "SIGTERM twice":
            process.send_signal(signal.SIGTERM)
    assert process.wait(20) in (0, 143)

    states, arrived = panel.states(), chat.submitted
    assert 3 <= len(arrived) < MANY
    assert states == {"delivered": len(arrived), "pending": MANY - len(arrived)}
    assert chat.text == ""
    assert arrived == [f"[C2A] message {number}" for number in range(len(arrived))]


def test_pause_outlives_the_program(panel: Panel, open_chat: OpenChat, operator: Operator) -> None:
    chat = open_chat("Agent-1", geometry=(1120, 60, 420, 560))
    x, y = chat.point
    panel.ask("agents", "add", "Agent-1")
    panel.ask("target", "set", "Agent-1", "--x", str(x), "--y", str(y))
    for name, value in (("operator_idle_ms", "0"), ("reply_hint", "no")):
        panel.ask("settings", "set", name, value)
    panel.ask("pause")
    panel.ask("send", "--to", "Agent-1", "hello")
    first = panel.start()
    operator.await_window("Captain Panel", seconds=20)
    first.terminate()
    assert first.wait(15) in (0, 143)

    panel.start()
    operator.await_window("Captain Panel", seconds=20)
    assert panel.states() == {"pending": 1}
    assert panel.ask("pause", "Agent-1")["paused"]
    assert panel.ask("resume")["paused_agents"] == ["Agent-1"]
    panel.ask("resume", "Agent-1")
    assert chat.await_submitted(1, seconds=20) == ["[C2A] hello"]
