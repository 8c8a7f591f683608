"""The tray's menu, which a desktop without a tray has too."""

from __future__ import annotations

import pytest

from panel.store import control
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


async def test_the_menu_pauses_stops_and_opens(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    tray = window.tray
    await aio.until(lambda: "need you" in tray.state.text(), "the overview")
    assert tray.state.text().startswith("Sending, ")
    assert tray.icon.toolTip() == f"Captain Panel: {tray.state.text()}"

    tray.pause.trigger()
    await aio.until(lambda: tray.pause.text() == "Go on sending", "the pause")
    assert (await store.read(control.state)).paused
    tray.pause.trigger()
    await aio.until(lambda: tray.pause.text() == "Pause", "going on")

    entries = {entry.text(): entry for entry in tray.menu.actions()}
    entries["New message…"].trigger()
    await aio.until(lambda: len(window.composing) == 1, "the dialog")
    window.composing[0].discard()
    stops = (await store.read(control.state)).stop_counter
    entries["Stop all"].trigger()
    await aio.until(lambda: tray.pause.text() == "Go on sending", "the stop")
    assert (await store.read(control.state)).stop_counter == stops + 1

    window.hide()
    entries["Open Captain Panel"].trigger()
    assert window.isVisible()
