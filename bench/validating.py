"""What looking at one target costs, beside a bare grab and one correlation."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import cv2

from bench.desk import BenchDesk, bench_desk
from bench.figures import Figure, spread
from panel.core.geometry import Rect
from panel.core.target import Target
from panel.screen.check import check_target
from panel.screen.session_lock import SessionLock
from tests.desktop.chromium import ChatOptions

RUNS = 7
CHECKS = 300
_SIDE = 64
_AGENTS = 4


def validation() -> list[Figure]:
    """The ratio of medians, several times over; the calls of both kinds take turns."""
    with bench_desk() as desk:
        targets = [_target(desk, number) for number in range(1, _AGENTS + 1)]
        ratios, checks, bares = [], [], []
        for _ in range(RUNS):
            check, bare = _medians(desk, targets)
            checks.append(check * 1e6)
            bares.append(bare * 1e6)
            ratios.append(check / bare)
    return [
        Figure(
            "calibration.validate_ratio",
            round(statistics.median(ratios), 3),
            "x",
            "<= 3",
            f"a 64x64 grab and one correlation: {statistics.median(bares):.0f} us",
            f"{RUNS} runs of {CHECKS} checks of {_AGENTS} targets: {spread(ratios)}; "
            f"check {spread(checks, 'us')}; bare {spread(bares, 'us')}",
        )
    ]


def _target(desk: BenchDesk, number: int) -> Target:
    chat = desk.chat(ChatOptions(agent=f"Agent-{number}"), (40 + 460 * (number - 1), 80, 420, 560))
    return desk.calibrate(f"Agent-{number}", chat.point)


def _medians(desk: BenchDesk, targets: list[Target]) -> tuple[float, float]:
    system, camera, lock = desk.system, desk.camera, SessionLock()
    rect = Rect(targets[0].point.x - _SIDE // 2, targets[0].point.y - _SIDE // 2, _SIDE, _SIDE)
    patch = cv2.cvtColor(camera.grab(rect), cv2.COLOR_BGR2GRAY)

    def bare() -> None:
        seen = cv2.cvtColor(camera.grab(rect), cv2.COLOR_BGR2GRAY)
        cv2.matchTemplate(seen, patch, cv2.TM_CCOEFF_NORMED)

    checks, bares = [], []
    for number in range(CHECKS):
        target = targets[number % len(targets)]

        def check(target: Target = target) -> None:
            found = check_target(
                target, system, camera, camera.desktop, layout=target.layout, locked=lock.locked()
            )
            assert found.valid and found.visible, found

        checks.append(_seconds(check))
        bares.append(_seconds(bare))
    lock.close()
    return statistics.median(checks), statistics.median(bares)


def _seconds(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
