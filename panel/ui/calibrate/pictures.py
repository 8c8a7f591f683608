"""Pictures of boxes and windows: decoded and scaled off the window's thread, shown with a mark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QImageWriter, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from panel.core.geometry import Point, Rect
from panel.core.target import Target
from panel.screen.finding import surroundings
from panel.ui.theme import Theme


def decoded(png: bytes | None, within: tuple[int, int] | None = None) -> QImage:
    """The picture of a PNG, no larger than `within`; null when there is none. For any thread."""
    if not png:
        return QImage()
    image = QImage.fromData(QByteArray(png))
    return image if within is None else reduced(image, within)


def reduced(image: QImage, within: tuple[int, int]) -> QImage:
    """The picture, made smaller where it does not fit."""
    if image.isNull() or (image.width() <= within[0] and image.height() <= within[1]):
        return image
    return image.scaled(
        QSize(*within),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def encoded(image: QImage) -> bytes:
    """The PNG of a picture."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(data.data())


def picture_origin(target: Target, size: tuple[int, int]) -> Point | None:
    """Where in its window a picture of the target's box begins.

    Such a picture shows exactly the box, or the box with its surroundings; None for neither.
    """
    box, window = target.composer, target.window_size
    if box is None:
        return None
    if size == (box.width, box.height):
        return box.top_left
    if window is not None:
        around = surroundings(box, Rect(0, 0, *window))
        if size == (around.width, around.height):
            return around.top_left
    return None


def box_only(image: QImage, target: Target) -> QImage:
    """Cuts the box out of a picture with surroundings, so that it compares with another one."""
    box = target.composer
    origin = picture_origin(target, (image.width(), image.height()))
    if box is None or origin is None:
        return image
    at = box.top_left - origin
    return image.copy(at.x, at.y, box.width, box.height)


def point_in(target: Target, image: QImage) -> Point | None:
    """The target's point in a picture of its box; None where the picture does not tell."""
    origin = picture_origin(target, (image.width(), image.height()))
    if origin is None or target.offset is None:
        return None
    return target.offset - origin


def beside(image: QImage, mark: Point | None, other: QImage, other_mark: Point | None) -> QImage:
    """The picture on a ground of another one's size, so that both marks lie at the same place.

    As it is when it is the larger one or a mark is missing.
    """
    if mark is None or other_mark is None or image.isNull():
        return image
    at = other_mark - mark
    fits = other.rect().contains(QRect(at.x, at.y, image.width(), image.height()))
    if not fits:
        return image
    ground = QImage(other.size(), QImage.Format.Format_ARGB32_Premultiplied)
    ground.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ground)
    painter.drawImage(at.x, at.y, image)
    painter.end()
    return ground


class PictureView(QWidget):
    """A picture as large as its room allows, never enlarged beyond its pixels times two.

    `mark` is a pixel of the picture, `frame` a rectangle of it, `veiled` parts that belong to
    something else.
    """

    def __init__(self, theme: Theme, name: str, *, least: tuple[int, int] = (160, 90)) -> None:
        super().__init__()
        self._theme = theme
        self._least = QSize(*least)
        self._image = QImage()
        self._mark: Point | None = None
        self._frame: Rect | None = None
        self._veiled: Sequence[Rect] = ()
        self._nothing = ""
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def image(self) -> QImage:
        return self._image

    @property
    def mark(self) -> Point | None:
        return self._mark

    def show_picture(
        self,
        image: QImage,
        *,
        mark: Point | None = None,
        frame: Rect | None = None,
        veiled: Sequence[Rect] = (),
        nothing: str = "",
    ) -> None:
        """Shows another picture; a null one is `nothing` in words."""
        self._image, self._mark, self._frame = image, mark, frame
        self._veiled, self._nothing = veiled, nothing
        self.setAccessibleDescription(nothing if image.isNull() else "")
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self._least

    def sizeHint(self) -> QSize:
        return self._least.expandedTo(self._image.size() + QSize(2, 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_picture(
            painter, self.rect(), self._image, self._theme, veiled=self._veiled, text=self._nothing
        )
        if not self._image.isNull():
            shown = fitted(self._image.size(), self.rect())
            scale = shown.width() / self._image.width()
            if self._frame is not None:
                _paint_frame(painter, shown, self._frame, scale)
            if self._mark is not None:
                _paint_mark(painter, shown, self._mark, scale)
        painter.end()


def fitted(size: QSize, room: QRect) -> QRectF:
    """Where a picture of that size lies in the room: in the middle, all of it, at most doubled."""
    inner = room.adjusted(1, 1, -1, -1)
    scale = min(inner.width() / size.width(), inner.height() / size.height(), 2.0)
    width, height = size.width() * scale, size.height() * scale
    left = inner.x() + (inner.width() - width) / 2
    return QRectF(left, inner.y() + (inner.height() - height) / 2, width, height)


def paint_picture(
    painter: QPainter,
    room: QRect,
    image: QImage,
    theme: Theme,
    *,
    veiled: Sequence[Rect] = (),
    text: str = "",
) -> None:
    """A picture on its ground with a hairline around; or the text where there is no picture."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(theme.colour("border"))
    painter.setBrush(theme.colour("sunken"))
    painter.drawRect(room.adjusted(0, 0, -1, -1))
    if image.isNull():
        painter.setPen(theme.colour("secondary"))
        inner = room.adjusted(8, 4, -8, -4)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inner, flags, text)
    else:
        shown = fitted(image.size(), room)
        painter.drawImage(shown, image)
        scale = shown.width() / image.width()
        for part in veiled:
            place = _placed(shown, part, scale)
            painter.fillRect(place, theme.colour("sunken"))
            painter.fillRect(
                place, QBrush(theme.colour("border_strong"), Qt.BrushStyle.BDiagPattern)
            )
    painter.restore()


def _placed(shown: QRectF, rect: Rect, scale: float) -> QRectF:
    return QRectF(
        shown.x() + rect.x * scale,
        shown.y() + rect.y * scale,
        rect.width * scale,
        rect.height * scale,
    )


def _paint_frame(painter: QPainter, shown: QRectF, frame: Rect, scale: float) -> None:
    place = _placed(shown, frame, scale)
    for colour, width in ((QColor("#000000"), 3), (QColor("#ffffff"), 1)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(place)


def _paint_mark(painter: QPainter, shown: QRectF, mark: Point, scale: float) -> None:
    """A ring with a dot, dark and light, seen on any picture."""
    at = QPointF(shown.x() + (mark.x + 0.5) * scale, shown.y() + (mark.y + 0.5) * scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor("#000000"), 5), (QColor("#ffffff"), 2)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(at, 9, 9)
    painter.setPen(QPen(QColor("#000000"), 1))
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(at, 2.5, 2.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
