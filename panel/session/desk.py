"""The parts that touch the desktop, built together and closed in reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from panel.commands import layouts
from panel.commands.context import Context
from panel.core.geometry import Point, ScreenLayout
from panel.core.workspace import workspace
from panel.demo.run import Demo
from panel.dispatch.courtesy import OperatorWatch
from panel.dispatch.dispatcher import Dispatcher
from panel.dispatch.driver import PyAutoGuiDriver
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.identity import Identity
from panel.dispatch.keeper import hand_over
from panel.dispatch.receipts import ClipboardOffer
from panel.dispatch.tools import Tools
from panel.screen.calibration import WATCH_SECONDS, Calibrator
from panel.screen.desktop import Hand, ThreadedDesktop
from panel.screen.grab import ScreenCamera
from panel.screen.process import start_time
from panel.screen.screens import Screens
from panel.screen.session_lock import SessionLock
from panel.screen.worker import DesktopThread
from panel.session.clicking import TryClick
from panel.session.platforms import X11, Platform, chosen, generic, x11
from panel.store import agents, control, settings
from panel.store.database import Store
from panel.store.location import Location, evidence_folder, home_folder

_CORNER = 4
"""Native pixels from both edges."""


class Desk:
    """Needs a QGuiApplication and a running event loop; EnvironmentFault without a display.

    `watch_seconds` is how long a calibration watches what moves by itself.
    """

    def __init__(self, watch_seconds: float = WATCH_SECONDS) -> None:
        self.thread = DesktopThread()
        build = self.thread.run_and_wait
        self._camera = build(ScreenCamera)
        self._driver = build(PyAutoGuiDriver)
        self.screens = Screens()
        self.screens.changed.connect(self._camera.notice_change)
        self.platform = self._platform()
        self.windows = self.platform.system
        operator = OperatorWatch(self.windows, self._driver)
        self._operator = operator
        self._corner: Callable[[], object] | None = None
        ears = self.platform.ears(self._heard)
        self._driver.announce_to(ears)
        self.tools = Tools(
            thread=self.thread,
            system=self.windows,
            camera=self._camera,
            driver=self._driver,
            operator=operator,
            offer=ClipboardOffer(),
            save_clipboard=self.platform.save_clipboard,
            lock=SessionLock(),
            layout=self._layout,
            ears=ears,
        )
        calibrator = Calibrator(self.windows, self._camera, self._click, os.getpid(), watch_seconds)
        self.desktop = ThreadedDesktop(
            self.thread,
            self.windows,
            self._camera,
            calibrator,
            self._layout,
            self.tools.lock.locked,
            Hand(self._driver.move, TryClick(self.tools)),
        )

    def watch_corners(self, entered: Callable[[], object]) -> None:
        """Calls `entered` in the loop's thread when, during a delivery, the operator's pointer goes
        into a corner of a screen."""
        loop = asyncio.get_running_loop()
        self._corner = lambda: loop.call_soon_threadsafe(entered)

    def _heard(self, moment: float, place: Point | None) -> None:
        self._operator.note_foreign(moment)
        if place is None or self._corner is None:
            return
        if self._layout().in_corner(place, _CORNER):
            self._corner()

    async def close(self) -> None:
        """Gives everything back; the operator's clipboard stays even when this process ends."""
        self.tools.lock.close()
        self.screens.close()
        kept = self.tools.offer.given_back()
        self.tools.offer.close()
        # Not in this thread: the keeper may ask us for the text while it takes over.
        await asyncio.to_thread(hand_over, kept)
        await self.thread.run(self.platform.close)
        await self.thread.run(self._camera.close)
        self.thread.close()

    def _platform(self) -> Platform:
        if chosen(os.environ) == X11:
            return x11(self.thread)
        home = home_folder(os.environ)
        return generic(self._driver.position, lambda: self._camera.desktop, home)

    def _layout(self) -> ScreenLayout:
        return self.screens.now

    def _click(self, point: Point) -> None:
        self._driver.move(point)
        self._driver.click()


def make_dispatcher(
    store: Store, desk: Desk, stop_all: Callable[[], Awaitable[object]] | None = None
) -> Dispatcher:
    """The dispatcher of this process for this display and database. `stop_all` is what the pointer
    in a screen's corner does, where a plain stop is not enough."""
    identity = Identity(
        host=socket.gethostname(),
        pid=os.getpid(),
        started=start_time(os.getpid()),
        display=desk.platform.display,
        database=str(store.location.path),
    )
    home = home_folder(os.environ)

    async def inbox(agent_id: str) -> Path:
        rows = await store.read(lambda c: agents.rows(c, agent_id))
        own = rows[0].get("workspace_path") if rows else None
        return workspace(home, agent_id, str(own) if own else None).inbox

    stopping: set[asyncio.Task[None]] = set()

    async def stop() -> None:
        if await store.read(lambda c: settings.get(c, "corner_stop")):
            await (store.write(control.stop) if stop_all is None else stop_all())

    def on_corner() -> None:
        if not stopping:  # one stop, however long the pointer stays there
            task = asyncio.ensure_future(stop())
            stopping.add(task)
            task.add_done_callback(stopping.discard)

    desk.watch_corners(on_corner)
    evidence = EvidenceFolder(evidence_folder(store.location))
    return Dispatcher(store, desk.tools, identity, desk.platform.lock, inbox, evidence)


@contextlib.asynccontextmanager
async def on_desktop(store: Store | None, location: Location) -> AsyncIterator[Context]:
    """What commands work with where there is a display."""
    desk = Desk()
    try:
        dispatcher = make_dispatcher(store, desk) if store is not None else None
        demo = Demo(
            desk.desktop, desk.tools, home_folder(os.environ), lambda s: make_dispatcher(s, desk)
        )
        context = Context(store, desk.desktop, dispatcher, demo, location=location)
        if dispatcher is not None and dispatcher.holder() is None:
            # Whoever holds the display follows its screens; see session.arranging.
            await layouts.arrange(context)
        yield context
    finally:
        await desk.close()
