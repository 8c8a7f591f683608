"""Small pictures that open large: one alone, or two side by side to be compared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QWidget

from panel.ui.calibrate.pictures import paint_picture, reduced
from panel.ui.controls import label
from panel.ui.evidence.book import Pair, Shot
from panel.ui.theme import Theme

LEAST, MOST = 44, 132
_GAP = 8


class Thumbnail(QAbstractButton):
    """A picture as large as its room allows; a click or Enter opens it."""

    def __init__(self, theme: Theme, *, size: QSize | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._fixed = size
        self._shot = Shot("")
        self._drawn = QImage()
        self._drawn_in = (0, 0)
        self.setAccessibleName(self.tr("Picture"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy.Policy.Fixed if size else QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def shot(self) -> Shot:
        return self._shot

    def show_shot(self, shot: Shot, about: str) -> None:
        """Shows another picture; `about` says whose it is, for screen readers."""
        self._shot = shot
        self._drawn_in = (0, 0)
        seen = not shot.image.isNull()
        name = f"{shot.caption}, {about}"
        self.setAccessibleName(name if seen else f"{name}: {shot.missing}")
        self.setToolTip(self.tr("Click to enlarge") if seen else "")
        self.setEnabled(seen)
        self.update()

    def sizeHint(self) -> QSize:
        return self._fixed or QSize(120, LEAST)

    def minimumSizeHint(self) -> QSize:
        return self._fixed or QSize(60, LEAST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def _scaled(self) -> QImage:
        """The picture at the size in which it is drawn: a painter that halves type breaks it up."""
        ratio = self.devicePixelRatioF()
        room = (round((self.width() - 2) * ratio), round((self.height() - 2) * ratio))
        if self._drawn_in != room:
            self._drawn, self._drawn_in = reduced(self._shot.image, room), room
        return self._drawn

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_picture(painter, self.rect(), self._scaled(), self._theme, text=self._shot.missing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(self._theme.colour("accent"), 2 if self.hasFocus() else 1))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


def height_for(images: Sequence[QImage], width: int) -> int:
    """How high pictures become that are drawn that wide, never larger than they are."""
    heights = [
        min(image.height() + 2, round((width - 2) * image.height() / image.width()) + 2)
        for image in images
        if not image.isNull()
    ]
    return min(max([LEAST, *heights]), MOST)


class PairView(QWidget):
    """Two pictures side by side with their captions. `opened` asks for them at full size."""

    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._pair: Pair | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(2)
        self.thumbnails = (Thumbnail(theme), Thumbnail(theme))
        self._captions: list[QLabel] = []
        for place, thumbnail in enumerate(self.thumbnails):
            caption = label("", theme, role="section")
            self._captions.append(caption)
            grid.addWidget(caption, 0, place)
            grid.addWidget(thumbnail, 1, place)
            grid.setColumnStretch(place, 1)
            thumbnail.clicked.connect(self.opened)
        self.hide()

    @property
    def pair(self) -> Pair | None:
        return self._pair

    def show_pair(self, pair: Pair | None, about: str) -> None:
        """Shows other pictures; None, or two missing ones, hides the view."""
        self._pair = None if pair is None or pair.empty else pair
        if self._pair is not None:
            shots = (self._pair.before, self._pair.after)
            for shot, thumbnail, caption in zip(
                shots, self.thumbnails, self._captions, strict=True
            ):
                thumbnail.show_shot(shot, about)
                caption.setText(shot.caption)
            self._fit()
        self.setVisible(self._pair is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._pair is None:
            return
        each = max(60, (self.width() - _GAP) // 2)
        height = height_for([self._pair.before.image, self._pair.after.image], each)
        for thumbnail in self.thumbnails:
            thumbnail.setFixedHeight(height)
