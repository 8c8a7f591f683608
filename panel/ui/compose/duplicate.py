"""The question before the same text goes to the same agent again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from panel.core.clock import now
from panel.core.errors import DuplicateError
from panel.ui.controls import Button, label
from panel.ui.theme import Theme
from panel.ui.times import age


class DuplicateBar(QFrame):
    """`again` sends to all of them, `others` only to those who did not get it yet."""

    again = Signal()
    others = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("duplicate_bar")
        self.setProperty("banner", "true")
        self._agents: tuple[str, ...] = ()
        self.text = label("", theme)
        self.text.setWordWrap(True)
        self.again_button = Button(theme, self.tr("Send again"), name="send_again_button")
        self.again_button.clicked.connect(self.again.emit)
        self.others_button = Button(theme, self.tr("Only to the others"), name="others_button")
        self.others_button.clicked.connect(lambda: self.others.emit(self._agents))
        self.no_button = Button(theme, self.tr("Do not send"), name="do_not_send_button")
        self.no_button.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(20, 8, 20, 8)
        line.setSpacing(8)
        line.addWidget(self.text, 1)
        for button in (self.again_button, self.others_button, self.no_button):
            line.addWidget(button)
        self.hide()

    def ask(self, error: DuplicateError, receivers: int) -> None:
        """Asks; the focus goes to the answer that does nothing."""
        self._agents = error.agents
        names = ", ".join(error.agents[:3])
        if len(error.agents) > 3:
            names = self.tr("{0} and {1} more").format(names, len(error.agents) - 3)
        said = self.tr("This text was sent to {0} {1}.").format(names, age(error.sent_at, now()))
        self.text.setText(said)
        self.setAccessibleName(said)
        self.others_button.setVisible(receivers > len(error.agents))
        self.show()
        self.no_button.setFocus()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
