"""What every piece of work on one window shares: its record, its pictures, its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from panel.core.evidence import Step
from panel.core.geometry import Point
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence
from panel.core.target import Reason, WindowInfo
from panel.dispatch.aim import Aim
from panel.dispatch.courtesy import Surroundings
from panel.dispatch.film import Film
from panel.screen.worker import DesktopThread

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended. `timings` are milliseconds from its start, by step."""

    status: DeliveryStatus
    evidence: Evidence
    reason: Reason | None
    coordinate_status: CoordinateStatus
    delivery_time_ms: int
    timings: dict[str, float] = field(default_factory=dict)
    window: WindowInfo | None = None
    point: Point | None = None


class Doubt(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """After the paste something was not seen; nobody but a person may go on."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text)
        self.reason = reason


class Stopped(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """A stop was committed before the next step."""


class Record(Protocol):
    """The attempt's row: written before each step that cannot be taken back."""

    async def advance(self, phase: str, keys: str | None, evidence: Evidence | None) -> bool:
        """Commits a phase, and the keys about to be pressed; False when a stop was committed."""

    async def strike(self, press: Callable[[], Reason | None]) -> Reason | None:
        """Makes a key press in the driver's thread while no stop can be committed, and answers
        what it answers. Raises Stopped, and presses nothing, when one was."""


class Course:
    """The way of one attempt from its start: times by step, pictures, and what it comes to."""

    def __init__(self, thread: DesktopThread, aim: Aim, film: Film) -> None:
        self._thread = thread
        self._aim = aim
        self._film = film
        self._started = time.monotonic()
        self._timings: dict[str, float] = {}
        self.coordinates = CoordinateStatus.PENDING

    def note(self, step: str) -> None:
        """It has come so far now."""
        self._timings[step] = round((time.monotonic() - self._started) * 1000, 2)

    async def picture(self, step: Step) -> None:
        """What stands in the window now."""
        await self._thread.run(self._film.take, step, self._aim.window)

    async def give_back(self, before: Surroundings) -> None:
        """A fault here changes nothing about the message: it must not look like one of sending."""
        try:
            await self._thread.run(self._aim.give_back, before)
        except Exception:
            log.exception("the operator's window or pointer could not be given back")
        self.note("restored")

    def outcome(self, status: DeliveryStatus, evidence: Evidence, reason: Reason | None) -> Outcome:
        """What the attempt comes to now."""
        return Outcome(
            status=status,
            evidence=evidence,
            reason=reason,
            coordinate_status=self.coordinates,
            delivery_time_ms=round((time.monotonic() - self._started) * 1000),
            timings=self._timings,
            window=self._aim.window,
            point=self._aim.point,
        )
