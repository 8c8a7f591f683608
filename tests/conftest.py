"""Every run (with xdist: every worker) has a desktop, a home and an event loop of its own."""

from __future__ import annotations

import gc
import inspect
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from panel.core.errors import EnvironmentFault
from panel.screen.virtual import VirtualDesktop

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from panel.store.location import Location
    from tests.event_loop import Aio

# What a developer's session says of screens, styles and services; tests shall not hear of it.
_FORGOTTEN = (
    "CAPTAIN_PANEL_DB",
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_AUTO_SCREEN_SCALE_FACTOR",
    "QT_FONT_DPI",
    "QT_STYLE_OVERRIDE",
    "QT_QPA_PLATFORMTHEME",
    "QT_IM_MODULE",
    "XMODIFIERS",
    "WAYLAND_DISPLAY",
    "SESSION_MANAGER",
)
_XDG_FOLDERS = ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR")
_desktop = pytest.StashKey[VirtualDesktop]()
_folder = pytest.StashKey[Path]()
_failed = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything touches Qt: a desktop and empty folders, and the environment says so."""
    # WORKAROUND(python3-xlib 0.15): it leaves the authority file open; remove when it does not.
    config.addinivalue_line("filterwarnings", "ignore:unclosed file .*[aA]uthority:ResourceWarning")
    if _only_distributes(config):
        return
    # As in the program, garbage is collected in Qt's thread only: see panel.session.collecting.
    gc.disable()
    desktop = VirtualDesktop()
    try:
        desktop.start()
    except EnvironmentFault as fault:
        raise pytest.UsageError(str(fault)) from None
    config.stash[_desktop] = desktop
    folder = Path(tempfile.mkdtemp(prefix="captain-panel-tests-"))
    config.stash[_folder] = folder
    for name in _FORGOTTEN:
        os.environ.pop(name, None)
    for name in _XDG_FOLDERS:
        place = folder / name.lower()
        place.mkdir(mode=0o700)
        os.environ[f"XDG_{name}"] = str(place)
    os.environ.update(
        desktop.environment,
        HOME=str(folder),
        CAPTAIN_PANEL_HOME=str(folder / "panel"),
        QT_QPA_PLATFORM="xcb",
        NO_AT_BRIDGE="1",
        LC_ALL="C.UTF-8",
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    if (desktop := config.stash.get(_desktop, None)) is not None:
        desktop.stop()
    if (folder := config.stash.get(_folder, None)) is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _only_distributes(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput") and config.getoption("dist", "no") != "no"


def pytest_itemcollected(item: pytest.Item) -> None:
    """A coroutine test needs a loop, whether it names the fixture or not."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.fixturenames.append("aio")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs coroutine tests on the test's qasync loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    aio = cast("Aio", pyfuncitem.funcargs["aio"])
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    aio.run(pyfuncitem.obj(**arguments), seconds=110)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that passed but left windows or threads behind."""
    from tests.leaks import Leaks

    leaks = Leaks()
    yield
    found = leaks.found()
    if found and not request.node.stash.get(_failed, False):
        pytest.fail("left behind: " + "; ".join(found))


@pytest.fixture(scope="session")
def desktop(pytestconfig: pytest.Config) -> VirtualDesktop:
    """The desktop of this worker, which DISPLAY names already."""
    return pytestconfig.stash[_desktop]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["captain-panel", "-style", "fusion"]


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application as panel.app sets it up, for pytest-qt's fixtures too."""
    qapp.setQuitOnLastWindowClosed(False)
    qapp.setApplicationName("captain-panel")
    return qapp


@pytest.fixture
def aio(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Aio]:
    """This test's asyncio loop on Qt's; coroutine tests run on it by themselves."""
    from tests.event_loop import Aio

    loop = Aio(qapp)
    yield loop
    problems = loop.close()
    if problems and not request.node.stash.get(_failed, False):
        pytest.fail("left behind: " + "; ".join(problems))


@pytest.fixture
def panel_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own, named by CAPTAIN_PANEL_HOME; it does not exist yet."""
    home = tmp_path / "panel-home"
    monkeypatch.setenv("CAPTAIN_PANEL_HOME", str(home))
    return home


@pytest.fixture
def location(tmp_path: Path) -> Location:
    """Where this test's database would be; nothing is there yet."""
    from panel.store.location import parse_location

    return parse_location(str(tmp_path / "panel.db"), {})
