"""1,000 messages to 4 windows from the real panel's window, whose loop is listened to meanwhile."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np

from bench.clerk import Clerk
from bench.desk import BenchDesk, bench_desk
from bench.figures import Figure
from bench.processes import ask_panel, load, running
from panel.core.message import Draft, Message
from panel.store.location import parse_location
from tests.desktop.chromium import ChatOptions, ChromiumAgent
from tests.waiting import until

MESSAGES = 1000
WINDOWS = 4
_LONGEST_SECONDS = 900.0
_WARM_SECONDS = 3.0
_PANEL = "Captain Panel"

Late = list[tuple[float, float]]


def thousand() -> list[Figure]:
    with bench_desk() as desk, contextlib.ExitStack() as stack:
        log = desk.folder / "processes.log"
        chats = _chats(desk)
        where = parse_location(None, {"CAPTAIN_PANEL_HOME": str(desk.folder / "panel")})
        clerk = stack.enter_context(Clerk(where))
        files = {kind: desk.folder / f"{kind}.json" for kind in ("bare", "panel")}
        windows = stack.enter_context(contextlib.ExitStack())
        for kind, file in files.items():
            words = (kind, str(file))
            windows.enter_context(running("bench.loop_process", *words, log=log, piped=True))
        window = desk.operator.await_window(_PANEL, seconds=30)
        desk.operator.place(window, (500, 380, 1300, 670))
        desk.operator.activate(window)
        time.sleep(_WARM_SECONDS)  # what a start costs is start.*'s question
        drafts = [
            Draft(f"Agent-{number % WINDOWS + 1}", f"message {number:04} of {MESSAGES}")
            for number in range(MESSAGES)
        ]
        began = time.monotonic()
        ids = clerk.queue(drafts)
        until(lambda: not clerk.waiting(), "the messages' end", seconds=_LONGEST_SECONDS)
        ended = time.monotonic()
        windows.close()
        rows = {message.message_id: message for message in clerk.messages()}
        sent = [rows[message_id] for message_id in ids]
        about = f"{ended - began:.1f} s for {MESSAGES} messages to {WINDOWS} windows; {load()}"
        return [_arrived(sent, chats, about), _lateness(files, began, ended, about)]


def _chats(desk: BenchDesk) -> dict[str, ChromiumAgent]:
    chats = {}
    for number in range(1, WINDOWS + 1):
        agent = f"Agent-{number}"
        chat = desk.chat(ChatOptions(agent=agent), (30 + 470 * (number - 1), 60, 430, 560))
        x, y = chat.point
        ask_panel("agents", "add", agent)
        ask_panel("target", "set", agent, "--x", str(x), "--y", str(y))
        chats[agent] = chat
    return chats


def _arrived(sent: list[Message], chats: dict[str, ChromiumAgent], about: str) -> Figure:
    """How many stand in their window's record once, in the order in which they were queued."""
    good, faults = 0, Counter[str]()
    for agent, chat in chats.items():
        wanted = [message.content for message in sent if message.to_agent == agent]
        _ = chat.touches  # returns when the page has told all of it
        got = [_content(text, wanted) for text in chat.submitted]
        counts = Counter(got)
        once = [text for text in got if text in wanted and counts[text] == 1]
        places = [wanted.index(text) for text in once]
        in_order = _longest_rising(places)
        good += in_order
        faults["not arrived"] += sum(text not in counts for text in wanted)
        faults["twice"] += sum(counts[text] > 1 for text in wanted)
        faults["out of order"] += len(once) - in_order
        faults["something else"] += sum(text not in wanted for text in got)
    states = Counter(str(message.delivery_status) for message in sent)
    times = [m.delivery_time_ms for m in sent if m.delivery_time_ms is not None]
    told = ", ".join(f"{name} {count}" for name, count in (states + faults).items())
    took = f"a delivery {np.median(times):.0f} ms, p99 {np.percentile(times, 99):.0f} ms"
    return Figure(
        "deliver.arrived_once_in_order",
        good,
        "messages",
        f"== {MESSAGES}",
        "",
        f"by the pages' own records; {told}; {took}; {about}",
    )


def _content(typed: str, wanted: list[str]) -> str:
    """The message in a text that was submitted, without the header that the panel gave it."""
    return next((each for each in wanted if typed.endswith(each)), typed)


def _longest_rising(places: list[int]) -> int:
    """How many are in order: the length of the longest rising part of a sequence."""
    ends: list[int] = []
    for place in places:
        index = int(np.searchsorted(ends, place))
        ends[index : index + 1] = [place]
    return len(ends)


def _lateness(files: dict[str, Path], began: float, ended: float, about: str) -> Figure:
    figures = {}
    for kind, file in files.items():
        told: Late = json.loads(file.read_text("utf-8"))
        figures[kind] = np.array([late for at, late in told if began <= at <= ended])
        assert len(figures[kind]) > 100, f"{kind} was not listened to"
    p99 = {kind: float(np.percentile(late, 99)) for kind, late in figures.items()}
    worst = {kind: float(late.max()) for kind, late in figures.items()}
    return Figure(
        "deliver.loop_late_p99_ms",
        round(p99["panel"], 2),
        "ms",
        "<= 16",
        f"a bare window under the same load: {p99['bare']:.2f} ms",
        f"{len(figures['panel'])} ticks of 10 ms in the panel's window, worst "
        f"{worst['panel']:.1f} ms; bare window p99 {p99['bare']:.2f}, worst {worst['bare']:.1f} ms;"
        f" {about}",
    )
