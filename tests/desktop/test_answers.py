"""Agents that answer beside the running program: other processes, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.hands import Operator
from tests.waiting import until


class Programs:
    """`captain-panel` in processes of their own, over one data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._environment = os.environ | {"CAPTAIN_PANEL_HOME": str(home)}
        self.running: list[subprocess.Popen[bytes]] = []

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

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        started = subprocess.Popen(
            [sys.executable, "-m", "panel", *words],
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )
        self.running.append(started)
        return started

    @property
    def outbox(self) -> Path:
        return self.home / "agent_workspaces" / "Agent-1" / "outbox"


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    built = Programs(tmp_path / "home")
    yield built
    for process in built.running:
        if process.poll() is None:
            process.kill()
        process.wait()


def message_to_inbox(programs: Programs, text: str) -> str:
    """A message that was put into the agent's inbox by whoever dispatches."""
    words = ("send", "--to", "Agent-1", "--method", "inbox", text)
    message_id = str(programs.ask(*words)[0]["message_id"])

    def delivered() -> bool:
        (row,) = programs.ask("messages", "show", message_id)
        return bool(row["delivery_status"] == "delivered")

    until(delivered, "the file in the inbox", seconds=30)
    return message_id


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("dispatch", "--forever")], ids=["window", "no window"])
def test_an_agent_answers_by_file_and_by_command(
    programs: Programs, operator: Operator, words: tuple[str, ...]
) -> None:
    programs.ask("agents", "add", "Agent-1")
    running = programs.start(*words)
    if not words:
        operator.await_window("Captain Panel", seconds=30)
    first = message_to_inbox(programs, "run the tests")
    (waiting,) = programs.ask("inbox", "Agent-1")
    assert Path(waiting["file"]).read_text(encoding="utf-8").count(first) >= 1

    until(programs.outbox.is_dir, "the outbox", seconds=20)
    draft = programs.outbox / ".answer.md.part"
    draft.write_text(f"re: {first}\nstatus: answered\n\nAll 12 passed.\n", encoding="utf-8")
    draft.rename(programs.outbox / "answer.md")
    until((programs.outbox / "taken" / "answer.md").is_file, "the answer", seconds=20)
    (row,) = programs.ask("messages", "show", first)
    assert (row["status"], row["evidence"]) == ("answered", "acknowledged")

    second = message_to_inbox(programs, "and again")
    programs.ask("messages", "ack", second, "--agent", "Agent-1")
    programs.ask("messages", "reply", second, "--from", "Agent-1", "Again: all passed.")
    assert programs.ask("inbox", "Agent-1") == []
    said = programs.ask("messages", "replies", "--unread")
    assert [(row["content"], row["reply_to"]) for row in said] == [
        ("Again: all passed.", second),
        ("All 12 passed.", first),
    ]
    assert programs.ask("messages", "stats")["total_messages"] == 2
    running.terminate()
    assert running.wait(30) in (0, 143)
