"""Which screens are plugged in, now and whenever that changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from panel.core.geometry import ScreenLayout
from panel.screen import pixels

_SETTLED_MS = 800
"""A dock brings its screens one by one, and each of them may change its mode once more."""


class Screens(QObject):
    """Made in Qt's thread, whose loop hears of changes; `now` may be read in any.

    `changed` follows every change at once, `settled` the last one of a series.
    """

    changed = Signal()
    settled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self.settled)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._on_screen_added)
        application.screenRemoved.connect(self._on_screen_changed)
        for screen in application.screens():
            self._watch(screen)
        self.now: ScreenLayout = pixels.layout()

    def close(self) -> None:
        """Hears no more."""
        self._timer.stop()
        self.deleteLater()

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._on_screen_changed)
        screen.logicalDotsPerInchChanged.connect(self._on_screen_changed)

    def _on_screen_added(self, screen: QScreen) -> None:
        self._watch(screen)
        self._on_screen_changed()

    def _on_screen_changed(self, _what: object = None) -> None:
        found = pixels.layout()
        if found != self.now:
            self.now = found
            self.changed.emit()
            self._timer.start()
