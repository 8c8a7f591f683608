"""What happens to windows, clipboard, focus and disk: each fault is a generator of its steps.

A fault yields the seconds until its next step, so that several go on at the same time under one
pair of hands; `finally` takes back what it did. Which ones, on whom and for how long is chance's,
from the seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from Xlib import X

from bench.soak.disk import Disk
from bench.soak.incidents import Log
from bench.soak.seats import QtSeat, Seat
from bench.soak.thief import Thief
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator

Steps = Iterator[float]
WIDTH, HEIGHT = 1920, 1080
_GRIP = 31
"""Rows of a window's frame above its client area."""


class Hands(Operator):
    """The operator's; what they ask for may not happen, while others ask for other things."""

    def ask_active(self, window: int) -> None:
        """Asks for this window to be in front, and does not wait."""
        self._ask(window, "_NET_ACTIVE_WINDOW", [2, X.CurrentTime, 0])


@dataclass
class Scene:
    """All that faults act on. `bystander` is the operator's own window, with a text field;
    `folder` is for the records of windows that come and go."""

    hands: Hands
    seats: list[Seat]
    bystander: QtSeat
    thief: Thief
    disk: Disk
    log: Log
    chance: random.Random
    folder: Path


class WindowFaults:
    """Faults of one agent's window."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def moved(self, seat: Seat) -> Steps:
        """Dragged elsewhere in a few steps; it stays there."""
        x, y, width, height = seat.geometry
        incident = self.scene.log.begin("moved", seat.agent)
        for _ in range(self.scene.chance.randrange(1, 5)):
            x = min(max(0, x + self.scene.chance.randrange(-200, 200)), WIDTH - 20 - width)
            y = min(max(_GRIP, y + self.scene.chance.randrange(-120, 120)), HEIGHT - 20 - height)
            seat.geometry = (x, y, width, height)
            self.scene.hands.place(seat.window, seat.geometry)
            yield self.scene.chance.uniform(0.02, 0.3)
        self.scene.log.end(incident)

    def resized(self, seat: Seat) -> Steps:
        """Another size for a while."""
        x, y, width, height = seat.geometry
        incident = self.scene.log.begin("resized", seat.agent)
        try:
            larger = self.scene.chance.choice((-60, -40, 40, 60))
            self.scene.hands.place(seat.window, (x, y, width + larger, height + larger))
            yield self.scene.chance.uniform(1, 4)
        finally:
            self.scene.hands.place(seat.window, seat.geometry)
            self.scene.log.end(incident)

    def minimised(self, seat: Seat) -> Steps:
        """Minimised; nobody but a delivery brings it back for a while."""
        incident = self.scene.log.begin("minimised", seat.agent)
        try:
            self.scene.hands.minimise(seat.window)
            yield self.scene.chance.uniform(1, 4)
        finally:
            self.scene.hands.ask_active(seat.window)
            self.scene.log.end(incident)

    def reopened(self, seat: Seat) -> Steps:
        """Closed, and opened again after a while: another window, perhaps another process."""
        incident = self.scene.log.begin("closed and reopened", seat.agent)
        try:
            seat.close()
            yield self.scene.chance.uniform(0.5, 4)
        finally:
            if not seat.there:
                seat.open()
            self.scene.log.end(incident)

    def covered(self, seat: Seat) -> Steps:
        """Another program's window comes to lie over it."""
        yield from self._covered(seat, "covered")

    def covered_for_good(self, seat: Seat) -> Steps:
        """A window that is always on top lies over its box."""
        yield from self._covered(seat, "covered by one always on top", above=True)

    def _covered(self, seat: Seat, kind: str, *, above: bool = False) -> Steps:
        incident = self.scene.log.begin(kind, seat.agent)
        x, y = seat.point()
        cover = PlainWindow.open(
            self.scene.hands,
            self.scene.folder,
            "Cover",
            geometry=(max(0, x - 150), max(_GRIP, y - 100), 300, 200),
            above=above,
        )
        try:
            yield self.scene.chance.uniform(1, 4)
        finally:
            cover.close()
            self.scene.log.end(incident)

    def asked(self, seat: Seat) -> Steps:
        """A modal question of its program."""
        incident = self.scene.log.begin("modal question", seat.agent)
        try:
            seat.ask(True)
            yield self.scene.chance.uniform(1, 4)
        finally:
            if seat.there:
                seat.ask(False)
            self.scene.log.end(incident)

    def busy(self, seat: Seat) -> Steps:
        """Its program is at work."""
        incident = self.scene.log.begin("busy", seat.agent)
        seat.busy()
        yield 2.2
        self.scene.log.end(incident)


class DesktopFaults:
    """Faults that concern everybody."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def clipboard_stolen(self) -> Steps:
        """Another program takes the clipboard again and again."""
        incident = self.scene.log.begin("clipboard stolen")
        self.scene.thief.begin(self.scene.chance.uniform(0.004, 0.12))
        try:
            yield self.scene.chance.uniform(1, 3)
        finally:
            self.scene.thief.end()
            self.scene.log.end(incident)

    def focus_stolen(self) -> Steps:
        """Another program brings itself to the front, several times."""
        incident = self.scene.log.begin("focus stolen")
        for _ in range(self.scene.chance.randrange(3, 10)):
            self.scene.hands.ask_active(self.scene.bystander.window)
            yield self.scene.chance.uniform(0.03, 0.6)
        self.scene.log.end(incident)

    def pointer_yanked(self) -> Steps:
        """The operator moves the pointer about."""
        incident = self.scene.log.begin("pointer yanked")
        for _ in range(self.scene.chance.randrange(5, 40)):
            self.scene.hands.move(
                self.scene.chance.randrange(WIDTH), self.scene.chance.randrange(HEIGHT)
            )
            yield self.scene.chance.uniform(0.01, 0.15)
        self.scene.log.end(incident)

    def disk_full(self) -> Steps:
        """Nothing more can be written to the data folder's disk for a while."""
        incident = self.scene.log.begin("disk full", note=self.scene.disk.way)
        self.scene.disk.fill()
        try:
            yield self.scene.chance.uniform(1, 4)
        finally:
            self.scene.disk.free()
            self.scene.log.end(incident)
