"""The buttons of steps: changed in place, so that a refresh takes no button from under a hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from panel.ui.controls import Button
from panel.ui.flow import FlowLayout
from panel.ui.steps import Step, look_of
from panel.ui.theme import Theme


class StepButtons(QWidget):
    """`chosen` sends the step. Its keys work wherever the focus is within `scope`.

    `links` stand behind the steps, whatever these are.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, scope: QWidget, *, icons: bool = False, links: Sequence[Button] = ()
    ) -> None:
        super().__init__()
        self._theme = theme
        self._scope = scope
        self._icons = icons
        self._steps: tuple[Step, ...] = ()
        self._buttons: dict[Step, Button] = {}
        self._keys: dict[Step, QShortcut] = {}
        self._links = tuple(links)
        self._flow = FlowLayout(self, spacing=6)
        for link in self._links:
            self._flow.addWidget(link)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is offered, whether it can be done now or not."""
        return self._steps

    def button(self, step: Step) -> Button | None:
        """The button of a step that is offered."""
        return self._buttons.get(step) if step in self._steps else None

    def show_steps(
        self,
        steps: Sequence[Step],
        *,
        barred: Mapping[Step, str] | None = None,
        primary: Step | None = None,
    ) -> None:
        """Offers these steps; those in `barred` cannot be done now, for the reason given there."""
        wanted = tuple(dict.fromkeys(steps))
        if wanted != self._steps:
            self._arrange(wanted)
        for step in wanted:
            button, look = self._buttons[step], look_of(step)
            why = (barred or {}).get(step, "")
            hint = f"{look.tip} ({look.key})" if look.tip and look.key else look.tip or look.key
            button.setEnabled(not why)
            button.setToolTip(why or hint)
            button.setAccessibleDescription(why or look.tip)
            button.set_kind("primary" if step is primary else "plain")
            if step in self._keys:
                self._keys[step].setEnabled(not why)
        self.setVisible(bool(wanted) or any(not link.isHidden() for link in self._links))

    def first(self) -> Button | None:
        """The first button that can be pressed."""
        return next((self._buttons[s] for s in self._steps if self._buttons[s].isEnabled()), None)

    def _arrange(self, wanted: tuple[Step, ...]) -> None:
        focused = QApplication.focusWidget()
        while self._flow.takeAt(0) is not None:
            pass
        for step in [step for step in self._buttons if step not in wanted]:
            gone = self._buttons.pop(step)
            had_focus = gone is focused
            gone.hide()
            gone.deleteLater()
            if key := self._keys.pop(step, None):
                key.setEnabled(False)
                key.deleteLater()
            if had_focus:  # to where the next step of the same card is
                self._scope.setFocus(Qt.FocusReason.OtherFocusReason)
        previous: QWidget | None = None
        for step in wanted:
            button = self._buttons.get(step) or self._make(step)
            self._flow.addWidget(button)
            button.show()
            if previous is not None:
                QWidget.setTabOrder(previous, button)
            previous = button
        for link in self._links:
            self._flow.addWidget(link)
            if previous is not None:
                QWidget.setTabOrder(previous, link)
            previous = link
        self._steps = wanted
        self._flow.invalidate()
        self.updateGeometry()

    def _make(self, step: Step) -> Button:
        look = look_of(step)
        made = Button(
            self._theme,
            look.word,
            icon=look.icon if self._icons else "",
            on_click=lambda: self.chosen.emit(step),
        )
        made.setParent(self)
        self._buttons[step] = made
        if look.key:
            key = QShortcut(QKeySequence(look.key), self._scope)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(made.click)
            self._keys[step] = key
        return made
