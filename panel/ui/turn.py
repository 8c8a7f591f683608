"""Whose turn it is with pointer and keyboard: the part of the strip that says so."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from panel.core.clock import now
from panel.core.dispatching import Hands, Standing
from panel.ui.actions import Actions
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button
from panel.ui.theme import Hue, Theme
from panel.ui.words import Chip

_WAITS = frozenset({Hands.WORKING, Hands.COUNTDOWN, Hands.KEYS_DOWN, Hands.LOCKED})
_TICK_MS = 200
_LINGER_MS = 700
"""A delivery is shorter than the time it takes to read of it, and often the next one follows."""
_HUES = {
    Hands.SENDING: (Hue.BLUE, "arrow"),
    Hands.COUNTDOWN: (Hue.BLUE, "hourglass"),
    Hands.WORKING: (Hue.AMBER, "keyboard"),
    Hands.KEYS_DOWN: (Hue.AMBER, "keyboard"),
    Hands.POSTPONED: (Hue.GREY, "clock"),
    Hands.LOCKED: (Hue.GREY, "shield"),
}


class Turn(QWidget):
    """Empty while nobody has to wait for anybody. `shown` tells when that changes."""

    shown = Signal(bool)

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self._standing = Standing()
        self._next = Standing()
        self.setObjectName("turn")
        self.setAccessibleName(self.tr("Whose turn it is"))
        self._chip = ChipLabel(theme, parent=self)
        # Where room is short the words give way, not what can be clicked.
        self._chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._chip.setMinimumWidth(80)
        self.send_now = Button(
            theme,
            self.tr("Send now"),
            kind="link",
            name="send_now_button",
            tip=self.tr("Sends what waits, although you are working; keep your hands off"),
            on_click=actions.send_what_waits,
        )
        self.postpone = Button(
            theme,
            self.tr("Postpone"),
            kind="link",
            name="postpone_button",
            tip=self.tr("Leaves the pointer to you for 5 minutes"),
            on_click=lambda: actions.postpone(True),
        )
        self.go_on = Button(
            theme,
            self.tr("Go on"),
            kind="link",
            name="go_on_button",
            tip=self.tr("Sends again as soon as you pause"),
            on_click=lambda: actions.postpone(False),
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._chip, self.send_now, self.postpone, self.go_on):
            layout.addWidget(part)
        layout.addStretch(1)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._show)
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(_LINGER_MS)
        self._linger.timeout.connect(lambda: self._take(self._next))
        self._show()

    @property
    def words(self) -> str:
        """What it says now."""
        return self._chip.chip.word if self._chip.chip is not None else ""

    def show_standing(self, standing: Standing) -> None:
        """Says how it stands; that something was being sent stays for a moment."""
        self._next = standing
        if self._standing.hands is Hands.SENDING and standing.hands is Hands.FREE:
            if not self._linger.isActive():
                self._linger.start()
            return
        self._take(standing)

    def _take(self, standing: Standing) -> None:
        self._linger.stop()
        self._standing = standing
        if standing.hands is Hands.COUNTDOWN:
            self._clock.start()
        else:
            self._clock.stop()
        self._show()

    def _show(self) -> None:
        text, hands = self._in_words(), self._standing.hands
        self._chip.set_chip(Chip(text, *_HUES[hands]) if text else None)
        self._chip.setToolTip(text)
        mine = bool(text) and hands in (Hands.WORKING, Hands.COUNTDOWN)
        self.send_now.setVisible(mine)
        self.postpone.setVisible(mine)
        self.go_on.setVisible(hands is Hands.POSTPONED)
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))
            self.shown.emit(bool(text))

    def _in_words(self) -> str:
        standing = self._standing
        if standing.hands in _WAITS and not standing.waiting:
            return ""
        match standing.hands:
            case Hands.WORKING:
                return self._waiting(self.tr("You are working"))
            case Hands.COUNTDOWN:
                left = (standing.until or now()) - now()
                return self.tr("Sends in {0} s").format(max(1, math.ceil(left.total_seconds())))
            case Hands.KEYS_DOWN:
                return self._waiting(self.tr("{0} held down").format(" + ".join(standing.keys)))
            case Hands.POSTPONED if standing.until is not None:
                return self.tr("Yours until {0}").format(f"{standing.until.astimezone():%H:%M}")
            case Hands.LOCKED:
                return self._waiting(self.tr("Screen locked"))
            case Hands.SENDING:
                return self.tr("Sending to {0}: hands off").format(standing.agent or "")
        return ""

    def _waiting(self, why: str) -> str:
        one, many = self.tr("{0}: 1 waits"), self.tr("{0}: {1} wait")
        number = self._standing.waiting
        return (one if number == 1 else many).format(why, f"{number:,}")
