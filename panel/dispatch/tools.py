"""What a delivery works with, put together once by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from panel.dispatch.courtesy import OperatorWatch
from panel.dispatch.driver import Driver
from panel.dispatch.receipts import ClipboardOffer
from panel.screen.grab import ScreenCamera
from panel.screen.windows import WindowSystem
from panel.screen.worker import DesktopThread


class ClipboardReader(Protocol):
    """Saves what the operator's clipboard holds; see panel.screen.x11_selection."""

    def read(self, selection: str) -> dict[str, bytes] | None:
        """Content by MIME type, empty for none, None when it could not be kept."""


@dataclass(frozen=True, slots=True)
class Tools:
    """All but `offer` are used in the driver's thread only; `offer` in Qt's thread only."""

    thread: DesktopThread
    system: WindowSystem
    camera: ScreenCamera
    driver: Driver
    operator: OperatorWatch
    selections: ClipboardReader
    offer: ClipboardOffer


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may take, in seconds."""

    quiet_seconds: float = 0.7
    raise_seconds: float = 0.6
    settle_seconds: float = 0.6
    receipt_seconds: float = 3.0
    visible_seconds: float = 3.0
    proof_seconds: float = 5.0
    still_seconds: float = 0.3
