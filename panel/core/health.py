"""How well each system of the panel works: what is measured, and the one formula for its score.

A score starts at 100. Each measure takes away its weight times how far its value has gone from
good (nothing) to bad (all of it), in a straight line, never more. A value that is not known takes
nothing away. An alert is raised at half of the way and cleared below a quarter of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FULL_SCORE = 100.0
RAISE_AT, CLEAR_BELOW, CRITICAL_AT = 0.5, 0.25, 1.0

Metrics = Mapping[str, float | None]
"""By the measure's name; None where it could not be known."""


class SystemStatus(StrEnum):
    """core_systems_status.system_status."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ERROR = "error"
    MAINTENANCE = "maintenance"


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Measure:
    """One value that tells about a system: `good` takes nothing, `bad` takes `weight` points.

    `bad` may be the smaller one (free space). `says` and `fix` are sentences for the operator;
    `says` may hold {value}.
    """

    name: str
    title: str
    unit: str
    good: float
    bad: float
    weight: float
    says: str
    fix: str

    def way(self, value: float | None) -> float:
        """How far the value has gone from good (0) to bad (1)."""
        if value is None:
            return 0.0
        return min(max((value - self.good) / (self.bad - self.good), 0.0), 1.0)

    def shown(self, value: float) -> str:
        """The value with its unit, for people."""
        number = f"{value * 100:,.0f}" if self.unit == "%" else f"{value:,.0f}"
        return number + (self.unit if self.unit == "%" else f" {self.unit}" if self.unit else "")


@dataclass(frozen=True, slots=True)
class System:
    """A part of the panel whose health is watched; it cannot do without those that it `needs`."""

    system_id: str
    title: str
    measures: tuple[Measure, ...]
    needs: tuple[str, ...] = ()

    def measure(self, name: str) -> Measure:
        """The measure of that name; KeyError for an unknown one."""
        for each in self.measures:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def formula(self) -> str:
        """How the score is made, for the tooltip and the documentation."""
        parts = [
            f"{each.title}: up to {each.weight:g} points, none at {each.shown(each.good)}, "
            f"all at {each.shown(each.bad)}"
            for each in self.measures
        ]
        return "100 less, in a straight line between the two values:\n" + "\n".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """A measure that takes points away. `way` is from 0 to 1, as in Measure.way."""

    measure: Measure
    value: float
    way: float

    @property
    def points(self) -> float:
        return self.way * self.measure.weight

    @property
    def severity(self) -> Severity:
        return Severity.CRITICAL if self.way >= CRITICAL_AT else Severity.WARNING

    @property
    def text(self) -> str:
        return self.measure.says.format(value=self.measure.shown(self.value))


@dataclass(frozen=True, slots=True)
class Health:
    """What was measured of a system at one moment, and what follows from it."""

    system: System
    status: SystemStatus
    score: float
    metrics: Metrics
    findings: tuple[Finding, ...]
    checked_at: datetime

    @property
    def worst(self) -> Finding | None:
        """The finding that takes most away."""
        return max(self.findings, key=lambda found: found.points, default=None)


def judge(
    system: System,
    metrics: Metrics,
    checked_at: datetime,
    *,
    in_use: bool = True,
    in_maintenance: bool = False,
) -> Health:
    """The health of a system. One that is not `in_use` is inactive and loses nothing.

    A measure at its bad end makes the system's status `error`.
    """
    if not in_use:
        return Health(system, SystemStatus.INACTIVE, FULL_SCORE, metrics, (), checked_at)
    findings = [
        Finding(measure, value, way)
        for measure in system.measures
        if (value := metrics.get(measure.name)) is not None and (way := measure.way(value)) > 0
    ]
    findings.sort(key=lambda found: -found.points)
    score = max(0.0, FULL_SCORE - sum(found.points for found in findings))
    status = SystemStatus.ACTIVE
    if any(found.way >= CRITICAL_AT for found in findings):
        status = SystemStatus.ERROR
    if in_maintenance:
        status = SystemStatus.MAINTENANCE
    return Health(system, status, round(score, 1), metrics, tuple(findings), checked_at)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alert is about: one open alert a `kind` and `subject`.

    `still` names kinds and subjects that are no reason to raise one, but to keep an open one.
    """

    kind: str
    subject: str
    system_id: str
    severity: Severity
    text: str
    fix: str = ""
    only_keeps: bool = field(default=False)


def troubles(health: Health) -> list[Trouble]:
    """The alerts that this health asks for: raised at half of the way, kept down to a quarter."""
    return [
        Trouble(
            kind=f"{health.system.system_id}.{found.measure.name}",
            subject="",
            system_id=health.system.system_id,
            severity=found.severity,
            text=found.text,
            fix=found.measure.fix,
            only_keeps=found.way < RAISE_AT,
        )
        for found in health.findings
        if found.way >= CLEAR_BELOW
    ]


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """A time in which a system rests: its alerts are silent, and nothing is sent in messaging's."""

    starts_at: datetime
    ends_at: datetime
    reason: str = ""

    def covers(self, moment: datetime) -> bool:
        """Whether it is now; its end is no part of it."""
        return self.starts_at <= moment < self.ends_at


def window_at(windows: Sequence[MaintenanceWindow], moment: datetime) -> MaintenanceWindow | None:
    """The maintenance window of that moment; of several the one that ends last."""
    covering = [window for window in windows if window.covers(moment)]
    return max(covering, key=lambda window: window.ends_at, default=None)
