"""The demo agent window: it records exactly what was submitted, and ends when it is told to."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from panel.demo.transcript import LONGEST_SHOWN, _shortened
from tests.desktop.hands import Operator
from tests.desktop.wm import Geometry
from tests.waiting import until


@dataclass
class Demo:
    process: subprocess.Popen[str]
    window: int
    composer: Geometry
    record: Path

    @property
    def received(self) -> list[str]:
        if not self.record.exists():
            return []
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["text"] for line in lines]

    @property
    def point(self) -> tuple[int, int]:
        x, y, width, height = self.composer
        return x + width // 2, y + height // 2

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


OpenDemo = Callable[..., Demo]


@pytest.fixture
def open_demo(tmp_path: Path, opened: ExitStack) -> OpenDemo:
    def open_one(agent: str = "Agent-1", *more: str) -> Demo:
        record = tmp_path / f"{agent}.jsonl"
        line = [sys.executable, "-m", "panel.demo.window", "--agent", agent]
        process = subprocess.Popen(
            [*line, "--record", str(record), *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        words = process.stdout.readline().split()
        assert words[0] == "READY"
        window, x, y, width, height = (int(word) for word in words[1:])
        demo = Demo(process, window, (x, y, width, height), record)
        opened.callback(demo.end)
        return demo

    return open_one


def test_records_what_is_submitted(open_demo: OpenDemo, operator: Operator) -> None:
    demo = open_demo("Agent-1", "--x", "100", "--y", "80", "--width", "380", "--height", "420")
    x, y, width, height = operator.geometry(demo.window)
    assert (width, height) == (380, 420)
    assert x < demo.composer[0] < x + width
    assert y < demo.composer[1] < y + height
    assert operator.title(demo.window) == "Agent-1 – demo agent"
    operator.activate(demo.window)
    operator.click(*demo.point)
    operator.type("one")
    operator.press("shift+enter")
    operator.type("line\n   \nlast\n")
    until(lambda: len(demo.received) == 2)
    assert demo.received == ["one\nline", "   last"]
    numbers = [json.loads(line)["n"] for line in demo.record.read_text().splitlines()]
    assert numbers == [1, 2]


def test_takes_a_paste_exactly(open_demo: OpenDemo, operator: Operator, qapp: QApplication) -> None:
    text = "a\u00a0b “quotes” 'x' \\ émoji 🚀👩‍🚀\n\ttab\n" + "line of text ÄÖ\n" * 600 + "end"
    demo = open_demo("Agent-2")
    operator.activate(demo.window)
    operator.click(*demo.point)
    qapp.clipboard().setText(text)
    operator.press("ctrl+v")
    operator.press("enter")
    until(lambda: demo.received)
    assert demo.received == [text]


def test_a_draft_stands_and_is_not_recorded(open_demo: OpenDemo, operator: Operator) -> None:
    demo = open_demo("Agent-3", "--draft", "left here", "--seed-text", "--title", "Other")
    assert operator.title(demo.window) == "Other"
    assert demo.received == []
    operator.activate(demo.window)
    operator.press("ctrl+end")
    operator.type("!\n")
    until(lambda: demo.received)
    assert demo.received == ["left here!"]


def test_ends_on_sigterm(open_demo: OpenDemo) -> None:
    demo = open_demo()
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(10) == 0


def test_ends_with_stdin(open_demo: OpenDemo) -> None:
    demo = open_demo()
    assert demo.process.stdin is not None
    demo.process.stdin.close()
    assert demo.process.wait(10) == 0


def test_long_texts_are_shortened_in_the_transcript_only() -> None:
    assert _shortened("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    assert _shortened("x" * (LONGEST_SHOWN + 1200)).endswith("(1,200 more characters)")
