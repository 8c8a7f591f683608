"""The peers of `bench.speed`: texts typed without the panel; a process of its own.

A line on stdin is `{"way", "text", "x", "y"}`, the answer one line: the seconds from the text being
put on the clipboard to the return of the last key. `way` is

- `default`: PyAutoGUI as it comes, its pauses included;
- `bare`: PyAutoGUI with PAUSE = 0;
- `xdotool`: one call of the program for all three steps.

Nothing is looked at before, between and after: that is what the panel is compared with.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import types
import warnings
from typing import Any

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from panel.dispatch.receipts import ClipboardOffer


def _pyautogui() -> Any:
    # WORKAROUND(pyautogui 0.9.54): see panel.dispatch.driver; remove with the one there.
    sys.modules.setdefault("mouseinfo", types.ModuleType("mouseinfo"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        import pyautogui
    return pyautogui


def _click_paste_enter(gui: Any, x: int, y: int) -> None:
    gui.click(x, y)
    gui.hotkey("ctrl", "v")
    gui.press("enter")


def _xdotool(x: int, y: int) -> None:
    words = ["mousemove", str(x), str(y), "click", "1", "key", "ctrl+v", "key", "Return"]
    subprocess.run(["xdotool", *words], check=True, stdin=subprocess.DEVNULL)


async def _serve() -> None:
    gui = _pyautogui()
    default = gui.PAUSE
    offer = ClipboardOffer()
    print(json.dumps({"pause": default}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        wish = json.loads(line)
        x, y = int(wish["x"]), int(wish["y"])
        gui.PAUSE = default if wish["way"] == "default" else 0
        began = time.perf_counter()
        await offer.place(wish["text"])
        # In a thread: the text has to be served meanwhile.
        if wish["way"] == "xdotool":
            await asyncio.to_thread(_xdotool, x, y)
        else:
            await asyncio.to_thread(_click_paste_enter, gui, x, y)
        print(json.dumps({"seconds": time.perf_counter() - began}), flush=True)
    offer.close()


def main() -> None:
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        runner.run(_serve())


if __name__ == "__main__":
    main()
