"""The drawer at the right with everything that waits for a person, one card a cause."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from panel.core.clock import now
from panel.ui.actions import Actions
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, label
from panel.ui.empty import EmptyState
from panel.ui.flow import FlowLayout
from panel.ui.models.overview import Need
from panel.ui.theme import Theme
from panel.ui.times import age, exact

WIDTH = 360


class NeedCard(QFrame):
    """One cause: whose, what, since when, and the buttons that settle it."""

    def __init__(self, theme: Theme, need: Need, buttons: list[Button], later: Button) -> None:
        super().__init__()
        self.need = need
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{need.agent_id}, {need.chip.word}: {need.sentence}")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(need.agent_id, theme, bold=True))
        head.addWidget(ChipLabel(theme, need.chip))
        head.addStretch(1)
        since = label(age(need.since, now()), theme, role="secondary")
        since.setToolTip(exact(need.since))
        head.addWidget(since)
        head.addWidget(later)
        sentence = label(need.sentence, theme)
        sentence.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(sentence)
        if need.excerpt:
            shown = need.excerpt if len(need.excerpt) <= 110 else need.excerpt[:109].rstrip() + "…"
            excerpt = label(f"“{shown}”", theme, role="secondary")
            excerpt.setWordWrap(True)
            column.addWidget(excerpt)
        foot = FlowLayout(spacing=6)
        for button in buttons:
            foot.addWidget(button)
        column.addSpacing(2)
        column.addLayout(foot)


class NeedsYouDrawer(QFrame):
    """Shows needs as cards. `Later` puts a card away until its cause changes."""

    closed = Signal()
    message_asked = Signal(str)

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self._theme = theme
        self._actions = actions
        self._needs: tuple[Need, ...] = ()
        self._later: set[str] = set()
        self._shown: tuple[Need, ...] | None = None
        self.setObjectName("needs_you_drawer")
        self.setAccessibleName(self.tr("Needs you"))
        self.setFixedWidth(WIDTH)
        close = Button(
            theme, icon="close", kind="flat", tip=self.tr("Close"), on_click=self.closed.emit
        )
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        self._title = label(self.tr("Needs you"), theme, step=1, bold=True)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(close)
        self._empty = EmptyState(
            theme,
            "tick-hollow",
            self.tr("Nothing needs you."),
            self.tr("All messages are settled."),
        )
        self._cards = QVBoxLayout()
        self._cards.setContentsMargins(12, 0, 12, 12)
        self._cards.setSpacing(8)
        inner = QWidget()
        inner.setLayout(self._cards)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._empty, 1)
        column.addWidget(self._scroll, 1)

    def show_needs(self, needs: tuple[Need, ...]) -> None:
        """Shows these causes; the cards stay as they are while nothing changed."""
        self._needs = needs
        self._later &= {need.key for need in needs}
        shown = tuple(need for need in needs if need.key not in self._later)
        if shown == self._shown:
            return
        focused = next((card.need.key for card in self.cards() if _has_focus(card)), None)
        self._shown = shown
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for need in shown:
            later = Button(
                self._theme,
                self.tr("Later"),
                kind="link",
                tip=self.tr("Put away until something changes"),
                on_click=partial(self._put_off, need.key),
            )
            card = NeedCard(self._theme, need, self._buttons(need), later)
            self._cards.addWidget(card)
            if need.key == focused:
                card.setFocus()
        self._cards.addStretch(1)
        self._empty.setVisible(not shown)
        self._scroll.setVisible(bool(shown))

    def cards(self) -> list[NeedCard]:
        """The cards, top first."""
        items = (self._cards.itemAt(number) for number in range(self._cards.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, NeedCard)]

    def focus_next(self) -> None:
        """Goes to the next card (F8), from the last one to the first."""
        cards = self.cards()
        if not cards:
            return
        held = [number for number, card in enumerate(cards) if _has_focus(card)]
        card = cards[(held[0] + 1) % len(cards) if held else 0]
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._scroll.ensureWidgetVisible(card)

    def _put_off(self, key: str) -> None:
        self._later.add(key)
        self.show_needs(self._needs)

    def _buttons(self, need: Need) -> list[Button]:
        actions, ids = self._actions, need.message_ids
        buttons: list[Button] = []

        def add(text: str, call: object, kind: str = "plain") -> None:
            assert callable(call)
            buttons.append(Button(self._theme, text, kind=kind, on_click=call))

        if need.kind == "uncertain":
            add(self.tr("It arrived"), lambda: actions.decide(ids[0], "arrived"))
            add(self.tr("Send again"), lambda: actions.decide(ids[0], "send_again"))
            add(self.tr("Give up"), lambda: actions.decide(ids[0], "give_up"))
        elif need.kind == "failed":
            add(self.tr("Send again"), lambda: actions.retry(ids))
        elif need.kind == "held":
            add(self.tr("Go to window"), lambda: actions.goto(need.agent_id))
            add(self.tr("Give up"), lambda: actions.cancel(ids))
        elif need.kind == "target":
            add(self.tr("Calibrate"), lambda: actions.calibrate([need.agent_id]))
        elif need.kind == "stuck":
            add(self.tr("Go to window"), lambda: actions.goto(need.agent_id))
            add(self.tr("Message"), lambda: actions.compose([need.agent_id]))
        if ids:
            add(self.tr("Show"), lambda: self.message_asked.emit(ids[0]), "link")
        return buttons


def _has_focus(card: NeedCard) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is card or card.isAncestorOf(focused))
