"""Waiting for a condition in the driver's thread."""

from __future__ import annotations

import time
from collections.abc import Callable

POLL_SECONDS = 0.003


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Looks every few milliseconds; False when it does not hold within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
