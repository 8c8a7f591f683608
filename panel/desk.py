"""The parts that touch the desktop, built together and closed in reverse order."""

from __future__ import annotations

import os

from panel.core.geometry import Point
from panel.dispatch.courtesy import OperatorWatch
from panel.dispatch.driver import PyAutoGuiDriver
from panel.dispatch.receipts import ClipboardOffer
from panel.dispatch.tools import Tools
from panel.screen.calibration import WATCH_SECONDS, Calibrator
from panel.screen.desktop import ThreadedDesktop
from panel.screen.grab import ScreenCamera
from panel.screen.pixels import layout
from panel.screen.worker import DesktopThread
from panel.screen.x11 import X11Windows
from panel.screen.x11_selection import SelectionReader


class Desk:
    """Needs a QGuiApplication and a running event loop; EnvironmentFault without a display.

    `watch_seconds` is how long a calibration watches what moves by itself.
    """

    def __init__(self, watch_seconds: float = WATCH_SECONDS) -> None:
        self.thread = DesktopThread()
        build = self.thread.run_and_wait
        self.windows = build(X11Windows)
        self._camera = build(ScreenCamera)
        self._driver = build(PyAutoGuiDriver)
        self._selections = build(SelectionReader)
        self.tools = Tools(
            thread=self.thread,
            system=self.windows,
            camera=self._camera,
            driver=self._driver,
            operator=OperatorWatch(self.windows, self._driver),
            selections=self._selections,
            offer=ClipboardOffer(),
        )
        calibrator = Calibrator(
            self.windows, self._camera, self._click, os.getpid(), watch_seconds
        )
        self.desktop = ThreadedDesktop(self.thread, self.windows, self._camera, calibrator, layout)

    async def close(self) -> None:
        self.tools.offer.close()
        for part in (self._selections, self._camera, self.windows):
            await self.thread.run(part.close)
        self.thread.close()

    def _click(self, point: Point) -> None:
        self._driver.move(point)
        self._driver.click()
