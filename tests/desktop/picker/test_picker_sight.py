"""What the overlay shows: loupe, crosshair, window frame; on white, black, noise and 4K."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import mss
import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from panel.core.geometry import Point, Rect
from panel.picker import palette
from panel.picker.loupe import paint_loupe, shape_for
from panel.picker.painting import crosshair_strips, line_weight, paint_crosshair
from panel.picker.session import ZOOMS
from panel.screen.virtual import VirtualDesktop
from panel.screen.x11 import X11Windows
from tests.desktop.conftest import OpenWindow
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.hands import Operator
from tests.desktop.picker.picks import BLUE, Pick, picking, shown_at
from tests.desktop.picker.scripts import Script
from tests.event_loop import Aio
from tests.waiting import until

UHD = (3840, 2160)
WHITE, BLACK = "#ffffff", "#000000"


async def test_the_loupe_is_never_under_the_pointer_nor_off_the_screen(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    places = [(2, 2), (1597, 2), (1597, 897), (2, 897), (800, 450), (1400, 200), (1400, 450)]
    async with picking(aio, system) as run:
        for x, y in places:
            await run.aim(operator, x, y)
            loupe = run.overlay._scene.loupe
            assert loupe is not None
            assert not Rect(loupe.x - 8, loupe.y - 8, loupe.width + 16, loupe.height + 16).contains(
                Point(x, y)
            )
            assert loupe.intersection(Rect(0, 0, 1600, 900)) == loupe
            panel = run.overlay.panel.geometry()
            assert not run.overlay.panel.isVisible() or not panel.contains(x, y)
        operator.press("esc")
        assert await run.answer is None


async def test_the_wheel_zooms_and_the_middle_cell_is_the_pixel_aimed_at(
    aio: Aio, system: X11Windows, operator: Operator, agent_window: PlainWindow
) -> None:
    x, y, _, _ = agent_window.rect
    async with picking(aio, system) as run:
        await run.aim(operator, x, y + 200)
        for button, cells in ((4, 11), (4, 7), (4, 7), (5, 11), (5, 21), (5, 33), (5, 77)):
            operator.click(button=button)
            await until_cells(aio, run, cells)
            scene = run.overlay._scene
            assert scene.loupe is not None
            assert scene.shape is not None
            side = scene.shape.cells * scene.shape.cell
            middle = scene.loupe.x + scene.shape.edge + side // 2
            row = scene.loupe.y + scene.shape.edge + side // 2
            # The window's first column is in the middle: left of it is the frame or the desktop.
            cell = scene.shape.cell
            if cell > 4:
                wait = Point(middle, row)
                await until_shown(aio, wait, BLUE)
                assert shown_at(Point(middle - cell, row + 2 * cell)) != BLUE
        assert set(ZOOMS) >= {7, 11, 21, 33, 77}
        operator.press("esc")
        assert await run.answer is None
    assert agent_window.untouched


async def until_cells(aio: Aio, run: Pick, cells: int) -> None:
    await aio.until(lambda: run.overlay._session.cells == cells, f"{cells} pixels in a row")


async def until_shown(aio: Aio, at: Point, colour: str) -> None:
    await aio.until(lambda: shown_at(at) == colour, f"{colour} at {at}")


async def test_the_window_under_the_point_is_lit_and_framed(
    aio: Aio, system: X11Windows, operator: Operator, open_window: OpenWindow
) -> None:
    white = open_window("White", geometry=(100, 100, 500, 500), color=WHITE)
    black = open_window("Black", geometry=(700, 100, 500, 500), color=BLACK)
    async with picking(aio, system) as run:
        for lit, other in ((white, black), (black, white)):
            x, y, width, height = lit.rect
            await run.aim(operator, x + 120, y + 130)
            edge, inside = Point(x, y + 400), Point(x + 450, y + 60)
            await until_shown(aio, edge, palette.BLUE.name())
            assert shown_at(Point(x + width - 1, y + 400)) == palette.BLUE.name()
            assert shown_at(Point(x + 300, y + height - 1)) == palette.BLUE.name()
            assert shown_at(inside) == (WHITE if lit is white else BLACK)
            dimmed = shown_at(Point(other.rect[0] + 60, other.rect[1] + 440))
            assert dimmed == (BLACK if other is black else "#979797")
        operator.press("esc")
        assert await run.answer is None


async def test_the_crosshair_has_both_tones_on_white_and_on_black(
    aio: Aio, system: X11Windows, operator: Operator, open_window: OpenWindow
) -> None:
    open_window("White", geometry=(100, 100, 500, 500), color=WHITE)
    open_window("Black", geometry=(700, 100, 500, 500), color=BLACK)
    async with picking(aio, system) as run:
        for x in (300, 900):
            await run.aim(operator, x, 400)
            row = [Point(x - 150, 400 + by) for by in (-1, 0, 1)]
            await until_shown(aio, row[1], WHITE)
            assert [shown_at(at) for at in row] == [BLACK, WHITE, BLACK]
            column = [Point(x + by, 550) for by in (-1, 0, 1)]
            assert [shown_at(at) for at in column] == [BLACK, WHITE, BLACK]
        operator.press("esc")
        assert await run.answer is None


@pytest.mark.parametrize("size", [(1024, 640), (1920, 1080), UHD])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_on_noise_too_no_pixel_of_the_crosshair_is_lost(
    size: tuple[int, int], scale: float
) -> None:
    """Either tone differs from any grey by half; the core stands between its edges all along."""
    rng = np.random.default_rng(20260314)
    noise = rng.integers(0, 256, (size[1], size[0], 4), np.uint8)
    image = QImage(noise.data, *size, QImage.Format.Format_RGB32).copy()
    screen, at = Rect(0, 0, *size), Point(size[0] // 3, size[1] // 3)
    weight = line_weight(screen, scale)
    painter = QPainter(image)
    strips = crosshair_strips(at, screen, weight, 13)
    paint_crosshair(painter, strips, weight)
    painter.end()
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(size[1], size[0], 4)[:, :, :3]
    for index, strip in enumerate(strips):
        part = shown[strip.y : strip.bottom, strip.x : strip.right]
        line = part[:, 5] if index < 2 else part[5]
        assert (part == (line[:, None] if index < 2 else line[None])).all()
        tones = "".join("w" if (pixel == 255).all() else "b" for pixel in line)
        assert set(tones) == {"w", "b"}
        assert tones == tones[::-1]
        assert tones[0] == "b"
        assert len(tones) >= (3 if size[1] <= 1080 and scale == 1 else 5)


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_the_loupes_grid_is_seen_on_any_ground(colour: int) -> None:
    shape = shape_for(21, 1.0)
    pixels = QImage(21, 21, QImage.Format.Format_RGB32)
    pixels.fill(0xFF000000 | colour * 0x010101)
    image = QImage(*shape.size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_loupe(painter, Rect(0, 0, *shape.size), shape, pixels, "1, 1", valid=True)
    painter.end()
    row = shape.edge + shape.cell // 2
    tones = [image.pixelColor(shape.edge + x, row).green() for x in range(shape.cell * 6)]
    lines = [tones[at] for at in range(shape.cell, shape.cell * 6, shape.cell)]
    column = shape.edge + 3 * shape.cell
    dots = {image.pixelColor(column, shape.edge + y).green() for y in range(shape.cell * 8)}
    assert max(abs(tone - colour) for tone in (*lines, *dots)) >= 40


@dataclass
class Large:
    """A 4K desktop with a white and a black half."""

    environment: dict[str, str]
    operator: Operator


@pytest.fixture
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    folder = tmp_path_factory.mktemp("large")
    with ExitStack() as stack:
        environment = stack.enter_context(VirtualDesktop(UHD)).environment
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in environment.items():
            patch.setenv(name, value)
        operator = Operator()
        stack.callback(operator.close)
        for left, colour in ((0, WHITE), (UHD[0] // 2, BLACK)):
            half = PlainWindow.open(
                operator,
                folder,
                colour,
                geometry=(left, 0, UHD[0] // 2, UHD[1]),
                override_redirect=True,
                color=colour,
            )
            stack.callback(half.close)
        yield Large(environment, operator)


@pytest.mark.parametrize("scale", ["1", "2"])
def test_on_a_4k_screen_the_crosshair_is_wide_enough_to_be_seen(large: Large, scale: str) -> None:
    large.operator.move(500, 1000)
    folder = large.environment["XAUTHORITY"].rsplit("/", 1)[0]
    with (
        Script(
            "picking_process",
            folder,
            environment={**large.environment, "QT_SCALE_FACTOR": scale},
        ) as picking,
        mss.MSS() as camera,
    ):
        picking.say({})
        picking.expect("shown")
        for x in (700, 2900):
            large.operator.move(x + 1, 1200)
            large.operator.move(x, 1200)
            ground = 255 if x == 700 else 0

            def arm(x: int = x) -> list[int]:
                area = {"left": x + 1200 * (1 if x == 700 else -1) // 3, "top": 1190}
                shot = camera.grab({**area, "width": 1, "height": 21})
                return [pixel[0] for (pixel,) in shot.pixels]

            def crossed(ground: int = ground) -> bool:
                tones = arm()
                return tones.count(255 - ground) >= 2 and tones[10] == 255

            until(crossed, f"the arm of the crosshair at {x}")
            tones = arm()
            core = [index for index, tone in enumerate(tones[7:14]) if tone == 255]
            if ground == 0:
                assert len(core) >= 3, tones
            else:
                assert 0 in tones[7:10], tones
                assert 0 in tones[11:14], tones
        large.operator.press("esc")
        assert picking.answer() is None
