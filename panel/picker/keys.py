"""Which key means what."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from panel.core.geometry import Point

_ARROWS = {
    Qt.Key.Key_Left: Point(-1, 0),
    Qt.Key.Key_Right: Point(1, 0),
    Qt.Key.Key_Up: Point(0, -1),
    Qt.Key.Key_Down: Point(0, 1),
}
FINE, COARSE = 1, 10


class Act(Enum):
    """What a key that is no arrow and no character asks for."""

    ACCEPT = auto()
    ACCEPT_NOT_EMPTY = auto()
    BACK = auto()
    ERASE = auto()
    NEARER = auto()
    FARTHER = auto()
    LIVE = auto()
    NEXT = auto()
    PREVIOUS = auto()
    UNDO = auto()
    REDO = auto()
    SUGGESTED = auto()


_ACTS = {
    Qt.Key.Key_Return: Act.ACCEPT,
    Qt.Key.Key_Enter: Act.ACCEPT,
    Qt.Key.Key_Escape: Act.BACK,
    Qt.Key.Key_Backspace: Act.ERASE,
    Qt.Key.Key_PageUp: Act.NEARER,
    Qt.Key.Key_PageDown: Act.FARTHER,
    Qt.Key.Key_F: Act.LIVE,
    Qt.Key.Key_Tab: Act.NEXT,
    Qt.Key.Key_Backtab: Act.PREVIOUS,
    Qt.Key.Key_Space: Act.SUGGESTED,
}


def act_of(event: QKeyEvent) -> Act | None:
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Z:
            return Act.REDO if shifted else Act.UNDO
        if event.key() == Qt.Key.Key_Y:
            return Act.REDO
    act = _ACTS.get(Qt.Key(event.key()))
    if act is Act.ACCEPT and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return Act.ACCEPT_NOT_EMPTY
    return act


def arrow_of(event: QKeyEvent) -> tuple[Point, bool] | None:
    """The step in native pixels, and whether it is meant for the size (Ctrl) of a frame."""
    arrow = _ARROWS.get(Qt.Key(event.key()))
    if arrow is None:
        return None
    modifiers = event.modifiers()
    far = COARSE if modifiers & Qt.KeyboardModifier.ShiftModifier else FINE
    sizes = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    return Point(arrow.x * far, arrow.y * far), sizes


class Repeats:
    """Whether a press is a key that repeats itself while it is held down.

    X tells such a press as a release and a press of one time. Qt looks for the press in its queue
    when it sees the release, and misses it when it has not come in yet.
    """

    def __init__(self) -> None:
        self._released: tuple[int, int] | None = None

    def release(self, event: QKeyEvent) -> None:
        self._released = (event.key(), event.timestamp())

    def repeated(self, event: QKeyEvent) -> bool:
        return event.isAutoRepeat() or self._released == (event.key(), event.timestamp())
