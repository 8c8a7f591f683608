"""The run through agents: choose the window, point at the box, see the verdict, go on."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from panel.commands import targets
from panel.core.desktop import CalibrationRequest
from panel.core.errors import CommandError, NotDoneError, PanelError
from panel.core.target import Target, TargetCheck, TargetKind, WindowInfo
from panel.ui.actions import Actions
from panel.ui.calibrate.empty_looks import looks_image
from panel.ui.calibrate.pictures import decoded
from panel.ui.calibrate.plan import RunPlan, Stand, Stop, likely, siblings
from panel.ui.calibrate.review import sentence
from panel.ui.calibrate.run_frame import RunFrame
from panel.ui.calibrate.windows import (
    SeenWindow,
    can_be_chosen,
    fit_to_screen,
    owners,
    seen_windows,
    settled_picture,
)
from panel.ui.models.targets import read_target
from panel.ui.services import Said, Workbench

SIZE = (924, 600)


class CalibrateRun(RunFrame):
    """Not modal, one at a time. Everything that was saved stays when it is closed midway."""

    def __init__(
        self, bench: Workbench, actions: Actions, agent_ids: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(bench.theme, RunPlan(agent_ids), parent)
        self._bench, self._actions = bench, actions
        self._look = 0
        self.listed = False
        self._former: Target | None = None
        self._target: Target | None = None
        self._siblings: list[WindowInfo] = []
        self._sibling: WindowInfo | None = None
        fit_to_screen(self, *SIZE)
        self.windows.tiles.chosen.connect(self._on_window_chosen)
        self.windows.look_button.clicked.connect(self._on_again)
        self.windows.anywhere_button.clicked.connect(lambda: self._on_window_chosen(None))
        self.verdict.same_button.clicked.connect(self._on_same_asked)
        self.verdict.again_button.clicked.connect(self._on_again)
        self.stop_chosen.connect(self._on_stop_chosen)
        self.kind_chosen.connect(self._on_kind_chosen)
        self.primary_button.clicked.connect(self._on_primary)
        self.back_button.clicked.connect(self._on_back)
        self.skip_button.clicked.connect(self._on_skip)
        self.show_stop()

    def _start(self, work: Coroutine[Any, Any, object]) -> None:
        """One step; the buttons wait meanwhile."""
        self.set_busy(True)
        self.say_problem("")

        async def run() -> None:
            try:
                await work
            finally:
                if not self.closed:
                    self.set_busy(False)
            if not self.closed:
                self.focus_page()

        self._bench.tasks.start(run(), self._on_failed)

    def _on_failed(self, error: PanelError) -> None:
        if not self.closed:
            self.say_problem(sentence(error))
            self.in_front()

    # the window ----------------------------------------------------------------------

    def show_stop(self) -> None:
        """The windows for the current agent; after the last one how it went."""
        stop = self.plan.current
        self._target = None
        if stop is None:
            self.show_done()
            return
        self.show_windows(stop)
        self.say_problem("")
        self._look += 1
        self.listed = False
        self._bench.tasks.start(self._list_windows(stop, self._look), self._on_failed)

    async def _list_windows(self, stop: Stop, look: int) -> None:
        """Nothing waits for it: who skips several agents in a row need not see any window."""
        bound = owners(await targets.of(self._bench.context))
        seen = await seen_windows(self._bench, bound)
        if self.closed or look != self._look:
            return
        self.listed = True
        self.windows.show_windows(seen, stop.agent_id)
        if self.page is self.windows:
            self.focus_page()

    def _on_window_chosen(self, seen: SeenWindow | None) -> None:
        stop = self.plan.current
        if stop is not None and not self.busy:
            self.say_step(self.tr("Point at the box in its window. Esc leaves the picker."))
            self._start(self._calibrate(stop, seen))

    async def _calibrate(self, stop: Stop, seen: SeenWindow | None) -> None:
        bench, desktop = self._bench, self._bench.context.desktop
        self._former = await bench.reading.read(lambda c: read_target(c, stop.agent_id, stop.kind))
        if seen is not None:
            # Raised first: the picker's frozen picture cannot show what is covered.
            window_id = seen.info.identity.window_id
            if not await desktop.activate(window_id):
                raise NotDoneError(self.tr("“{0}” would not come to the front.").format(seen.title))
            await settled_picture(desktop, window_id)
        target = await bench.services.calibrate(stop.agent_id, stop.kind)
        if self.closed:
            return
        self.show_windows(stop)
        if target is None:
            self.say_problem(self.tr("You left the picker. Nothing was changed."))
        else:
            await self._judge(stop, target)
        self.in_front()

    # the verdict -----------------------------------------------------------------------

    async def _judge(self, stop: Stop, target: Target) -> None:
        desktop = self._bench.context.desktop
        if target.window is not None:
            # This window may lie over the box again, and a landmark that is covered proves nothing.
            await desktop.activate(target.window.window_id)
            await settled_picture(desktop, target.window.window_id)
        check = await self._check(stop)
        landmark, box = await self._bench.reading.read(
            lambda _c: (
                decoded(target.anchor.png if target.anchor else None),
                looks_image(target.looks),
            )
        )
        bound = list(owners(await targets.of(self._bench.context)))
        windows = await desktop.windows()
        if self.closed:
            return
        self._target = target
        self._siblings = [each for each in siblings(target, windows, bound) if can_be_chosen(each)]
        self.verdict.show_result(target, check, landmark, box)
        program = target.window.window_class if target.window else ""
        self.verdict.offer_same(len(self._siblings) if self.plan.left else 0, program)
        self.show_verdict(stop)

    async def _check(self, stop: Stop) -> TargetCheck:
        checks = await targets.check(self._bench.context, [stop.agent_id])
        check = next(each for each in checks if each.kind == stop.kind)
        stop.stand = Stand.READY if check.valid else Stand.NOT_READY
        return check

    # the same place elsewhere ------------------------------------------------------------

    def _on_same_asked(self) -> None:
        self._start(self._next_sibling())

    async def _next_sibling(self) -> None:
        """Raises the next window and shows the place in it; then back to the run."""
        stops, target, desktop = self.plan.left, self._target, self._bench.context.desktop
        while self._siblings and stops and target is not None and target.offset is not None:
            info = self._siblings.pop(0)
            if not await desktop.activate(info.identity.window_id):
                continue
            png = await settled_picture(desktop, info.identity.window_id)
            image = await self._bench.reading.read(partial(_decoded, png))
            if self.closed:
                return
            if image.isNull():
                continue
            self._sibling = info
            title = info.identity.title
            self.same.show_window(
                image, (target.offset, target.composer), stops, likely(stops, title)
            )
            self.show_same(title)
            self.in_front()
            return
        self.plan.go_on()
        self.show_done_or_stop()

    def show_done_or_stop(self) -> None:
        """The next open agent's windows, once the present step has ended."""
        self._bench.tasks.start(self._shown_next())

    async def _shown_next(self) -> None:
        if not self.closed:
            self.show_stop()

    async def _keep_same(self, stop: Stop, info: WindowInfo, target: Target) -> None:
        assert target.offset is not None
        request = CalibrationRequest(
            stop.agent_id,
            stop.kind,
            info.rect.top_left + target.offset,
            policy=target.policy,
            proof=target.proof,
            paste_key=target.paste_key,
            submit_key=target.submit_key,
            urgent_submit_key=target.urgent_submit_key,
            longest_paste=target.longest_paste,
            anchor_rect=target.anchor.rect if target.anchor else None,
            composer_rect=target.composer if target.looks else None,
            window_id=info.identity.window_id,
        )
        await targets.set_point(self._bench.context, request)
        await self._check(stop)
        self.show_plan()
        await self._next_sibling()

    # the buttons -----------------------------------------------------------------------

    def _on_primary(self) -> None:
        if self.page is self.verdict:
            self.plan.go_on()
            self.show_stop()
        elif self.page is self.same:
            stop, info, target = self.same.chosen(), self._sibling, self._target
            if stop is not None and info is not None and target is not None:
                self.say_step(self.tr("Learning how the empty box looks…"))
                self._start(self._keep_same(stop, info, target))
        else:
            self.close()

    def _on_again(self) -> None:
        self.show_stop()

    def _on_back(self) -> None:
        if self.page is self.windows:
            self.plan.go_back()
        self.show_stop()

    def _on_skip(self) -> None:
        if self.page is self.same:
            self._start(self._next_sibling())
            return
        stop = self.plan.current
        if stop is None:
            return
        if self.page is self.verdict:
            self._start(self._take_back(stop))
            return
        if not stop.done:
            stop.stand = Stand.SKIPPED
        self.plan.go_on()
        self.show_stop()

    async def _take_back(self, stop: Stop) -> None:
        """As it was before the picker: what is skipped is not saved."""
        context = self._bench.context
        try:
            if self._former is not None:
                await targets.store(context, self._former)
            else:
                await targets.remove(context, stop.agent_id, stop.kind)
        except CommandError as error:
            self._bench.say(Said(sentence(error), trouble=True))
        stop.stand = Stand.SKIPPED
        self.plan.go_on()
        self.show_done_or_stop()

    def _on_stop_chosen(self, number: int) -> None:
        if not self.busy and number != self.plan.position:
            self.plan.go_to(number)
            self.show_stop()

    def _on_kind_chosen(self, kind: TargetKind) -> None:
        for stop in self.plan.stops:
            if not stop.done:
                stop.kind = kind
        self.show_stop()


def _decoded(png: bytes | None, _connection: object) -> QImage:
    return decoded(png)
