"""After a restart: which targets were recognised again, and which need a person's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.commands import targets
from panel.core.errors import PanelError
from panel.core.target import ReasonCode, Target, TargetCheck, TargetStatus
from panel.ui.actions import Actions
from panel.ui.calibrate.pictures import PictureView, decoded
from panel.ui.calibrate.review import sentence
from panel.ui.calibrate.windows import SeenWindow, WindowTiles, seen_windows
from panel.ui.controls import Button, counted, label
from panel.ui.empty import EmptyState
from panel.ui.models.targets import Key
from panel.ui.services import Said, Workbench
from panel.ui.theme import Theme
from panel.ui.words import kind_word

LOST = frozenset({ReasonCode.WINDOW_GONE, ReasonCode.AMBIGUOUS, ReasonCode.WRONG_WINDOW})


@dataclass(frozen=True, slots=True)
class Lost:
    """A target without its window, and the windows that could be it."""

    target: Target
    why: str
    then: QImage
    candidates: tuple[SeenWindow, ...]

    @property
    def key(self) -> Key:
        return self.target.agent_id, self.target.kind


@dataclass(frozen=True, slots=True)
class Recognition:
    """How many targets can be used, and which ones are lost."""

    recognised: int
    lost: tuple[Lost, ...]

    @property
    def to_decide(self) -> bool:
        """Whether looking at it is of any use: some window is there to be recognised."""
        return any(each.candidates for each in self.lost)

    def summary(self) -> str:
        """`6 recognised, 2 need your eyes`."""
        return _tr("{0} recognised, {1}").format(
            self.recognised,
            counted(len(self.lost), _tr("{0} needs your eyes"), _tr("{0} need your eyes")),
        )


def is_lost(check: TargetCheck) -> bool:
    """Whether a target's window is not known."""
    return any(reason.code in LOST for reason in check.reasons)


async def recognise(bench: Workbench, only: Key | None = None) -> Recognition:
    """Checks all targets; clicks and raises nothing. `only` is listed in any case."""
    checks = await targets.check(bench.context)
    known = {(each.agent_id, each.kind): each for each in await targets.of(bench.context)}
    wanted = [
        check
        for check in checks
        if (only is None and is_lost(check)) or (check.agent_id, check.kind) == only
    ]
    lost: list[Lost] = []
    if wanted:
        seen = await seen_windows(bench, _bound(checks))
        for check in wanted:
            target = known[check.agent_id, check.kind]
            if target.status is TargetStatus.CONFIRMED:
                lost.append(await _lost(bench, target, check, seen))
    return Recognition(sum(check.valid for check in checks), tuple(lost))


def _bound(checks: Sequence[TargetCheck]) -> dict[int, str]:
    """Whose windows those are that belong to somebody already."""
    return {
        check.window.identity.window_id: check.agent_id
        for check in checks
        if check.window is not None
    }


async def _lost(
    bench: Workbench, target: Target, check: TargetCheck, seen: Sequence[SeenWindow]
) -> Lost:
    wanted = target.window.window_class if target.window else ""
    candidates = tuple(
        each
        for each in seen
        if each.info.identity.window_class == wanted and each.owner in ("", target.agent_id)
    )
    landmark = target.anchor or (target.looks[0] if target.looks else None)
    then = await bench.reading.read(lambda _c: decoded(landmark.png if landmark else None))
    return Lost(target, " ".join(str(reason) for reason in check.reasons), then, candidates)


class LostCard(QFrame):
    """One lost target: how it looked, what could be it, and the decision."""

    confirmed = Signal(object)
    skipped = Signal()
    calibrate_asked = Signal()

    def __init__(self, theme: Theme, lost: Lost) -> None:
        super().__init__()
        self.lost = lost
        agent_id, kind = lost.key
        self.setProperty("card", "true")
        self.setAccessibleName(self.tr("{0}, {1}").format(agent_id, kind_word(kind)))
        title = lost.target.window.title if lost.target.window else ""
        self.why = label(lost.why, theme, role="secondary")
        self.why.setWordWrap(True)
        self.then = PictureView(theme, self.tr("The landmark at the calibration"), least=(180, 64))
        self.then.setMaximumSize(220, 90)
        self.then.show_picture(lost.then, nothing=self.tr("No picture was kept."))
        self.tiles = WindowTiles(theme, marks=True)
        self.tiles.show_windows(lost.candidates)
        self.this_button = Button(theme, self.tr("This one"), kind="primary")
        self.this_button.setAccessibleName(self.tr("This one is {0}").format(agent_id))
        self.this_button.setEnabled(False)
        self.skip_button = Button(theme, self.tr("Skip"))
        self.skip_button.setAccessibleName(self.tr("Skip {0}").format(agent_id))
        again = Button(theme, self.tr("Calibrate again"), icon="target")
        again.setAccessibleName(self.tr("Calibrate {0} again").format(agent_id))
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(label(agent_id, theme, step=1, bold=True))
        left.addWidget(label(kind_word(kind), theme, role="secondary"))
        left.addWidget(self.then)
        if title:
            was = label(self.tr("It was “{0}”.").format(title), theme, role="secondary")
            was.setWordWrap(True)
            left.addWidget(was)
        left.addStretch(1)
        nothing = label(
            self.tr("No window of its program is open that is not another agent's. Open it, then look again."),
            theme,
        )
        nothing.setWordWrap(True)
        nothing.setVisible(not lost.candidates)
        question = label(self.tr("Which of these is it?"), theme, bold=True)
        question.setVisible(bool(lost.candidates))
        self.this_button.setVisible(bool(lost.candidates))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for part in (self.this_button, self.skip_button, again):
            buttons.addWidget(part)
        buttons.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.why)
        right.addWidget(question)
        right.addWidget(nothing)
        right.addWidget(self.tiles)
        right.addStretch(1)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.tiles.chosen.connect(lambda _seen: self.this_button.setEnabled(True))
        self.this_button.clicked.connect(self._on_this)
        self.skip_button.clicked.connect(lambda: self.skipped.emit())
        again.clicked.connect(lambda: self.calibrate_asked.emit())

    def _on_this(self) -> None:
        seen = self.tiles.checked()
        if seen is not None:
            self.this_button.setEnabled(False)
            self.confirmed.emit(seen)

    def say_problem(self, text: str) -> None:
        """Why this one cannot be used yet."""
        self.why.setProperty("role", "error")
        self.why.style().unpolish(self.why)
        self.why.style().polish(self.why)
        self.why.setText(text)
        self.this_button.setEnabled(self.tiles.checked() is not None)


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
        self.resize(760, 560)
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
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self.look_button = Button(
            theme, self.tr("Look again"), icon="refresh", on_click=self.look
        )
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
        self.finished.connect(self._on_finished)
        if found is not None:
            self._show(found)
        else:
            self.look()

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
        self._done.setVisible(not lost)
        if lost and self.isActiveWindow():
            tiles = self.cards()[0].tiles.tiles()
            (tiles[0] if tiles else self.cards()[0].skip_button).setFocus()

    # decisions -----------------------------------------------------------------------

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
        self.raise_()
        self.activateWindow()
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


def _tr(text: str) -> str:
    return QCoreApplication.translate("reconnect", text)
