"""Garbage is collected in the window's thread only.

WORKAROUND(PySide6 6.11.3): Python's collector runs in whichever thread allocates; Qt objects that
it finds in reference cycles are then destroyed outside their thread, which ends the process (seen
with timers and event loops). Remove when PySide6 defers such destruction to the object's thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


class Collector(QObject):
    """Takes over from the automatic collector until `close`; the same thresholds apply."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.collect()
        gc.disable()
        # What was made by the imports lives as long as the process: not worth a look each time.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _on_timeout(self) -> None:
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return
