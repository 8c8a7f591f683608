"""Whose turn it is with pointer and keyboard: the part of the strip that says so."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QHBoxLayout, QWidget

from panel.core.clock import now
from panel.core.dispatching import Hands, Standing
from panel.ui.actions import Actions
from panel.ui.controls import Button, label
from panel.ui.theme import Theme

_WAITS = frozenset({Hands.WORKING, Hands.COUNTDOWN, Hands.KEYS_DOWN, Hands.LOCKED})


class Turn(QWidget):
    """Empty while nobody has to wait for anybody."""

    def __init__(self, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("turn")
        self.setAccessibleName(self.tr("Whose turn it is"))
        self.words = label("", theme, role="secondary")
        self.send_now = Button(
            theme,
            self.tr("Send now"),
            kind="link",
            name="send_now_button",
            tip=self.tr("Sends what waits, although you are working; keep your hands off"),
            on_click=actions.send_what_waits,
        )
        self.later = Button(
            theme,
            self.tr("Later"),
            kind="link",
            name="later_button",
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
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(2)
        for part in (self.words, self.send_now, self.later, self.go_on):
            layout.addWidget(part)
        self.show_standing(Standing())

    def show_standing(self, standing: Standing) -> None:
        """Asked every second: a countdown counts by itself."""
        text = self._in_words(standing)
        self.words.setText(text)
        self.setVisible(bool(text))
        mine = standing.hands in (Hands.WORKING, Hands.COUNTDOWN)
        self.send_now.setVisible(mine)
        self.later.setVisible(mine)
        self.go_on.setVisible(standing.hands is Hands.POSTPONED)

    def _in_words(self, standing: Standing) -> str:
        if standing.hands in _WAITS and not standing.waiting:
            return ""
        match standing.hands:
            case Hands.WORKING:
                return self.tr("You are working: {0} wait").format(f"{standing.waiting:,}")
            case Hands.COUNTDOWN:
                left = (standing.until or now()) - now()
                seconds = max(1, math.ceil(left.total_seconds()))
                return self.tr("Sends in {0} s").format(seconds)
            case Hands.KEYS_DOWN:
                return self.tr("{0} held down").format(", ".join(standing.keys))
            case Hands.POSTPONED if standing.until is not None:
                local = standing.until.astimezone()
                return self.tr("Yours until {0}").format(f"{local:%H:%M}")
            case Hands.LOCKED:
                return self.tr("Locked: {0} wait").format(f"{standing.waiting:,}")
            case Hands.SENDING:
                return self.tr("Sending to {0}: hands off").format(standing.agent or "")
        return ""
