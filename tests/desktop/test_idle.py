"""What the server's idle counter takes for a person, and what not."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from Xlib import X

from panel.screen.x11 import connect
from panel.screen.x11_idle import IdleCounter
from tests.desktop.hands import Operator
from tests.waiting import until

_QUIET = 400


@pytest.fixture
def idle(operator: Operator) -> Iterator[IdleCounter]:
    display = connect()
    counter = IdleCounter(display)
    until(lambda: _of(counter) > _QUIET, "quiet")
    yield counter
    display.close()


def _of(counter: IdleCounter) -> int:
    found = counter.milliseconds()
    assert found is not None
    return found


def test_a_key_that_is_kept_down_counts_all_the_while(
    idle: IdleCounter, operator: Operator
) -> None:
    with operator.holding("F9"):
        # The first repetition comes after 0.66 s.
        end = time.monotonic() + 1.2
        until(lambda: time.monotonic() > end)
        assert _of(idle) < 200


def test_who_warps_the_pointer_counts(idle: IdleCounter, operator: Operator) -> None:
    operator.root.warp_pointer(50, 50)
    operator.display.sync()
    assert _of(idle) < _QUIET


def test_who_keeps_the_screen_saver_away_counts(idle: IdleCounter, operator: Operator) -> None:
    operator.display.force_screen_saver(X.ScreenSaverReset)
    operator.display.sync()
    assert _of(idle) < _QUIET
