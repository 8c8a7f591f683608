"""One cause as a card: whose, what, since when, pictures, and the buttons that settle it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from panel.commands.evidence import Standing
from panel.core.clock import now
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, ElidedLabel, breakable, counted, label
from panel.ui.evidence.book import Pair
from panel.ui.evidence.standing import decisions, working
from panel.ui.evidence.thumbnail import PairView
from panel.ui.models.needs import UNCERTAIN, Need
from panel.ui.step_buttons import StepButtons
from panel.ui.steps import Step, note_of
from panel.ui.theme import Theme
from panel.ui.times import age, exact

_EXCERPT = 110


class NeedCard(QFrame):
    """Stays the same widget as long as its cause is the same; `show_need` changes what it says."""

    chosen = Signal(object)
    later_asked = Signal()
    message_asked = Signal()
    more_asked = Signal()
    pictures_asked = Signal()

    def __init__(self, theme: Theme, need: Need) -> None:
        super().__init__()
        self.need = need
        self._standing: Standing | None = None
        self.setProperty("card", "true")
        # However long a word is, the card is as wide as the drawer.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name = ElidedLabel()
        self._name.setFont(theme.font(bold=True))
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._name.setMinimumWidth(40)
        self._chip = ChipLabel(theme, need.chip)
        self._since = label("", theme, role="secondary")
        self.later = Button(
            theme,
            self.tr("Later"),
            kind="link",
            tip=self.tr("Put away until it changes, at most for a while"),
            on_click=self.later_asked.emit,
        )
        self._sentence = label("", theme)
        self._sentence.setWordWrap(True)
        self.note = label("", theme, role="secondary")
        self.note.setWordWrap(True)
        self._excerpt = label("", theme, role="secondary")
        self._excerpt.setWordWrap(True)
        self.pictures = PairView(theme)
        self.show_button = Button(
            theme, self.tr("Show"), kind="link", on_click=self.message_asked.emit
        )
        self.more_button = Button(theme, "", kind="link", on_click=self.more_asked.emit)
        self.buttons = StepButtons(theme, self, links=(self.show_button, self.more_button))
        self._lay_out()
        self.pictures.opened.connect(self.pictures_asked)
        self.buttons.chosen.connect(self.chosen)
        self.show_need(need)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name)
        head.addWidget(self._chip)
        head.addStretch(1)
        head.addWidget(self._since)
        head.addWidget(self.later)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self._sentence, self._excerpt, self.pictures, self.note, self.buttons):
            column.addWidget(part)

    def show_need(self, need: Need) -> None:
        """Says what is so now; pictures and focus stay."""
        if need.message_id != self.need.message_id:
            self._standing = None
        self.need = need
        self._name.set_full(need.agent_id)
        self._chip.set_chip(need.chip)
        self._sentence.setText(breakable(need.sentence))
        self._since.setText(age(need.since, now()))
        self._since.setToolTip(exact(need.since))
        text = need.excerpt
        shown = text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
        self._excerpt.setText(breakable(f"“{shown}”"))
        self._excerpt.setVisible(bool(text))
        self.setAccessibleName(f"{need.agent_id}, {need.chip.word}: {need.sentence}")
        self.later.setAccessibleName(self.tr("Later: {0}").format(need.agent_id))
        self.show_button.setVisible(bool(need.message_id))
        self.more_button.setVisible(bool(need.message_id and need.more))
        self.more_button.set_text(
            counted(need.more, self.tr("and {0} more"), self.tr("and {0} more"))
        )
        self._offer()

    def show_pictures(self, pair: Pair | None) -> None:
        """Before and now; None where nothing was kept."""
        if pair != self.pictures.pair:
            self.pictures.show_pair(pair, self.need.agent_id)

    def show_standing(self, standing: Standing | None) -> None:
        """Whether our own text still stands in the box; None: it cannot be known."""
        self._standing = standing
        self._offer()

    def _offer(self) -> None:
        need = self.need
        steps, note = need.steps, note_of(need.reason_code)
        barred: dict[Step, str] = {}
        if need.kind == UNCERTAIN:
            own, why = decisions(self._standing, need.wanted)
            steps, barred = (*own, Step.GOTO), dict(why)
            if need.wanted:
                note = working(need.wanted)
            elif self._standing is not None:
                note = self._standing.why
        self.buttons.show_steps(steps, barred=barred)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    @property
    def has_focus(self) -> bool:
        """Whether the focus is on it or on one of its buttons."""
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter on the card itself goes into it; what it does is one more key away.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            if (first := self.buttons.first()) is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
