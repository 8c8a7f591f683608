"""The To field: names with completion, and a menu to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QStringListModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QMenu, QWidget

from panel.ui.compose.recipients import ALL, TEAM, choices
from panel.ui.models.agents import target_of
from panel.ui.models.column import Row


class _NameCompleter(QCompleter):
    """Completes the name behind the last comma."""

    def splitPath(self, path: str) -> list[str]:
        return [path.rsplit(",", 1)[-1].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        name = str(index.data())
        field = self.widget()
        before = field.text().rsplit(",", 1)[0] if isinstance(field, QLineEdit) else ""
        several = isinstance(field, QLineEdit) and "," in field.text()
        return f"{before.strip()}, {name}" if several else name


_STEPS = {Qt.Key.Key_Tab: True, Qt.Key.Key_Backtab: False}
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ToField(QLineEdit):
    """Names of agents and teams, separated by commas.

    `send_asked`: Ctrl+Enter was struck in the list of offers, which keeps it from the dialog.
    """

    send_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("to_field")
        self.setAccessibleName(self.tr("To"))
        self.setPlaceholderText(self.tr("Agents, a team, or All"))
        self._agents: tuple[Row, ...] = ()
        self._names = QStringListModel(self)
        completer = _NameCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        self.setCompleter(completer)
        self._offers = completer.popup()
        assert self._offers is not None  # a completer makes one when there is none
        self._offers.installEventFilter(self)

    def set_agents(self, agents: Sequence[Row]) -> None:
        """Whom one can write to."""
        self._agents = tuple(agents)
        names = choices(agents)
        if names != self._names.stringList():
            self._names.setStringList(names)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not (self._offers and self._offers.isVisible()):
            self.choose()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What a key or a click means in the dialog it means while names are offered, too."""
        if watched is self._offers:
            if isinstance(event, QKeyEvent) and not watched.isVisible():
                return self._pass_on(event)
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._on_key_in_offers(event)
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
                return self._on_press_beside_offers(event)
        return super().eventFilter(watched, event)

    def _pass_on(self, event: QKeyEvent) -> bool:
        """Keys that were under way to the list when it closed belong to where the focus went."""
        receiver = self.window().focusWidget()
        if receiver is not None and receiver is not self._offers:
            QApplication.sendEvent(receiver, event.clone())
        return True

    def _on_key_in_offers(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._take_only_offer()
            self.focusNextPrevChild(_STEPS[key])
            return True
        if key in _ENTERS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take_only_offer()
            self.send_asked.emit()
            return True
        return False

    def _on_press_beside_offers(self, event: QMouseEvent) -> bool:
        """On X11 the click that closes a list would be lost, and what is typed next goes astray."""
        assert self._offers is not None
        if event.button() is not Qt.MouseButton.LeftButton or self._offers.rect().contains(
            event.position().toPoint()
        ):
            return False
        self._offers.hide()
        place = event.globalPosition()
        met = QApplication.widgetAt(place.toPoint())
        if met is not None and met.window() is self.window():
            QTimer.singleShot(0, met, lambda: _click(met, place))
        return True

    def _take_only_offer(self) -> None:
        """Closes the list; where it leaves no choice, what it offers is what was meant."""
        completer = self.completer()
        if completer is not None and completer.completionCount() == 1:
            self.setText(completer.pathFromIndex(completer.completionModel().index(0, 0)))
        assert self._offers is not None
        self._offers.hide()


def _click(widget: QWidget, place: QPointF) -> None:
    """A click as the mouse would have made it; Qt gives the focus only for the mouse's own."""
    taker: QWidget | None = widget
    while taker is not None and not taker.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        taker = taker.parentWidget()
    if taker is not None:
        taker.setFocus(Qt.FocusReason.MouseFocusReason)
    here = widget.mapFromGlobal(place)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in (
        (QEvent.Type.MouseButtonPress, left),
        (QEvent.Type.MouseButtonRelease, none),
    ):
        made = QMouseEvent(kind, here, place, left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, made)
