"""The icon in the system's tray: how sending stands, pause, stop all, a new message."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.icons import program_icon
from panel.ui.models.overview import Overview


class Tray(QObject):
    """Shown where the desktop has a tray. `open_window` brings the window to the front."""

    def __init__(self, actions: Actions, open_window: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._paused = False
        self.menu = QMenu()
        self.state = QAction(self)
        self.state.setEnabled(False)
        self.menu.addAction(self.state)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Open Captain Panel"), open_window)
        self.menu.addAction(self.tr("New message…"), actions.compose)
        self.pause = self.menu.addAction("")
        self.pause.triggered.connect(lambda: actions.pause_all(not self._paused))
        self.menu.addAction(self.tr("Stop all"), actions.stop_all)
        self.icon = QSystemTrayIcon(program_icon(), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(
            lambda why: open_window() if why is QSystemTrayIcon.ActivationReason.Trigger else None
        )
        self.show_overview(Overview())
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.show()

    def show_overview(self, overview: Overview) -> None:
        """The state in the menu and the tooltip."""
        self._paused = overview.paused
        queued = overview.count(DeliveryStatus.PENDING, DeliveryStatus.SENDING)
        word = self.tr("Paused") if overview.paused else self.tr("Sending")
        text = self.tr("{0}, {1} queued").format(word, f"{queued:,}")
        if overview.needs:
            text = self.tr("{0}, {1} need you").format(text, f"{len(overview.needs):,}")
        self.state.setText(text)
        self.pause.setText(self.tr("Go on sending") if overview.paused else self.tr("Pause"))
        self.icon.setToolTip(self.tr("Captain Panel: {0}").format(text))

    def close(self) -> None:
        """Takes the icon away."""
        self.icon.hide()
        self.icon.setContextMenu(None)  # type: ignore[arg-type]
        self.menu.deleteLater()
