"""The icon in the system's tray: how sending stands, pause, stop all, a new message."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.icons import program_icon
from panel.ui.models.overview import Overview
from panel.ui.services import Said
from panel.ui.theme import Hue, Theme

_SIZES = (16, 22, 24, 32, 48)
_MARK = 0.45
"""The state's mark, as a part of the icon's width."""


class Tray(QObject):
    """Shown as soon as the desktop has a tray. `open_window` brings the window to the front."""

    def __init__(
        self, theme: Theme, actions: Actions, open_window: Callable[[], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._actions = actions
        self._window = window
        self._paused = False
        self._hue = Hue.GREEN
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
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit"), window.close)
        self.icon = QSystemTrayIcon(program_icon(), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(
            lambda why: open_window() if why is QSystemTrayIcon.ActivationReason.Trigger else None
        )
        actions.stopped.connect(self._on_stopped)
        theme.changed.connect(self._paint)
        self.show_overview(Overview())
        self._paint()
        self.icon.show()

    def show_overview(self, overview: Overview) -> None:
        """The state in the menu, the tooltip and the icon's mark."""
        self._paused = overview.paused
        queued = overview.count(DeliveryStatus.PENDING, DeliveryStatus.SENDING)
        word = self.tr("Paused") if overview.paused else self.tr("Sending")
        text = self.tr("{0}, {1} queued").format(word, f"{queued:,}")
        if overview.needs:
            text = self.tr("{0}, {1} need you").format(text, f"{len(overview.needs):,}")
        self.state.setText(text)
        self.pause.setText(self.tr("Go on sending") if overview.paused else self.tr("Pause"))
        self.icon.setToolTip(self.tr("Captain Panel: {0}").format(text))
        hue = Hue.AMBER if overview.paused else Hue.PURPLE if overview.needs else Hue.GREEN
        if hue is not self._hue:
            self._hue = hue
            self._paint()

    def close(self) -> None:
        """Takes the icon away."""
        self.icon.hide()
        self.icon.setContextMenu(None)  # type: ignore[arg-type]
        self.menu.deleteLater()

    def _on_stopped(self, said: Said) -> None:
        """Whoever stops from another program hears of it there."""
        if self._window.isActiveWindow() or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        kind = QSystemTrayIcon.MessageIcon
        self.icon.showMessage(
            self.tr("Captain Panel"), said.text, kind.Warning if said.trouble else kind.Information
        )

    def _paint(self) -> None:
        icon, (mark, ground) = QIcon(), self._theme.hue(self._hue)
        for size in _SIZES:
            pixmap = program_icon().pixmap(size, size)
            side = pixmap.width() / pixmap.devicePixelRatio()
            width = side * _MARK
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawEllipse(QRectF(side - width - 1, side - width - 1, width + 1, width + 1))
            painter.setBrush(mark)
            painter.drawEllipse(QRectF(side - width, side - width, width - 1, width - 1))
            painter.end()
            icon.addPixmap(pixmap)
        self.icon.setIcon(icon)
