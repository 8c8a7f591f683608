"""Pictures at full size: side by side, one over the other, with what differs marked."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.ui.calibrate.windows import fit_to_screen
from panel.ui.controls import Button, label
from panel.ui.evidence.book import Pair, Shot
from panel.ui.services import Workbench
from panel.ui.theme import Theme

_DIFFERENT = 24  # of 255 in any channel; less is the smoothing of type
_NEAR = 9  # pixels; what lies closer together than this is framed as one
_MARK = QColor("#e2289f")


def differences(before: QImage, after: QImage) -> QImage:
    """Frames around what differs, on a transparent ground; null for pictures of other sizes.

    For any thread.
    """
    if before.isNull() or before.size() != after.size():
        return QImage()
    one, other = _colours(before), _colours(after)
    apart = np.abs(one.astype(np.int16) - other).max(axis=2) > _DIFFERENT
    near = cv2.dilate(apart.astype(np.uint8), np.ones((_NEAR, 3 * _NEAR), np.uint8))
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(near)
    made = QImage(before.size(), QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setPen(QPen(_MARK, 2))
    for left, top, width, height in (stats[number][:4] for number in range(1, count)):
        frame = QRect(int(left), int(top), int(width), int(height))
        painter.drawRect(frame.intersected(made.rect().adjusted(1, 1, -1, -1)))
    painter.end()
    return made


def _colours(image: QImage) -> npt.NDArray[np.uint8]:
    flat = image.convertToFormat(QImage.Format.Format_RGB32)  # kept while its bits are read
    pixels = np.frombuffer(bytes(flat.constBits()), np.uint8)
    return pixels.reshape(flat.height(), flat.width(), 4)[:, :, :3]


class FullPicture(QWidget):
    """A picture pixel for pixel of the screen it was taken from."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._image = QImage()
        self._over = QImage()
        self._missing = ""
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def show_image(self, image: QImage, over: QImage, missing: str) -> None:
        """Shows a picture with another one laid over it (null: none)."""
        self._image, self._over, self._missing = image, over, missing
        self.setAccessibleDescription(missing if image.isNull() else "")
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(160, 60)
        ratio = self.devicePixelRatioF()
        return QSize(round(self._image.width() / ratio), round(self._image.height() / ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            painter.setPen(self._theme.colour("secondary"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._missing)
        else:
            painter.drawImage(self.rect(), self._image)
            if not self._over.isNull():
                painter.drawImage(self.rect(), self._over)
        painter.end()


class Arrangement(StrEnum):
    """How the two pictures are shown."""

    BESIDE = "beside"
    BEFORE = "before"
    AFTER = "after"


class CompareDialog(QDialog):
    """Not modal. Space goes from one picture to the other at the same place; Esc closes."""

    def __init__(self, bench: Workbench, parent: QWidget, pair: Pair, title: str) -> None:
        super().__init__(parent)
        self._bench = bench
        self._pair = pair
        self._marks = QImage()
        self._arrangement = Arrangement.BESIDE
        self.setObjectName("compare_dialog")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        theme = bench.theme
        self._areas: list[QScrollArea] = []
        self._columns: list[QWidget] = []
        self.pictures: list[FullPicture] = []
        both = QHBoxLayout()
        both.setSpacing(12)
        for shot in (pair.before, pair.after):
            both.addWidget(self._column(shot), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 16, 20, 16)
        inner.addLayout(both, 1)
        column.addLayout(inner, 1)
        column.addWidget(self._make_foot(theme))
        self._tie(0, 1)
        self._tie(1, 0)
        self._show()
        self._areas[0].setFocus()
        bench.tasks.start(self._compare())
        self._fit(theme)

    def _column(self, shot: Shot) -> QWidget:
        theme = self._bench.theme
        picture = FullPicture(theme, shot.caption)
        area = QScrollArea()
        area.setWidget(picture)
        area.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        area.setAccessibleName(shot.caption)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(shot.caption, theme, role="section"))
        column.addWidget(area, 1)
        self.pictures.append(picture)
        self._areas.append(area)
        self._columns.append(made)
        return made

    def _make_foot(self, theme: Theme) -> QFrame:
        foot = QFrame()
        foot.setObjectName("foot")
        self._segments: dict[Arrangement, Button] = {}
        segments = QHBoxLayout()
        segments.setSpacing(0)
        words = {
            Arrangement.BESIDE: self.tr("Side by side"),
            Arrangement.BEFORE: self._pair.before.caption,
            Arrangement.AFTER: self._pair.after.caption,
        }
        for arrangement, word in words.items():
            button = Button(theme, word, kind="segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, chosen=arrangement: self.arrange(chosen))
            self._segments[arrangement] = button
            segments.addWidget(button)
        self._segments[Arrangement.BESIDE].setProperty("end", "first")
        self._segments[Arrangement.AFTER].setProperty("end", "last")
        self.mark_box = QCheckBox(self.tr("Mark what differs"))
        self.mark_box.setChecked(True)
        self.mark_box.setEnabled(False)
        self.mark_box.toggled.connect(self._show)
        self._note = label(self.tr("Space: one, then the other"), theme, role="secondary")
        close = Button(theme, self.tr("Close"), on_click=self.close)
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(12)
        layout.addLayout(segments)
        layout.addWidget(self.mark_box)
        layout.addWidget(self._note)
        layout.addStretch(1)
        layout.addWidget(close)
        return foot

    def _tie(self, one: int, other: int) -> None:
        """Scrolling one picture scrolls the other one along."""
        for bars in (
            (self._areas[one].verticalScrollBar(), self._areas[other].verticalScrollBar()),
            (self._areas[one].horizontalScrollBar(), self._areas[other].horizontalScrollBar()),
        ):
            bars[0].valueChanged.connect(bars[1].setValue)

    def _fit(self, theme: Theme) -> None:
        sizes = [picture.sizeHint() for picture in self.pictures]
        width = sum(size.width() for size in sizes) + 12 + 40 + 8
        height = max(size.height() for size in sizes) + 32 + 52 + theme.font().pointSize() * 2 + 12
        fit_to_screen(self, max(560, width), max(200, height))

    async def _compare(self) -> None:
        before, after = self._pair.before.image, self._pair.after.image
        marks = await self._bench.reading.read(lambda _c: differences(before, after))
        self._marks = marks
        self.mark_box.setEnabled(not marks.isNull())
        self._show()

    def arrange(self, arrangement: Arrangement) -> None:
        """Shows both side by side, or one of them alone."""
        self._arrangement = arrangement
        self._show()

    @property
    def arrangement(self) -> Arrangement:
        return self._arrangement

    def _show(self, _checked: bool = False) -> None:
        over = self._marks if self.mark_box.isChecked() else QImage()
        chosen = self._arrangement
        for place, shot in enumerate((self._pair.before, self._pair.after)):
            alone = (Arrangement.BEFORE, Arrangement.AFTER)[place]
            self._columns[place].setVisible(chosen in (Arrangement.BESIDE, alone))
            self.pictures[place].show_image(shot.image, over, shot.missing)
        for arrangement, button in self._segments.items():
            button.setChecked(arrangement is chosen)

    def flip(self) -> None:
        """From one picture to the other at the same place."""
        before = self._arrangement is Arrangement.BEFORE
        self.arrange(Arrangement.AFTER if before else Arrangement.BEFORE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.flip()
            return
        super().keyPressEvent(event)
