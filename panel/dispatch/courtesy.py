"""The operator's own work comes first: is anybody typing, and everything back as it was."""

from __future__ import annotations

import time
from dataclasses import dataclass

from panel.core.geometry import Point
from panel.core.target import Reason, ReasonCode
from panel.dispatch.driver import Driver
from panel.screen.windows import WindowSystem

_OWN_EVENT_SLACK = 0.06
"""Seconds after an event of our own within which the server's idle counter may still mean it."""


class OperatorWatch:
    """Tells the operator's input from our own, which resets the server's idle counter too."""

    def __init__(self, system: WindowSystem, driver: Driver) -> None:
        self._system = system
        self._driver = driver
        self._last_foreign = float("-inf")

    def idle_seconds(self) -> float | None:
        """Since the operator's last key or pointer event; None where it cannot be known."""
        idle = self._system.idle_ms()
        if idle is None:
            return None
        moment = time.monotonic()
        last = moment - idle / 1000
        own = self._driver.last_event
        if not own - _OWN_EVENT_SLACK <= last <= own + _OWN_EVENT_SLACK:
            self._last_foreign = max(self._last_foreign, last)
        return moment - self._last_foreign

    def acted_since(self, moment: float) -> bool:
        """Whether the operator touched anything after `moment` (time.monotonic())."""
        idle = self.idle_seconds()
        return idle is not None and time.monotonic() - idle > moment

    def disturbance(self, quiet_seconds: float) -> Reason | None:
        """Why nothing may be typed right now: keys are down, or the operator is at work."""
        down = self._system.keys_down()
        if down:
            return Reason(
                ReasonCode.KEYS_DOWN, f"{' and '.join(down)} held down.", "Sent when let go."
            )
        idle = self.idle_seconds()
        if idle is not None and idle < quiet_seconds:
            return Reason(ReasonCode.OPERATOR_ACTIVE, "You are working.", "Sent when you pause.")
        return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the operator's pointer was and which window they worked in."""

    pointer: Point
    active: int | None


def remember(system: WindowSystem) -> Surroundings:
    """Called before anything is raised or moved."""
    return Surroundings(system.pointer(), system.active_window())


def restore(
    before: Surroundings, system: WindowSystem, driver: Driver, left_at: Point | None
) -> None:
    """Gives window and pointer back. A pointer that is no longer where we left it stays."""
    if before.active is not None and system.active_window() != before.active:
        system.activate(before.active, timeout_ms=300)
    if left_at is not None and system.pointer() == left_at:
        driver.move(before.pointer)
