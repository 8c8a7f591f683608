"""The icon family: SVG files with `currentColor`, tinted when they are loaded."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from panel.core.resources import resource

# Twice each size that is drawn, so that the icons are crisp at 200 % as well.
_SIZES = (12, 16, 20, 24, 32, 40, 48, 64, 80)


@lru_cache(maxsize=256)
def _source(name: str, colour: str) -> bytes:
    text = resource("resources", "icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).encode()


@lru_cache(maxsize=256)
def renderer(name: str, colour: str) -> QSvgRenderer:
    """Draws icon `name` in `colour` (#rrggbb) at any size."""
    return QSvgRenderer(QByteArray(_source(name, colour)))


def _pixmap(name: str, colour: str, size: int, gap: bool) -> QPixmap:
    pixmap = QPixmap(size * 5 // 4 if gap else size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer(name, colour).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def tinted_icon(name: str, colour: str, disabled: str, gap: bool = False) -> QIcon:
    """Icon `name` in one colour, and in another where it is disabled.

    With `gap` it is a quarter wider than high: Qt's buttons leave no room before their text.
    """
    icon = QIcon()
    for size in _SIZES:
        normal, off = _pixmap(name, colour, size, gap), _pixmap(name, disabled, size, gap)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            icon.addPixmap(normal, mode)
        icon.addPixmap(off, QIcon.Mode.Disabled)
    return icon


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="captain-panel-icons-")


@lru_cache(maxsize=64)
def icon_path(name: str, colour: str, variant: str) -> str:
    """A file with the tinted icon, for style sheets, which take pictures only as files."""
    file = Path(_folder().name) / f"{name}-{variant}.svg"
    file.write_bytes(_source(name, colour))
    return file.as_posix()


@lru_cache(maxsize=1)
def program_icon() -> QIcon:
    """The program's own mark for title bars and task bars."""
    data = resource("resources", "icons", "captain-panel.svg").read_bytes()
    drawing = QSvgRenderer(QByteArray(data))
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        drawing.render(painter, QRectF(0, 0, size, size))
        painter.end()
        icon.addPixmap(pixmap)
    return icon
