"""The question about old messages, below the strip: send, cancel or look."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from panel.core.clock import now
from panel.ui.actions import Actions
from panel.ui.controls import Button, ElidedLabel, counted, label, row
from panel.ui.models.backlog import Pile, question
from panel.ui.theme import Theme
from panel.ui.times import age, exact

_MOST_ROWS = 5
_NAME_WIDTH = 120


class BacklogBar(QFrame):
    """Shown while old messages wait. `Look` unfolds them by agent."""

    agent_asked = Signal(str)

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self._theme = theme
        self._actions = actions
        self._old: tuple[Pile, ...] = ()
        self.setObjectName("backlog_bar")
        self.setProperty("banner", "true")
        self.text = ElidedLabel()
        self.send_button = Button(
            theme, self.tr("Send"), icon="send", tip=self.tr("Send them now, in their old order")
        )
        self.send_button.clicked.connect(lambda: actions.release_backlog(None))
        self.cancel_button = Button(theme, self.tr("Cancel them"))
        self.cancel_button.clicked.connect(lambda: actions.cancel_backlog(None))
        self.look_button = Button(theme, self.tr("Look"), icon="chevron-right", kind="flat")
        self.look_button.setCheckable(True)
        self.look_button.toggled.connect(self._on_look_toggled)
        self._rows = QWidget()
        self._rows.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(6)
        head = row(self.send_button, self.cancel_button, self.look_button)
        head.insertWidget(0, self.text, 1)
        column.addLayout(head)
        column.addWidget(self._rows)
        self.hide()

    def show_backlog(self, old: tuple[Pile, ...]) -> None:
        """Shows what waits; hides when nothing does."""
        if old == self._old:
            return
        first = not self._old
        self._old = old
        if not old:
            self.hide()
            self.look_button.setChecked(False)
            return
        said = question(old, now())
        self.text.set_full(said)
        self.setAccessibleName(said)
        self._fill()
        self.show()
        if first:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def regions(self) -> list[QWidget]:
        """Where F6 enters it."""
        return [self.send_button] if self.isVisible() else []

    def _on_look_toggled(self, shown: bool) -> None:
        self.look_button.set_icon("chevron-down" if shown else "chevron-right")
        self._rows.setVisible(shown)

    def _fill(self) -> None:
        """One line an agent. Buttons that have the focus hand it on to the bar's own."""
        focused = self._rows.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        shown = self.look_button.isChecked()
        layout.removeWidget(self._rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = QWidget()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        for number, pile in enumerate(self._old[:_MOST_ROWS]):
            self._add_row(grid, number, pile)
        if len(self._old) > _MOST_ROWS:
            more = self.tr("and {0} more agents").format(len(self._old) - _MOST_ROWS)
            grid.addWidget(label(more, self._theme), _MOST_ROWS, 0, 1, 3)
        layout.addWidget(self._rows)
        self._rows.setVisible(shown)
        if focused:
            self.look_button.setFocus()

    def _add_row(self, grid: QGridLayout, number: int, pile: Pile) -> None:
        name = label(pile.agent_id, self._theme, bold=True)
        name.setMinimumWidth(_NAME_WIDTH)
        grid.addWidget(name, number, 0)
        count = counted(pile.count, self.tr("{0} message"), self.tr("{0} messages"))
        grid.addWidget(label(count, self._theme), number, 1)
        oldest = label(self.tr("oldest {0}").format(age(pile.oldest, now())), self._theme)
        oldest.setToolTip(exact(pile.oldest))
        grid.addWidget(oldest, number, 2, Qt.AlignmentFlag.AlignLeft)
        agent, actions = pile.agent_id, self._actions
        for place, (word, call) in enumerate(
            (
                (self.tr("Send"), partial(actions.release_backlog, [agent])),
                (self.tr("Cancel"), partial(actions.cancel_backlog, [agent])),
                (self.tr("Show"), partial(self.agent_asked.emit, agent)),
            ),
            start=3,
        ):
            button = Button(self._theme, word, kind="link", on_click=call)
            button.setAccessibleName(f"{word} {agent}")
            grid.addWidget(button, number, place)
