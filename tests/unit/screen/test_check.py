"""Whether a target can be used: identity, place, visibility, landmark, in this order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import AnchorPolicy, ReasonCode, Target, TargetStatus, WindowInfo
from panel.screen.check import check_target, find_window, has_words
from panel.screen.fingerprint import Pixels, crop
from panel.screen.generic import GenericWindows
from tests.unit.screen.builders import IDENTITY, info, photo, plain, target_in

AT = Point(215, 335)
HOME = Rect(100, 60, 430, 400)
DESKTOP = Rect(0, 0, 1600, 900)


@dataclass
class Desk(GenericWindows):
    """Windows, topmost first, each a rectangle, painted with a picture."""

    stack: list[tuple[WindowInfo, Pixels]] = field(default_factory=list)

    def windows(self) -> list[WindowInfo]:
        return [window for window, _ in self.stack]

    def describe(self, window_id: int) -> WindowInfo | None:
        return next((one for one in self.windows() if one.identity.window_id == window_id), None)

    def window_at(self, point: Point) -> WindowInfo | None:
        return next((one for one in self.windows() if one.rect.contains(point)), None)

    def shows(self, window_id: int, point: Point) -> bool:
        top = self.window_at(point)
        return top is not None and top.identity.window_id == window_id

    def grab(self, rect: Rect) -> Pixels:
        screen = plain(DESKTOP.width, DESKTOP.height)
        for window, picture in reversed(self.stack):
            seen = window.rect.intersection(DESKTOP)
            part = picture[seen.y - window.rect.y :, seen.x - window.rect.x :]
            screen[seen.y : seen.bottom, seen.x : seen.right] = part[: seen.height, : seen.width]
        return crop(screen, rect.intersection(DESKTOP))


def desk(*stack: tuple[WindowInfo, Pixels]) -> Desk:
    return Desk(stack=list(stack))


def check(target: Target, on: Desk) -> tuple[bool, bool, ReasonCode | None]:
    found = check_target(target, on, on, DESKTOP)
    return found.valid, found.visible, found.reasons[0].code if found.reasons else None


@pytest.fixture
def target() -> Target:
    return target_in(photo("chat"), AT, HOME.top_left)


def cover(rect: Rect) -> tuple[WindowInfo, Pixels]:
    other = replace(IDENTITY, window_id=0x900001, pid=99, window_class="Cover", title="Cover")
    return info(rect, other), plain(rect.width, rect.height, (40, 60, 200))


def test_ready(target: Target) -> None:
    assert check(target, desk((info(HOME), photo("chat")))) == (True, True, None)


def test_a_moved_window_takes_its_target_along(target: Target) -> None:
    there = HOME.moved(Point(700, 300))
    found = check_target(target, on := desk((info(there), photo("chat"))), on, DESKTOP)
    assert found.valid and found.visible
    assert found.point == found.moved_to == AT + there.top_left


@pytest.mark.parametrize(
    ("rect", "code"),
    [
        (Rect(100, 60, 700, 560), ReasonCode.RESIZED),
        (HOME.moved(Point(1500, 0)), ReasonCode.OFF_SCREEN),
    ],
)
def test_a_place_that_is_no_longer_right(target: Target, rect: Rect, code: ReasonCode) -> None:
    picture = plain(rect.width, rect.height)
    assert check(target, desk((info(rect), picture))) == (False, False, code)


def test_minimised_is_valid_but_not_visible(target: Target) -> None:
    on = desk((info(HOME, minimised=True), photo("chat")))
    assert check(target, on) == (True, False, ReasonCode.MINIMISED)


def test_covered_is_valid_but_not_visible(target: Target) -> None:
    here = info(HOME), photo("chat")
    assert check(target, desk(cover(Rect(250, 350, 200, 100)), here)) == (
        True,
        False,
        ReasonCode.COVERED,
    )
    # A landmark that nobody can see is no landmark that differs.
    assert check(target, desk(cover(Rect(90, 50, 120, 40)), here)) == (
        True,
        False,
        ReasonCode.COVERED,
    )
    assert check(target, desk(cover(Rect(350, 150, 100, 100)), here)) == (True, True, None)


def test_another_landmark_is_another_conversation(target: Target) -> None:
    on = desk((info(HOME), photo("chat_dark")))
    assert check(target, on) == (False, True, ReasonCode.ANCHOR_DIFFERS)
    warned = replace(target, policy=AnchorPolicy.WARN)
    assert check(warned, on) == (True, True, ReasonCode.ANCHOR_DIFFERS)
    assert check(replace(target, policy=AnchorPolicy.OFF), on) == (True, True, None)


def test_a_landmark_may_move_a_little_but_not_far(target: Target) -> None:
    for by, right in ((8, True), (20, False)):
        window = photo("chat")
        window[by:60] = photo("chat")[: 60 - by]
        window[:by] = window[by]
        assert check(target, desk((info(HOME), window)))[0] is right


@pytest.mark.parametrize(
    "change",
    [{"pid": 4712}, {"process_started": 1235}, {"window_class": "Other"}, {"pid": None}],
)
def test_another_process_with_the_windows_number_is_a_stranger(
    target: Target, change: dict[str, object]
) -> None:
    other = replace(IDENTITY, title="Agent-9 – chat", **change)  # type: ignore[arg-type]
    on = desk((info(HOME, other), photo("chat")))
    assert check(target, on) == (False, False, ReasonCode.WINDOW_GONE)


def test_an_imported_point_is_not_used(target: Target) -> None:
    on = desk((info(HOME), photo("chat")))
    imported = replace(target, status=TargetStatus.UNVERIFIED)
    assert check(imported, on) == (False, False, ReasonCode.UNVERIFIED)
    assert check(replace(target, window=None), on) == (False, False, ReasonCode.UNVERIFIED)


def test_the_desktop_has_the_first_word(target: Target) -> None:
    on = desk((info(HOME, minimised=True), photo("chat")))
    locked = check_target(replace(target, window=None), on, on, DESKTOP, locked=True)
    assert (locked.valid, locked.visible, locked.code) == (False, False, ReasonCode.LOCKED)
    assert "locked" in locked.words
    bare = check_target(target, on, on, Rect(0, 0, 0, 0))
    assert (bare.valid, bare.code) == (False, ReasonCode.NO_DISPLAY)


def two_screens(left: float, right: float) -> ScreenLayout:
    return ScreenLayout(
        (
            Screen("left", Rect(0, 0, 800, 900), left),
            Screen("right", Rect(800, 0, 800, 900), right),
        )
    )


def test_other_screens_do_no_harm_but_another_scale_does(target: Target) -> None:
    known = replace(target, layout=ScreenLayout((Screen("one", DESKTOP),)))
    there = HOME.moved(Point(720, 0))
    on = desk((info(there), photo("chat")))
    moved = check_target(known, on, on, DESKTOP, layout=two_screens(2, 1))
    assert moved.valid and moved.visible and moved.point == AT + there.top_left
    rescaled = check_target(known, on, on, DESKTOP, layout=two_screens(1, 1.5))
    assert (rescaled.valid, rescaled.code) == (False, ReasonCode.SCALE_CHANGED)
    assert "was 1 when it was calibrated and is 1.5 here" in rescaled.words
    # What is wrong with the scale is said before what is wrong with the size.
    wide = Rect(there.x, there.y, 700, 560)
    resized = desk((info(wide), plain(wide.width, wide.height)))
    said = check_target(known, resized, resized, DESKTOP, layout=two_screens(1, 1.5))
    assert said.code == ReasonCode.SCALE_CHANGED


def test_after_a_restart_class_and_rule_fit_one_window(target: Target) -> None:
    again = replace(IDENTITY, window_id=0x500001, pid=5000, process_started=9999)
    like = replace(again, window_id=0x500002, title="Agent-41 – chat")
    on = desk((info(HOME, again), photo("chat")), (info(HOME, like), photo("chat")))
    sight = find_window(target, on)
    assert sight.rebound
    assert sight.window is not None
    assert sight.window.identity == again
    taken = find_window(target, on, others={0x500001})
    assert taken.window is None
    assert taken.reason is not None
    assert taken.reason.code is ReasonCode.WINDOW_GONE
    twice = replace(again, window_id=0x500003)
    on.stack.append((info(HOME, twice), photo("chat")))
    several = find_window(target, on)
    assert several.reason is not None
    assert several.reason.code is ReasonCode.AMBIGUOUS


@pytest.mark.parametrize(
    ("title", "rule", "contained"),
    [
        ("Agent-1 – chat", "Agent-1", True),
        ("Agent-12 – chat", "Agent-1", False),
        ("MyAgent-1", "Agent-1", False),
        ("repo-3 (main)", "repo-3", True),
        ("a (b", "(b", True),
        ("agent-1", "Agent-1", False),
        ("Über-1 läuft", "Über-1", True),
        ("", "Agent-1", False),
    ],
)
def test_whole_words_of_a_title(title: str, rule: str, contained: bool) -> None:
    assert has_words(title, rule) is contained


def test_a_grab_that_leaves_the_desktop_never_matches(target: Target) -> None:
    on = desk((info(HOME.moved(Point(-150, 0))), photo("chat")))
    valid, visible, code = check(target, on)
    assert (valid, code) == (False, ReasonCode.ANCHOR_DIFFERS) or not visible
    assert isinstance(on.grab(Rect(-9, 0, 4, 4)), np.ndarray)
