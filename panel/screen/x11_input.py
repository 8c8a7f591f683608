"""Hears every key, button and pointer event of the display while it listens (X's RECORD extension).

The server's idle counter tells only of the last event, whoever made it: a key of somebody else's
that an event of ours follows is never seen there. Here each event is heard, and what we announced
before we made it is ours.
"""

from __future__ import annotations

import logging
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.ext import record

from panel.core.geometry import Point

log = logging.getLogger(__name__)
_EVENT = struct.Struct("=BBHIIIIhhhhHBx")
_FIRST, _LAST = X.KeyPress, X.MotionNotify
_START_SECONDS = 1.0
Foreign = Callable[[float, Point | None], None]


class InputListener:
    """Tells `on_foreign` of each event that nobody announced, in a thread of its own, between
    `listen` and `rest`: when it came (time.monotonic()), and where the pointer went with it. Where
    the server has no RECORD it hears nothing.
    """

    def __init__(self, connect: Callable[[], Display], on_foreign: Foreign) -> None:
        self._on_foreign = on_foreign
        self._lock = threading.Lock()
        self._ours: Counter[tuple[int, int]] = Counter()
        self._place: Point | None = None
        self._wanted = threading.Semaphore(0)
        self._heard_start = threading.Event()
        self._heard_end = threading.Event()
        self._heard_end.set()
        self._ending = self._deaf = False
        self._thread: threading.Thread | None = None
        self._control = connect()
        self._usable = bool(self._control.has_extension(record.extname))
        if not self._usable:
            return
        self._data = connect()
        ranges = {
            "core_requests": (0, 0),
            "core_replies": (0, 0),
            "ext_requests": (0, 0, 0, 0),
            "ext_replies": (0, 0, 0, 0),
            "delivered_events": (0, 0),
            "device_events": (_FIRST, _LAST),
            "errors": (0, 0),
            "client_started": False,
            "client_died": False,
        }
        self._context = self._control.record_create_context(0, [record.AllClients], [ranges])
        self._control.sync()
        self._thread = threading.Thread(target=self._run, name="input-listener", daemon=True)
        self._thread.start()

    @property
    def hears(self) -> bool:
        """Whether this server lets us listen."""
        return self._usable

    def listen(self) -> None:
        """Begins to listen, with the pointer where it is; returns once events are heard."""
        if not self._usable:
            return
        with self._lock:
            self._ours.clear()
            self._place = None
        self._heard_start.clear()
        self._heard_end.clear()
        self._wanted.release()
        if not self._heard_start.wait(_START_SECONDS) or self._deaf:
            log.warning("the operator's events are not heard: the idle time has to do")
            self._usable = False

    def rest(self) -> None:
        """Hears nothing any more."""
        if not self._usable or self._heard_end.is_set():
            return
        self._control.record_disable_context(self._context)
        self._control.sync()
        self._heard_end.wait(_START_SECONDS)

    def announce(self, kind: int, detail: int) -> None:
        """We are about to make this key or button event (X.KeyPress …, key code or button)."""
        with self._lock:
            self._ours[kind, detail] += 1

    def announce_place(self, place: Point) -> None:
        """We are about to put the pointer there."""
        with self._lock:
            self._place = place

    def close(self) -> None:
        """Ends the thread and both connections."""
        if self._thread is not None:
            self.rest()
            self._ending = True
            self._wanted.release()
            self._thread.join(_START_SECONDS)
            self._control.record_free_context(self._context)
            self._data.close()
        self._control.close()

    def _run(self) -> None:
        while True:
            self._wanted.acquire()
            if self._ending:
                return
            try:
                # Returns when another connection disables the context.
                self._data.record_enable_context(self._context, self._on_data)
            except Exception:
                log.exception("the server no longer lets us listen")
                self._deaf = True
                return
            finally:
                self._heard_start.set()
                self._heard_end.set()

    def _on_data(self, reply: Any) -> None:
        if reply.category == record.StartOfData:
            self._heard_start.set()
        if reply.category != record.FromServer or reply.client_swapped:
            return
        data = bytes(reply.data)
        for start in range(0, len(data) - _EVENT.size + 1, _EVENT.size):
            kind, detail, *_rest = _EVENT.unpack_from(data, start)
            x, y = _rest[5], _rest[6]
            self._on_event(kind & 0x7F, detail, Point(x, y))

    def _on_event(self, kind: int, detail: int, place: Point) -> None:
        if not _FIRST <= kind <= _LAST:
            return
        with self._lock:
            if kind == X.MotionNotify:
                ours = place == self._place
            else:
                ours = self._ours[kind, detail] > 0
                self._ours[kind, detail] -= ours
        if not ours:
            self._on_foreign(time.monotonic(), place if kind == X.MotionNotify else None)
