"""Offering text on the clipboard, and knowing which program took it. Lives in Qt's thread."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication, QWindow

from panel.core.clipboard import LIMIT_BYTES, TOO_LARGE, NotKept, Saved, SavedClipboard

_QUIET_SECONDS = 0.15
_SELECTION_REQUEST, _PROPERTY_NOTIFY = 30, 28  # the events' numbers in the X protocol
_CLOCK_SECONDS = 1.0
_MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
_KEPT = frozenset({"text/plain", "text/html", "text/uri-list", "image/png"})


class _SelectionRequest(ctypes.Structure):
    """xcb_selection_request_event_t."""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("time", ctypes.c_uint32),
        ("owner", ctypes.c_uint32),
        ("requestor", ctypes.c_uint32),
        ("selection", ctypes.c_uint32),
        ("target", ctypes.c_uint32),
        ("property", ctypes.c_uint32),
    )


class _PropertyNotify(ctypes.Structure):
    """The beginning of xcb_property_notify_event_t."""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("window", ctypes.c_uint32),
    )


class _ClockFilter(QAbstractNativeEventFilter):
    """Fulfils a future when a property of one window has changed; Qt then knows the time."""

    def __init__(self, window: int, seen: asyncio.Future[None]) -> None:
        super().__init__()
        self._window = window
        self._seen = seen

    def nativeEventFilter(
        self, event_type: QByteArray | bytes | bytearray | memoryview[int], message: Any
    ) -> tuple[bool, int]:
        if bytes(event_type) == b"xcb_generic_event_t":  # type: ignore[arg-type]
            event = _PropertyNotify.from_address(int(message))
            ours = event.response_type & 0x7F == _PROPERTY_NOTIFY and event.window == self._window
            if ours and not self._seen.done():
                self._seen.set_result(None)
        return False, 0


class _RequestorFilter(QAbstractNativeEventFilter):
    """Remembers whose selection request Qt is serving."""

    def __init__(self) -> None:
        super().__init__()
        self.requestor: int | None = None

    def nativeEventFilter(
        self, event_type: QByteArray | bytes | bytearray | memoryview[int], message: Any
    ) -> tuple[bool, int]:
        if bytes(event_type) == b"xcb_generic_event_t":  # type: ignore[arg-type]
            event = _SelectionRequest.from_address(int(message))
            is_request = event.response_type & 0x7F == _SELECTION_REQUEST
            self.requestor = int(event.requestor) if is_request else None
        return False, 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """A program took the text: the id of the window that asked (None where the platform tells
    nothing) and time.monotonic()."""

    requestor: int | None
    at: float


class _ReportingText(QMimeData):
    """Text that reports each time another program takes it."""

    def __init__(self, text: str, taken: Callable[[], None]) -> None:
        super().__init__()
        self.setText(text)
        self._taken = taken

    def retrieveData(self, mime_type: str, preferred: Any) -> Any:
        self._taken()
        return super().retrieveData(mime_type, preferred)


def clipboard_now() -> Saved:
    """What the clipboard holds, read through Qt: for platforms where no owner can hang."""
    data = QGuiApplication.clipboard().mimeData()
    kept = {kind: bytes(data.data(kind).data()) for kind in data.formats() if kind in _KEPT}
    too_much = sum(map(len, kept.values())) > LIMIT_BYTES
    return {"clipboard": TOO_LARGE if too_much else kept}


class ClipboardOffer:
    """Text offered on CLIPBOARD and PRIMARY until it is withdrawn.

    Use: `offer.place(text)`, press the paste key, `await offer.receipt(of_target)`, and `withdraw`
    with what was there before once the text is submitted or abandoned.
    """

    def __init__(self) -> None:
        self._clipboard = QGuiApplication.clipboard()
        self._filter = _RequestorFilter()
        self._receipts: list[Receipt] = []
        self._asked = asyncio.Event()
        self._offered: list[QMimeData] = []
        self._clock_window: QWindow | None = None
        self._given_back: dict[str, SavedClipboard] = {}

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Everybody who took the text since it was placed."""
        return tuple(self._receipts)

    async def place(self, text: str) -> bool:
        """Offers the text; False when another program would not let go of the clipboard."""
        self._receipts.clear()
        self._asked.clear()
        QCoreApplication.instance().installNativeEventFilter(self._filter)  # type: ignore[union-attr]
        await self._catch_up()
        self._offered = []
        for mode in self._modes():
            offered = _ReportingText(text, self._note)
            self._offered.append(offered)
            self._clipboard.setMimeData(offered, mode)
        return self.ours()

    def ours(self) -> bool:
        """Whether the text is still what a paste would get."""
        return self._clipboard.ownsClipboard()

    async def receipt(self, counts: Callable[[Receipt], bool], timeout: float) -> Receipt | None:
        """The first receipt that counts, or None after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            for receipt in self._receipts:
                if counts(receipt):
                    return receipt
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._asked.clear()
            try:
                await asyncio.wait_for(self._asked.wait(), left)
            except TimeoutError:
                return None

    async def quiet(self) -> None:
        """Returns once nobody has asked for a while: some programs ask twice and keep the second
        answer (Chromium), which must not be another text."""
        while True:
            self._asked.clear()
            try:
                await asyncio.wait_for(self._asked.wait(), _QUIET_SECONDS)
            except TimeoutError:
                return

    async def withdraw(self, before: Saved) -> NotKept | None:
        """Puts back what was there (by mode: "clipboard", "selection"), if the text is still ours.

        What could not be kept leaves it empty: the answer says why, for the clipboard itself.
        """
        QCoreApplication.instance().removeNativeEventFilter(self._filter)  # type: ignore[union-attr]
        await self._catch_up()
        lost: NotKept | None = None
        for mode in self._modes():
            clipboard = mode is QClipboard.Mode.Clipboard
            owned = (
                self._clipboard.ownsClipboard() if clipboard else self._clipboard.ownsSelection()
            )
            name = "clipboard" if clipboard else "selection"
            saved = before.get(name)
            self._given_back.pop(name, None)
            if not owned:
                continue
            if clipboard and isinstance(saved, NotKept):
                lost = saved
            if not saved or isinstance(saved, NotKept):
                self._clipboard.clear(mode)
                continue
            data = QMimeData()
            for mime_type, content in saved.items():
                data.setData(mime_type, QByteArray(content))
            self._clipboard.setMimeData(data, mode)
            self._given_back[name] = saved
        self._offered = []
        return lost

    def given_back(self) -> dict[str, SavedClipboard]:
        """What of the operator's we offer still, and would end with this process."""
        owned = {
            "clipboard": self._clipboard.ownsClipboard(),
            "selection": self._clipboard.ownsSelection(),
        }
        return {name: kept for name, kept in self._given_back.items() if owned[name]}

    def close(self) -> None:
        """Takes away what only this object needs."""
        if self._clock_window is not None:
            self._clock_window.destroy()
            self._clock_window = None

    def _modes(self) -> tuple[QClipboard.Mode, ...]:
        return _MODES if self._clipboard.supportsSelection() else _MODES[:1]

    def _note(self) -> None:
        self._receipts.append(Receipt(self._filter.requestor, time.monotonic()))
        self._asked.set()

    async def _catch_up(self) -> None:
        """Lets Qt see the server's present time.

        WORKAROUND(PySide6 6.11.3): on X11 Qt takes the clipboard with the time of the last event it
        saw, and the server ignores a time before the present owner's; a program without fresh
        events, as one in the background, then fails to take it. A property change of a window of
        ours brings a fresh time. Remove when Qt asks for the time itself.
        """
        if QGuiApplication.platformName() != "xcb":
            return
        if self._clock_window is None:
            self._clock_window = QWindow()
            self._clock_window.create()
        # Waited for, never QCoreApplication.processEvents: within a task that loses the wake-ups of
        # all other tasks for good.
        seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        watch = _ClockFilter(int(self._clock_window.winId()), seen)
        application = QCoreApplication.instance()
        assert application is not None
        application.installNativeEventFilter(watch)
        try:
            self._clock_window.setTitle(f"clock {time.monotonic_ns()}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(seen, _CLOCK_SECONDS)
        finally:
            application.removeNativeEventFilter(watch)
