"""A system tray in a process of its own (XEMBED); run as a script.

It takes the tray, says so to the desktop, prints `ready`, then the window id of each icon that
docks, and ends when its stdin closes.
"""

from __future__ import annotations

import select
import sys

from Xlib import X
from Xlib.display import Display
from Xlib.protocol import event

_REQUEST_DOCK = 0
_SIDE = 24


def main() -> None:
    display = Display()
    screen = display.screen()
    bar = screen.root.create_window(
        40, 40, 200, _SIDE, 0, screen.root_depth, background_pixel=0xFFFFFF, override_redirect=True
    )
    bar.map()
    selection = display.intern_atom("_NET_SYSTEM_TRAY_S0")
    bar.set_selection_owner(selection, X.CurrentTime)
    here = event.ClientMessage(
        window=screen.root,
        client_type=display.intern_atom("MANAGER"),
        data=(32, [X.CurrentTime, selection, bar.id, 0, 0]),
    )
    screen.root.send_event(here, event_mask=X.StructureNotifyMask)
    display.sync()
    print("ready", flush=True)
    opcode = display.intern_atom("_NET_SYSTEM_TRAY_OPCODE")
    while True:
        while display.pending_events():
            found = display.next_event()
            if found.type != X.ClientMessage or found.client_type != opcode:
                continue
            _time, request, window, *_rest = found.data[1]
            if request == _REQUEST_DOCK:
                icon = display.create_resource_object("window", window)
                icon.reparent(bar, 0, 0)
                icon.configure(width=_SIDE, height=_SIDE)
                icon.map()
                display.sync()
                print(window, flush=True)
        ready, _, _ = select.select([display.fileno(), sys.stdin], [], [])
        if sys.stdin in ready:
            return


if __name__ == "__main__":
    main()
