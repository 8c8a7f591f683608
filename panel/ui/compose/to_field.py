"""The To field: names with completion, and a menu to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from panel.ui.compose.offers import Offers, matching
from panel.ui.compose.recipients import ALL, TEAM, choices
from panel.ui.models.agents import target_of
from panel.ui.models.column import Row

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ToField(QLineEdit):
    """Names of agents and teams, separated by commas; names that fit are offered meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("to_field")
        self.setAccessibleName(self.tr("To"))
        self.setPlaceholderText(self.tr("Agents, a team, or All"))
        self._agents: tuple[Row, ...] = ()
        self.offers = Offers(self)
        self.offers.itemClicked.connect(lambda item: self._take(item.text()))
        self.textEdited.connect(self._on_text_edited)

    def set_agents(self, agents: Sequence[Row]) -> None:
        """Whom one can write to."""
        self._agents = tuple(agents)

    def names(self) -> list[str]:
        """What stands in the field, split."""
        return [part.strip() for part in self.text().split(",") if part.strip()]

    def set_names(self, names: Sequence[str]) -> None:
        """Puts these names into the field."""
        self.setText(", ".join(names))

    def choose(self) -> None:
        """Opens the menu with all, teams and agents, each with its state."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        present = {name.casefold() for name in self.names()}
        group = ""
        for name in choices(self._agents):
            kind = "all" if name == ALL else "team" if name.startswith(TEAM) else "agent"
            if group and kind != group:
                menu.addSeparator()
            group = kind
            action = menu.addAction(self._worded(name, kind))
            action.setCheckable(True)
            action.setChecked(name.casefold() in present)
            action.triggered.connect(lambda checked, name=name: self._on_chosen(name, checked))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _worded(self, name: str, kind: str) -> str:
        if kind != "agent":
            return name
        row = next(row for row in self._agents if row["agent_id"] == name)
        return f"{name}   ({target_of(row).word})"

    def _on_chosen(self, name: str, chosen: bool) -> None:
        others = [other for other in self.names() if other.casefold() != name.casefold()]
        if name == ALL and chosen:
            others = []
        elif chosen:
            others = [other for other in others if other.casefold() != ALL.casefold()]
        self.set_names([*others, name] if chosen else others)
        self.setFocus()

    # offers --------------------------------------------------------------------------

    def _on_text_edited(self, text: str) -> None:
        before, _comma, word = text.rpartition(",")
        taken = [part.strip() for part in before.split(",")]
        self.offers.offer(matching(word.strip(), choices(self._agents), taken))

    def _take(self, name: str) -> None:
        """Puts an offered name in place of the one that is being typed."""
        self.offers.hide()
        before, comma, _word = self.text().rpartition(",")
        self.setText(f"{before.strip()}, {name}" if comma else name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain or not self._used(key):
            super().keyPressEvent(event)

    def _used(self, key: Qt.Key) -> bool:
        """Whether the key means something to the offers, or opens the menu."""
        if not self.offers.isVisible():
            if key is Qt.Key.Key_Down:
                self.choose()
            return key is Qt.Key.Key_Down
        if key in _STEPS:
            self.offers.step(_STEPS[key])
        elif key is Qt.Key.Key_Escape:
            self.offers.hide()
        elif key in _ENTERS and self.offers.marked:
            self._take(self.offers.marked)
        else:
            return False
        return True

    def settle(self) -> None:
        """Takes the marked name: the person goes on."""
        if self.offers.marked:
            self._take(self.offers.marked)
        self.offers.hide()

    def focusNextPrevChild(self, forward: bool) -> bool:
        self.settle()
        return super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.offers.hide()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.offers.hide()
        super().resizeEvent(event)
