"""How surely targets are recognised, over a seeded set of screens of real programs."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.desk import BenchDesk, bench_desk
from bench.figures import Figure
from bench.screens import (
    ChatScreens,
    Expected,
    Screen,
    Series,
    Subject,
    WindowScreens,
    random_geometry,
    random_size,
)
from bench.subjects import demo_subjects, terminal_subjects
from panel.core.geometry import Point
from panel.core.target import Proof, Target, TargetCheck
from panel.screen.check import check_target
from panel.screen.composer import Look, looks_empty
from panel.screen.finding import distance, find_place
from panel.screen.fingerprint import changed
from panel.screen.process import terminal_program
from tests.desktop.chromium import ChatOptions
from tests.waiting import until

SEED = 20260417
NEAR_PX = 3.0
_STILL_PIXELS = 60
_STILL_FRAMES = 3
"""A blinking caret changes fewer pixels."""


@dataclass
class Tally:
    """What was seen and said."""

    screens: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    ready: Counter[bool] = field(default_factory=Counter)
    proposed: Counter[bool] = field(default_factory=Counter)
    apart: list[float] = field(default_factory=list)
    find_ms: list[float] = field(default_factory=list)
    by_kind: Counter[tuple[str, bool]] = field(default_factory=Counter)


def judge(desk: BenchDesk, target: Target, screen: Screen, tally: Tally) -> None:
    """Has the panel look at one screen, and counts what it said."""
    tally.screens[screen.kind] += 1
    found = check_target(target, desk.system, desk.camera, desk.camera.desktop)
    accepted = _accepts(desk, target, found)
    right = accepted and found.point == screen.truth
    what = f"{target.agent_id}, {screen.kind}: {[str(one) for one in found.reasons]}"
    good = True
    if screen.expected is Expected.READY:
        good = right
        tally.ready[right] += 1
        if not right:
            tally.missed.append(what)
    if screen.expected is Expected.PROPOSED:
        good = _judge_proposal(desk, target, screen, tally)
    wrongly = (
        found.valid
        if screen.expected is Expected.STRANGER
        else accepted and (screen.expected is not Expected.READY or found.point != screen.truth)
    )
    if wrongly:
        good = False
        tally.wrong.append(what)
    tally.by_kind[screen.kind, good] += 1


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


def _judge_proposal(desk: BenchDesk, target: Target, screen: Screen, tally: Tally) -> bool:
    """Whether the place that "find" proposes is the true one."""
    assert target.window is not None and screen.truth is not None
    window = desk.system.describe(target.window.window_id)
    assert window is not None
    picture = desk.camera.grab(window.rect)
    before = time.perf_counter()
    place = find_place(target, picture)
    tally.find_ms.append((time.perf_counter() - before) * 1000)
    apart = float("inf")
    if place is not None:
        apart = distance(place.offset + window.rect.top_left, screen.truth)
        tally.apart.append(apart)
    good = apart <= NEAR_PX
    tally.proposed[good] += 1
    if not good:
        tally.missed.append(f"{target.agent_id}, {screen.kind}: {apart:.0f} px away")
    return good
