"""What a test must not leave behind: windows and threads."""

from __future__ import annotations

import gc
import threading
import time

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

THREAD_SECONDS = 3.0
SESSION_THREADS = "ground-truth"
_QT_OWN = frozenset({"QTipLabel", "QDesktopScreenWidget", "QShapedPixmapWidget"})


class Leaks:
    """Remembers what is there at the start; `found` tells what is there too much at the end."""

    def __init__(self) -> None:
        self._widgets = {_address(widget) for widget in _top_level()}
        self._threads = set(threading.enumerate())

    def found(self) -> list[str]:
        return self._left_widgets() + self._left_threads()

    def _left_widgets(self) -> list[str]:
        left = self._new_widgets()
        if left:
            del left
            gc.collect()  # windows that only a reference cycle keeps are no leak
            left = self._new_widgets()
        sentences = [
            f"the window {widget.objectName() or widget.windowTitle()!r} "
            f"({type(widget).__name__}) still exists: give it a parent, WA_DeleteOnClose or "
            "deleteLater(), or hand it to qtbot.addWidget()"
            for widget in left
        ]
        for widget in left:
            widget.hide()
            widget.deleteLater()
        _delete_deferred()
        return sentences

    def _new_widgets(self) -> list[QWidget]:
        _delete_deferred()
        return [
            widget
            for widget in _top_level()
            if _address(widget) not in self._widgets
            and widget.parent() is None
            and widget.metaObject().className() not in _QT_OWN
        ]

    def _left_threads(self) -> list[str]:
        limit = time.monotonic() + THREAD_SECONDS
        left = []
        for thread in set(threading.enumerate()) - self._threads:
            if isinstance(thread, threading._DummyThread):
                continue  # Qt's own, which Python has met in a callback
            if thread.name.startswith(SESSION_THREADS):
                continue
            thread.join(max(0.0, limit - time.monotonic()))
            if thread.is_alive():
                left.append(
                    f"the thread {thread.name!r} still runs: shut down its executor or join it "
                    "where its owner is closed"
                )
        return left


def _top_level() -> list[QWidget]:
    if not isinstance(QCoreApplication.instance(), QApplication):
        return []
    return [widget for widget in QApplication.topLevelWidgets() if shiboken6.isValid(widget)]


def _address(widget: QWidget) -> int:
    return int(shiboken6.getCppPointer(widget)[0])


def _delete_deferred() -> None:
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
