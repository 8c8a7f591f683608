"""The composition root: builds the parts, connects them, closes them in reverse order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication

from panel import __version__, cli
from panel.commands.context import Context
from panel.commands.registry import Needs
from panel.core.errors import EnvironmentFault
from panel.session.collecting import Collector
from panel.session.database import opened
from panel.store.location import Location, home_folder, make_folder, parse_location

NAME = "captain-panel"
TITLE = "Captain Panel"


def run_command(invocation: cli.Invocation) -> int:
    """Executes one command line; returns its exit code. Raises PanelError."""
    location = parse_location(invocation.db, os.environ)
    with _own_display(invocation.needs):
        graphical = bool(invocation.needs & (Needs.DESKTOP | Needs.DISPATCH | Needs.DEMO))
        fault = _display_fault(invocation.needs) if graphical else None
        graphical = graphical and fault is None
        return _run(lambda: _command(invocation, location, graphical, fault), graphical=graphical)


def run_window(db: str | None) -> int:
    """Opens the window and returns when it is closed. Raises PanelError."""
    location = parse_location(db, os.environ)
    _prepare_display()

    async def main() -> int:
        from panel.session.window import run

        return await run(location)

    return _run(main, graphical=True)


async def _command(
    invocation: cli.Invocation,
    location: Location,
    graphical: bool,
    fault: EnvironmentFault | None,
) -> int:
    needs = invocation.needs
    async with contextlib.AsyncExitStack() as stack:
        store = None
        if needs & (Needs.STORE | Needs.EXISTING | Needs.DISPATCH):
            create = not needs & Needs.EXISTING
            store = await stack.enter_async_context(opened(location, create=create))
        context = Context(store, location=location, no_display=fault)
        if graphical:
            from panel.session.desk import on_desktop

            context = await stack.enter_async_context(on_desktop(store, location))
            if store is not None and needs & Needs.DISPATCH:
                from panel.session.answering import collecting

                await stack.enter_async_context(collecting(store))
        return await cli.execute(invocation, context, sys.stdout, sys.stderr)


def _display_fault(needs: Needs) -> EnvironmentFault | None:
    """Why the display that these needs ask for cannot be used; raised where nothing is left to do.

    Queueing and pausing work without a display; what does not says so where it is asked.
    """
    try:
        _prepare_display()
    except EnvironmentFault as fault:
        if needs & Needs.DISPATCH and not needs & Needs.DESKTOP:
            return fault
        raise
    return None


def _prepare_display() -> None:
    """EnvironmentFault when Qt could not open a window: it would end the process."""
    if not sys.platform.startswith("linux"):
        return
    from panel.screen.x11 import connect, prepare_authority

    folder = home_folder(os.environ)
    make_folder(folder)
    prepare_authority(folder)
    connect().close()


@contextlib.contextmanager
def _own_display(needs: Needs) -> Iterator[None]:
    """For the demo, a display of its own where there is none."""
    if not needs & Needs.DEMO or os.environ.get("DISPLAY"):
        yield
        return
    from panel.screen.virtual import VirtualDesktop

    with VirtualDesktop() as desktop:
        os.environ.update(desktop.environment)
        yield


def _run(work: Callable[[], Coroutine[Any, Any, int]], *, graphical: bool) -> int:
    """Runs to the end on Qt's loop, or on a plain one where nothing is shown."""
    QCoreApplication.setApplicationName(NAME)
    QCoreApplication.setApplicationVersion(__version__)
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if graphical:
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if sys.platform.startswith("linux") else "")
        from PySide6.QtWidgets import QApplication
        from qasync import QEventLoop

        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(application, QApplication)
        application.setApplicationDisplayName(TITLE)
        application.setQuitOnLastWindowClosed(False)
        application.setStyle("Fusion")

        def factory() -> asyncio.AbstractEventLoop:
            loop: asyncio.AbstractEventLoop = QEventLoop(application)
            return loop
    elif QCoreApplication.instance() is None:
        _keep.append(QCoreApplication(sys.argv[:1]))
    with asyncio.Runner(loop_factory=factory) as runner:
        collector = Collector()
        try:
            return runner.run(_until_signalled(work()))
        finally:
            collector.close()


_keep: list[QCoreApplication] = []
"""Qt's application object must outlive every use of QtSql."""


async def _until_signalled(work: Coroutine[Any, Any, int]) -> int:
    """Cancels the work on SIGINT and SIGTERM, so that everything closes in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    received: list[int] = []

    def cancel(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, cancel, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        return 130 if received[0] == signal.SIGINT else 128 + received[0]
