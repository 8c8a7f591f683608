"""The benchmarks' results: how they are chosen, judged and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import chosen, measures
from bench.figures import Figure, Measure, keep, spread


def figure(name: str, value: float, goal: str = "<= 3") -> Figure:
    return Figure(name, value, "x", goal, "a peer", "detail")


@pytest.mark.parametrize(
    ("value", "goal", "reached"),
    [
        (3, "<= 3", True),
        (3.1, "<= 3", False),
        (0, "== 0", True),
        (95, ">= 95", True),
        (2, "< 2", 0),
    ],
)
def test_goals(value: float, goal: str, reached: bool) -> None:
    found = figure("calibration.validate_ratio", value, goal)
    assert found.reached is bool(reached)
    assert ("MISSED" in found.line) is not found.reached


def test_results_are_merged_by_name(tmp_path: Path) -> None:
    file = tmp_path / "results" / "latest.json"
    keep([figure("b", 1), figure("a", 1)], file)
    keep([figure("b", 2)], file)
    kept = json.loads(file.read_text("utf-8"))
    assert [(item["name"], item["value"]) for item in kept] == [("a", 1), ("b", 2)]
    assert set(kept[0]) == {"name", "value", "unit", "goal", "peer", "detail"}


def test_names_choose_suites_and_figures() -> None:
    one, two = Measure(("x.a", "x.b"), list), Measure(("y.a",), list)
    assert chosen([], [one, two]) == [one, two]
    assert chosen(["x"], [one, two]) == [one]
    assert chosen(["x.b", "y.a"], [one, two]) == [one, two]
    with pytest.raises(KeyError):
        chosen(["x.c"], [one, two])


def test_the_suites_have_one_measure_for_each_name() -> None:
    names = [name for measure in measures() for name in measure.names]
    assert len(names) == len(set(names))
    assert "calibration.wrong_accepts" in names


def test_spread() -> None:
    assert spread([3.0, 1.0, 2.0], "ms") == "min 1, median 2, max 3 ms"
