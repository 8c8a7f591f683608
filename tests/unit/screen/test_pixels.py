"""The conversion between Qt's logical coordinates and native pixels, and grabs in native pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import mss
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.screen import pixels

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
# What desktops offer, and what a person may set by hand.
ANY_SCALE = st.one_of(
    st.sampled_from([*SCALES, 1.1, 4 / 3, 5 / 3, 2.25, 2.5, 3.5, 4.0]), st.floats(1.0, 4.0)
)
SIZES = ((1920, 1080), (2560, 1440), (3840, 2160), (1366, 768), (1280, 1024), (960, 1080))


@dataclass
class FakeScreen:
    """What the conversion asks of a QScreen: Qt rounds the logical size of a native one."""

    x: int
    y: int
    size: tuple[int, int]
    scale: float

    def name(self) -> str:
        return "fake"

    def geometry(self) -> QRect:
        width, height = (int(side / self.scale + 0.5) for side in self.size)
        return QRect(self.x, self.y, width, height)

    def devicePixelRatio(self) -> float:
        return self.scale


def fake(x: int, y: int, size: tuple[int, int], scale: float) -> QScreen:
    return cast(QScreen, FakeScreen(x, y, size, scale))


places = st.integers(-8000, 8000)


@given(
    x=places,
    y=places,
    scale=ANY_SCALE,
    dx=st.integers(0, 7679),
    dy=st.integers(0, 4319),
)
def test_every_native_pixel_survives_the_way_through_logical_coordinates(
    x: int, y: int, scale: float, dx: int, dy: int
) -> None:
    screen = fake(x, y, (7680, 4320), scale)
    native = Point(x + dx, y + dy)
    assert pixels.to_native(screen, pixels.to_logical(screen, native)) == native


@given(
    x=places,
    scale=ANY_SCALE,
    dx=st.integers(0, 7679),
    inside=st.floats(0, 0.98),
)
def test_a_position_inside_a_pixel_is_that_pixel(
    x: int, scale: float, dx: int, inside: float
) -> None:
    screen = fake(x, 0, (7680, 4320), scale)
    position = QPointF(x + (dx + inside) / scale, 0.0)
    assert pixels.to_native(screen, position) == Point(x + dx, 0)


@dataclass(frozen=True)
class Desk:
    """Screens of any scale beside each other, the first one's corner anywhere."""

    screens: tuple[FakeScreen, ...]

    @property
    def layout(self) -> ScreenLayout:
        return ScreenLayout(
            tuple(
                Screen(f"{number}", Rect(each.x, each.y, *each.size), each.scale)
                for number, each in enumerate(self.screens)
            )
        )


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    screens = []
    left = draw(st.integers(-8000, 4000))
    for _ in range(draw(st.integers(1, 4))):
        size, scale = draw(st.sampled_from(SIZES)), draw(ANY_SCALE)
        screens.append(FakeScreen(left, draw(st.integers(-3000, 3000)), size, scale))
        left += size[0]
    return Desk(tuple(screens))


@given(desk=desks(), data=st.data())
def test_on_mixed_screens_every_pixel_is_told_by_the_screen_that_shows_it(
    desk: Desk, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(desk.screens) - 1))
    screen = desk.screens[number]
    edges = st.sampled_from([0, 1, -1, -2])
    x, y = (data.draw(st.one_of(st.integers(0, side - 1), edges)) % side for side in screen.size)
    native = Point(screen.x + x, screen.y + y)
    there = desk.layout.screen_at(native)
    assert there is not None
    assert there.name == f"{number}"
    logical = pixels.to_logical(cast(QScreen, screen), native)
    assert pixels.to_native(cast(QScreen, screen), logical) == native
    # The position that an overlay's event has is relative to the overlay's own corner.
    corner = QPointF(screen.geometry().topLeft())
    assert pixels.to_native(cast(QScreen, screen), corner + (logical - corner)) == native


@given(scale=ANY_SCALE, x=places, dx=st.integers(0, 7678))
def test_neighbouring_pixels_stay_neighbours_and_in_order(scale: float, x: int, dx: int) -> None:
    screen = fake(x, 0, (7680, 4320), scale)
    here, there = (pixels.to_logical(screen, Point(x + dx + step, 0)).x() for step in (0, 1))
    assert here < there
    middle = QPointF((here + there) / 2, 0.0)
    assert pixels.to_native(screen, middle) == Point(x + dx, 0)


@given(size=st.sampled_from(SIZES), scale=ANY_SCALE, x=places)
def test_a_described_screen_is_off_by_no_more_than_a_logical_pixel(
    size: tuple[int, int], scale: float, x: int
) -> None:
    """Qt tells rounded lengths only; pictures, which the picker goes by, have the exact ones."""
    rect = pixels.describe(fake(x, 0, size, scale)).rect
    assert (rect.x, rect.y) == (x, 0)
    for told, real in zip((rect.width, rect.height), size, strict=True):
        assert abs(told - real) <= scale


def test_the_origin_is_native_and_only_the_inside_is_scaled() -> None:
    right = fake(1920, -200, (3840, 2160), 2.0)
    assert pixels.to_native(right, QPointF(1920, -200)) == Point(1920, -200)
    assert pixels.to_native(right, QPointF(1920.5, -199.5)) == Point(1921, -199)
    assert pixels.to_logical(right, Point(1923, -199)) == QPointF(1921.5, -199.5)


@pytest.mark.parametrize("scale", SCALES[:-1])
@pytest.mark.parametrize("size", SIZES)
def test_native_sizes_are_known_through_the_rounding(size: tuple[int, int], scale: float) -> None:
    described = pixels.describe(fake(-1920, 40, size, scale))
    assert described.rect == Rect(-1920, 40, *size)
    assert described.scale == scale


def test_the_layout_has_the_screens_of_the_desktop(qapp: QApplication) -> None:
    (screen,) = pixels.layout().screens
    primary = QGuiApplication.primaryScreen()
    with mss.MSS() as camera:
        whole = camera.monitors[0]
    assert screen.name == primary.name()
    assert screen.rect == Rect(0, 0, whole["width"], whole["height"])


@pytest.mark.parametrize("rect", [None, Rect(3, 5, 37, 21), Rect(-10, 880, 60, 60)])
def test_a_grab_is_what_the_screen_shows_in_native_pixels(
    qapp: QApplication, rect: Rect | None
) -> None:
    screen = QGuiApplication.primaryScreen()
    shown = pixels.describe(screen).rect
    part = shown if rect is None else rect.intersection(shown)
    with mss.MSS() as camera:
        area = {"left": part.x, "top": part.y, "width": part.width, "height": part.height}
        expected = camera.grab(area)
    image = pixels.grab(screen, rect)
    assert (image.width(), image.height()) == (part.width, part.height)
    assert image.devicePixelRatio() == 1.0
    assert bytes(image.constBits())[0::4] == bytes(expected.raw)[0::4]
    assert bytes(image.constBits())[2::4] == bytes(expected.raw)[2::4]


def test_a_grab_off_the_screen_is_empty(qapp: QApplication) -> None:
    assert pixels.grab(QGuiApplication.primaryScreen(), Rect(-50, 0, 20, 20)).isNull()
