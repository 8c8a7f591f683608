"""The drawer at the right with everything that waits for a person, one card a cause."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.core.clock import now
from panel.ui.actions import Actions
from panel.ui.controls import Button, counted, label
from panel.ui.empty import EmptyState
from panel.ui.evidence.compare import CompareDialog
from panel.ui.mending import Mender
from panel.ui.models.needs import UNCERTAIN, Need
from panel.ui.needs.card import NeedCard
from panel.ui.needs.later import Later
from panel.ui.needs.looks import CardLooks
from panel.ui.services import Workbench
from panel.ui.steps import Step

WIDTH = 380
MOST_CARDS = 40


class NeedsYouDrawer(QFrame):
    """Cards are changed in place, and none moves under the pointer or the focus.

    `states_asked(states, agent)` asks for the list of an agent's messages (all agents: "").
    """

    closed = Signal()
    message_asked = Signal(str)
    states_asked = Signal(object, str)

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._mender = Mender(bench, actions)
        self._needs: tuple[Need, ...] = ()
        self._later = Later()
        self._made: dict[str, NeedCard] = {}
        self._looks = CardLooks(bench)
        self.setObjectName("needs_you_drawer")
        self.setAccessibleName(self.tr("Needs you"))
        self.setFixedWidth(WIDTH)
        self._make_parts()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(QApplication.doubleClickInterval())
        self._settling.timeout.connect(self._on_settled)

    def _make_parts(self) -> None:
        theme = self._bench.theme
        self.close_button = Button(
            theme, icon="close", kind="flat", tip=self.tr("Close"), on_click=self.closed.emit
        )
        self.all_button = Button(
            theme,
            self.tr("Show all unconfirmed"),
            kind="link",
            on_click=lambda: self.states_asked.emit([UNCERTAIN], ""),
        )
        self.away_button = Button(
            theme,
            "",
            kind="link",
            tip=self.tr("Show what you put off"),
            on_click=self._on_away_asked,
        )
        title = label(self.tr("Needs you"), theme, step=1, bold=True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 0)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.close_button)
        links = QHBoxLayout()
        links.setContentsMargins(12, 0, 12, 6)
        links.addWidget(self.all_button)
        links.addStretch(1)
        links.addWidget(self.away_button)
        self.empty = EmptyState(
            theme,
            "tick-hollow",
            self.tr("Nothing needs you."),
            self.tr("All messages are settled."),
        )
        self.rest = label("", theme, role="secondary")
        self.rest.setWordWrap(True)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(12, 0, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.rest)
        self._column.addStretch(1)
        self._inner = QWidget()
        self._inner.setLayout(self._column)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(links)
        column.addWidget(self.empty, 1)
        column.addWidget(self._scroll, 1)

    # what is shown -------------------------------------------------------------------

    def show_needs(self, needs: tuple[Need, ...]) -> None:
        """Shows these causes; cards whose cause is still there stay where they are."""
        self._needs = needs
        shown, away = self._later.split(needs, now())
        self._update_cards(shown[:MOST_CARDS])
        rest = len(shown) - MOST_CARDS
        self.rest.setText(
            counted(rest, self.tr("And {0} more cause."), self.tr("And {0} more causes."))
        )
        self.rest.setVisible(rest > 0)
        self.all_button.setVisible(any(need.kind == UNCERTAIN for need in needs))
        self.away_button.set_text(
            counted(len(away), self.tr("{0} for later"), self.tr("{0} for later"))
        )
        self.away_button.setVisible(bool(away))
        self.empty.setVisible(not shown)
        self.empty.text.setText(
            self.tr("The rest is put off.") if away else self.tr("All messages are settled.")
        )
        self._scroll.setVisible(bool(shown))
        self._look()

    def _update_cards(self, shown: tuple[Need, ...]) -> None:
        wanted = {need.key: need for need in shown}
        order = self.cards()
        place = next((number for number, card in enumerate(order) if card.has_focus), None)
        gone = [card for card in order if card.need.key not in wanted]
        for card in gone:
            self._drop(card)
        for need in shown:
            if (there := self._made.get(need.key)) is not None:
                there.show_need(need)
            else:
                self._add(need, shown)
        if gone:
            self._keep_still()
        if place is not None and order[place] in gone:
            self._focus_near(place)

    def _add(self, need: Need, shown: tuple[Need, ...]) -> None:
        card = NeedCard(self._bench.theme, need)
        self._made[need.key] = card
        card.chosen.connect(partial(self._on_step_chosen, card))
        card.later_asked.connect(partial(self._on_later_asked, card))
        card.message_asked.connect(lambda: self.message_asked.emit(card.need.message_id))
        card.more_asked.connect(
            lambda: self.states_asked.emit([card.need.kind], card.need.agent_id)
        )
        card.pictures_asked.connect(partial(self._on_pictures_asked, card))
        cards = self.cards()
        # In its place by urgency; but below all others while a hand is on one of them.
        before = [each.key for each in shown[: shown.index(need)]]
        under_hand = self._inner.underMouse() or any(each.has_focus for each in cards)
        place = len(cards)
        if not under_hand:
            place = sum(1 for each in cards if each.need.key in before)
        self._column.insertWidget(place, card)

    def _drop(self, card: NeedCard) -> None:
        self._made.pop(card.need.key)
        self._looks.forget(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _keep_still(self) -> None:
        """After cards moved up, the second click of a double click must not hit another one."""
        self._inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self._settling.start()

    def _on_settled(self) -> None:
        self._inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    @property
    def needs(self) -> tuple[Need, ...]:
        """All causes, also those put off."""
        return self._needs

    def cards(self) -> list[NeedCard]:
        """The cards, top first."""
        items = (self._column.itemAt(number) for number in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, NeedCard)]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        """Pictures, and whether texts still stand there: only while somebody sees it."""
        if self.isVisible():
            self._looks.look(self.cards())

    # where the focus is --------------------------------------------------------------

    def focus_next(self) -> None:
        """Goes to the next card (F8), from the last one to the first."""
        cards = self.cards()
        if not cards:
            self.close_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        held = [number for number, card in enumerate(cards) if card.has_focus]
        self._focus(cards[(held[0] + 1) % len(cards) if held else 0])

    def _focus_near(self, place: int) -> None:
        cards = self.cards()
        if cards:
            self._focus(cards[min(place, len(cards) - 1)])
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus(self, card: NeedCard) -> None:
        card.setFocus(Qt.FocusReason.ShortcutFocusReason)
        # A new card has no height before its layout was made.
        QTimer.singleShot(0, card, lambda: self._scroll.ensureWidgetVisible(card, 0, 8))

    # what is asked -------------------------------------------------------------------

    def _on_step_chosen(self, card: NeedCard, step: Step) -> None:
        self._mender.do(step, card.need.subject, card)

    def _on_later_asked(self, card: NeedCard) -> None:
        self._later.put_off(card.need, now())
        self.show_needs(self._needs)

    def _on_away_asked(self) -> None:
        self._later.bring_back()
        self.show_needs(self._needs)

    def _on_pictures_asked(self, card: NeedCard) -> None:
        if (pair := card.pictures.pair) is not None:
            words = self.tr("{0}: {1} and {2}").format(
                card.need.agent_id, pair.before.caption.lower(), pair.after.caption.lower()
            )
            CompareDialog(self._bench, self.window(), pair, words).show()
