"""Questions that a look at one picture answers: is this its box, and is this how it looks empty?"""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from panel.commands import targets
from panel.core.desktop import CalibrationRequest
from panel.core.errors import NotDoneError, PanelError
from panel.core.target import Target, WindowInfo
from panel.ui.actions import Actions
from panel.ui.calibrate.pictures import PictureView, box_only, decoded, encoded
from panel.ui.calibrate.review import TargetDialog
from panel.ui.calibrate.windows import can_be_chosen, fit_to_screen, settled_picture
from panel.ui.controls import Button
from panel.ui.models.targets import Key
from panel.ui.services import Said, Workbench


class ConfirmDialog(TargetDialog):
    """An imported point in the window that is there now; it becomes a target when confirmed."""

    def __init__(self, bench: Workbench, actions: Actions, key: Key, parent: QWidget) -> None:
        title = self.tr("Confirm by sight")
        super().__init__(bench, actions, key, parent, title, "confirm_dialog")
        fit_to_screen(self, 760, 560)
        self._window: WindowInfo | None = None
        self._target: Target | None = None
        self.headline.setText(self.tr("Looking at {0}…").format(self.box_word))
        self.text.setText(self.tr("The window there is brought to the front. Nothing is clicked."))
        self.view = PictureView(bench.theme, self.tr("The window with the imported point"))
        self.body.addWidget(self.view, 1)
        self.calibrate_button = Button(
            bench.theme, self.tr("No, calibrate it"), icon="target", on_click=self.calibrate
        )
        self.yes_button = Button(
            bench.theme,
            self.tr("Yes, and it is empty"),
            kind="primary",
            tip=self.tr("Clicks the box once to learn how it looks when it is empty"),
            on_click=self._on_yes,
        )
        self.yes_button.setEnabled(False)
        self.foot.addStretch(1)
        self.foot.addWidget(Button(bench.theme, self.tr("Not now"), on_click=self.close))
        self.foot.addWidget(self.calibrate_button)
        self.foot.addWidget(self.yes_button)
        bench.tasks.start(self._look(), self._on_look_failed)

    async def _look(self) -> None:
        desktop = self.bench.context.desktop
        target = await targets.one(self.bench.context, *self.key)
        window = await _window_below(self.bench, target)
        if window is None:
            x, y = target.point.x, target.point.y
            raise NotDoneError(self.tr("No window is at {0}, {1} now.").format(x, y))
        await desktop.activate(window.identity.window_id)
        png = await settled_picture(desktop, window.identity.window_id)
        image = await self.bench.reading.read(lambda _c: decoded(png))
        if self.closed:
            return
        self._target, self._window = target, window
        self.headline.setText(self.tr("Is {0} at the mark, and is it empty?").format(self.box_word))
        self.text.setText(
            self.tr("“{0}”. With Yes it is clicked once, to learn its empty look.").format(
                window.identity.title
            )
        )
        self.view.show_picture(image, mark=target.point - window.rect.top_left)
        self.yes_button.setEnabled(not image.isNull())
        self.yes_button.setFocus()
        self.in_front()

    def _on_look_failed(self, error: PanelError) -> None:
        if not self.closed:
            self.headline.setText(self.tr("{0} cannot be seen.").format(self.box_word))
            self.text.setText(self.tr("Open its window at that place, or calibrate it."))
            self.view.hide()
            self.yes_button.hide()
            self.calibrate_button.set_text(self.tr("Calibrate"))
            self.calibrate_button.set_kind("primary")
            self.calibrate_button.setFocus()
            self.on_failed(error)

    def _on_yes(self) -> None:
        self.yes_button.setEnabled(False)
        self.say_problem("")
        self.text.setText(self.tr("Learning how the empty box looks…"))
        self.bench.tasks.start(self._keep(), self._on_keep_failed)

    async def _keep(self) -> None:
        if self._target is None or self._window is None:
            return
        agent_id, kind = self.key
        request = CalibrationRequest(
            agent_id, kind, self._target.point, window_id=self._window.identity.window_id
        )
        await targets.set_point(self.bench.context, request)
        self.doing.check([agent_id])
        self.bench.say(Said(self.tr("{0} is calibrated.").format(agent_id)))
        self.close()

    def _on_keep_failed(self, error: PanelError) -> None:
        self.on_failed(error)
        if not self.closed:
            self.text.setText(self.tr("It was not kept."))
            self.yes_button.setEnabled(True)
            self.in_front()


class EmptyBoxDialog(TargetDialog):
    """How the box looks now, and whether that is empty."""

    def __init__(self, bench: Workbench, actions: Actions, key: Key, parent: QWidget) -> None:
        title = self.tr("Remember the empty box")
        super().__init__(bench, actions, key, parent, title, "empty_box_dialog")
        fit_to_screen(self, 640, 300)
        self._box = QImage()
        self.headline.setText(self.tr("Is {0} empty?").format(self.box_word))
        self.text.setText(
            self.tr(
                "A grey hint counts as empty, typed text does not. "
                "From now on this look counts as empty too."
            )
        )
        self.view = PictureView(bench.theme, self.tr("The box as it looks now"), least=(160, 60))
        self.body.addWidget(self.view, 1)
        self.yes_button = Button(
            bench.theme, self.tr("This is empty, remember"), kind="primary", on_click=self._on_yes
        )
        self.yes_button.setEnabled(False)
        goto = Button(bench.theme, self.tr("Go to window"), icon="window", on_click=self._on_goto)
        self.foot.addWidget(goto)
        self.foot.addStretch(1)
        self.foot.addWidget(Button(bench.theme, self.tr("Cancel"), on_click=self.close))
        self.foot.addWidget(self.yes_button)
        bench.tasks.start(self._look(), self._on_look_failed)

    async def _look(self) -> None:
        desktop = self.bench.context.desktop
        target = await targets.one(self.bench.context, *self.key)
        if target.window is not None:
            await desktop.activate(target.window.window_id)
            await settled_picture(desktop, target.window.window_id)
        (png,) = await targets.snapshots(self.bench.context, [target])
        image = await self.bench.reading.read(lambda _c: box_only(decoded(png), target))
        if self.closed:
            return
        box = target.composer
        if (
            image.isNull()
            or box is None
            or (image.width(), image.height()) != (box.width, box.height)
        ):
            raise NotDoneError(self.tr("The box is not in sight. Check the target first."))
        self._box = image
        self.view.show_picture(image)
        self.yes_button.setEnabled(True)
        self.in_front()

    def _on_look_failed(self, error: PanelError) -> None:
        if not self.closed:
            self.view.show_picture(QImage(), nothing=self.tr("No picture"))
            self.on_failed(error)
            self.in_front()

    def _on_goto(self) -> None:
        self.doing.goto(self.key[0])
        self.close()

    def _on_yes(self) -> None:
        self.yes_button.setEnabled(False)
        self.bench.tasks.start(self._remember(encoded(self._box)), self._on_remember_failed)

    async def _remember(self, png: bytes) -> None:
        agent_id, kind = self.key
        await targets.remember_empty(self.bench.context, agent_id, kind, png)
        said = self.tr("Remembered: {0} is empty like this.").format(self.box_word)
        self.bench.say(Said(said))
        self.close()

    def _on_remember_failed(self, error: PanelError) -> None:
        self.on_failed(error)
        if not self.closed:
            self.yes_button.setEnabled(True)


async def _window_below(bench: Workbench, target: Target) -> WindowInfo | None:
    """The topmost window at the target's point that is none of ours."""
    windows = await bench.context.desktop.windows()
    return next(
        (
            each
            for each in windows
            if can_be_chosen(each) and not each.minimised and each.rect.contains(target.point)
        ),
        None,
    )
