"""The conversation in a demo window: bubbles of plain text, the newest at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

LONGEST_SHOWN = 600
_KEPT_BUBBLES = 60
_PAD_X, _PAD_Y = 11, 8
_WIDEST = 0.86  # of the transcript's width
_DOT_MS = 220


class Bubble(QWidget):
    """One message. `mine` is the agent's own, at the left."""

    def __init__(self, text: str, mine: bool, hue: str) -> None:
        super().__init__()
        self.mine = mine
        self._colors = ("#f0f1f3", "#1f2328") if mine else (hue, "#ffffff")
        self._document = QTextDocument(self)
        self._document.setDefaultFont(self.font())
        self._document.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._document.setDefaultTextOption(option)
        self._document.setPlainText(_shortened(text))

    def fit(self, width: int) -> None:
        """Takes the size that its text needs in a transcript of that width."""
        room = max(40, int(width * _WIDEST) - 2 * _PAD_X)
        self._document.setTextWidth(room)
        needed = min(room, int(self._document.idealWidth()) + 1)
        self._document.setTextWidth(needed)
        height = int(self._document.size().height() + 0.99)
        self.setFixedSize(QSize(needed + 2 * _PAD_X, height + 2 * _PAD_Y))

    def paintEvent(self, event: QPaintEvent) -> None:
        back, text = self._colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(back))
        painter.drawRoundedRect(QRectF(self.rect()), 11, 11)
        painter.translate(_PAD_X, _PAD_Y)
        context = self._document.documentLayout().PaintContext()
        context.palette.setColor(context.palette.ColorRole.Text, QColor(text))
        self._document.documentLayout().draw(painter, context)
        painter.end()


class WorkingDots(QWidget):
    """Three dots that take turns while the agent works."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(56, 30)
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_DOT_MS)
        self._timer.timeout.connect(self._on_timer_elapsed)

    def set_running(self, running: bool) -> None:
        self.setVisible(running)
        if running:
            self._timer.start()
        else:
            self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#f0f1f3"))
        painter.drawRoundedRect(QRectF(self.rect()), 11, 11)
        for dot in range(3):
            painter.setBrush(QColor("#57606a" if dot == self._step else "#b6bdc6"))
            painter.drawEllipse(QRectF(14 + dot * 11, 12, 6, 6))
        painter.end()

    def _on_timer_elapsed(self) -> None:
        self._step = (self._step + 1) % 3
        self.update()


class Transcript(QScrollArea):
    """All bubbles; it stays at the newest one."""

    def __init__(self, hue: str) -> None:
        super().__init__()
        self._hue = hue
        self._bubbles: list[Bubble] = []
        self._dots = WorkingDots()
        self._dots.hide()
        inner = QWidget()
        inner.setStyleSheet("background: #ffffff;")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(14, 14, 14, 8)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._column.addWidget(self._dots)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: bar.setValue(high))

    def say(self, text: str, *, mine: bool) -> None:
        """Adds a bubble; the oldest ones go when there are many."""
        bubble = Bubble(text, mine, self._hue)
        side = Qt.AlignmentFlag.AlignLeft if mine else Qt.AlignmentFlag.AlignRight
        self._column.insertWidget(self._column.count() - 1, bubble, 0, side)
        bubble.fit(self._room())
        self._bubbles.append(bubble)
        if len(self._bubbles) > _KEPT_BUBBLES:
            self._bubbles.pop(0).deleteLater()

    def set_working(self, working: bool) -> None:
        self._dots.set_running(working)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for bubble in self._bubbles:
            bubble.fit(self._room())

    def _room(self) -> int:
        return self.viewport().width() - 28


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SHOWN:
        return text
    return f"{text[:LONGEST_SHOWN].rstrip()} … ({len(text) - LONGEST_SHOWN:,} more characters)"
