"""A program that takes the clipboard again and again, as some clipboard managers do."""

from __future__ import annotations

import random
import select
import threading

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import XError
from Xlib.protocol import event as events
from Xlib.protocol import rq

LOOT = "stolen by another program"
_TICK_SECONDS = 0.01


class Thief:
    """Owns CLIPBOARD and PRIMARY every now and then while it is let loose, in a thread and over a
    connection of its own; it answers whoever asks with a text of its own."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._every = 0.0
        self._loose = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="thief")
        self._thread.start()
        self.thefts = 0

    def begin(self, every: float) -> None:
        """Steals about every so many seconds from now on."""
        self._every = every
        self._loose.set()

    def end(self) -> None:
        self._loose.clear()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        display = Display()
        window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        selections = [display.intern_atom("CLIPBOARD"), Xatom.PRIMARY]
        wait = 0.0
        while not self._stop.is_set():
            ready, _, _ = select.select([display.fileno()], [], [], _TICK_SECONDS)
            while ready and display.pending_events():
                self._answer(display, display.next_event())
            wait -= _TICK_SECONDS
            if self._loose.is_set() and wait <= 0:
                wait = self._chance.uniform(0.2, 1.8) * self._every
                for selection in selections:
                    window.set_selection_owner(selection, X.CurrentTime)
                display.flush()
                self.thefts += 1
        display.close()

    def _answer(self, display: Display, event: rq.Event) -> None:
        if not isinstance(event, events.SelectionRequest):
            return
        text = display.intern_atom("UTF8_STRING")
        targets = display.intern_atom("TARGETS")
        place = event.property or event.target
        try:
            if event.target == targets:
                event.requestor.change_property(place, Xatom.ATOM, 32, [targets, text])
            elif event.target in {text, Xatom.STRING}:
                event.requestor.change_property(place, event.target, 8, LOOT.encode())
            else:
                place = X.NONE
            answer = events.SelectionNotify(
                time=event.time,
                requestor=event.requestor,
                selection=event.selection,
                target=event.target,
                property=place,
            )
            event.requestor.send_event(answer)
            display.flush()
        except XError:
            pass  # whoever asked has gone
