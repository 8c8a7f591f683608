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

from panel.core.geometry import Point, Rect
from panel.screen import pixels

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)
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
    scale=st.sampled_from(SCALES),
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
    scale=st.sampled_from(SCALES),
    dx=st.integers(0, 7679),
    inside=st.floats(0, 0.98),
)
def test_a_position_inside_a_pixel_is_that_pixel(
    x: int, scale: float, dx: int, inside: float
) -> None:
    screen = fake(x, 0, (7680, 4320), scale)
    position = QPointF(x + (dx + inside) / scale, 0.0)
    assert pixels.to_native(screen, position) == Point(x + dx, 0)


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
