"""How long a message takes with all evidence, beside the same three steps without any.

One Chromium chat; the ways take turns within each round, in another order each time.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bench.clerk import Clerk
from bench.desk import BenchDesk, bench_desk
from bench.figures import Figure, spread
from bench.processes import ask_panel, load, needs, running
from panel.core.message import DeliveryStatus, Draft
from panel.store.connection import Row
from panel.store.location import parse_location
from tests.desktop.chromium import ChatOptions, ChromiumAgent
from tests.waiting import until

ROUNDS = 7
MESSAGES = 12
PEERS = ("default", "bare", "xdotool")
_AGENT = "Agent-1"
_QUIET_SECONDS = 1.2
"""Longer than the panel waits after somebody else's keys; no part of any figure."""
_ARRIVAL_SECONDS = 3.0
_SETTLE_SECONDS = 120.0
_STEPS = ("ready", "focused", "pasted", "visible", "enter", "submitted", "restored")


@dataclass
class Way:
    """What one way took: seconds a message, one list a round; and what did not arrive."""

    rounds: list[list[float]] = field(default_factory=list)
    sent: int = 0
    arrived: int = 0

    @property
    def medians(self) -> list[float]:
        """Milliseconds a message, one a round."""
        return [statistics.median(each) * 1000 for each in self.rounds]


@dataclass
class Contest:
    """One chat, the panel that sends to it and the peers that do."""

    desk: BenchDesk
    chat: ChromiumAgent
    clerk: Clerk
    peer: subprocess.Popen[str]
    ways: dict[str, Way] = field(default_factory=lambda: defaultdict(Way))
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    whole: list[float] = field(default_factory=list)
    """Milliseconds from claim to settled, a message."""

    def play(self, way: str, number: int) -> None:
        texts = [f"{way} round {number} message {each:02}" for each in range(MESSAGES)]
        before = len(self.chat.submitted)
        send = self._by_panel if way == "panel" else self._by_peer
        seconds = send(way, texts)
        self.ways[way].rounds.append(seconds)
        self.ways[way].sent += len(texts)
        _ = self.chat.touches  # returns when the page has told all of it
        got = self.chat.submitted[before:]
        self.ways[way].arrived += sum(
            sum(each.endswith(text) for each in got) == 1 for text in texts
        )

    def _by_panel(self, _way: str, texts: list[str]) -> list[float]:
        """The whole time from the first claim to the last row settled, shared by the messages."""
        time.sleep(_QUIET_SECONDS)
        ids = self.clerk.queue([Draft(_AGENT, text) for text in texts])
        until(lambda: not self.clerk.waiting(), "the messages' end", seconds=_SETTLE_SECONDS)
        rows = [row for message_id in ids for row in self.clerk.attempts(message_id)]
        assert all(row["outcome"] == DeliveryStatus.DELIVERED for row in rows), rows
        began = min(_moment(row, "started_at") for row in rows)
        ended = max(_moment(row, "finished_at") for row in rows)
        for row in rows:
            took = _moment(row, "finished_at") - _moment(row, "started_at")
            self.whole.append(took.total_seconds() * 1000)
            self._note_steps(json.loads(str(row["timings"])))
        return [(ended - began).total_seconds() / len(texts)] * len(texts)

    def _by_peer(self, way: str, texts: list[str]) -> list[float]:
        x, y = self.chat.point
        seconds = []
        for text in texts:
            seconds.append(self._asked({"way": way, "text": text, "x": x, "y": y}))
            self._await_arrival(text)
        return seconds

    def _asked(self, wish: dict[str, object]) -> float:
        assert self.peer.stdin is not None and self.peer.stdout is not None
        self.peer.stdin.write(json.dumps(wish) + "\n")
        self.peer.stdin.flush()
        return float(json.loads(self.peer.stdout.readline())["seconds"])

    def _await_arrival(self, text: str) -> None:
        """The peers send the next one only when this one is there, at no cost to their figure."""
        limit = time.monotonic() + _ARRIVAL_SECONDS
        while time.monotonic() < limit:
            if any(text in each for each in self.chat.submitted):
                return
            time.sleep(0.002)
        self.chat.tell("draft", "")

    def _note_steps(self, timings: dict[str, float]) -> None:
        last = 0.0
        for step in _STEPS:
            if step in timings:
                self.steps[step].append(timings[step] - last)
                last = timings[step]


def speed() -> list[Figure]:
    """The three ratios, each a median over rounds, each round's ways measured one after another."""
    needs("xdotool", "xdotool")
    with bench_desk() as desk:
        chat = desk.chat(ChatOptions(agent=_AGENT), (200, 120, 480, 640))
        x, y = chat.point
        ask_panel("agents", "add", _AGENT)
        ask_panel("target", "set", _AGENT, "--x", str(x), "--y", str(y))
        log = desk.folder / "processes.log"
        with (
            Clerk(
                parse_location(None, {"CAPTAIN_PANEL_HOME": str(desk.folder / "panel")})
            ) as clerk,
            running("bench.peer_process", log=log, piped=True) as peer,
            running("panel", "dispatch", "--forever", log=log),
        ):
            assert peer.stdout is not None
            pause = float(json.loads(peer.stdout.readline())["pause"])
            contest = Contest(desk, chat, clerk, peer)
            for way in ("panel", *PEERS):  # nobody's first message counts
                contest.play(way, -1)
            contest = Contest(desk, chat, clerk, peer)
            for number in range(ROUNDS):
                order = ("panel", *PEERS)
                turn = number % len(order)
                for way in order[turn:] + order[:turn]:
                    contest.play(way, number)
            return _figures(contest, pause)


def _figures(contest: Contest, pause: float) -> list[Figure]:
    ours = contest.ways["panel"].medians
    steps = ", ".join(
        f"{step} {statistics.median(contest.steps[step]):.1f}"
        for step in _STEPS
        if contest.steps[step]
    )
    about = (
        f"{ROUNDS} rounds of {MESSAGES} messages a way; panel {spread(ours, 'ms')} a message in all"
        f" (claim to settled {statistics.median(contest.whole):.1f} ms); median of each step in ms:"
        f" {steps}; {_arrivals(contest.ways)}; {load()}"
    )

    def figure(
        name: str, way: str, goal: str, ratio: Callable[[float, float], float], what: str
    ) -> Figure:
        theirs = contest.ways[way].medians
        values = [ratio(mine, other) for mine, other in zip(ours, theirs, strict=True)]
        return Figure(
            f"deliver.{name}",
            round(statistics.median(values), 3),
            "x",
            goal,
            f"{what}: {statistics.median(theirs):.1f} ms",
            f"{spread(values)}; {what} {spread(theirs, 'ms')}; {about}",
        )

    return [
        figure(
            "speedup_vs_default",
            "default",
            ">= 6",
            lambda mine, other: other / mine,
            f"PyAutoGUI's click, Ctrl+V, Enter with its PAUSE of {pause:g} s",
        ),
        figure(
            "ratio_vs_bare",
            "bare",
            "<= 25",
            lambda mine, other: mine / other,
            "the same with PAUSE=0 and no look at anything",
        ),
        figure("ratio_vs_xdotool", "xdotool", "<= 1", lambda mine, other: mine / other, "xdotool"),
    ]


def _arrivals(ways: dict[str, Way]) -> str:
    told = ", ".join(f"{name} {way.arrived} of {way.sent}" for name, way in ways.items())
    return f"arrived once by the page's record: {told}"


def _moment(row: Row, column: str) -> datetime:
    return datetime.fromisoformat(str(row[column]))
