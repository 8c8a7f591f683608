"""Windows that are not ours and keep their own record of what they got: terminals and covers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.wm import Eyes, Geometry
from tests.waiting import until

_PLAIN_WINDOW = Path(__file__).with_name("plain_window.py")
_CTRL_SHIFT_V = "XTerm*VT100.translations: #override Ctrl Shift <Key>V: insert-selection(CLIPBOARD)"


@dataclass
class Opened:
    """A window in a process of its own; `window` is its X id, `pid` the process that owns it."""

    eyes: Eyes
    title: str
    window: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def rect(self) -> Geometry:
        """Client area now: x, y, width, height."""
        return self.eyes.geometry(self.window)

    @property
    def centre(self) -> tuple[int, int]:
        x, y, width, height = self.rect
        return x + width // 2, y + height // 2

    def close(self) -> None:
        """Ends the process; returns when it and its window are gone."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        until(lambda: not self.eyes.exists(self.window), f"{self.title!r} to be gone")


@dataclass
class XtermAgent(Opened):
    """An xterm whose `cat` writes each line that is entered into a file."""

    record: Path

    @classmethod
    def open(
        cls,
        eyes: Eyes,
        folder: Path,
        agent: str = "Agent-1",
        *,
        title: str | None = None,
        at: tuple[int, int] = (40, 60),
        cells: tuple[int, int] = (80, 20),
        clipboard_key: bool = False,
        command: str = "exec cat > {record}",
    ) -> XtermAgent:
        """Opens it with `at` as the frame's corner and `cells` as columns and rows.

        It takes text with Shift+Insert from PRIMARY, as xterm does; with `clipboard_key` also with
        Ctrl+Shift+V from CLIPBOARD. `command` is a shell line; {record} is the file.
        """
        title = title or f"{agent} terminal"
        record = folder / f"{agent}-{len(list(folder.iterdir()))}.txt"
        told = folder / f"{record.stem}.id"
        script = f'echo "$WINDOWID" > {told}.new; mv {told}.new {told}; '
        script += command.format(record=record)
        place = f"{cells[0]}x{cells[1]}+{at[0]}+{at[1]}"
        line = ["xterm", "-u8", "-T", title, "-class", "CaptainTerminal", "-geometry", place]
        line += ["-fa", "Monospace", "-fs", "10", "-bg", "#0d1117", "-fg", "#e6edf3"]
        # The test decides how the window is named, not the shell in it.
        line += ["-xrm", "*allowTitleOps: false", "-xrm", "*allowWindowOps: false"]
        if clipboard_key:
            line += ["-xrm", _CTRL_SHIFT_V]
        process = subprocess.Popen(
            [*line, "-e", "sh", "-c", script], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: told.exists() or process.poll() is not None, f"xterm {title!r} to start")
        if process.poll() is not None:
            raise RuntimeError(f"xterm ended with {process.returncode}: is it installed?")
        inner = int(told.read_text())
        window = until(lambda: _managed(eyes, inner), f"{title!r} to be shown")
        assert window is not None
        until(lambda: "{record}" not in command or record.exists(), f"{title!r} to record")
        return cls(eyes, title, window, process, record)

    @property
    def received(self) -> str:
        """All that `cat` got: whole lines only, as a terminal in line mode hands them over."""
        return self.record.read_text(encoding="utf-8") if self.record.exists() else ""

    @property
    def lines(self) -> list[str]:
        return self.received.splitlines()

    def await_lines(self, count: int) -> list[str]:
        """The lines received, once there are `count` of them."""
        until(lambda: len(self.lines) >= count, f"{count} lines in {self.title!r}")
        return self.lines


@dataclass
class PlainWindow(Opened):
    """A window of a bare X client that writes down every key and click it gets."""

    record: Path

    @classmethod
    def open(
        cls,
        eyes: Eyes,
        folder: Path,
        title: str = "Something else",
        *,
        geometry: Geometry = (100, 100, 300, 200),
        above: bool = False,
        override_redirect: bool = False,
        window_class: str = "PlainWindow",
        color: str = "#b4483a",
        focusable: bool = True,
    ) -> PlainWindow:
        """Opens it with `geometry` as its client area; `above` keeps it on top of all others.

        An `override_redirect` window is not managed at all (tooltips, screen locks), and so stays
        above and takes no focus.
        """
        record = folder / f"plain-{len(list(folder.iterdir()))}.jsonl"
        record.touch()
        options = {
            "title": title,
            "geometry": geometry,
            "above": above,
            "override_redirect": override_redirect,
            "window_class": window_class,
            "color": color,
            "focusable": focusable,
            "record": str(record),
        }
        process = subprocess.Popen(
            [sys.executable, "-P", str(_PLAIN_WINDOW), json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(os.environ),
        )
        assert process.stdout is not None
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the window {title!r} ended with {process.wait()}")
        window = int(answer)
        if not override_redirect:
            until(lambda: eyes.exists(window), f"{title!r} to be managed")
            eyes.place(window, geometry)
        return cls(eyes, title, window, process, record)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it got: {"kind": "key" | "click", "name": …, "x": …, "y": …} in order."""
        return [json.loads(line) for line in self.record.read_text().splitlines()]

    @property
    def untouched(self) -> bool:
        """No key and no click has arrived, by its own record."""
        return not self.events


def _managed(eyes: Eyes, inner: int) -> int | None:
    """The managed window that holds `inner` (a terminal tells the id of the widget in it)."""
    for window in eyes.windows():
        if window == inner or eyes.contains(window, inner):
            return window if eyes.visible(window) else None
    return None
