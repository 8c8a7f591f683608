"""No part of the window shows itself as a window of its own, not even for a moment."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget

from panel.ui.theme import Theme
from tests.event_loop import Aio
from tests.window.conftest import opened


class Shown(QObject):
    """Notes every widget that is shown as a window; keeps names, not widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.strays: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, QMainWindow | QDialog | QMenu)
        ):
            self.strays.append(f"{type(watched).__name__} {watched.objectName()!r}")
        return False


async def test_opening_the_window_shows_one_window(
    aio: Aio, tmp_path: Path, theme: Theme, qapp: QApplication
) -> None:
    shown = Shown()
    qapp.installEventFilter(shown)
    try:
        async with opened(tmp_path, theme, seeded=True) as panel:
            for index in range(panel.window.tabs.count()):
                panel.window.tabs.setCurrentIndex(index)
            await panel.window.idle()
    finally:
        qapp.removeEventFilter(shown)
    assert shown.strays == []
