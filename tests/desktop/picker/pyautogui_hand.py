"""A pointer and a keyboard moved by PyAutoGUI, in a process of its own; run as a script.

It reads JSON lines such as ["moveTo", 10, 20] from stdin, calls that function of PyAutoGUI and
answers with a line when it is done. It ends when its stdin closes.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType


def main() -> None:
    # WORKAROUND(mouseinfo 0.1.3): its import ends the process without tkinter; remove when
    # pyautogui imports it lazily.
    sys.modules["mouseinfo"] = ModuleType("mouseinfo")
    import pyautogui

    pyautogui.PAUSE = 0
    # The tests pick the corner pixels too, at which the fail-safe would raise.
    pyautogui.FAILSAFE = False
    print("ready", flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        getattr(pyautogui, name)(*arguments)
        print("done", flush=True)


if __name__ == "__main__":
    main()
