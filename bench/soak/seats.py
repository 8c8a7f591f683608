"""Where the soak's agents sit: real windows of several programs, each with a record of its own.

A seat outlives its window: closed and opened again it goes on with the same record. What a window
wrote down is the only truth of a soak.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from panel.core.subprocesses import module_command, module_environment
from tests.desktop.chromium import ChatOptions, Chromium, ChromiumAgent
from tests.desktop.ground_truth import XtermAgent
from tests.desktop.hands import Operator
from tests.desktop.wm import Geometry
from tests.waiting import until

_START_SECONDS = 30.0
_FRAME = (1, 26)
"""What the window manager's frame adds left and above."""
_LINE_PROGRAM = Path(__file__).with_name("line_program.py")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a window's text: `kind` is draft (what stands in its box now),
    paste (what was put in at once) or submit; `at` is time.time()."""

    at: float
    kind: str
    text: str


class Seat(ABC):
    """One agent's place. All but `entries` is for the thread that has the operator's hands."""

    modal = True
    """Whether its program can ask a modal question."""
    shows_draft = True
    """Whether a text that stands in its box can be seen there by somebody who looks."""
    shares_title = False
    """Whether another window of its program has the same title."""

    def __init__(self, hands: Operator, agent: str, geometry: Geometry) -> None:
        self.hands = hands
        self.agent = agent
        self.geometry = geometry
        self.window = 0
        self.shown = True
        """Whether the panel was shown the present window, where it cannot know it by its title."""

    @abstractmethod
    def open(self) -> None:
        """Opens its window, at its place."""

    @abstractmethod
    def close(self) -> None:
        """Closes it, as its frame's button does."""

    @abstractmethod
    def entries(self) -> list[Entry]:
        """All that ever happened here, by the windows' own records, in order."""

    @abstractmethod
    def point(self) -> tuple[int, int]:
        """A good click point of its box, native."""

    @abstractmethod
    def ask(self, on: bool) -> None:
        """A modal question stands before its box, or no longer."""

    @abstractmethod
    def busy(self) -> None:
        """Its program is at work for two seconds."""

    @property
    def there(self) -> bool:
        return self.window != 0 and self.hands.exists(self.window)

    @property
    def draft(self) -> str:
        """What stands in its box now, by its own record."""
        last = next((e for e in reversed(self.entries()) if e.kind in {"draft", "submit"}), None)
        return last.text if last is not None and last.kind == "draft" else ""

    def clear_keys(self) -> tuple[str, ...]:
        """What a person presses to empty its box."""
        return ("ctrl+a", "delete")


class ChatSeat(Seat):
    """A chat in Chromium; several may have one title."""

    def __init__(
        self, hands: Operator, agent: str, geometry: Geometry, browser: Chromium, title: str = ""
    ) -> None:
        super().__init__(hands, agent, geometry)
        self._browser = browser
        self._title = title
        self.shares_title = bool(title)
        self._chats: list[ChromiumAgent] = []

    @property
    def chat(self) -> ChromiumAgent:
        return self._chats[-1]

    def open(self) -> None:
        options = ChatOptions(agent=self.agent, title=self._title, careful=True)
        self._chats.append(self._browser.open(self.hands, options, self.geometry))
        self.window = self.chat.window

    def close(self) -> None:
        self.chat.close()

    def entries(self) -> list[Entry]:
        found = []
        for chat in self._chats:
            kinds = {"paste": "paste", "input": "draft", "submit": "submit"}
            for event, at in zip(list(chat.page.events), list(chat.page.times), strict=False):
                if event["kind"] in kinds:
                    found.append(Entry(at, kinds[event["kind"]], event["text"]))
            # A closed window takes what stood in its box with it.
            if chat is not self._chats[-1] and found and found[-1].kind == "draft":
                found.append(Entry(found[-1].at, "draft", ""))
        return found

    def point(self) -> tuple[int, int]:
        return self.chat.point

    def ask(self, on: bool) -> None:
        self.chat.tell("ask", on)

    def busy(self) -> None:
        self.chat.tell("say", "One moment, the tests still run.")


class QtSeat(Seat):
    """A window like the demo's, in a process of its own."""

    def __init__(
        self, hands: Operator, agent: str, geometry: Geometry, folder: Path, title: str = ""
    ) -> None:
        super().__init__(hands, agent, geometry)
        self._record = folder / f"{agent}.jsonl"
        self._title = title
        self._process: subprocess.Popen[str] | None = None
        self._above_bottom = 0

    def open(self) -> None:
        self._let_go()
        (x, y, width, height), (side, top) = self.geometry, _FRAME
        words = ["--agent", self.agent, "--record", str(self._record)]
        words += [
            *(["--title", self._title] if self._title else []),
            "--x",
            str(x - side),
            "--y",
            str(y - top),
        ]
        words += ["--width", str(width), "--height", str(height)]
        self._process = subprocess.Popen(
            module_command("bench.soak.qt_window", *words),
            env=module_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.window, _, top, _, high = self._told()
        _, y, _, height = self.hands.geometry(self.window)
        # The box sticks to the window's lower edge.
        self._above_bottom = y + height - top - high // 2
        self.geometry = self.hands.geometry(self.window)
        until(lambda: self.hands.visible(self.window), f"{self.agent} to be shown")

    def close(self) -> None:
        self.hands.close_window(self.window)
        self._let_go()

    def entries(self) -> list[Entry]:
        return _read(self._record)

    def point(self) -> tuple[int, int]:
        x, y, width, height = self.hands.geometry(self.window)
        return x + width // 2, y + height - self._above_bottom

    def ask(self, on: bool) -> None:
        process = self._process
        if process is not None and process.stdin is not None and process.poll() is None:
            process.stdin.write(f"ask {'on' if on else 'off'}\n")
            process.stdin.flush()

    def busy(self) -> None:
        """It answers on its own after each message."""

    def _told(self) -> list[int]:
        assert self._process is not None and self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            told = selector.select(_START_SECONDS)
        words = self._process.stdout.readline().split() if told else []
        if len(words) != 6:
            raise RuntimeError(f"the window of {self.agent} did not open")
        return [int(word) for word in words[1:]]

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class TerminalSeat(Seat):
    """An xterm with a program that takes lines."""

    modal = False
    shows_draft = False

    def __init__(self, hands: Operator, agent: str, geometry: Geometry, folder: Path) -> None:
        super().__init__(hands, agent, geometry)
        self._record = folder / f"{agent}.jsonl"
        self._folder = folder / agent
        self._folder.mkdir()
        self._terminal: XtermAgent | None = None

    def open(self) -> None:
        script = f"exec {sys.executable} {_LINE_PROGRAM} {self._record}"
        self._terminal = XtermAgent.open(
            self.hands,
            self._folder,
            self.agent,
            at=(self.geometry[0], self.geometry[1]),
            cells=(80, 24),
            command=f"echo $$ > {self._folder}/pid; {script}",
        )
        self.window = self._terminal.window
        self.geometry = self.hands.geometry(self.window)

    def close(self) -> None:
        assert self._terminal is not None
        self._terminal.close()

    def entries(self) -> list[Entry]:
        return _read(self._record)

    def point(self) -> tuple[int, int]:
        x, y, width, height = self.hands.geometry(self.window)
        return x + width // 2, y + height // 2

    def ask(self, on: bool) -> None:
        """A terminal has none."""

    def busy(self) -> None:
        os.kill(int((self._folder / "pid").read_text()), signal.SIGUSR1)

    def clear_keys(self) -> tuple[str, ...]:
        return ("ctrl+u",)


def _read(record: Path) -> list[Entry]:
    if not record.exists():
        return []
    # The last line may be under way.
    text, _, _ = record.read_text("utf-8").rpartition("\n")
    return [Entry(**json.loads(line)) for line in text.splitlines()]
