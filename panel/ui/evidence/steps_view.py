"""The steps of one attempt as a line down the pane: what was reached, and after how long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from panel.ui.icons import renderer
from panel.ui.models.column import Row
from panel.ui.theme import Theme
from panel.ui.times import duration
from panel.ui.words import translated

_ROW, _ICON, _LEFT, _WORDS = 20, 12, 4, 26

_LOOKS: Mapping[str, tuple[str, str]] = {
    "ready": (str(QT_TRANSLATE_NOOP("words", "Ready")), "target"),
    "focused": (str(QT_TRANSLATE_NOOP("words", "In focus")), "window"),
    "pasted": (str(QT_TRANSLATE_NOOP("words", "Text taken")), "tick-hollow"),
    "visible": (str(QT_TRANSLATE_NOOP("words", "Text seen")), "eye"),
    "enter": (str(QT_TRANSLATE_NOOP("words", "Enter pressed")), "send"),
    "submitted": (str(QT_TRANSLATE_NOOP("words", "Box emptied")), "tick"),
    "restored": (str(QT_TRANSLATE_NOOP("words", "Given back to you")), "undo"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that was reached, `at` milliseconds after the attempt began."""

    word: str
    icon: str
    at: float


def reached(attempt: Row) -> tuple[Reached, ...]:
    """The steps of an attempt in the order of their times; unknown ones by their own name."""
    value = attempt.get("timings")
    found = json.loads(value) if isinstance(value, str) and value else value
    if not isinstance(found, Mapping):
        return ()
    times = {str(n): float(t) for n, t in found.items() if isinstance(t, int | float)}
    steps = []
    for name, at in sorted(times.items(), key=lambda item: item[1]):
        word, icon = _LOOKS.get(name, (name, "dash"))
        steps.append(Reached(translated(word), icon, at))
    return tuple(steps)


class StepsView(QWidget):
    """Icon, word and time a step, tied together by a line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._steps: tuple[Reached, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Steps"))
        theme.changed.connect(self.update)

    @property
    def steps(self) -> tuple[Reached, ...]:
        return self._steps

    def show_steps(self, steps: tuple[Reached, ...]) -> None:
        """Shows these steps; none hides the view."""
        self._steps = steps
        said = (self.tr("{0} after {1}").format(step.word, duration(step.at)) for step in steps)
        self.setAccessibleDescription("; ".join(said))
        self.setVisible(bool(steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _ROW * len(self._steps))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW * len(self._steps))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = _LEFT + _ICON / 2
        painter.setPen(QPen(self._theme.colour("border"), 1))
        for number in range(len(self._steps) - 1):
            top = number * _ROW + (_ROW + _ICON) / 2 + 1
            painter.drawLine(int(middle), int(top), int(middle), int(top + _ROW - _ICON - 2))
        before = 0.0
        vertical = Qt.AlignmentFlag.AlignVCenter
        for number, step in enumerate(self._steps):
            top = number * _ROW
            colour = "green" if step.icon in ("tick", "tick-double") else "secondary"
            icon = renderer(step.icon, self._theme.colour(colour).name())
            icon.render(painter, QRectF(_LEFT, top + (_ROW - _ICON) / 2, _ICON, _ICON))
            row = self.rect().adjusted(_WORDS, 0, 0, 0)
            row.setTop(top)
            row.setHeight(_ROW)
            painter.setPen(self._theme.colour("text"))
            painter.drawText(row, vertical | Qt.AlignmentFlag.AlignLeft, step.word)
            painter.setPen(self._theme.colour("secondary"))
            took = f"+{duration(step.at - before)}" if number else ""
            painter.drawText(
                row.adjusted(0, 0, -72, 0), vertical | Qt.AlignmentFlag.AlignRight, took
            )
            painter.drawText(row, vertical | Qt.AlignmentFlag.AlignRight, duration(step.at))
            before = step.at
        painter.end()
