"""A window's loop, listened to: `python -m bench.loop_process panel|bare FILE`.

A 10 ms PreciseTimer runs in the window's thread of the real panel, or of a window with nothing in
it. At the end (SIGTERM) FILE gets, for each time it fired, [time.monotonic(), milliseconds late].
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

INTERVAL_MS = 10


class Probe(QObject):
    """How much later than 10 ms after the last time the timer fires."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[tuple[float, float]] = []
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def _on_timeout(self) -> None:
        now = time.monotonic()
        self.late.append((now, max(0.0, (now - self._last) * 1000 - INTERVAL_MS)))
        self._last = now


def _bare(application: QApplication) -> int:
    from panel.demo.life import EndWatch

    window = QMainWindow()
    window.setWindowTitle("A bare window")
    window.resize(300, 200)
    EndWatch(application)
    window.show()
    return application.exec()


def main() -> int:
    kind, file = sys.argv[1:]
    application = QApplication(["captain-panel"])
    probe = Probe()
    if kind == "panel":
        from panel.app import run_window

        code = run_window(None)
    else:
        code = _bare(application)
    Path(file).write_text(json.dumps(probe.late), "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
