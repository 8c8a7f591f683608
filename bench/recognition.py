"""How surely targets are recognised, over a seeded set of screens of real programs."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.desk import BenchDesk, bench_desk
from bench.figures import Figure, spread
from bench.screens import Expected, Screen
from bench.subjects import Turn, chat_turns, demo_turns, terminal_turns
from panel.core.target import Proof, Target, TargetCheck
from panel.screen.check import check_target
from panel.screen.composer import Look, looks_empty
from panel.screen.finding import distance, find_place
from panel.screen.process import terminal_program

SEED = 20260417
NEAR_PX = 3.0
CHATS, DEMOS, TERMINALS, REPEATS = 12, 6, 6, 4

Turns = Callable[[BenchDesk, random.Random, int], Iterator[Turn]]


@dataclass
class Tally:
    """What was seen, and what the panel said."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    ready: Counter[bool] = field(default_factory=Counter)
    proposed: Counter[bool] = field(default_factory=Counter)
    apart: list[float] = field(default_factory=list)
    find_ms: list[float] = field(default_factory=list)

    def judge(self, desk: BenchDesk, target: Target, screen: Screen) -> None:
        """Has the panel look at one screen."""
        self.kinds[screen.kind] += 1
        found = check_target(target, desk.system, desk.camera, desk.camera.desktop)
        accepted = _accepts(desk, target, found)
        right_place = found.point == screen.truth
        what = f"{target.agent_id}, {screen.kind}: {' '.join(str(one) for one in found.reasons)}"
        if screen.expected is Expected.READY:
            self.ready[accepted and right_place] += 1
            if not (accepted and right_place):
                self.missed.append(f"{what} (taken for empty: {accepted})")
        elif screen.expected is Expected.PROPOSED:
            self._judge_proposal(desk, target, screen)
        if screen.expected is Expected.STRANGER:
            accepted = found.valid
        if accepted and not (screen.expected is Expected.READY and right_place):
            self.wrong.append(what)

    def _judge_proposal(self, desk: BenchDesk, target: Target, screen: Screen) -> None:
        assert target.window is not None and screen.truth is not None
        window = desk.system.describe(target.window.window_id)
        assert window is not None
        picture = desk.camera.grab(window.rect)
        before = time.perf_counter()
        place = find_place(target, picture)
        self.find_ms.append((time.perf_counter() - before) * 1000)
        apart = float("inf")
        if place is not None:
            apart = distance(place.offset + window.rect.top_left, screen.truth)
            self.apart.append(apart)
        self.proposed[apart <= NEAR_PX] += 1
        if apart > NEAR_PX:
            self.missed.append(f"{target.agent_id}, {screen.kind}: {apart:.0f} px away")


def _accepts(desk: BenchDesk, target: Target, found: TargetCheck) -> bool:
    """Whether a delivery would click and type now, without raising anything: a valid, visible
    target, an empty box, the right program."""
    if not (found.valid and found.visible) or found.window is None:
        return False
    if target.proof is Proof.TERMINAL:
        return terminal_program(found.window.identity.pid) == target.terminal_program
    assert target.composer is not None
    seen = desk.camera.grab(target.composer.moved(found.window.rect.top_left))
    return looks_empty(seen, [Look.of(picture) for picture in target.looks])


def look_at(
    desk: BenchDesk, turns: Turns, chance: random.Random, repeats: int, tally: Tally
) -> None:
    """One subject through all its screens."""
    for subject, turn in turns(desk, chance, repeats):
        for screen in turn():
            desk.await_still()
            tally.judge(desk, subject.target, screen)


def recognition() -> list[Figure]:
    """All subjects of the seeded set."""
    chance = random.Random(SEED)
    tally = Tally()
    began = time.perf_counter()
    series = [chat_turns] * CHATS + [demo_turns] * DEMOS + [terminal_turns] * TERMINALS
    with bench_desk() as desk:
        for number, turns in enumerate(series, start=1):
            look_at(desk, turns, chance, REPEATS, tally)
            print(f"  {number} of {len(series)} windows", file=sys.stderr, flush=True)
    for line in tally.wrong:
        print(f"  wrongly accepted: {line}", file=sys.stderr)
    for line in tally.missed:
        print(f"  not recognised: {line}", file=sys.stderr)
    return _figures(tally, time.perf_counter() - began)


def _figures(tally: Tally, seconds: float) -> list[Figure]:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(tally.kinds.items()))
    ready, proposed = _percent(tally.ready), _percent(tally.proposed)
    return [
        Figure(
            "calibration.wrong_accepts",
            len(tally.wrong),
            "screens",
            "== 0",
            "",
            f"of {tally.kinds.total()} screens (seed {SEED}, {seconds:.0f} s): {kinds}",
        ),
        Figure(
            "calibration.recognised_pct",
            round(min(ready, proposed), 2),
            "%",
            ">= 95",
            "",
            f"ready {ready:.1f} % of {tally.ready.total()} moved, scrolled or covered elsewhere; "
            f"proposed within {NEAR_PX:.0f} px {proposed:.1f} % of {tally.proposed.total()} "
            f"resized or re-themed, {spread(tally.apart or [0.0], 'px')} away; "
            f"looking for it {spread(tally.find_ms or [0.0], 'ms')}",
        ),
    ]


def _percent(counted: Counter[bool]) -> float:
    return 100.0 * counted[True] / max(1, counted.total())
