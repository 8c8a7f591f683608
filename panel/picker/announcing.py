"""What the picker says to a screen reader."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

# The cursor crosses hundreds of pixels; only where it comes to rest is worth a sentence.
REST_MS = 250


def announce(speaker: QObject, text: str) -> None:
    """Hands a sentence to the screen reader, if one listens."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(speaker, text))


class Announcer(QObject):
    """Says the last text once it has stood for a moment, and the same text only once."""

    def __init__(self, say: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._next = self._last = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._speak)

    def tell(self, text: str) -> None:
        self._next = text
        self._rest.start()

    def _speak(self) -> None:
        if self._next != self._last:
            self._last = self._next
            self._say(self._next)
