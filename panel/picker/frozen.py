"""The pictures of all screens, taken before the overlay covers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QScreen

from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.picker.values import Pixels


@dataclass(slots=True)
class FrozenScreen:
    """One screen and its picture (native pixels)."""

    qt: QScreen
    screen: Screen
    picture: QImage


class FrozenDesk:
    """All screens at one moment."""

    def __init__(self, pixels: Pixels, screens: Sequence[QScreen]) -> None:
        self._pixels = pixels
        self.screens = [_frozen(pixels, screen) for screen in screens]

    @property
    def layout(self) -> ScreenLayout:
        return ScreenLayout(tuple(shown.screen for shown in self.screens))

    def native(self, shown: FrozenScreen, local: QPointF) -> Point:
        """The native pixel of a logical position inside that screen's overlay."""
        return self._pixels.to_native(shown.qt, QPointF(shown.qt.geometry().topLeft()) + local)

    def grab_again(self) -> None:
        """Takes the pictures anew; nothing of ours may cover the screens now."""
        for shown in self.screens:
            shown.picture = self._pixels.grab(shown.qt)

    def crop(self, rect: Rect, *, live: bool = False) -> QImage:
        """A native rectangle of the desktop, black where no screen is; `live` grabs it now."""
        picture = QImage(rect.width, rect.height, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.black)
        painter = QPainter(picture)
        for shown in self.screens:
            part = rect.intersection(shown.screen.rect)
            if part.empty:
                continue
            source = self._pixels.grab(shown.qt, part) if live else shown.picture
            origin = part.top_left if live else shown.screen.rect.top_left
            at = part.top_left - origin
            painter.drawImage(
                _place(part.top_left - rect.top_left),
                source,
                QRect(at.x, at.y, part.width, part.height),
            )
        painter.end()
        return picture


def _frozen(pixels: Pixels, screen: QScreen) -> FrozenScreen:
    described, picture = pixels.describe(screen), pixels.grab(screen)
    if picture.isNull():
        raise EnvironmentFault(
            f"The screen {described.name!r} gives no picture.",
            "Allow this program to record the screen, or use an X11 (Xorg) session.",
        )
    # Qt knows the size in rounded logical pixels; the picture knows it exactly.
    rect = Rect(described.rect.x, described.rect.y, picture.width(), picture.height())
    return FrozenScreen(screen, replace(described, rect=rect), picture)


def _place(at: Point) -> QPoint:
    return QPoint(at.x, at.y)
