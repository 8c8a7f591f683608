"""What the overlay paints over the frozen picture, in native pixels of its screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from panel.core.geometry import Point, Rect
from panel.picker import palette
from panel.picker.placing import inflated


def qrect(rect: Rect) -> QRect:
    return QRect(rect.x, rect.y, rect.width, rect.height)


def line_weight(screen: Rect, scale: float) -> int:
    """How thick a fine line has to be to be seen on that screen, in native pixels."""
    return max(1, round(scale), round(screen.height / 1300))


def crosshair_strips(at: Point, screen: Rect, weight: int, gap: int) -> tuple[Rect, ...]:
    """The four arms with their dark edges: an odd width with the pixel in the middle."""
    half = weight // 2 + _edge(weight)
    wide = 2 * half + 1
    return (
        Rect(screen.x, at.y - half, max(0, at.x - gap - screen.x), wide),
        Rect(at.x + gap + 1, at.y - half, max(0, screen.right - at.x - gap - 1), wide),
        Rect(at.x - half, screen.y, wide, max(0, at.y - gap - screen.y)),
        Rect(at.x - half, at.y + gap + 1, wide, max(0, screen.bottom - at.y - gap - 1)),
    )


def _edge(weight: int) -> int:
    """How wide each dark edge is; the light core is `weight // 2 * 2 + 1`, which has a middle."""
    return max(1, weight // 2)


def paint_crosshair(painter: QPainter, strips: Sequence[Rect], weight: int) -> None:
    """Light with dark edges: one of the two stands out on any picture."""
    for index, strip in enumerate(strips):
        painter.fillRect(qrect(strip), palette.DARK)
        edge = _edge(weight)
        across = (0, edge) if index < 2 else (edge, 0)
        core = Rect(
            strip.x + across[0],
            strip.y + across[1],
            strip.width - 2 * across[0],
            strip.height - 2 * across[1],
        )
        painter.fillRect(qrect(core), palette.LIGHT)


def outline(rect: Rect, weight: int) -> tuple[Rect, ...]:
    """The four strips just inside a rectangle's edges."""
    return (
        Rect(rect.x, rect.y, rect.width, weight),
        Rect(rect.x, rect.bottom - weight, rect.width, weight),
        Rect(rect.x, rect.y + weight, weight, max(0, rect.height - 2 * weight)),
        Rect(rect.right - weight, rect.y + weight, weight, max(0, rect.height - 2 * weight)),
    )


def paint_outline(painter: QPainter, rect: Rect, colour: QColor, weight: int) -> None:
    """A coloured line with a dark one inside it."""
    for strip in outline(rect, weight * 2):
        painter.fillRect(qrect(strip), colour)
    inner = Rect(
        rect.x + weight * 2, rect.y + weight * 2, rect.width - weight * 4, rect.height - weight * 4
    )
    if not inner.empty:
        for strip in outline(inner, weight):
            painter.fillRect(qrect(strip), palette.DARK)


def font_of(painter_font: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(painter_font)
    font.setPixelSize(max(1, pixels))
    font.setBold(bold)
    return font


def paint_frame(
    painter: QPainter, rect: Rect, name: str, colour: QColor, scale: float, active: bool
) -> None:
    """A frame that can be dragged: lines outside its pixels, its name, handles when active."""
    weight = max(1, round(scale))
    around = inflated(rect, 4 * weight)
    for strip in outline(around, weight * 4):
        painter.fillRect(qrect(strip), palette.DARK)
    middle = inflated(rect, 3 * weight)
    for strip in outline(middle, weight * 2):
        painter.fillRect(qrect(strip), colour)
    if active:
        _paint_handles(painter, middle, colour, scale)
    _paint_tag(painter, around, name, colour, scale)


def _paint_handles(painter: QPainter, rect: Rect, colour: QColor, scale: float) -> None:
    side = round(9 * scale)
    for x in (rect.x, rect.x + rect.width // 2, rect.right - 1):
        for y in (rect.y, rect.y + rect.height // 2, rect.bottom - 1):
            if (x, y) == (rect.x + rect.width // 2, rect.y + rect.height // 2):
                continue
            handle = QRect(x - side // 2, y - side // 2, side, side)
            painter.fillRect(handle, palette.DARK)
            edge = max(1, round(1.5 * scale))
            painter.fillRect(handle.adjusted(edge, edge, -edge, -edge), colour)


def _paint_tag(
    painter: QPainter,
    around: Rect,
    name: str,
    colour: QColor,
    scale: float,
    *,
    below: bool = False,
) -> None:
    font = font_of(painter.font(), round(12 * scale), bold=True)
    metrics = QFontMetrics(font)
    width = metrics.horizontalAdvance(name) + round(14 * scale)
    height = round(20 * scale)
    top = around.y - height - round(5 * scale)
    if below or top < 0:
        top = around.bottom + round(5 * scale)
    tag = QRect(around.x, top, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(palette.DARK, max(1, round(scale))))
    painter.setBrush(colour)
    painter.drawRoundedRect(tag, 4 * scale, 4 * scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(font)
    painter.setPen(palette.INK)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, name)


def paint_suggestion(painter: QPainter, rect: Rect, name: str, scale: float) -> None:
    """A dashed frame: a place that is proposed and not yet anything."""
    weight = max(1, round(scale))
    around = inflated(rect, 3 * weight)
    place = qrect(inflated(rect, 2 * weight)).adjusted(0, 0, -1, -1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.DARK, 4 * weight))
    painter.drawRect(place)
    pen = QPen(palette.GREEN, 2 * weight)
    pen.setDashPattern([4, 3])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawRect(place)
    _paint_tag(painter, around, name, palette.GREEN, scale, below=True)


def paint_snaps(painter: QPainter, marks: Sequence[Rect], box: Rect | None, weight: int) -> None:
    """The places that Tab goes through as diamonds, and the outline of the box that it is in."""
    if box is not None:
        for by, thick, colour in ((3, 3, palette.DARK), (2, 1, palette.BLUE)):
            for strip in outline(inflated(box, by * weight), thick * weight):
                painter.fillRect(qrect(strip), colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(palette.DARK, weight))
    painter.setBrush(palette.BLUE)
    for mark in marks:
        middle = QPointF(mark.x + mark.width / 2, mark.y + mark.height / 2)
        reach = mark.width / 2 - weight
        painter.drawPolygon(
            [
                middle + QPointF(0, -reach),
                middle + QPointF(reach, 0),
                middle + QPointF(0, reach),
                middle + QPointF(-reach, 0),
            ]
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_spot(painter: QPainter, at: Point, scale: float) -> None:
    """The chosen pixel, in the second step: a ring round it that leaves it free."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    centre = QRectF(at.x + 0.5, at.y + 0.5, 0, 0)
    for colour, thick in ((palette.DARK, 4.5), (palette.LIGHT, 2.0)):
        painter.setPen(QPen(colour, thick * scale))
        reach = 7 * scale
        painter.drawEllipse(centre.adjusted(-reach, -reach, reach, reach))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(qrect(Rect(at.x, at.y, 1, 1)), palette.LIGHT)
