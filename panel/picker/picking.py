"""One pick from beginning to end: overlays up, input into the session, the answer out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent

from panel.core.errors import PanelError
from panel.core.geometry import Point
from panel.core.target import WindowInfo
from panel.picker.announcing import Announcer, announce
from panel.picker.frozen import FrozenDesk
from panel.picker.keys import Act, Repeats, act_of, arrow_of
from panel.picker.overlay import Overlay
from panel.picker.session import Session, Step
from panel.picker.snapper import Snapper
from panel.picker.speech import spoken
from panel.picker.suggester import Suggester
from panel.picker.values import PickRequest, PickResult, PickSources, Sight
from panel.picker.verdict import Judge

LIVE_MS = 100
# How long other programs get to repaint what the overlay has uncovered.
REPAINT_MS = 150


async def pick(
    request: PickRequest, sources: PickSources, parent: QObject | None = None
) -> PickResult | None:
    """Asks a person for a point and its frames; None when they leave (or a screen comes or goes).

    Has to be awaited in the window's thread on a loop that runs Qt. The overlays live until it
    returns or is cancelled.
    """
    windows = await sources.windows()
    desk = FrozenDesk(sources.pixels, QGuiApplication.screens())
    picker = Picker(request, sources, desk, windows, parent)
    try:
        picker.show()
        return await picker.answer
    finally:
        await picker.close()


class Picker(QObject):
    """Holds the overlays of one pick together. `answer` is done once the person is."""

    def __init__(
        self,
        request: PickRequest,
        sources: PickSources,
        desk: FrozenDesk,
        windows: Sequence[WindowInfo],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.answer: asyncio.Future[PickResult | None] = asyncio.get_running_loop().create_future()
        self._sources, self._desk = sources, desk
        judge = Judge(request.agent_id, desk.layout, windows, sources.taken, os.getpid())
        self.session = Session(request, judge, self._pointer(), sources.judge_anchor)
        self.overlays = [Overlay(desk, shown, self.session) for shown in desk.screens]
        self._snapper = Snapper(self.session, desk, sources.boxes)
        self._suggester = Suggester(self.session, sources.suggest_anchor)
        self._suggesting: asyncio.Task[None] | None = None
        self._pressed_at: Point | None = None
        self._repeats = Repeats()
        # What Esc interrupts (looking at the box, changing between live and frozen), and the rest.
        self._work: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._announcer = Announcer(self._announce, self)
        self._live_timer = QTimer(self)
        self._live_timer.setInterval(LIVE_MS)
        self._live_timer.timeout.connect(self._on_live_tick)
        self._connect()

    def _pointer(self) -> Point:
        pointer = self._sources.pointer_position()
        if pointer is not None:
            return pointer
        at = QCursor.pos()
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        return self._sources.pixels.to_native(screen, at.toPointF())

    def _connect(self) -> None:
        for overlay in self.overlays:
            overlay.pointer_moved.connect(self._on_pointer_moved)
            overlay.pressed.connect(self._on_pressed)
            overlay.released.connect(self._on_released)
            overlay.went_back.connect(self.go_back)
            overlay.wheel_turned.connect(self._on_wheel_turned)
            overlay.key_pressed.connect(self._on_key_pressed)
            overlay.key_released.connect(self._repeats.release)
            overlay.closed.connect(self.leave)
            overlay.panel.confirmed.connect(self.confirm)
            overlay.panel.went_back.connect(self.go_back)
            overlay.panel.suggested_taken.connect(self._on_suggested_taken)
            overlay.screen().geometryChanged.connect(self.leave)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self.leave)
        application.screenRemoved.connect(self.leave)

    def show(self) -> None:
        for overlay in self.overlays:
            overlay.show()
            overlay.raise_()
        self._active_overlay().activateWindow()
        self._active_overlay().setFocus()
        self._refresh()

    async def close(self) -> None:
        """Takes the overlays away; returns when nothing of the pick runs any more."""
        for overlay in self.overlays:
            overlay.let_go()
            overlay.hide()
        if not self.answer.done():
            self.answer.cancel()
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._live_timer.stop()
        for overlay in self.overlays:
            overlay.deleteLater()
        self.deleteLater()

    def _active_overlay(self) -> Overlay:
        at = self.session.cursor.at
        for shown, overlay in zip(self._desk.screens, self.overlays, strict=True):
            if shown.screen.rect.contains(at):
                return overlay
        return self.overlays[0]

    def _refresh(self) -> None:
        for overlay in self.overlays:
            overlay.refresh()
        self._announcer.tell(spoken(self.session))
        if self._suggester.wanted and self._suggesting is None:
            self._suggesting = self._spawn(self._look_for_better())

    async def _look_for_better(self) -> None:
        try:
            await self._suggester.go()
        finally:
            self._suggesting = None
        self._refresh()

    def _announce(self, text: str) -> None:
        announce(self._active_overlay(), text)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task is self._work:
            self._work = None
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not self.answer.done():
            self.answer.set_exception(fault)

    # Ends.

    def leave(self) -> None:
        if not self.answer.done():
            self.answer.set_result(None)

    def confirm(self, empty: bool) -> None:
        """Ends with the frames as they are; with `empty` False the person leaves."""
        if self.session.step is not Step.FRAMES or self.answer.done():
            return
        if empty and not self.session.may_be_kept():
            self._refresh()
            return
        self.answer.set_result(self.session.result(empty))

    def go_back(self) -> None:
        """Esc: one step, then out."""
        if self._work is not None:
            self._work.cancel()
        if self.session.back():
            self._refresh()
        else:
            self.leave()

    def take(self) -> None:
        """Enter or a click in the first step."""
        if not self.session.take():
            self._refresh()
            return
        if self._sources.propose is None and not self.answer.done():
            self.answer.set_result(self.session.result(confirmed_empty=False))
            return
        self._refresh()
        if self._work is not None:
            self._work.cancel()
        self._work = self._spawn(self._look())

    async def _look(self) -> None:
        """Asks for the frames; a fault of the surroundings is said beside the point."""
        session, propose = self.session, self._sources.propose
        window = session.verdict.window
        assert propose is not None
        assert window is not None
        if session.live:
            await self._freeze()
            session.look_again()
        sight = Sight(session.verdict.point, window, self._desk.crop(window.rect))
        try:
            proposal = await propose(sight)
        except PanelError as fault:
            session.refuse(str(fault))
        else:
            session.show(sight, proposal)
        self._refresh()

    # Input.

    def _on_pointer_moved(self, point: Point) -> None:
        if self.session.step is Step.FRAMES:
            if self._pressed_at is not None:
                self.session.drag(point)
                self._refresh()
            return
        self.session.follow(point)
        self._refresh()

    def _on_pressed(self, point: Point) -> None:
        self._pressed_at = point
        if self.session.step is Step.FRAMES:
            self.session.press(point, self._active_overlay().reach())
        else:
            # The press says where; a hand that slips before the release does not change it.
            self.session.follow(point)
        self._refresh()

    def _on_released(self, _point: Point) -> None:
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is None:
            return
        if self.session.step is Step.FRAMES:
            self.session.release()
            self._refresh()
        elif self.session.step is Step.POINT:
            self.take()

    def _on_wheel_turned(self, steps: int) -> None:
        self.session.zoom(steps)
        self._refresh()

    def _on_key_pressed(self, event: QKeyEvent) -> None:
        arrow = arrow_of(event)
        act = act_of(event)
        if act is Act.SUGGESTED and self.session.step is not Step.FRAMES:
            act = None  # a space between two typed numbers
        if arrow is not None:
            (step, sizes), held = arrow, self._repeats.repeated(event)
            if sizes and self.session.step is Step.FRAMES:
                self.session.grow(step.x, step.y, held=held)
            else:
                self.session.nudge(step.x, step.y, held=held)
        elif act is not None:
            self._do(act)
            return
        elif not self.session.type(event.text()):
            return
        self._refresh()

    def _do(self, act: Act) -> None:
        session = self.session
        if act in (Act.ACCEPT, Act.ACCEPT_NOT_EMPTY):
            self._accept(act is Act.ACCEPT)
        elif act is Act.BACK or (act is Act.UNDO and session.step is Step.LOOKING):
            self.go_back()
        elif act is Act.LIVE:
            if self._work is None:
                self._work = self._spawn(self._switch_live())
        elif act in (Act.NEXT, Act.PREVIOUS):
            self._go_round(1 if act is Act.NEXT else -1)
        else:
            self._change(act)
            self._refresh()

    def _change(self, act: Act) -> None:
        """What a key does to the session alone."""
        session = self.session
        if act is Act.ERASE:
            session.erase()
        elif act is Act.SUGGESTED:
            session.take_suggested()
        elif act is Act.UNDO:
            session.undo()
        elif act is Act.REDO and session.step is not Step.LOOKING:
            session.redo()
        elif act in (Act.NEARER, Act.FARTHER):
            session.zoom(1 if act is Act.NEARER else -1)

    def _on_suggested_taken(self) -> None:
        self.session.take_suggested()
        self._refresh()

    def _accept(self, empty: bool) -> None:
        if self.session.step is Step.FRAMES:
            self.confirm(empty)
        elif self.session.step is Step.POINT and self.session.entry:
            self.session.go()
            self._refresh()
        elif self.session.step is Step.POINT:
            self.take()

    # Snapping.

    def _go_round(self, by: int) -> None:
        """Tab: to the next place of the window, in the second step to the other frame."""
        if self.session.step is Step.FRAMES:
            self.session.switch()
            self._refresh()
        elif self.session.step is Step.POINT and not self.session.entry:
            self._spawn(self._snap(by))

    async def _snap(self, by: int) -> None:
        await self._snapper.go(by)
        self._refresh()

    # Live mode: the overlay shrinks to what it paints and holds the pointer meanwhile.

    async def _switch_live(self) -> None:
        if self.session.step is not Step.POINT:
            return
        if self.session.live:
            await self._freeze()
        else:
            self.session.live = True
            # The desktop goes on: a window that opens must not get what is meant for the picker.
            self._active_overlay().grabMouse()
            self._active_overlay().grabKeyboard()
            self._live_timer.start()
        self._refresh()

    async def _freeze(self) -> None:
        """Live mode ends in a new picture, taken while nothing of ours lies over the screens."""
        self._live_timer.stop()
        try:
            for overlay in self.overlays:
                overlay.step_aside(True)
            await asyncio.sleep(REPAINT_MS / 1000)
            await self._see_windows()
            self._desk.grab_again()
            self._snapper.forget()
            self.session.picture_changed()
            self.session.live = False
        finally:
            for overlay in self.overlays:
                overlay.step_aside(False)
            if self.session.live:
                self._live_timer.start()
        for overlay in self.overlays:
            overlay.let_go()
            overlay.raise_()
        self._active_overlay().activateWindow()
        self._refresh()

    def _on_live_tick(self) -> None:
        if not self._tasks:
            self._spawn(self._see_windows())
        self._refresh()

    async def _see_windows(self) -> None:
        ours = {int(overlay.winId()) for overlay in self.overlays}
        windows = await self._sources.windows()
        self.session.judge.see(
            [window for window in windows if window.identity.window_id not in ours]
        )
        self.session.look_again()
