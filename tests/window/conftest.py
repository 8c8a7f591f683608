"""A main window on a seeded or an empty database, on the test's own loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from panel.commands.context import Context
from panel.core.target import Target, TargetKind
from panel.store import settings
from panel.store.database import Store
from panel.store.location import parse_location
from panel.ui.models.attempts import picture_folder
from panel.ui.services import DispatcherView, WindowServices
from panel.ui.theme import Mode, Theme
from panel.ui.window import MainWindow
from tests.event_loop import Aio
from tests.window.evidence import leave_pictures
from tests.window.swarm import pictures, swarm


@dataclass
class Outside:
    """What the window asked of the rest of the program, instead of that rest."""

    calibrated: list[tuple[str, TargetKind]] = field(default_factory=list)
    themes: list[Mode] = field(default_factory=list)
    view: DispatcherView = field(default_factory=lambda: DispatcherView(True, "All systems work"))

    async def calibrate(self, agent_id: str, kind: TargetKind) -> Target | None:
        self.calibrated.append((agent_id, kind))
        return None

    async def remember(self, mode: Mode) -> None:
        self.themes.append(mode)

    async def demo(self) -> None:
        """Nothing to try here."""

    def services(self, database: Path) -> WindowServices:
        return WindowServices(
            calibrate=self.calibrate,
            dispatcher=lambda: self.view,
            database=str(database),
            try_demo=self.demo,
            remember_theme=self.remember,
        )


@dataclass
class Opened:
    """An open window and what stands behind it."""

    window: MainWindow
    store: Store
    outside: Outside
    theme: Theme


@asynccontextmanager
async def opened(folder: Path, theme: Theme, *, seeded: bool) -> AsyncIterator[Opened]:
    """Opens a window over a database of its own, and closes both."""
    location = parse_location(str(folder / "panel.db"), {})
    store = await Store.open(location)
    try:
        # Previews are compared to the letter; the hint has tests of its own.
        await store.write(lambda tx: settings.set(tx, "reply_hint", False))
        if seeded:
            await store.write(swarm(pictures()))
            leave_pictures(picture_folder(location))
        outside = Outside()
        window = MainWindow(Context(store), theme, outside.services(location.path))
        window.show()
        try:
            yield Opened(window, store, outside, theme)
        finally:
            await window.shut()
            window.deleteLater()
    finally:
        await store.close()


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The theme, light, for the whole session."""
    return Theme(qapp, Mode.LIGHT)


_loops: list[object] = []


@pytest.fixture(autouse=True)
def loops_are_kept(request: pytest.FixtureRequest) -> None:
    """Keeps each test's loop until the end of the run.

    WORKAROUND(qasync 0.28): a closed loop's timers still run, and Python's collector may take it
    away in the store's thread, which Qt warns of; remove when close() kills its timers.
    """
    if "aio" in request.fixturenames:
        _loops.append(request.getfixturevalue("aio").loop)


@pytest.fixture
def panel_window(aio: Aio, tmp_path: Path, theme: Theme) -> Iterator[Opened]:
    """A main window over the seeded swarm."""
    context = opened(tmp_path, theme, seeded=True)
    made = aio.run(context.__aenter__())
    yield made
    aio.run(context.__aexit__(None, None, None))


@pytest.fixture
def empty_window(aio: Aio, tmp_path: Path, theme: Theme) -> Iterator[Opened]:
    """A main window over an empty database."""
    context = opened(tmp_path, theme, seeded=False)
    made = aio.run(context.__aenter__())
    yield made
    aio.run(context.__aexit__(None, None, None))
