"""A ring that flashes around a point of the desktop and goes away by itself."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QPointF,
    QRect,
    Qt,
    QTimer,
    QVariantAnimation,
)
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from panel.picker import palette

SMALLEST, LARGEST = 22, 60
STAND_MS = 1200
_SHRINK_MS, _FADE_MS = 420, 380
_LINE = 9
_SIDE = 2 * (LARGEST + _LINE)


def motion_reduced() -> bool:
    """Whether the system asks programs to move nothing."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


class Ring(QWidget):
    """Two-tone, so that it is seen on any picture; clicks go through it, the middle stays free.

    `centre` is a global logical position. It deletes itself; nothing has to hold it. With
    `still` it neither shrinks nor fades.
    """

    def __init__(self, centre: QPointF, *, still: bool | None = None) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.Tool
            | Qt.WindowType.X11BypassWindowManagerHint
            | Qt.WindowType.NoDropShadowWindowHint
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setObjectName("ring")
        self.setAccessibleName(self.tr("Here it would click"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        half = _SIDE // 2
        self.setGeometry(round(centre.x()) - half, round(centre.y()) - half, _SIDE, _SIDE)
        self._radius = float(SMALLEST)
        self._still = motion_reduced() if still is None else still
        self._shrinking = self._animation(_SHRINK_MS, float(LARGEST), float(SMALLEST))
        self._shrinking.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._shrinking.valueChanged.connect(self._on_radius_changed)
        self._fading = self._animation(_FADE_MS, 1.0, 0.0)
        self._fading.valueChanged.connect(lambda value: self.setWindowOpacity(float(value)))
        self._fading.finished.connect(self.close)
        self._standing = QTimer(self)
        self._standing.setSingleShot(True)
        self._standing.setInterval(STAND_MS)
        self._standing.timeout.connect(self._on_stood)
        self._on_radius_changed(SMALLEST if self._still else LARGEST)

    @property
    def still(self) -> bool:
        return self._still

    @property
    def radius(self) -> float:
        """To the middle of the line, in logical pixels."""
        return self._radius

    def flash(self) -> None:
        """Shows it; it closes after about two seconds."""
        self.show()
        self.raise_()
        self._standing.start(STAND_MS if self._still else STAND_MS + _SHRINK_MS)
        if not self._still:
            self._shrinking.start()

    def _animation(self, duration: int, start: float, end: float) -> QVariantAnimation:
        made = QVariantAnimation(self)
        made.setDuration(duration)
        made.setStartValue(start)
        made.setEndValue(end)
        return made

    def _on_radius_changed(self, value: float) -> None:
        self._radius = float(value)
        # A mask, not transparency: there need not be a compositor.
        self.setMask(_disc(self._radius + _LINE / 2) - _disc(self._radius - _LINE / 2))
        self.update()

    def _on_stood(self) -> None:
        if self._still:
            self.close()
        elif self._fading.state() is not QAbstractAnimation.State.Running:
            self._fading.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), palette.DARK)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.AMBER, _LINE - 4))
        middle = QPointF(_SIDE / 2, _SIDE / 2)
        painter.drawEllipse(middle, self._radius, self._radius)
        painter.end()


def _disc(radius: float) -> QRegion:
    whole = round(radius)
    half = _SIDE // 2
    return QRegion(
        QRect(half - whole, half - whole, 2 * whole, 2 * whole), QRegion.RegionType.Ellipse
    )
