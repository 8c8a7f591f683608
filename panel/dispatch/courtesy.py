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


@dataclass(frozen=True, slots=True)
class Look:
    """What the operator's hands do: names of what is held down, and seconds since their last event
    (infinite before the first, None where it cannot be known)."""

    down: tuple[str, ...]
    idle: float | None


class OperatorWatch:
    """The one place that knows the operator's last event.

    The server counts from the last event of anybody, our own included. Between deliveries that is
    enough: whoever works makes more events than the few that ours can hide. Within a delivery it is
    not, because a foreign event that one of ours follows is never seen: what else hears of such an
    event (see `note_foreign`) tells it here.
    """

    def __init__(self, system: WindowSystem, driver: Driver) -> None:
        self._system = system
        self._driver = driver
        self._last_foreign = float("-inf")

    def note_foreign(self, moment: float) -> None:
        """The operator touched something then (time.monotonic())."""
        self._last_foreign = max(self._last_foreign, moment)

    def idle_seconds(self) -> float | None:
        """Since the operator's last key or pointer event; None where it cannot be known."""
        idle = self._system.idle_ms()
        if idle is None:
            return None
        moment = time.monotonic()
        last = moment - idle / 1000
        own = self._driver.last_event
        if not own - _OWN_EVENT_SLACK <= last <= own + _OWN_EVENT_SLACK:
            self.note_foreign(last)
        return moment - self._last_foreign

    def acted_since(self, moment: float) -> bool:
        """Whether the operator touched anything after `moment` (time.monotonic())."""
        idle = self.idle_seconds()
        return idle is not None and time.monotonic() - idle > moment

    def look(self) -> Look:
        """The hands as they are now."""
        return Look(self._system.keys_down(), self.idle_seconds())

    def disturbance(self, quiet_seconds: float) -> Reason | None:
        """Why nothing may be typed right now: keys are down, or the operator is at work."""
        look = self.look()
        if look.down:
            return keys_down(look.down)
        if look.idle is not None and look.idle < quiet_seconds:
            return working()
        return None


def keys_down(names: tuple[str, ...]) -> Reason:
    """Something is held down, in words."""
    return Reason(ReasonCode.KEYS_DOWN, f"{' and '.join(names)} held down.", "Sent when let go.")


def working() -> Reason:
    """Somebody types or moves the pointer, in words."""
    return Reason(ReasonCode.OPERATOR_ACTIVE, "You are working.", "Sent when you pause.")


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
