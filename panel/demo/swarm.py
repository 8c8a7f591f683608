"""Demo agent windows in processes of their own, side by side, each with its own record."""

from __future__ import annotations

import json
import selectors
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point, Rect
from panel.core.subprocesses import module_command, module_environment

START_SECONDS = 30.0
STOP_SECONDS = 5.0
_GAP = 24
_COLUMNS = 4
_HIGHEST = 620
_WIDEST = 460


@dataclass
class DemoWindow:
    """One running demo agent. `record` gets a JSON line for each text that it was sent."""

    agent_id: str
    record: Path
    process: subprocess.Popen[str]
    window_id: int = 0
    composer: Rect = field(default=Rect(0, 0, 0, 0))

    @property
    def point(self) -> Point:
        """The centre of its composer, native."""
        return self.composer.centre

    @property
    def received(self) -> list[str]:
        """The texts it was sent, by its own record, in order."""
        if not self.record.exists():
            return []
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return [str(json.loads(line)["text"]) for line in lines]


class DemoSwarm:
    """Opens `names` as windows spread over `area`, or at `places`; closes exactly those."""

    def __init__(
        self, names: list[str], folder: Path, area: Rect, places: Sequence[Rect] | None = None
    ) -> None:
        self.windows: list[DemoWindow] = []
        chosen = places or places_in(area, len(names))
        self._places = dict(zip(names, chosen, strict=True))
        self._folder = folder

    def open(self) -> None:
        """Starts those that do not run, all at once, and waits until each is painted.

        EnvironmentFault, and none is left open, when one fails.
        """
        self.close_some([window for window in self.windows if window.process.poll() is not None])
        running = [window.agent_id for window in self.windows]
        try:
            started = [
                self._start(name, place)
                for name, place in self._places.items()
                if name not in running
            ]
            for window in started:
                _await_ready(window)
        except BaseException:
            self.close()
            raise
        self.windows.sort(key=lambda window: list(self._places).index(window.agent_id))

    def close(self) -> None:
        """Closes all of them."""
        self.close_some(list(self.windows))

    def close_some(self, windows: Sequence[DemoWindow]) -> None:
        """Closes these; `open` opens them again."""
        for window in windows:
            if window.process.stdin is not None:
                window.process.stdin.close()
        for window in windows:
            try:
                window.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                window.process.kill()
                window.process.wait()
            _let_go(window)
            self.windows.remove(window)

    def __enter__(self) -> DemoSwarm:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, name: str, place: Rect) -> DemoWindow:
        record = self._folder / f"{name}.jsonl"
        words = module_command("panel.demo.window", "--agent", name, "--record", str(record))
        for side in ("x", "y", "width", "height"):
            words += [f"--{side}", str(getattr(place, side))]
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=module_environment(),
            start_new_session=True,
        )
        window = DemoWindow(name, record, process)
        self.windows.append(window)
        return window


def places_in(area: Rect, count: int) -> list[Rect]:
    """Frames for `count` windows in rows of up to four, top left first."""
    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    wide = min(_WIDEST, (area.width - _GAP * (columns + 1)) // columns)
    high = min(_HIGHEST, (area.height - _GAP * 2 * (rows + 1)) // rows)
    left = area.x + (area.width - columns * wide - (columns - 1) * _GAP) // 2
    top = area.y + (area.height - rows * high - (rows - 1) * 2 * _GAP) // 2
    return [
        Rect(
            left + (index % columns) * (wide + _GAP),
            top + (index // columns) * (high + 2 * _GAP),
            wide,
            high,
        )
        for index in range(count)
    ]


def _let_go(window: DemoWindow) -> None:
    """Closes the pipes to a process that has ended."""
    for pipe in (window.process.stdin, window.process.stdout):
        if pipe is not None:
            pipe.close()


def _await_ready(window: DemoWindow) -> None:
    """Reads `READY <window id> <x> <y> <width> <height>`: the window and its composer, native."""
    assert window.process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(window.process.stdout, selectors.EVENT_READ)
        told = selector.select(START_SECONDS)
    words = window.process.stdout.readline().split() if told else []
    if len(words) != 6 or words[0] != "READY":
        raise EnvironmentFault(
            f"The demo window of {window.agent_id} did not open ({' '.join(words) or 'no answer'})."
        )
    window.window_id = int(words[1])
    window.composer = Rect(*(int(word) for word in words[2:]))
