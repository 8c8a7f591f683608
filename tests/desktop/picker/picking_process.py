"""Picks again and again in a process with its own screens and scales; run as a script.

It reads a JSON line from stdin for each pick ({"start": [x, y]} or {}), prints "shown" when the
overlays stand, and the answer as JSON ({"point": [x, y], "screen": …, "scale": …} or null).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from panel.core.geometry import Point
from panel.core.target import WindowInfo
from panel.picker import PickRequest, PickResult, PickSources, pick
from panel.screen import pixels
from panel.screen.x11 import X11Windows, prepare_authority


async def answers(system: X11Windows) -> None:
    async def windows() -> Sequence[WindowInfo]:
        return system.windows()

    sources = PickSources(pixels, windows, pointer_position=system.pointer)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wanted = json.loads(line)
        start = Point(*wanted["start"]) if "start" in wanted else None
        picking = asyncio.ensure_future(pick(PickRequest("Agent-1", start=start), sources))
        while not picking.done() and not _shown():
            await asyncio.sleep(0.005)
        print("shown", flush=True)
        print(json.dumps(_described(await picking)), flush=True)


def _shown() -> bool:
    """All overlays are exposed and one has the keyboard."""
    overlays = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.objectName() == "picker_overlay"
    ]
    handles = [overlay.windowHandle() for overlay in overlays if overlay.isVisible()]
    return (
        len(handles) == len(QGuiApplication.screens())
        and all(handle.isExposed() for handle in handles)
        and any(handle.isActive() for handle in handles)
    )


def _described(result: PickResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    screen = pixels.layout().screen_at(result.point)
    assert screen is not None
    return {
        "point": [result.point.x, result.point.y],
        "screen": screen.name,
        "scale": screen.scale,
        "window": result.window.identity.title,
    }


def main() -> None:
    prepare_authority(Path(sys.argv[1]))
    application = QApplication(["picking", "-style", "fusion"])
    application.setQuitOnLastWindowClosed(False)
    system = X11Windows()
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    work: Coroutine[Any, Any, None] = answers(system)
    with loop:
        QTimer.singleShot(0, lambda: print("ready", flush=True))
        loop.run_until_complete(work)
    system.close()


if __name__ == "__main__":
    main()
