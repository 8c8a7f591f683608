"""The whole way as a person goes it: the real program, a real chat, one mouse and one keyboard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from panel.screen.grab import ScreenCamera
from tests.desktop.conftest import OpenChat
from tests.desktop.hands import Operator
from tests.waiting import until

_GREEN = np.array([0x74, 0xC7, 0x57])  # blue, green, red


class Program:
    """`captain-panel` as a process of its own, with a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self._environment = os.environ | {"CAPTAIN_PANEL_HOME": str(home)}
        self._window: subprocess.Popen[bytes] | None = None

    def ask(self, *words: str) -> Any:
        """The JSON answer of a command that has to succeed."""
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

    def open(self) -> None:
        self._window = subprocess.Popen([sys.executable, "-m", "panel"], env=self._environment)

    def close(self) -> int:
        assert self._window is not None
        self._window.terminate()
        return self._window.wait(15)


@pytest.fixture
def program(
    tmp_path: Path, operator: Operator, request: pytest.FixtureRequest
) -> Iterator[Program]:
    built = Program(tmp_path / "home")
    failed = request.session.testsfailed
    yield built
    if request.session.testsfailed > failed:
        print("As it stood:", operator.picture(tmp_path / "failed.png"))
        print(built.ask("messages", "list"))
    if built._window is not None and built._window.poll() is None:
        built._window.kill()
        built._window.wait()


@pytest.mark.slow
def test_calibrate_compose_deliver(
    program: Program, open_chat: OpenChat, operator: Operator
) -> None:
    chat = open_chat("Agent-1", geometry=(1120, 60, 420, 560))
    program.ask("agents", "add", "Agent-1")
    program.ask("settings", "set", "operator_idle_ms", "300")
    program.open()
    window = operator.await_window("Captain Panel", seconds=20)
    operator.place(window, (20, 40, 1060, 700))
    operator.activate(window)

    until(lambda: _opened(operator, chat.point, chat.window), "the picker")
    operator.move(*chat.point)
    operator.click()
    until(_asks_whether_empty, "the question whether the box is empty")
    operator.press("enter")
    until(lambda: operator.top_at(*chat.point) == chat.window, "the picker to go")
    until(lambda: program.ask("target", "list"), "the target to be stored", seconds=30)
    (target,) = program.ask("target", "check", "Agent-1")
    assert target["valid"], target

    operator.activate(window)
    operator.press("ctrl+n")
    dialog = operator.await_window("New message — Captain Panel")
    operator.activate(dialog)
    operator.type("Agent-1\thello from a person")
    operator.press("ctrl+enter")

    (typed,) = chat.await_submitted(1, seconds=20)
    assert typed.startswith("[C2A] hello from a person (msg_")
    until(lambda: program.ask("messages", "list")[0]["delivery_status"] == "delivered", "the proof")
    assert program.close() in (0, 143)


def _opened(operator: Operator, point: tuple[int, int], chat: int) -> bool:
    """Presses the key until the picker stands over the chat: the agents have to be there first."""
    if operator.top_at(*point) != chat:
        return True
    operator.press("ctrl+shift+c")
    return False


def _asks_whether_empty() -> bool:
    """The picker's second step is the only one with a large green button."""
    camera = ScreenCamera()
    try:
        picture = camera.grab(camera.desktop)
    finally:
        camera.close()
    green = np.abs(picture.astype(int) - _GREEN).max(axis=2) < 8
    return int(green.sum()) > 2000
