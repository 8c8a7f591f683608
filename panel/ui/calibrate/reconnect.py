"""After a restart: which targets were recognised again, and which need a person's eyes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from panel.commands import targets
from panel.core.errors import PanelError
from panel.ui.actions import Actions
from panel.ui.calibrate.lost_card import LostCard
from panel.ui.calibrate.recognition import Recognition, recognise
from panel.ui.calibrate.review import sentence
from panel.ui.calibrate.windows import SeenWindow, fit_to_screen, uncovered
from panel.ui.controls import Button, label
from panel.ui.empty import EmptyState
from panel.ui.models.targets import Key
from panel.ui.services import Said, Workbench


class ReconnectDialog(QDialog):
    """Not modal. Opened at the start when there is something to decide, or by the person."""

    def __init__(
        self,
        bench: Workbench,
        actions: Actions,
        parent: QWidget,
        *,
        only: Key | None = None,
        found: Recognition | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench, self._actions, self._only = bench, actions, only
        self._closed = False
        self._busy = False
        self._skipped: set[Key] = set()
        title = self.tr("Recognise windows")
        self.setObjectName("reconnect_dialog")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(False)
        fit_to_screen(self, 760, 560)
        theme = bench.theme
        self.headline = label(self.tr("Looking at the windows…"), theme, step=2, bold=True)
        self.text = label("", theme, role="secondary")
        self.text.setWordWrap(True)
        self._done = EmptyState(theme, "tick-hollow", self.tr("Every window is recognised."))
        self._done.hide()
        inner = QWidget()
        self._cards = QVBoxLayout(inner)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(8)
        self._lay_out(inner)
        self.finished.connect(self._on_finished)
        if found is not None:
            self._show(found)
        else:
            self.look()

    def _lay_out(self, inner: QWidget) -> None:
        theme = self._bench.theme
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self.look_button = Button(theme, self.tr("Look again"), icon="refresh", on_click=self.look)
        self.close_button = Button(theme, self.tr("Close"), on_click=self.close)
        foot = QFrame()
        foot.setObjectName("foot")
        ends = QHBoxLayout(foot)
        ends.setContentsMargins(20, 12, 20, 12)
        ends.addWidget(self.look_button)
        ends.addStretch(1)
        ends.addWidget(self.close_button)
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 12)
        body.setSpacing(8)
        body.addWidget(self.headline)
        body.addWidget(self.text)
        body.addWidget(self._scroll, 1)
        body.addWidget(self._done, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(foot)

    def cards(self) -> list[LostCard]:
        """The cards, top first."""
        items = (self._cards.itemAt(number) for number in range(self._cards.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, LostCard)]

    def look(self) -> None:
        """Looks at the windows again."""
        if not self._busy:
            self._busy = True
            self.look_button.setEnabled(False)
            self._bench.tasks.start(self._look(), self._on_look_failed)

    async def _look(self) -> None:
        try:
            found = await recognise(self._bench, self._only)
        finally:
            self._busy = False
            if not self._closed:
                self.look_button.setEnabled(True)
        if not self._closed:
            self._show(found)

    def _on_look_failed(self, error: PanelError) -> None:
        if not self._closed:
            self.headline.setText(self.tr("The windows cannot be seen."))
            self.text.setText(sentence(error))

    def _show(self, found: Recognition) -> None:
        lost = [each for each in found.lost if each.key not in self._skipped]
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for each in lost:
            card = LostCard(self._bench.theme, each)
            card.confirmed.connect(lambda seen, card=card: self._on_confirmed(card, seen))
            card.looked_at.connect(lambda seen, card=card: self._on_looked_at(card, seen))
            card.skipped.connect(lambda card=card: self._on_skipped(card))
            card.calibrate_asked.connect(lambda card=card: self._on_calibrate_asked(card))
            self._cards.addWidget(card)
        self._cards.addStretch(1)
        self.headline.setText(Recognition(found.recognised, tuple(lost)).summary())
        self.text.setText(
            self.tr("Compare the landmark, then say which window it is. Nothing is clicked.")
            if lost
            else ""
        )
        self._scroll.setVisible(bool(lost))
        self._scroll.verticalScrollBar().setValue(0)
        self._done.setVisible(not lost)
        if lost and self.isActiveWindow():
            tiles = self.cards()[0].tiles.tiles()
            (tiles[0] if tiles else self.cards()[0].skip_button).setFocus()

    # decisions -----------------------------------------------------------------------

    def _on_looked_at(self, card: LostCard, seen: SeenWindow) -> None:
        async def look() -> None:
            again = await uncovered(self._bench, seen)
            if not self._closed:
                card.tiles.show_again(again)
                self._in_front()

        self._bench.tasks.start(look())

    def _in_front(self) -> None:
        self.raise_()
        self.activateWindow()

    def _on_confirmed(self, card: LostCard, seen: SeenWindow) -> None:
        def failed(error: PanelError) -> None:
            if not self._closed:
                card.say_problem(sentence(error))

        self._bench.tasks.start(self._confirm(card, seen), failed)

    async def _confirm(self, card: LostCard, seen: SeenWindow) -> None:
        agent_id, kind = card.lost.key
        verdict = await targets.confirm_window(self._bench.context, agent_id, kind, seen.info)
        if self._closed:
            return
        self._in_front()
        if verdict.valid:
            self._bench.say(Said(self.tr("{0} is recognised.").format(agent_id)))
            self._only = None if self._only == card.lost.key else self._only
            self.look()
            return
        why = " ".join(str(reason) for reason in verdict.reasons)
        card.say_problem(self.tr("Kept, but nothing is sent there yet. {0}").format(why))

    def _on_skipped(self, card: LostCard) -> None:
        self._skipped.add(card.lost.key)
        self._only = None if self._only == card.lost.key else self._only
        if len(self.cards()) == 1:
            self.close()
        else:
            self.look()

    def _on_calibrate_asked(self, card: LostCard) -> None:
        agent_id, kind = card.lost.key
        self._actions.calibrate([agent_id], kind)

    def _on_finished(self) -> None:
        self._closed = True
        self.deleteLater()
