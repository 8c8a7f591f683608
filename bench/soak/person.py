"""The person at this desktop: writes drafts, works elsewhere, and decides what is uncertain.

They look at the windows, that is at the windows' own records, never at what the panel believes.
Their letters occur in no message, so that every text can be told apart. They never press Enter.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from subprocess import CompletedProcess

from bench.clerk import Clerk
from bench.processes import run_panel
from bench.soak.faults import Scene, Steps
from bench.soak.seats import Seat
from panel.commands import dispatching, messages
from panel.commands.context import Context
from panel.core import clock
from panel.core.message import DeliveryStatus, Message

LETTERS = "zq"
_CALM = timedelta(seconds=1.5)
_PATIENCE = timedelta(seconds=6)
_TRIES = 12


@dataclass
class Drafts:
    """What became of the person's drafts. Those begun while a text of the panel's stood in the box,
    or whose window was not in front any more, never stood there as written: `last_instant`."""

    stood: int = 0
    last_instant: int = 0
    destroyed: list[str] = field(default_factory=list)


class Person:
    """`quiet(agent, since)` tells whether no fault concerned that agent since then."""

    def __init__(self, scene: Scene, clerk: Clerk, quiet: Callable[[str, float], bool]) -> None:
        self._scene = scene
        self._clerk = clerk
        self._quiet = quiet
        self._calls = ThreadPoolExecutor(2, thread_name_prefix="person")
        self._context = Context(clerk.store)
        self._standing: dict[str, str] = {}
        self._asked_again: dict[str, float] = {}
        self.drafts = Drafts()
        self.did: Counter[str] = Counter()

    def close(self) -> None:
        self._calls.shutdown()

    # ---- at work

    def drafts_in(self, seat: Seat) -> Steps:
        """Writes into an agent's box, thinks for a while, and takes it away again."""
        text = LETTERS + str(self.drafts.stood + self.drafts.last_instant) + LETTERS
        self._standing[seat.agent] = text
        with self._scene.log.going_on("draft", seat.agent):
            try:
                yield from self._draft(seat, text)
            finally:
                self._standing.pop(seat.agent, None)

    def _draft(self, seat: Seat, text: str) -> Steps:
        scene = self._scene
        scene.hands.ask_active(seat.window)
        yield 0.1
        scene.hands.click(*seat.point())
        yield 0.15
        for sign in text:
            scene.hands.type(sign)
            yield scene.chance.uniform(0.03, 0.1)
        yield 0.3
        if seat.draft != text:
            self.drafts.last_instant += 1
        else:
            self.drafts.stood += 1
            since = len(seat.entries())
            yield scene.chance.uniform(2, 5)
            after = [entry for entry in seat.entries()[since:] if entry.text != text]
            if after or seat.draft != text:
                self.drafts.destroyed.append(f"{seat.agent}: {text!r} became {after!r}")
        del self._standing[seat.agent]
        yield from self._clear(seat)

    def works_elsewhere(self) -> Steps:
        """Types into a window of their own."""
        scene = self._scene
        with scene.log.going_on("operator types"):
            scene.hands.ask_active(scene.bystander.window)
            yield 0.1
            scene.hands.click(*scene.bystander.point())
            yield 0.1
            for _ in range(scene.chance.randrange(8, 30)):
                scene.hands.type(scene.chance.choice(LETTERS))
                yield scene.chance.uniform(0.04, 0.2)

    # ---- in order

    def decides(self) -> Steps:
        """Goes on for ever: says of each uncertain message what its window shows."""
        while True:
            for message in self._found(DeliveryStatus.UNCERTAIN):
                seat = self._seat(message.to_agent)
                calm = (message.processed_at or message.sent_at) + _CALM <= clock.now()
                if seat is None or not calm or not seat.there:
                    continue
                arrived = any(
                    entry.kind == "submit" and message.content in entry.text
                    for entry in seat.entries()
                )
                if not arrived and seat.draft:
                    yield from self._clear(seat)
                    if seat.draft:
                        continue
                word = "arrived" if arrived else "again"
                done = self._call("messages", "resolve", "--as", word, message.message_id)
                while not done.done():
                    yield 0.05
                self.did[f"decided: {word}" if done.result().returncode == 0 else "refused"] += 1
            yield 0.3

    def tidies(self) -> Steps:
        """Goes on for ever: empties boxes in which something was left, such as stolen text."""
        seen: dict[str, tuple[str, float]] = {}
        while True:
            sending = {str(row["to_agent"]) for row in self._clerk.being_sent()}
            doubtful = {message.to_agent for message in self._found(DeliveryStatus.UNCERTAIN)}
            for seat in self._scene.seats:
                left = seat.draft if seat.there else ""
                if not left or seat.agent in sending | doubtful or seat.agent in self._standing:
                    seen.pop(seat.agent, None)
                    continue
                text, since = seen.setdefault(seat.agent, (left, time.monotonic()))
                if text != left:
                    seen.pop(seat.agent)
                elif time.monotonic() - since > 2:
                    seen.pop(seat.agent)
                    yield from self._clear(seat)
            yield 0.5

    def mends(self) -> Steps:
        """Goes on for ever: a window that was opened again and that nothing tells from another one
        is shown to the panel; what stays on hold for no present reason is sent now, and calibrated
        again when that did not help."""
        while True:
            for seat in self._scene.seats:
                if seat.there and not seat.shown:
                    yield from self._calibrates(
                        seat, "opened again, and not the only one so called"
                    )
            for message in self._found(DeliveryStatus.HELD):
                held = self._seat(message.to_agent)
                since = message.held_since or clock.now()
                waited = clock.now() - since
                if held is None or not held.there or waited < _PATIENCE or held.draft:
                    continue
                if not self._quiet(message.to_agent, time.time() - 3):
                    continue
                asked = self._asked_again.get(message.message_id)
                if asked is None:
                    self._asked_again[message.message_id] = time.monotonic()
                    self._clerk.do(messages.retry(self._context, [message.message_id]))
                    self.did["sent now"] += 1
                elif time.monotonic() - asked > _PATIENCE.total_seconds():
                    self._asked_again.clear()
                    yield from self._calibrates(held, message.reason)
            yield 1.0

    def _calibrates(self, seat: Seat, why: str) -> Steps:
        """As the reason on the screen tells them to, while nothing is sent."""
        with self._scene.log.going_on("calibrated again", seat.agent, why):
            self._clerk.do(dispatching.pause(self._context))
            try:
                yield from self._set_target(seat)
            finally:
                self._clerk.do(dispatching.resume(self._context))

    def _set_target(self, seat: Seat) -> Steps:
        while self._clerk.being_sent():
            yield 0.1
        # The command takes what it sees at the point: the right window has to lie on top.
        for _ in range(_TRIES):
            self._scene.hands.ask_active(seat.window)
            yield 0.2
            if self._scene.hands.top_at(*seat.point()) == seat.window:
                break
        else:
            return
        x, y = seat.point()
        done = self._call("target", "set", seat.agent, "--x", str(x), "--y", str(y))
        while not done.done():
            yield 0.1
        good = done.result().returncode == 0
        seat.shown = seat.shown or good
        self.did["calibrated again" if good else "calibration refused"] += 1

    def _clear(self, seat: Seat) -> Steps:
        """Empties a box by hand; others may come between, so several times if need be."""
        hands = self._scene.hands
        with self._scene.log.going_on("box emptied by hand"):
            for _ in range(_TRIES):
                if not seat.there or not seat.draft:
                    return
                hands.ask_active(seat.window)
                yield 0.12
                hands.click(*seat.point())
                yield 0.12
                if hands.active() == seat.window:
                    for chord in seat.clear_keys():
                        hands.press(chord)
                yield 0.25

    def _call(self, *words: str) -> Future[CompletedProcess[str]]:
        return self._calls.submit(run_panel, *words)

    def _found(self, status: DeliveryStatus) -> list[Message]:
        found = [m for m in self._clerk.messages() if m.delivery_status is status]
        return sorted(found, key=lambda message: message.sent_at)

    def _seat(self, agent: str) -> Seat | None:
        return next((seat for seat in self._scene.seats if seat.agent == agent), None)
