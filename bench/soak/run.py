"""One soak: opens the windows, lets things happen, brings it to an end, and judges."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from Xlib.error import XError

from bench.clerk import Clerk, collect_garbage
from bench.desk import SIZE, display_of
from bench.processes import ask_panel, load
from bench.soak.disk import Disk, small_disk
from bench.soak.dispatchers import Dispatcher, Killer
from bench.soak.faults import DesktopFaults, Hands, Scene, Steps, WindowFaults
from bench.soak.feed import Feed
from bench.soak.incidents import Log
from bench.soak.person import Person
from bench.soak.seats import ChatSeat, QtSeat, Seat, TerminalSeat
from bench.soak.thief import Thief
from bench.soak.verdict import Verdict, judge
from panel.core.message import DeliveryStatus
from panel.store.location import parse_location
from tests.desktop.chromium import Chromium

_SAME_TITLE = "swarm – chat"
_TICK_SECONDS = 0.004
_GAP = (0.2, 1.6)
_MESSAGE_EVERY_SECONDS = 0.7
_END_SECONDS = 180.0
_MOST_AT_ONCE = 3
_FAULTS = (pytest.fail.Exception, XError, RuntimeError, OSError, AssertionError)
"""What a fault may end with when what it was for has gone just then."""


@dataclass
class Ended:
    """What a soak has to tell."""

    seconds: float
    verdict: Verdict
    log: Log
    person: Person
    killer: Killer
    feed: Feed
    thefts: int
    exits: dict[str, int]
    database: object
    load: str


@dataclass
class _Going:
    """A fault that goes on; `free` is called when it has ended."""

    kind: str
    steps: Steps
    due: float
    agent: str | None = None
    again: Callable[[], Steps] | None = None
    """What goes on for ever is begun anew when it fails."""


class Stage:
    """Lets several faults go on at the same time, one at most for each agent."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._going: list[_Going] = []

    def add(self, kind: str, steps: Steps, agent: str | None = None) -> None:
        self._going.append(_Going(kind, steps, time.monotonic(), agent))

    def keep(self, kind: str, begin: Callable[[], Steps]) -> None:
        """Something that goes on for ever, and is no fault."""
        self._going.append(_Going(kind, begin(), time.monotonic(), again=begin))

    def taken(self) -> set[str | None]:
        """The agents that something is happening to."""
        return {each.agent for each in self._going}

    def faults(self) -> int:
        return sum(each.again is None for each in self._going)

    def step(self) -> None:
        """Goes on with what is due."""
        for each in list(self._going):
            if each.due > time.monotonic():
                continue
            try:
                each.due = time.monotonic() + next(each.steps)
            except StopIteration:
                self._going.remove(each)
            except _FAULTS as fault:
                _tell(f"not done: {each.kind} {each.agent or ''}: {fault!r}")
                self._log.missed[each.kind] += 1
                if each.again is None:
                    self._going.remove(each)
                else:
                    each.steps = each.again()

    def end_faults(self) -> None:
        """Every fault takes back what it did."""
        for each in [each for each in self._going if each.again is None]:
            with contextlib.suppress(*_FAULTS):
                each.steps.close()  # type: ignore[attr-defined]
            self._going.remove(each)


class Soak:
    """Everything that takes part, put together by `opened`."""

    def __init__(
        self, scene: Scene, clerk: Clerk, person: Person, killer: Killer, feed: Feed
    ) -> None:
        self.scene = scene
        self.clerk = clerk
        self.person = person
        self.killer = killer
        self.feed = feed
        self.stage = Stage(scene.log)
        self._windows = WindowFaults(scene)
        self._desktop = DesktopFaults(scene)
        self._deck: list[tuple[str, Callable[[], None]]] = []

    def go(self, seconds: float) -> None:
        """Sends and disturbs for so long, then lets everything come to its end."""
        for what in (self.feed.runs, self.person.decides, self.person.tidies, self.person.mends):
            self.stage.keep(what.__name__, what)
        limit, next_fault = time.monotonic() + seconds, time.monotonic() + 1.0
        while time.monotonic() < limit:
            if time.monotonic() >= next_fault and self.stage.faults() < _MOST_AT_ONCE:
                next_fault = time.monotonic() + self.scene.chance.uniform(*_GAP)
                self._something_happens()
            self._tick()
        self.feed.stop()
        self.stage.end_faults()
        self.killer.close()
        self._come_to_an_end()

    def _come_to_an_end(self) -> None:
        """Nothing disturbs any more; the person decides what is uncertain."""
        for seat in self.scene.seats:
            if not seat.there:
                seat.open()
        limit = time.monotonic() + _END_SECONDS
        while time.monotonic() < limit and (self.clerk.waiting() or self._doubtful()):
            for _ in range(50):
                self._tick()
        self.feed.close()

    def _doubtful(self) -> bool:
        found = self.clerk.messages()
        return any(each.delivery_status is DeliveryStatus.UNCERTAIN for each in found)

    def _tick(self) -> None:
        self.stage.step()
        time.sleep(_TICK_SECONDS)

    def _something_happens(self) -> None:
        if not self._deck:
            collect_garbage()
            self._deck = self._shuffled()
        kind, begin = self._deck.pop()
        _tell(kind)
        begin()

    def _shuffled(self) -> list[tuple[str, Callable[[], None]]]:
        """Every kind of fault once, kills as often as there are phases, in an order of chance."""
        windows = self._windows
        of_windows = (
            windows.moved,
            windows.resized,
            windows.minimised,
            windows.reopened,
            windows.covered,
            windows.covered_for_good,
            windows.asked,
            windows.busy,
            self.person.drafts_in,
        )
        of_desktop = (
            self._desktop.clipboard_stolen,
            self._desktop.focus_stolen,
            self._desktop.pointer_yanked,
            self._desktop.disk_full,
            self.person.works_elsewhere,
        )
        deck: list[tuple[str, Callable[[], None]]] = [("kill", self.killer.strike)] * 4
        for fault in of_windows:
            deck.append((fault.__name__, lambda fault=fault: self._to_somebody(fault)))  # type: ignore[misc]
        for everywhere in of_desktop:
            name = everywhere.__name__
            deck.append(
                (name, lambda name=name, fault=everywhere: self.stage.add(name, fault()))  # type: ignore[misc]
            )
        self.scene.chance.shuffle(deck)
        return deck

    def _to_somebody(self, fault: Callable[[Seat], Steps]) -> None:
        name, taken = fault.__name__, self.stage.taken()
        seats = [
            seat
            for seat in self.scene.seats
            if seat.agent not in taken
            and (seat.modal or name != "asked")
            and (seat.shows_draft or name != "drafts_in")
        ]
        if not seats:
            self.scene.log.missed[name] += 1
            return
        seat = self.scene.chance.choice(seats)
        self.stage.add(name, fault(seat), seat.agent)


@contextlib.contextmanager
def _scene(folder: Path, disk: Disk, seed: int) -> Iterator[Scene]:
    with contextlib.ExitStack() as stack:
        hands = Hands()
        stack.callback(hands.close)
        browser = Chromium()
        stack.callback(browser.close)
        thief = Thief(seed)
        stack.callback(thief.close)
        records, covers = folder / "records", folder / "covers"
        records.mkdir()
        covers.mkdir()
        seats: list[Seat] = [
            ChatSeat(hands, "Agent-1", (40, 60, 440, 560), browser, _SAME_TITLE),
            ChatSeat(hands, "Agent-2", (240, 120, 440, 560), browser, _SAME_TITLE),
            ChatSeat(hands, "Agent-3", (620, 80, 460, 540), browser),
            QtSeat(hands, "Agent-4", (900, 200, 420, 520), records),
            QtSeat(hands, "Agent-5", (1180, 90, 420, 520), records),
            TerminalSeat(hands, "Agent-6", (1000, 560, 0, 0), records),
        ]
        bystander = QtSeat(hands, "Notes", (60, 640, 420, 360), records, "My own notes")
        for seat in [*seats, bystander]:
            seat.open()
            stack.callback(_closed, seat)
        chance = random.Random(seed)
        yield Scene(hands, seats, bystander, thief, disk, Log(), chance, covers)


def _tell(what: str) -> None:
    """One line of what goes on, in UTC as the panel's rows are."""
    print(f"{time.strftime('%H:%M:%S', time.gmtime())} {what[:300]}", file=sys.stderr, flush=True)


def _closed(seat: Seat) -> None:
    if seat.there:
        seat.close()


def soak(seconds: float, seed: int, folder: Path) -> Ended:
    """Runs one, on a display, a disk and a data folder of its own; `folder` gets the logs."""
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(small_disk(folder))
        stack.enter_context(display_of(SIZE, folder))
        os.environ["CAPTAIN_PANEL_HOME"] = str(disk.data)
        scene = stack.enter_context(_scene(folder, disk, seed))
        for seat in scene.seats:
            _calibrate(scene, seat)
        clerk = stack.enter_context(Clerk(parse_location(None, os.environ)))
        clerk.set("operator_idle_ms", 300)
        clerk.set("proof_timeout_ms", 2500)
        dispatchers = [Dispatcher(name, folder / f"{name}.log") for name in ("A", "B")]

        def ours() -> set[int]:
            processes = [each.process for each in dispatchers]
            return {each.pid for each in processes if each is not None and each.poll() is None}

        disk.processes = ours
        killer = Killer(clerk, scene.log, ours, seed)
        person = Person(
            scene, clerk, lambda agent, since: not scene.log.concerned(agent, since, time.time())
        )
        stack.callback(person.close)
        agents = [seat.agent for seat in scene.seats]
        feed = Feed(clerk, agents, random.Random(seed + 1), _MESSAGE_EVERY_SECONDS)
        for dispatcher in dispatchers:
            dispatcher.start()
            stack.callback(dispatcher.close)
        began = time.monotonic()
        Soak(scene, clerk, person, killer, feed).go(seconds)
        ask_panel("db", "backup", str(folder / "panel.db"))
        _keep_records(folder, scene)
        messages, attempts = clerk.messages(), clerk.all_attempts()
        verdict = judge(messages, attempts, feed, scene.seats, scene.bystander, scene.log)
        return Ended(
            seconds=time.monotonic() - began,
            verdict=verdict,
            log=scene.log,
            person=person,
            killer=killer,
            feed=feed,
            thefts=scene.thief.thefts,
            exits={
                f"{name} {code}": count
                for name, each in zip("AB", dispatchers, strict=True)
                for code, count in each.exits.items()
            },
            database=ask_panel("db", "check"),
            load=load(),
        )


def _keep_records(folder: Path, scene: Scene) -> None:
    """What the windows wrote down and what was done to them, for whoever looks for a cause."""
    records = {
        seat.agent: [asdict(entry) for entry in seat.entries()]
        for seat in [*scene.seats, scene.bystander]
    }
    incidents = [
        asdict(each) | {"agents": None if each.agents is None else sorted(each.agents)}
        for each in scene.log.incidents
    ]
    (folder / "records.json").write_text(json.dumps(records, indent=1), "utf-8")
    (folder / "incidents.json").write_text(json.dumps(incidents, indent=1), "utf-8")


def _calibrate(scene: Scene, seat: Seat) -> None:
    ask_panel("agents", "add", seat.agent)
    scene.hands.activate(seat.window)
    x, y = seat.point()
    ask_panel("target", "set", seat.agent, "--x", str(x), "--y", str(y))
