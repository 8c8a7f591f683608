"""The key that stops all reaches a running panel from another program's window."""

from __future__ import annotations

import asyncio

from panel.commands import settings
from panel.core.keys import parse_shortcut
from panel.screen.x11_global_key import X11GlobalKey
from panel.store import control
from panel.store.location import Location
from panel.ui.window import MainWindow
from tests.desktop.conftest import OpenWindow
from tests.desktop.hands import Operator
from tests.desktop.test_stepping_aside import session
from tests.event_loop import Aio
from tests.waiting import until


def test_the_key_stops_from_elsewhere_and_follows_its_setting(
    aio: Aio, location: Location, operator: Operator, open_window: OpenWindow
) -> None:
    with session(aio, location) as window:
        other = open_window("editor", geometry=(700, 100, 300, 200))
        operator.activate(other.window)
        until(lambda: not window.isActiveWindow(), "the other program")
        assert window.strip.pause_button.text() == "Sending"

        operator.press("ctrl+alt+shift+s")
        until(lambda: window.strip.pause_button.text() == "Paused", "the stop")

        context = window._bench.context
        going_on = asyncio.ensure_future(context.store.write(lambda tx: control.resume(tx, None)))
        until(lambda: window.strip.pause_button.text() == "Sending", "going on")
        changing = asyncio.ensure_future(settings.change(context, "stop_key", "F9"))
        until(lambda: _stops(operator, window), "the other key")
        assert going_on.done() and changing.done()


def test_a_key_that_another_program_holds_is_told_and_works_in_the_window(
    aio: Aio, location: Location, operator: Operator
) -> None:
    held = parse_shortcut("Ctrl+Alt+Shift+S")
    assert held is not None
    other = X11GlobalKey(held, lambda: None)
    try:
        with session(aio, location) as window:
            until(lambda: "Another program uses" in window.status.said.text, "the sentence")
            assert window.strip.stop_button.toolTip().endswith("Ctrl+Alt+Shift+S in this window")
    finally:
        other.close()


def _stops(operator: Operator, window: MainWindow) -> bool:
    operator.press("F9")
    return window.strip.pause_button.text() == "Paused"
