"""A bare X client in a process of its own; run as a script by ground_truth.PlainWindow.

It prints its window id when it is shown, writes every key and click into a file at once, and ends
when its stdin closes.
"""

from __future__ import annotations

import json
import os
import select
import sys
from pathlib import Path
from typing import Any

from Xlib import X, Xatom, Xutil
from Xlib.display import Display


def _create(display: Display, options: dict[str, Any]) -> Any:
    x, y, width, height = options["geometry"]
    window = display.screen().root.create_window(
        x,
        y,
        width,
        height,
        0,
        X.CopyFromParent,
        X.InputOutput,
        X.CopyFromParent,
        background_pixel=int(options["color"].lstrip("#"), 16),
        override_redirect=options["override_redirect"],
        event_mask=X.ExposureMask | X.KeyPressMask | X.ButtonPressMask | X.StructureNotifyMask,
    )
    text = display.intern_atom("UTF8_STRING")
    window.set_wm_name(options["title"])
    window.change_property(
        display.intern_atom("_NET_WM_NAME"), text, 8, options["title"].encode("utf-8")
    )
    window.set_wm_class(options["window_class"].lower(), options["window_class"])
    window.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
    window.set_wm_hints(
        flags=Xutil.InputHint | Xutil.StateHint,
        input=int(options["focusable"]),
        initial_state=Xutil.NormalState,
    )
    window.set_wm_protocols([display.intern_atom("WM_DELETE_WINDOW")])
    if options["above"]:
        window.change_property(
            display.intern_atom("_NET_WM_STATE"),
            Xatom.ATOM,
            32,
            [display.intern_atom("_NET_WM_STATE_ABOVE")],
        )
    return window


def _name(display: Display, event: Any) -> str:
    keysym = display.keycode_to_keysym(event.detail, 0)
    return str(display.lookup_string(keysym) or f"keysym {keysym:#x}")


def _serve(display: Display, window: Any, record: Path) -> None:
    told = False
    while True:
        while display.pending_events():
            event = display.next_event()
            if event.type == X.Expose and not told:
                told = True
                print(window.id, flush=True)
            elif event.type == X.KeyPress:
                _write(record, kind="key", name=_name(display, event))
            elif event.type == X.ButtonPress:
                _write(record, kind="click", name=event.detail, x=event.event_x, y=event.event_y)
            elif event.type in {X.ClientMessage, X.DestroyNotify}:
                return
        ready, _, _ = select.select([display.fileno(), sys.stdin], [], [])
        if sys.stdin in ready:
            return


def _write(record: Path, **event: object) -> None:
    with record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


def main() -> None:
    options = json.loads(sys.argv[1])
    display = Display()
    window = _create(display, options)
    window.map()
    if options["override_redirect"]:
        window.raise_window()
    display.flush()
    _serve(display, window, Path(options["record"]))
    display.close()


if __name__ == "__main__":
    main()
