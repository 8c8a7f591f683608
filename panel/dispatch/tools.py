"""What a delivery works with, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from panel.core.clipboard import Saved
from panel.core.geometry import ScreenLayout
from panel.dispatch.courtesy import OperatorWatch
from panel.dispatch.driver import Announced, Driver
from panel.dispatch.receipts import ClipboardOffer
from panel.screen.grab import ScreenCamera
from panel.screen.session_lock import SessionLock
from panel.screen.windows import WindowSystem
from panel.screen.worker import DesktopThread


class DisplayLock(Protocol):
    """One dispatcher a display. Used in the loop's thread, as a context manager that gives it back.

    `screen.x11_owner.DispatcherLock` and `dispatch.lock_file.LockFile` are its two kinds.
    """

    def holder(self) -> dict[str, object] | None:
        """What the holder says of itself, None when nobody holds it."""

    def take(self, about: dict[str, object]) -> None:
        """Takes it; EnvironmentFault names the one that holds it already."""

    @property
    def held(self) -> bool:
        """Whether this object holds it."""

    def __enter__(self) -> DisplayLock: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Ears(Announced, Protocol):
    """Hears the operator's every event during a delivery; used in the driver's thread."""

    def listen(self) -> None:
        """Begins; what is heard reaches the OperatorWatch."""

    def rest(self) -> None:
        """Ends."""


@dataclass(frozen=True, slots=True)
class Tools:
    """All but `offer` and `lock` are used in the driver's thread only; `offer` in Qt's thread only,
    `lock.locked()` and `layout()` in any.

    `save_clipboard` answers what the operator's clipboard holds.
    """

    thread: DesktopThread
    system: WindowSystem
    camera: ScreenCamera
    driver: Driver
    operator: OperatorWatch
    offer: ClipboardOffer
    save_clipboard: Callable[[], Awaitable[Saved]]
    lock: SessionLock
    layout: Callable[[], ScreenLayout]
    ears: Ears


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may take, in seconds."""

    quiet_seconds: float = 0.7
    raise_seconds: float = 0.6
    release_seconds: float = 0.3
    settle_seconds: float = 0.6
    receipt_seconds: float = 3.0
    visible_seconds: float = 3.0
    proof_seconds: float = 5.0
    still_seconds: float = 0.3
