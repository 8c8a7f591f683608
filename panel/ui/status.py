"""The status bar: the last result with Undo at the left, the database at the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QStatusBar, QWidget

from panel.ui.controls import Button, ElidedLabel, label, restyle
from panel.ui.services import Said
from panel.ui.tasks import Tasks
from panel.ui.theme import Theme

_UNDO_MS = 15_000


class ResultBar(QStatusBar):
    """Shows what was said last. Trouble is announced at once, the rest politely."""

    def __init__(self, theme: Theme, tasks: Tasks, database: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._said = Said("")
        self.setSizeGripEnabled(False)
        self.setMinimumHeight(30)
        self.text = ElidedLabel()
        self.text.setAccessibleName(self.tr("Last result"))
        self.undo_button = Button(theme, self.tr("Undo"), icon="undo", kind="link")
        self.undo_button.clicked.connect(self._on_undo_clicked)
        self.undo_button.hide()
        name = label(Path(database).name, theme, role="secondary")
        name.setToolTip(database)
        name.setAccessibleName(self.tr("Database {0}").format(database))
        self.addWidget(self.undo_button)
        self.addWidget(self.text, 1)
        self.addPermanentWidget(name)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(_UNDO_MS)
        self._forget.timeout.connect(self.undo_button.hide)

    def show_said(self, said: Said) -> None:
        """Shows a result until the next one."""
        self._said = said
        restyle(self.text, "role", "error" if said.trouble else "secondary")
        self.text.set_full(said.text)
        self.undo_button.setVisible(said.undo is not None)
        self._forget.stop()
        if said.undo is not None:
            self._forget.start()
        event = QAccessibleAnnouncementEvent(self, said.text)
        urgent = QAccessible.AnnouncementPoliteness.Assertive
        polite = QAccessible.AnnouncementPoliteness.Polite
        event.setPoliteness(urgent if said.trouble else polite)
        QAccessible.updateAccessibility(event)

    @property
    def said(self) -> Said:
        return self._said

    def _on_undo_clicked(self) -> None:
        undo = self._said.undo
        self.undo_button.hide()
        if undo is None:
            return

        async def run() -> None:
            await undo()
            self.show_said(Said(self.tr("Undone: {0}").format(self._said.text)))

        self._tasks.start(run())
