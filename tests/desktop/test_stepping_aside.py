"""The panel leaves the screen while somebody points at what it covers, and comes back as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from panel.core.agent import Agent
from panel.core.geometry import Rect
from panel.core.target import Target
from panel.picker.overlay import Overlay
from panel.picker.session import Step
from panel.screen.grab import ScreenCamera
from panel.session.window import run
from panel.store import agents, targets
from panel.store.database import Store
from panel.store.location import Location
from panel.ui.window import MainWindow
from tests.desktop.conftest import OpenChat
from tests.desktop.hands import Operator
from tests.event_loop import Aio
from tests.waiting import until

PLACE = (200, 60, 1000, 700)


@contextmanager
def session(aio: Aio, location: Location) -> Iterator[MainWindow]:
    """The window as the program opens it, over two agents; tasks go on in the body."""
    aio.run(_prepare(location))
    with aio.running():
        running = asyncio.ensure_future(run(location))
        window = until(_main_window, "the window")
        assert window is not None
        until(lambda: len(window.agents.cards.cards()) == 2, "the cards")
        try:
            yield window
        finally:
            window.close()
            until(running.done, "the end of the session")
            window.deleteLater()


async def _prepare(location: Location) -> None:
    store = await Store.open(location)
    for name in ("Agent-1", "Agent-2"):
        await store.write(lambda tx, name=name: agents.insert(tx, Agent(name)))  # type: ignore[misc]
    await store.close()


async def _stored(location: Location) -> list[Target]:
    store = await Store.open(location)
    try:
        return await store.read(targets.all)
    finally:
        await store.close()


def _main_window() -> MainWindow | None:
    shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    return next((window for window in shown if window.isVisible()), None)


def _overlay() -> Overlay | None:
    shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, Overlay))
    return next((overlay for overlay in shown if overlay.isVisible()), None)


@pytest.fixture
def camera() -> Iterator[ScreenCamera]:
    eye = ScreenCamera()
    yield eye
    eye.close()


def test_what_the_panel_covered_is_in_the_frozen_picture(
    aio: Aio, location: Location, operator: Operator, open_chat: OpenChat, camera: ScreenCamera
) -> None:
    chat = open_chat("Agent-2", geometry=(400, 100, 420, 560))
    place = Rect(*chat.header)
    wanted = camera.grab(place)
    with session(aio, location) as window:
        ours = int(window.winId())
        operator.place(ours, PLACE)
        operator.activate(ours)
        until(lambda: operator.top_at(*chat.point) == ours, "the panel on top")
        card = window.agents.cards.cards()[1]
        card.setFocus()
        window.compose(["Agent-2"], "half a sentence")
        (dialog,) = window.composing
        until(dialog.isActiveWindow, "the dialog")
        operator.activate(ours)
        until(window.isActiveWindow, "the window again")

        operator.press("ctrl+shift+c")
        overlay = until(_overlay, "the picker")
        assert overlay is not None
        assert not operator.visible(ours) and not dialog.isVisible()
        frozen = overlay._desk.crop(place)
        assert np.array_equal(_pixels(frozen), wanted)
        until(overlay.isActiveWindow, "its keyboard")
        operator.press("esc")
        until(window.isActiveWindow, "the panel")
        assert operator.geometry(ours) == PLACE
        assert dialog.isVisible() and dialog.form.content == "half a sentence"
        until(card.hasFocus, "the focus where it was")
        dialog.discard()


def test_a_target_is_made_of_what_the_panel_covered(
    aio: Aio, location: Location, operator: Operator, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1", geometry=(400, 100, 420, 560))
    with session(aio, location) as window:
        ours = int(window.winId())
        operator.place(ours, PLACE)
        operator.activate(ours)
        window.agents.cards.cards()[0].setFocus()
        operator.press("ctrl+shift+c")
        overlay = until(_overlay, "the picker")
        assert overlay is not None
        until(overlay.isActiveWindow, "its keyboard")
        operator.click(*chat.point)
        until(lambda: overlay._session.step is Step.FRAMES, "the question")
        operator.press("enter")
        until(window.isActiveWindow, "the panel")
    (target,) = aio.run(_stored(location))
    assert target.window is not None and target.window.window_id == chat.window


def _pixels(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1, 4)
    return rows[:, : plain.width(), :3]
