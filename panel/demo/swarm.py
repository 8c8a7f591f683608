"""Demo agent windows in processes of their own, side by side, each with its own record."""

from __future__ import annotations

import json
import selectors
import subprocess
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
    """Opens `names` as windows spread over `area`; closes exactly those."""

    def __init__(self, names: list[str], folder: Path, area: Rect) -> None:
        self.windows: list[DemoWindow] = []
        self._names = names
        self._folder = folder
        self._area = area

    def open(self) -> None:
        """Starts all at once, then waits until each is painted; EnvironmentFault when one fails."""
        places = places_in(self._area, len(self._names))
        try:
            for name, place in zip(self._names, places, strict=True):
                self.windows.append(self._start(name, place))
            for window in self.windows:
                _await_ready(window)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        for window in self.windows:
            if window.process.stdin is not None:
                window.process.stdin.close()
        for window in self.windows:
            try:
                window.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                window.process.kill()
                window.process.wait()
            if window.process.stdout is not None:
                window.process.stdout.close()
        self.windows.clear()

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
        return DemoWindow(name, record, process)


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
