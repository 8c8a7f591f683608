"""How a demo window's process begins and ends: READY on stdout, the end with stdin or a signal."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from panel.core.geometry import Rect

_PLACE_TRIES_MS = 20


class ReadyTeller(QObject):
    """Prints READY, the window's id and a place in it, when it has been painted once."""

    def __init__(self, window: QWidget, place: Callable[[], Rect | None]) -> None:
        super().__init__(window)
        self._window = window
        self._place = place
        self._told = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._told:
            self._told = True
            # After this paint has been flushed to the screen.
            QTimer.singleShot(0, self._tell)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        place = self._place()
        if place is None:  # not yet in the window manager's frame
            QTimer.singleShot(_PLACE_TRIES_MS, self._tell)
            return
        words = (int(self._window.winId()), place.x, place.y, place.width, place.height)
        print("READY", *words, flush=True)


class EndWatch(QObject):
    """Quits the application when stdin closes or SIGTERM or SIGINT arrives."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        # Python runs signal handlers between bytecodes, and Qt's loop has none: the wake-up does.
        signal.set_wakeup_fd(self._sender.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self._notifiers = [
            QSocketNotifier(self._receiver.fileno(), QSocketNotifier.Type.Read, self),
            QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self),
        ]
        self._notifiers[0].activated.connect(self._on_signal_received)
        self._notifiers[1].activated.connect(self._on_stdin_readable)

    def _on_signal_received(self) -> None:
        self._application.quit()

    def _on_stdin_readable(self) -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            self._notifiers[1].setEnabled(False)
            self._application.quit()
