"""The loupe: the pixels round the cursor, an odd number of them, on a grid."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen

from panel.core.geometry import Point, Rect
from panel.picker import palette
from panel.picker.painting import font_of

# Logical pixels. 231 = 3 * 7 * 11 is divided evenly by every zoom.
SIDE = 231
EDGE = 3
CAPTION = 28
# Cells smaller than this (native) would be all grid.
SMALLEST_GRID_CELL = 6


@dataclass(frozen=True, slots=True)
class LoupeShape:
    """The loupe's measures on one screen, native pixels."""

    cells: int
    cell: int
    edge: int
    caption: int

    @property
    def side(self) -> int:
        return self.cells * self.cell

    @property
    def size(self) -> tuple[int, int]:
        return self.side + 2 * self.edge, self.side + 2 * self.edge + self.caption


def shape_for(cells: int, scale: float) -> LoupeShape:
    cell = max(1, round(SIDE * scale) // cells)
    return LoupeShape(cells, cell, max(1, round(EDGE * scale)), round(CAPTION * scale))


def source_of(at: Point, cells: int) -> Rect:
    """The native pixels that the loupe shows."""
    return Rect(at.x - cells // 2, at.y - cells // 2, cells, cells)


def paint_loupe(
    painter: QPainter,
    place: Rect,
    shape: LoupeShape,
    pixels: QImage,
    caption: str,
    valid: bool,
) -> None:
    """`pixels` is what `source_of` names; `valid` colours the frame (words: the panel)."""
    colour = palette.GREEN if valid else palette.RED
    painter.fillRect(QRect(place.x, place.y, place.width, place.height), palette.INK)
    rim = max(1, shape.edge // 3)
    painter.fillRect(
        QRect(
            place.x + rim,
            place.y + rim,
            place.width - 2 * rim,
            place.height - 2 * rim,
        ),
        colour,
    )
    glass = QRect(place.x + shape.edge, place.y + shape.edge, shape.side, shape.side)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(glass, pixels)
    if shape.cell >= SMALLEST_GRID_CELL:
        _paint_grid(painter, glass, shape)
    _paint_middle(painter, glass, shape)
    label = QRect(
        place.x + shape.edge,
        glass.bottom() + 1,
        shape.side,
        place.height - shape.side - 2 * shape.edge,
    )
    painter.fillRect(label, palette.SURFACE)
    painter.setFont(font_of(painter.font(), round(shape.caption * 0.52), bold=True))
    painter.setPen(palette.TEXT)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, caption)


def _paint_grid(painter: QPainter, glass: QRect, shape: LoupeShape) -> None:
    """Dark lines with light dots: one of the two stands out on any picture."""
    dark, light = palette.DARK.toRgb(), palette.LIGHT.toRgb()
    dark.setAlpha(70)
    light.setAlpha(84)
    for brush in (QBrush(dark), QBrush(light, Qt.BrushStyle.Dense4Pattern)):
        for index in range(1, shape.cells):
            at = index * shape.cell
            painter.fillRect(QRect(glass.x() + at, glass.y(), 1, glass.height()), brush)
            painter.fillRect(QRect(glass.x(), glass.y() + at, glass.width(), 1), brush)


def _paint_middle(painter: QPainter, glass: QRect, shape: LoupeShape) -> None:
    """The row and column of the cursor tinted, its own pixel in a two-tone frame."""
    first = shape.cells // 2 * shape.cell
    veil = palette.BLUE.toRgb()
    veil.setAlpha(56)
    reach = shape.cell
    painter.fillRect(QRect(glass.x(), glass.y() + first, first, reach), veil)
    painter.fillRect(QRect(glass.x() + first + reach, glass.y() + first, first, reach), veil)
    painter.fillRect(QRect(glass.x() + first, glass.y(), reach, first), veil)
    painter.fillRect(QRect(glass.x() + first, glass.y() + first + reach, reach, first), veil)
    pixel = QRect(glass.x() + first, glass.y() + first, shape.cell, shape.cell)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    weight = max(1, shape.edge // 2)
    for index, colour in ((2, palette.DARK), (1, palette.LIGHT)):
        out = index * weight
        pen = QPen(colour, weight)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(pixel.adjusted(-out, -out, out - 1, out - 1))
