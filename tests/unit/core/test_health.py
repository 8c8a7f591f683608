"""The formula of a health score against hand-made values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from panel.core.health import (
    MaintenanceWindow,
    Measure,
    Metrics,
    Severity,
    System,
    SystemStatus,
    judge,
    troubles,
    window_at,
)
from panel.core.systems import SYSTEMS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RISING = Measure("queue", "Queue", "s", 60, 600, 25, "Waits for {value}.", "Look.")
FALLING = Measure("free", "Free", "MB", 1000, 100, 60, "Only {value} free.", "Make room.")
SYSTEM = System("messaging", "Sending", (RISING, FALLING))


@pytest.mark.parametrize(
    ("value", "way"),
    [(None, 0), (0, 0), (60, 0), (330, 0.5), (600, 1), (10_000, 1), (-5, 0)],
)
def test_a_measure_goes_in_a_straight_line_from_good_to_bad(
    value: float | None, way: float
) -> None:
    assert RISING.way(value) == way


@pytest.mark.parametrize(("value", "way"), [(2000, 0), (1000, 0), (550, 0.5), (100, 1), (0, 1)])
def test_less_can_be_worse(value: float, way: float) -> None:
    assert FALLING.way(value) == way


@pytest.mark.parametrize(
    ("metrics", "score", "status"),
    [
        ({}, 100, SystemStatus.ACTIVE),
        ({"queue": 330, "free": None}, 87.5, SystemStatus.ACTIVE),
        ({"queue": 330, "free": 550}, 57.5, SystemStatus.ACTIVE),
        ({"queue": 600}, 75, SystemStatus.ERROR),
        ({"queue": 9999, "free": 0}, 15, SystemStatus.ERROR),
    ],
)
def test_the_score_is_100_less_the_weighted_ways(
    metrics: Metrics, score: float, status: SystemStatus
) -> None:
    health = judge(SYSTEM, metrics, NOW)
    assert (health.score, health.status) == (score, status)


def test_the_worst_finding_comes_first() -> None:
    health = judge(SYSTEM, {"queue": 500, "free": 400}, NOW)
    assert health.worst is not None
    assert health.worst.measure is FALLING
    assert health.worst.text == "Only 400 MB free."


def test_what_is_not_in_use_loses_nothing() -> None:
    health = judge(SYSTEM, {"queue": 9999}, NOW, in_use=False)
    assert (health.score, health.status, health.findings) == (100, SystemStatus.INACTIVE, ())


def test_maintenance_hides_no_score() -> None:
    health = judge(SYSTEM, {"queue": 600}, NOW, in_maintenance=True)
    assert (health.score, health.status) == (75, SystemStatus.MAINTENANCE)


@pytest.mark.parametrize(
    ("queue", "told"),
    [
        (190, None),
        (200, (True, Severity.WARNING)),
        (329, (True, Severity.WARNING)),
        (331, (False, Severity.WARNING)),
        (600, (False, Severity.CRITICAL)),
    ],
)
def test_an_alert_is_raised_at_half_of_the_way_and_kept_to_a_quarter(
    queue: float, told: tuple[bool, Severity] | None
) -> None:
    found = troubles(judge(SYSTEM, {"queue": queue}, NOW))
    assert [(each.only_keeps, each.severity) for each in found] == ([told] if told else [])


def test_a_window_begins_with_its_start_and_ends_before_its_end() -> None:
    window = MaintenanceWindow(NOW, NOW + timedelta(hours=1))
    longer = MaintenanceWindow(NOW, NOW + timedelta(hours=2))
    assert window_at([window, longer], NOW) is longer
    assert window_at([window], NOW + timedelta(hours=1)) is None
    assert window_at([], NOW) is None


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.system_id)
def test_every_system_says_how_its_score_is_made(system: System) -> None:
    lines = system.formula.splitlines()
    assert len(lines) == 1 + len(system.measures)
    for measure, line in zip(system.measures, lines[1:], strict=True):
        assert measure.title in line
        assert f"{measure.weight:g} points" in line
        assert measure.says.format(value=measure.shown(measure.bad)).endswith(".")
        assert measure.good != measure.bad
        assert measure.fix.endswith((".", "db check", "--forever"))


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.system_id)
def test_every_measure_at_its_bad_end_takes_its_weight(system: System) -> None:
    for measure in system.measures:
        health = judge(system, {measure.name: measure.bad}, NOW)
        assert health.score == 100 - measure.weight
        assert health.status is SystemStatus.ERROR
        assert judge(system, {measure.name: measure.good}, NOW).score == 100
