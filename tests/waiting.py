"""Waiting for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication

T = TypeVar("T")

SECONDS = 10.0
_INTERVAL = 0.005


def until(condition: Callable[[], T], what: str = "", *, seconds: float = SECONDS) -> T:
    """The first true answer of `condition`; fails the test with `what` when there is none in time.

    Qt's events are processed meanwhile (a clipboard of ours has to answer), asyncio's are not. In a
    coroutine they are not either: a nested event loop there loses the wake-ups of other tasks for
    good (seen: a dispatcher that never heard its end). Use `await aio.until(...)` for what needs
    them.
    """
    limit = time.monotonic() + seconds
    while True:
        if QCoreApplication.instance() is not None and not _in_a_task():
            QCoreApplication.processEvents()
        if answer := condition():
            return answer
        if time.monotonic() > limit:
            pytest.fail(f"waited {seconds:.0f} s in vain for {what or 'a condition'}")
        time.sleep(_INTERVAL)


def _in_a_task() -> bool:
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False
