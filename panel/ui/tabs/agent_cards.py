"""The agents as cards: who works on what, whether it can be written to, and the usual actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from panel.ui.actions import Actions
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, ElidedLabel, label, restyle
from panel.ui.flow import FlowLayout
from panel.ui.models.agents import reported, state_of, target_of, target_ready
from panel.ui.models.column import Row
from panel.ui.services import Workbench
from panel.ui.times import exact, moment

CARD_WIDTH = 256


class AgentCard(QFrame):
    """One agent. A click or the focus chooses it; Enter opens its details."""

    chosen = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, bench: Workbench, actions: Actions, agent_id: str) -> None:
        super().__init__()
        theme = bench.theme
        self.agent_id = agent_id
        self._actions = actions
        self._row: Row = {}
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name = ElidedLabel(agent_id)
        self._name.setFont(theme.font(1, bold=True))
        self._state = ChipLabel(theme)
        self._team = label("", theme, role="secondary")
        self._focus = label("", theme)
        self._focus.setWordWrap(True)
        self._focus.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._focus.setFixedHeight(2 * self._focus.fontMetrics().lineSpacing() + 2)
        self._report = label("", theme, role="secondary")
        self._target = ChipLabel(theme)
        self._waiting = label("", theme, role="secondary")
        self._message = Button(
            theme,
            self.tr("Message"),
            icon="message",
            on_click=lambda: actions.compose([agent_id]),
        )
        self._calibrate = Button(
            theme,
            self.tr("Calibrate"),
            icon="target",
            on_click=lambda: actions.calibrate([agent_id]),
        )
        self._goto = Button(
            theme,
            icon="window",
            tip=self.tr("Go to window"),
            on_click=lambda: actions.goto(agent_id),
        )
        self._hold = Button(theme, icon="pause", tip=self.tr("Hold"))
        self._hold.clicked.connect(
            lambda: actions.hold([agent_id], not bool(self._row.get("paused")))
        )
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._state)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._target)
        foot.addWidget(self._waiting)
        foot.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._message)
        buttons.addWidget(self._calibrate)
        buttons.addStretch(1)
        buttons.addWidget(self._goto)
        buttons.addWidget(self._hold)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._team)
        column.addSpacing(4)
        column.addWidget(self._focus)
        column.addWidget(self._report)
        column.addSpacing(6)
        column.addLayout(foot)
        column.addSpacing(6)
        column.addLayout(buttons)

    def show_row(self, row: Row) -> None:
        """Shows the agent as it is now."""
        self._row = row
        self._state.set_chip(state_of(row))
        self._team.setText(str(row.get("team") or ""))
        focus = str(row.get("current_focus") or "")
        self._focus.setText(_two_lines(self._focus.fontMetrics().averageCharWidth(), focus))
        self._focus.setToolTip(focus)
        self._report.setText(reported(row))
        self._report.setToolTip(exact(moment(row.get("last_updated"))))
        self._target.set_chip(target_of(row, alone=True))
        waiting = row.get("waiting")
        self._waiting.setText(
            self.tr("{0} waiting").format(waiting) if isinstance(waiting, int) and waiting else ""
        )
        ready = target_ready(row)
        self._message.setVisible(ready)
        self._calibrate.setVisible(not ready)
        self._goto.setVisible(ready)
        paused = bool(row.get("paused"))
        self._hold.set_icon("play" if paused else "pause")
        tip = self.tr("Resume") if paused else self.tr("Hold its messages")
        self._hold.setToolTip(tip)
        self._hold.setAccessibleName(f"{tip}: {self.agent_id}")
        self._hold.set_kind("paused" if paused else "plain")
        self.setAccessibleName(f"{self.agent_id}, {state_of(row).word}, {target_of(row).word}")

    def set_current(self, current: bool) -> None:
        """Marks the card whose details are shown."""
        restyle(self, "current", "true" if current else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit(self.agent_id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.chosen.emit(self.agent_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.agent_id)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.chosen.emit(self.agent_id)
        self.menu_wanted.emit(self.agent_id, event.globalPos())


class AgentCards(QScrollArea):
    """All cards; they are kept and refilled, so that focus survives refreshes."""

    chosen = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._actions = actions
        self._cards: dict[str, AgentCard] = {}
        self._current = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Agents as cards"))
        self._inner = QWidget()
        self._flow = FlowLayout(spacing=12, column=CARD_WIDTH)
        outer = QVBoxLayout(self._inner)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addLayout(self._flow)
        outer.addStretch(1)
        self.setWidget(self._inner)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """One card for each row, in this order."""
        order = [str(row["agent_id"]) for row in rows]
        if order != list(self._cards):
            self._rebuild(order)
        for row in rows:
            self._cards[str(row["agent_id"])].show_row(row)

    def _rebuild(self, order: Sequence[str]) -> None:
        focused = next((a for a, card in self._cards.items() if card.hasFocus()), None)
        self._flow.clear()
        self._cards = {}
        for agent_id in order:
            card = AgentCard(self._bench, self._actions, agent_id)
            card.chosen.connect(self.chosen)
            card.opened.connect(self.opened)
            card.menu_wanted.connect(self.menu_wanted)
            self._cards[agent_id] = card
            self._flow.addWidget(card)
            card.show()
        self.set_current(self._current)
        if focused in self._cards:
            self._cards[focused].setFocus()

    def set_current(self, agent_id: str) -> None:
        """Marks one card."""
        self._current = agent_id
        for name, card in self._cards.items():
            card.set_current(name == agent_id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        card = self._cards.get(self._current) or next(iter(self._cards.values()), None)
        if card is not None:
            card.setFocus()

    def cards(self) -> list[AgentCard]:
        """The cards in their order."""
        return list(self._cards.values())


def _two_lines(character: int, text: str) -> str:
    most = max(20, 2 * (CARD_WIDTH - 20) // max(1, character))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
