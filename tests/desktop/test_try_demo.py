"""The demo swarm of the window: opened, written to, opened again, closed with the panel."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from panel.core.message import DeliveryStatus
from panel.core.target import Target
from panel.demo.swarm import DemoSwarm
from panel.session.window import run
from panel.store import messages, targets
from panel.store.database import Store
from panel.store.location import Location
from panel.ui.controls import Button
from panel.ui.window import MainWindow
from tests.desktop.hands import Operator
from tests.event_loop import Aio
from tests.waiting import until

NAMES = ["Demo-1", "Demo-2", "Demo-3"]
SECONDS = 40


@pytest.fixture
def panel(aio: Aio, location: Location, operator: Operator) -> Iterator[MainWindow]:
    """The window as the program opens it on an empty database; tasks go on in the test."""
    with aio.running():
        running = asyncio.ensure_future(run(location))
        window = until(_main_window, "the window")
        assert window is not None
        until(lambda: window.agents.model.ready, "the page")
        yield window
        window.close()
        until(running.done, "the end of the session", seconds=SECONDS)
        window.deleteLater()
    assert not any(operator.find(_title(name)) for name in NAMES)
    assert aio.run(_targets(location)) == [], "nobody is asked at the next start where they went"


async def _targets(location: Location) -> list[Target]:
    store = await Store.open(location)
    try:
        return await store.read(targets.all)
    finally:
        await store.close()


def _main_window() -> MainWindow | None:
    shown = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    return next((window for window in shown if window.isVisible()), None)


def _title(name: str) -> str:
    return f"{name} – demo agent"


def _ready(window: MainWindow) -> bool:
    return window.status.said.text.startswith("The demo agents are ready")


def _delivered(window: MainWindow) -> int:
    """How many messages are delivered, by the database."""
    counting = asyncio.ensure_future(window._bench.context.store.read(messages.counts))
    until(counting.done, "the count")
    return counting.result().get(DeliveryStatus.DELIVERED, 0)


def _try_again(window: MainWindow) -> None:
    """By the menu; returns when all are ready again."""
    menu = next(m for m in window.findChildren(QMenu) if m.actions())
    action = next(a for a in menu.actions() if a.text() == "Try the demo swarm")
    action.trigger()
    until(lambda: not _ready(window), "the start")
    until(lambda: _ready(window), "the demo agents", seconds=SECONDS)


@pytest.mark.slow
def test_the_demo_swarm_is_written_to_and_opened_again(
    panel: MainWindow, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    really_open = DemoSwarm.open

    def noting(swarm: DemoSwarm) -> None:
        threads.append(threading.current_thread())
        really_open(swarm)

    monkeypatch.setattr(DemoSwarm, "open", noting)
    button = next(
        b for b in panel.agents.empty.findChildren(Button) if b.text() == "Try the demo swarm"
    )
    button.click()
    button.click()
    until(lambda: _ready(panel), "the demo agents", seconds=SECONDS)
    assert len(threads) == 1 and threads[0] is not threading.main_thread()
    windows = {name: operator.await_window(_title(name)) for name in NAMES}
    until(lambda: len(panel.agents.cards.cards()) == 3, "the cards")

    panel.compose(["Team demo"], "Hello, all of you.")
    (dialog,) = panel.composing
    until(lambda: dialog.form.recipients.count == 3, "their readiness")
    dialog.send_button.click()
    until(lambda: _delivered(panel) == 3, "three deliveries", seconds=30)

    operator.close_window(windows["Demo-2"])
    x, y, width, height = operator.geometry(windows["Demo-3"])
    operator.place(windows["Demo-3"], (x - 30, y - 40, width, height + 40))
    _try_again(panel)
    again = {name: operator.await_window(_title(name)) for name in NAMES}
    assert again["Demo-1"] == windows["Demo-1"] and again["Demo-3"] == windows["Demo-3"]
    assert all(len(operator.find(_title(name))) == 1 for name in NAMES)
    until(lambda: len(panel.agents.cards.cards()) == 3, "the cards")
    panel.compose(["Team demo"], "And again.")
    dialog = panel.composing[-1]
    until(lambda: dialog.form.recipients.count == 3, "their readiness")
    dialog.send_button.click()
    until(lambda: _delivered(panel) == 6, "six deliveries", seconds=30)
