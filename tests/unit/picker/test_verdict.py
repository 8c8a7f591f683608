"""Which points may become a target, and the words for those that may not."""

from __future__ import annotations

import pytest

from panel.core.geometry import Point, Rect
from panel.core.target import TargetKind
from panel.picker.values import TakenPoint
from panel.picker.verdict import TAKEN_DISTANCE, Judge, lookup_in
from tests.unit.picker.builders import BACK, FRONT, LAYOUT, OURS, OWN_PID, window

TAKEN = (
    TakenPoint("Agent-2", TargetKind.ONBOARDING, Point(150, 150), window_id=1),
    TakenPoint("Agent-3", TargetKind.ONBOARDING, Point(450, 350), window_id=1),
    TakenPoint("Agent-5", TargetKind.CHAT, Point(800, 800)),
)


@pytest.fixture
def judge() -> Judge:
    return Judge("Agent-3", LAYOUT, [FRONT, BACK, OURS], TAKEN, OWN_PID)


def test_the_topmost_window_counts_and_minimised_ones_do_not() -> None:
    hidden = window(9, Rect(0, 0, 2000, 2000), minimised=True)
    look = lookup_in([hidden, FRONT, BACK])
    assert look(Point(100, 100)) == FRONT
    assert look(Point(499, 399)) == FRONT
    assert look(Point(500, 399)) == BACK
    assert look(Point(99, 100)) == BACK
    assert look(Point(1500, 1000)) is None


def test_a_good_point_has_all_its_facts(judge: Judge) -> None:
    verdict = judge.verdict(Point(301, 222))
    assert verdict.valid
    assert verdict.reason == ""
    assert verdict.window == FRONT
    assert verdict.offset == Point(201, 122)
    assert verdict.screen is not None
    assert verdict.screen.name == "left"
    assert [check.passed for check in verdict.checks] == [True] * 4


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (Point(500, 1500), "No screen shows this point."),
        (Point(-1, 0), "No screen shows this point."),
        (Point(3000, 1500), "This is the bare desktop: no window is here."),
        (Point(1300, 50), "This is the panel itself. Choose the agent's window."),
        (Point(150, 150), "This is already Agent-2's new-chat box."),
        (Point(800 - TAKEN_DISTANCE, 800), "This is already Agent-5's chat box."),
    ],
)
def test_a_point_that_is_no_target_says_why(judge: Judge, point: Point, words: str) -> None:
    verdict = judge.verdict(point)
    assert not verdict.valid
    assert verdict.reason == words


def test_near_another_target_is_taken_and_a_little_further_is_not(judge: Judge) -> None:
    assert judge.verdict(Point(800 + TAKEN_DISTANCE + 1, 800)).valid


def test_an_agents_own_other_box_may_be_the_same(judge: Judge) -> None:
    assert judge.verdict(Point(450, 350)).valid


def test_the_same_pixel_of_another_window_is_another_place(judge: Judge) -> None:
    """Eight maximised windows have their composers at the same pixel."""
    judge.see([window(7, FRONT.rect), FRONT, BACK])
    assert judge.verdict(Point(150, 150)).valid
