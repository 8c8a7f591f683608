"""One session of the window: its parts, its dispatcher, and its end."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from panel.commands import layouts, settings
from panel.commands.context import Context
from panel.core.errors import EnvironmentFault
from panel.core.geometry import Rect
from panel.dispatch.dispatcher import Dispatcher
from panel.dispatch.ending import to_its_end
from panel.session.answering import collecting
from panel.session.arranging import Arranging
from panel.session.calibrating import Calibration
from panel.session.database import opened
from panel.session.desk import Desk, make_dispatcher
from panel.session.monitoring import Monitor
from panel.session.stop_key import StopKey
from panel.session.trying import Trial
from panel.store.location import Location
from panel.ui.services import DispatcherView, WindowServices
from panel.ui.theme import Mode, Theme
from panel.ui.window import MainWindow

log = logging.getLogger(__name__)
_AGAIN_SECONDS = 2.0


async def run(location: Location) -> int:
    """Shows the window until the person closes it; 0."""
    async with opened(location) as store, collecting(store):
        desk = Desk()

        async def stop_by_corner() -> None:
            await window.stop_by_corner()

        dispatcher = make_dispatcher(store, desk, stop_by_corner)
        context = Context(store, desk.desktop, dispatcher, location=location)
        await layouts.arrange(context)  # before anything is sent to another arrangement's targets
        sender = Sender(dispatcher)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme = Theme(application, Mode(str((await settings.values(context))["theme"])))

        async def remember(mode: Mode) -> None:
            await settings.change(context, "theme", mode.value)

        trial = Trial(context, lambda: _surroundings(window))
        window = MainWindow(
            context,
            theme,
            WindowServices(
                calibrate=Calibration(context, desk).by_sight,
                dispatcher=sender.view,
                database=location.path.name,
                try_demo=trial.open,
                remember_theme=remember,
            ),
        )
        sending = asyncio.ensure_future(sender.run())
        arranging = Arranging(context, desk.screens, window.show_arranged)
        following = asyncio.ensure_future(arranging.run())
        unwatch = dispatcher.watch(lambda _now: window.strip.show_dispatcher(sender.view()))

        def show_stop_key(key: str, everywhere: bool) -> None:
            window.strip.show_stop_key(key, everywhere=everywhere)

        stop_key = StopKey(context, window.strip.stop_button.click, show_stop_key, window.say)
        grabbing = asyncio.ensure_future(stop_key.run())
        monitor = Monitor(context, dispatcher.holder, window.strip.show_look)
        watching = asyncio.ensure_future(monitor.run())
        closed = asyncio.Event()
        window.close_asked.connect(closed.set)
        window.show()

        async def close() -> None:
            window.hide()
            # What is being typed is finished first: a cut would leave it uncertain.
            running = (sending, following, grabbing, watching)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            unwatch()
            await window.shut()
            await trial.close()
            await desk.close()

        try:
            await closed.wait()
        finally:
            await to_its_end(close())  # whoever asks twice does not cut it off
    return 0


def _surroundings(window: MainWindow) -> tuple[Rect, Rect]:
    frame, room = window.frameGeometry(), window.screen().availableGeometry()
    return (
        Rect(frame.x(), frame.y(), frame.width(), frame.height()),
        Rect(room.x(), room.y(), room.width(), room.height()),
    )


class Sender:
    """Keeps the dispatcher running as long as the window is open, and says how it stands."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._view = DispatcherView(running=False, text="Starting")

    def view(self) -> DispatcherView:
        """How sending stands now."""
        return replace(self._view, standing=self._dispatcher.standing)

    async def run(self) -> None:
        """Dispatches until cancelled; waits while another process holds the display."""
        while True:
            self._view = DispatcherView(running=True, text="Sends from this window")
            try:
                await self._dispatcher.run()
            except EnvironmentFault as fault:
                self._view = DispatcherView(running=False, text=str(fault), healthy=False)
            except Exception:
                log.exception("sending stopped")
                self._view = DispatcherView(
                    running=False, text="Sending failed and is being started again.", healthy=False
                )
            await asyncio.sleep(_AGAIN_SECONDS)
