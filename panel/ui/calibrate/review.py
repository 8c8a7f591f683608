"""A target that is not at its place: where it was, where it seems to be, and a person decides."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from panel.commands import targets
from panel.core.desktop import Finding
from panel.core.errors import CommandError, PanelError
from panel.core.target import Target
from panel.ui.actions import Actions
from panel.ui.calibrate.pictures import PictureView, beside, decoded, point_in
from panel.ui.calibrate.windows import fit_to_screen
from panel.ui.controls import Button, label
from panel.ui.models.targets import Key
from panel.ui.services import Said, Workbench
from panel.ui.words import kind_word


def sentence(error: PanelError) -> str:
    """What a person reads of an error."""
    text = error.message if isinstance(error, CommandError) else str(error)
    return text[:1].upper() + text[1:]


class TargetDialog(QDialog):
    """The frame of a question about one box: headline, text, pictures, buttons. Not modal.

    A subclass fills `body`, adds its buttons to `foot`, and begins in `look`.
    """

    def __init__(
        self, bench: Workbench, actions: Actions, key: Key, parent: QWidget, title: str, name: str
    ) -> None:
        super().__init__(parent)
        self.bench, self.doing, self.key = bench, actions, key
        self.closed = False
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(False)
        self.headline = label("", bench.theme, step=2, bold=True)
        self.headline.setWordWrap(True)
        self.text = label("", bench.theme, role="secondary")
        self.text.setWordWrap(True)
        self.problem = label("", bench.theme, role="error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.body = QVBoxLayout()
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 16, 20, 16)
        inner.setSpacing(8)
        inner.addWidget(self.headline)
        inner.addWidget(self.text)
        inner.addWidget(self.problem)
        inner.addLayout(self.body, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(20, 12, 20, 12)
        self.foot.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inner, 1)
        column.addWidget(foot)
        self.finished.connect(self._on_finished)

    @property
    def box_word(self) -> str:
        """`Agent-3's chat box`."""
        agent_id, kind = self.key
        return self.tr("{0}'s {1}").format(agent_id, kind_word(kind).lower())

    def say_problem(self, text: str) -> None:
        """Below the headline; an empty text takes it back."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def on_failed(self, error: PanelError) -> None:
        """Shows what a command refused."""
        if not self.closed:
            self.say_problem(sentence(error))

    def calibrate(self) -> None:
        """Leaves the question for the picker."""
        self.close()
        self.doing.calibrate([self.key[0]], self.key[1])

    def in_front(self) -> None:
        """Back over the window that was raised to be looked at."""
        if not self.closed:
            self.raise_()
            self.activateWindow()

    def _on_finished(self) -> None:
        self.closed = True
        self.deleteLater()


class ReviewDialog(TargetDialog):
    """Before and after, side by side. Nothing is stored on a guess."""

    def __init__(self, bench: Workbench, actions: Actions, key: Key, parent: QWidget) -> None:
        title = self.tr("Review new place")
        super().__init__(bench, actions, key, parent, title, "review_dialog")
        fit_to_screen(self, 760, 420)
        self._finding: Finding | None = None
        self.headline.setText(self.tr("Looking for {0}…").format(self.box_word))
        self.text.setText(self.tr("Its window is brought to the front. Nothing is clicked."))
        self.then_view = PictureView(bench.theme, self.tr("The box at its calibration"))
        self.now_view = PictureView(bench.theme, self.tr("The place that was found"))
        self._pictures = QWidget()
        grid = QGridLayout(self._pictures)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for place, (view, word) in enumerate(
            ((self.then_view, self.tr("Then")), (self.now_view, self.tr("Now")))
        ):
            grid.addWidget(label(word, bench.theme, role="section"), 0, place)
            grid.addWidget(view, 1, place)
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(1, 1)
        # Where the landmark was not recognised, the person has to be it.
        self.landmark_views = (
            PictureView(bench.theme, self.tr("The landmark at its calibration"), least=(160, 44)),
            PictureView(bench.theme, self.tr("What stands in its place now"), least=(160, 44)),
        )
        for place, view in enumerate(self.landmark_views):
            grid.addWidget(view, 2, place)
            view.hide()
        self.body.addWidget(self._pictures, 1)
        self.calibrate_button = Button(
            bench.theme, self.tr("Calibrate again"), icon="target", on_click=self.calibrate
        )
        self.keep_button = Button(bench.theme, self.tr("Keep the old one"), on_click=self.close)
        self.use_button = Button(
            bench.theme, self.tr("Use the new place"), kind="primary", on_click=self._on_use
        )
        self.use_button.setToolTip(
            self.tr("Clicks the box once to learn how it looks when it is empty")
        )
        self.use_button.setDefault(True)
        self.foot.addWidget(self.calibrate_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.keep_button)
        self.foot.addWidget(self.use_button)
        self.use_button.setEnabled(False)
        bench.tasks.start(self._look(), self._on_look_failed)

    async def _look(self) -> None:
        agent_id, kind = self.key
        target = await targets.one(self.bench.context, agent_id, kind)
        finding = await targets.find(self.bench.context, agent_id, kind)
        if self.closed:
            return
        if finding is None:
            self._nothing_found(self.tr("{0} was not found in its window.").format(self.box_word))
        else:
            then, now = await self.bench.reading.read(
                lambda _c: (decoded(finding.then_png), decoded(finding.now_png))
            )
            self._show(target, finding, then, now)
            self._show_landmark(target, finding)
        self.in_front()

    def _show(self, target: Target, finding: Finding, then: QImage, now: QImage) -> None:
        self._finding = finding
        self.headline.setText(self.tr("Is this {0}?").format(self.box_word))
        self.text.setText(
            self.tr(
                "It is {0} px from its old place in “{1}”. Nothing is kept until you say so."
            ).format(round(finding.distance), finding.window.identity.title)
        )
        nothing = self.tr("No picture was kept.")
        mark, mark_now = point_in(target, then), point_in(finding.target, now)
        aligned = beside(then, mark, now, mark_now)
        if aligned.size() == now.size():
            mark = mark_now
        self.then_view.show_picture(aligned, mark=mark, nothing=nothing)
        self.now_view.show_picture(now, mark=mark_now)
        self.use_button.setEnabled(True)
        self.use_button.setFocus()

    def _show_landmark(self, target: Target, finding: Finding) -> None:
        if finding.landmark_found:
            return
        self.say_problem(
            self.tr("Its landmark looks different: see that it is the right conversation.")
        )
        seen = self.tr("Another one will be chosen.")
        for view, anchor in zip(
            self.landmark_views, (target.anchor, finding.target.anchor), strict=True
        ):
            view.show_picture(decoded(anchor.png if anchor else None), nothing=seen)
            view.show()

    def _nothing_found(self, text: str) -> None:
        self.headline.setText(text)
        self.text.setText(
            self.tr("Calibrate it again, or show it in its window and try once more.")
        )
        self._pictures.hide()
        self.use_button.hide()
        self.calibrate_button.set_kind("primary")
        self.calibrate_button.setFocus()

    def _on_look_failed(self, error: PanelError) -> None:
        if not self.closed:
            self._nothing_found(self.tr("{0} cannot be looked for.").format(self.box_word))
            self.on_failed(error)
            self.in_front()

    def _on_use(self) -> None:
        if self._finding is not None:
            self.use_button.setEnabled(False)
            self.say_problem("")
            self.text.setText(self.tr("Learning how the empty box looks…"))
            self.bench.tasks.start(self._use(self._finding), self._on_use_failed)

    async def _use(self, finding: Finding) -> None:
        await targets.accept(self.bench.context, finding)
        self.doing.check([self.key[0]])
        self.bench.say(Said(self.tr("{0}: new place kept.").format(self.key[0])))
        self.close()

    def _on_use_failed(self, error: PanelError) -> None:
        self.on_failed(error)
        if not self.closed:
            self.text.setText(self.tr("It was not kept."))
            self.use_button.setEnabled(True)
            self.in_front()
