"""What happens to windows, clipboard, focus and disk: each fault is a generator of its steps.

A fault yields the seconds until its next step, so that several go on at the same time under one
pair of hands; `finally` takes back what it did. Which ones, on whom and for how long is chance's,
from the seed.
"""

from __future__ import annotations

import random
import time
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
from tests.desktop.wm import Geometry

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
        chance = self.scene.chance
        with self.scene.log.going_on("moved", seat.agent):
            for _ in range(chance.randrange(1, 5)):
                x = min(max(0, x + chance.randrange(-200, 200)), WIDTH - 20 - width)
                y = min(max(_GRIP, y + chance.randrange(-120, 120)), HEIGHT - 20 - height)
                seat.geometry = (x, y, width, height)
                self.scene.hands.place(seat.window, seat.geometry)
                yield chance.uniform(0.02, 0.3)

    def resized(self, seat: Seat) -> Steps:
        """Another size for a while."""
        x, y, width, height = seat.geometry
        with self.scene.log.going_on("resized", seat.agent):
            try:
                larger = self.scene.chance.choice((-60, -40, 40, 60))
                self.scene.hands.place(seat.window, (x, y, width + larger, height + larger))
                yield self.scene.chance.uniform(1, 4)
            finally:
                self.scene.hands.place(seat.window, seat.geometry)

    def minimised(self, seat: Seat) -> Steps:
        """Minimised; nobody but a delivery brings it back for a while."""
        with self.scene.log.going_on("minimised", seat.agent):
            try:
                self.scene.hands.minimise(seat.window)
                yield self.scene.chance.uniform(1, 4)
            finally:
                self.scene.hands.ask_active(seat.window)

    def reopened(self, seat: Seat) -> Steps:
        """Closed, and opened again after a while: another window, perhaps another process."""
        with self.scene.log.going_on("closed and reopened", seat.agent):
            try:
                seat.close()
                yield self.scene.chance.uniform(0.5, 4)
            finally:
                if not seat.there:
                    seat.open()
                    seat.shown = not seat.shares_title
            while not seat.shown:
                # Nothing tells it from the others but a person's eyes.
                yield 0.2

    def covered(self, seat: Seat) -> Steps:
        """Another program's window comes to lie over it."""
        yield from self._covered(seat, "covered")

    def covered_for_good(self, seat: Seat) -> Steps:
        """A window that is always on top lies over its box."""
        yield from self._covered(seat, "covered by one always on top", above=True)

    def _covered(self, seat: Seat, kind: str, *, above: bool = False) -> Steps:
        with self.scene.log.going_on(kind, seat.agent) as incident:
            x, y = seat.point()
            place = (max(0, x - 150), max(_GRIP, y - 100), 300, 200)
            cover = PlainWindow.open(
                self.scene.hands, self.scene.folder, "Cover", geometry=place, above=above
            )
            until = time.monotonic() + self.scene.chance.uniform(1, 4)
            try:
                while time.monotonic() < until:
                    assert incident.agents is not None
                    incident.agents |= {e.agent for e in self.scene.seats if _overlap(e, place)}
                    yield 0.2
            finally:
                cover.close()

    def asked(self, seat: Seat) -> Steps:
        """A modal question of its program."""
        with self.scene.log.going_on("modal question", seat.agent):
            try:
                seat.ask(True)
                yield self.scene.chance.uniform(1, 4)
            finally:
                if seat.there:
                    seat.ask(False)

    def busy(self, seat: Seat) -> Steps:
        """Its program is at work."""
        with self.scene.log.going_on("busy", seat.agent):
            seat.busy()
            yield 2.2


def _overlap(seat: Seat, place: Geometry) -> bool:
    """Whether the window lies under this place; one that is not there does not."""
    if not seat.there:
        return False
    (x, y, width, height), (left, top, wide, high) = seat.geometry, place
    return x < left + wide and left < x + width and y < top + high and top < y + height


class DesktopFaults:
    """Faults that concern everybody."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def clipboard_stolen(self) -> Steps:
        """Another program takes the clipboard again and again."""
        with self.scene.log.going_on("clipboard stolen"):
            self.scene.thief.begin(self.scene.chance.uniform(0.004, 0.12))
            try:
                yield self.scene.chance.uniform(1, 3)
            finally:
                self.scene.thief.end()

    def focus_stolen(self) -> Steps:
        """Another program brings itself to the front, several times."""
        with self.scene.log.going_on("focus stolen"):
            for _ in range(self.scene.chance.randrange(3, 10)):
                self.scene.hands.ask_active(self.scene.bystander.window)
                yield self.scene.chance.uniform(0.03, 0.6)

    def pointer_yanked(self) -> Steps:
        """The operator moves the pointer about."""
        chance = self.scene.chance
        with self.scene.log.going_on("pointer yanked"):
            for _ in range(chance.randrange(5, 40)):
                self.scene.hands.move(chance.randrange(WIDTH), chance.randrange(HEIGHT))
                yield chance.uniform(0.01, 0.15)

    def disk_full(self) -> Steps:
        """Nothing more can be written to the data folder's disk for a while."""
        with self.scene.log.going_on("disk full", note=self.scene.disk.way):
            self.scene.disk.fill()
            try:
                yield self.scene.chance.uniform(1, 4)
            finally:
                self.scene.disk.free()
