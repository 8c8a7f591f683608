"""The one conversion between Qt's logical coordinates and the desktop's native pixels.

On X11 and Windows Qt keeps a screen's native top left corner and divides only what lies inside by
its scale: native = origin + (logical - origin) * scale. So two screens of different scale leave
gaps in logical space, and logical integers miss native columns: native integers are what is kept.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QImage, QScreen

from panel.core.geometry import Point, Rect, Screen, ScreenLayout

# A position that is a whole pixel comes back from the division a hair below or above it.
_TOLERANCE = 0.01


def _native_length(logical: int, scale: float) -> int:
    """The native length that Qt rounded to `logical`; of two that fit the even one (no odd panels).

    At scale 1.5 both 1366 and 1367 pixels are 911 logical ones. At scales from 3 up a length that
    the scale does not divide may be told wrong by two pixels; the size of a grab is exact.
    """
    near = logical * scale
    fitting = [
        length
        for length in range(math.floor(near - scale), math.ceil(near + scale) + 1)
        if math.floor(length / scale + 0.5) == logical
    ]
    return min(fitting, key=lambda length: (length % 2, abs(length - near)), default=round(near))


def describe(screen: QScreen) -> Screen:
    """The screen's name, native rectangle and scale."""
    geometry, scale = screen.geometry(), screen.devicePixelRatio()
    rect = Rect(
        geometry.x(),
        geometry.y(),
        _native_length(geometry.width(), scale),
        _native_length(geometry.height(), scale),
    )
    return Screen(screen.name(), rect, scale)


def layout() -> ScreenLayout:
    """All screens that Qt knows now."""
    return ScreenLayout(tuple(describe(screen) for screen in QGuiApplication.screens()))


def to_native(screen: QScreen, logical: QPointF) -> Point:
    """The native pixel that contains a global logical position, as seen from `screen`."""
    origin, scale = screen.geometry().topLeft(), screen.devicePixelRatio()
    return Point(
        origin.x() + math.floor((logical.x() - origin.x()) * scale + _TOLERANCE),
        origin.y() + math.floor((logical.y() - origin.y()) * scale + _TOLERANCE),
    )


def to_logical(screen: QScreen, native: Point) -> QPointF:
    """The global logical position of a native pixel's top left corner."""
    origin, scale = screen.geometry().topLeft(), screen.devicePixelRatio()
    return QPointF(
        origin.x() + (native.x - origin.x()) / scale,
        origin.y() + (native.y - origin.y()) / scale,
    )


def grab(screen: QScreen, rect: Rect | None = None) -> QImage:
    """What the screen shows now, one image pixel a native pixel, device pixel ratio 1.

    `rect` (native, global) cuts out a part; what of it lies off the screen is not in the picture.
    Without it the picture has the screen's exact native size.
    """
    whole = describe(screen)
    part = whole.rect if rect is None else rect.intersection(whole.rect)
    if part.empty:
        return QImage()
    # Only whole logical positions can be asked for; at fractional scales take all and cut.
    if rect is not None and whole.scale == int(whole.scale):
        scale = int(whole.scale)
        left, top = (part.x - whole.rect.x) // scale, (part.y - whole.rect.y) // scale
        right = -(-(part.right - whole.rect.x) // scale)
        bottom = -(-(part.bottom - whole.rect.y) // scale)
        pixmap = screen.grabWindow(0, left, top, right - left, bottom - top)
        origin = Point(whole.rect.x + left * scale, whole.rect.y + top * scale)
    else:
        pixmap = screen.grabWindow(0)
        origin = whole.rect.top_left
    image = pixmap.toImage()
    image.setDevicePixelRatio(1.0)
    at = part.top_left - origin
    if rect is not None and (at.x, at.y, part.width, part.height) != (
        0,
        0,
        image.width(),
        image.height(),
    ):
        image = image.copy(at.x, at.y, part.width, part.height)
    return image.convertToFormat(QImage.Format.Format_RGB32)
