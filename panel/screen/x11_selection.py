"""Reading a clipboard over an X connection of its own, so that a hanging owner blocks nobody."""

from __future__ import annotations

import select
import sys
import time
from collections.abc import Iterable

from Xlib import X
from Xlib.display import Display
from Xlib.protocol import event as xevent
from Xlib.xobject.drawable import Window

from panel.core.clipboard import (
    LIMIT_BYTES,
    NO_ANSWER,
    OTHER_KIND,
    SECRET,
    TOO_LARGE,
    TOO_SLOW,
    NotKept,
    SavedClipboard,
)
from panel.screen.x11 import connect

TEXT = "text/plain;charset=utf-8"
_KEPT = {
    "UTF8_STRING": TEXT,
    "text/html": "text/html",
    "text/uri-list": "text/uri-list",
    "image/png": "image/png",
}
_SECRET_MARKS = frozenset(
    {"x-kde-passwordManagerHint", "application/x-nspasteboard-concealed-type"}
)
LIMIT_SECONDS = 0.2
_CHUNK_WORDS = 1 << 18


class SelectionReader:
    """Saves what CLIPBOARD or PRIMARY holds: text, HTML, file lists and PNG pictures."""

    def __init__(self, name: str | None = None) -> None:
        self._display: Display = connect(name)
        root = self._display.screen().root
        self._window: Window = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._window.change_attributes(event_mask=X.PropertyChangeMask)

    def close(self) -> None:
        self._display.close()

    def read_all(self) -> dict[str, SavedClipboard | NotKept]:
        """Both, within LIMIT_SECONDS: "clipboard" (CLIPBOARD) and "selection" (PRIMARY)."""
        deadline = time.monotonic() + LIMIT_SECONDS
        return {
            "clipboard": self.read("CLIPBOARD", deadline),
            "selection": self.read("PRIMARY", deadline),
        }

    def read(self, selection: str, deadline: float | None = None) -> SavedClipboard | NotKept:
        """Content by MIME type; empty when nobody owns it.

        Not kept is what the owner does not hand over by `deadline` (time.monotonic(), else
        LIMIT_SECONDS from now), what is larger than LIMIT_BYTES, what a password manager marked as
        not to be read, and what is of none of the kinds above.
        """
        atom = self._display.intern_atom(selection)
        if self._display.get_selection_owner(atom) == X.NONE:
            return {}
        if deadline is None:
            deadline = time.monotonic() + LIMIT_SECONDS
        offered = self._convert(atom, "TARGETS", deadline)
        if isinstance(offered, NotKept):
            return offered
        names = self._atom_names(offered)
        if names & _SECRET_MARKS:
            return SECRET
        kept: SavedClipboard = {}
        for target, mime_type in _KEPT.items():
            if target not in names:
                continue
            content = self._convert(atom, target, deadline)
            if isinstance(content, NotKept):
                return content
            if sum(map(len, kept.values())) + len(content) > LIMIT_BYTES:
                return TOO_LARGE
            kept[mime_type] = content
        return kept or OTHER_KIND

    def _atom_names(self, offered: bytes) -> set[str]:
        codes = memoryview(offered[: len(offered) // 4 * 4]).cast("I")
        return {self._display.get_atom_name(code) for code in codes if code}

    def _convert(self, selection: int, target: str, deadline: float) -> bytes | NotKept:
        place = self._display.intern_atom("CAPTAIN_PANEL_SELECTION")
        self._window.delete_property(place)
        self._window.convert_selection(
            selection, self._display.intern_atom(target), place, X.CurrentTime
        )
        answer = self._next(xevent.SelectionNotify, deadline)
        if answer is None or answer.property == X.NONE:
            return NO_ANSWER
        content, kind = self._take(place)
        if kind != self._display.intern_atom("INCR"):
            return content
        if int.from_bytes(content[:4], sys.byteorder) > LIMIT_BYTES:  # at least so much will come
            return TOO_LARGE
        return self._incremental(place, deadline)

    def _incremental(self, place: int, deadline: float) -> bytes | NotKept:
        """The owner's pieces, each one announced by a property change, until an empty one."""
        pieces: list[bytes] = []
        while True:
            change = self._next(xevent.PropertyNotify, deadline)
            if change is None:
                return TOO_SLOW
            if change.atom != place or change.state != X.PropertyNewValue:
                continue
            piece, _ = self._take(place)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            if sum(map(len, pieces)) > LIMIT_BYTES:
                return TOO_LARGE

    def _take(self, place: int) -> tuple[bytes, int]:
        whole = b""
        kind = 0
        offset = 0
        while True:
            part = self._window.get_property(place, X.AnyPropertyType, offset, _CHUNK_WORDS)
            if part is None:
                break
            kind = part.property_type
            value = part.value
            whole += _bytes(value, part.format)
            if not part.bytes_after:
                break
            offset += _CHUNK_WORDS
        self._window.delete_property(place)
        self._display.flush()
        return whole, kind

    def _next(self, kind: type, deadline: float) -> xevent.Event | None:  # type: ignore[name-defined]
        """The next event of a kind; others are dropped. None after the deadline."""
        while True:
            while self._display.pending_events():
                found = self._display.next_event()
                if isinstance(found, kind):
                    return found
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._display.fileno()], [], [], left)[0]:
                return None


def _bytes(value: bytes | str | Iterable[int], width: int) -> bytes:
    """A property's value as it was sent: python3-xlib decodes what looks like UTF-8."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8")
    return b"".join(int(item).to_bytes(width // 8, sys.byteorder) for item in value)
