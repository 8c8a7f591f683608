"""Windows that are not ours, and an operator with hands of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from PySide6.QtWidgets import QApplication

from panel.screen.virtual import VirtualDesktop
from tests.desktop.chromium import ChatOptions, Chromium, ChromiumAgent
from tests.desktop.ground_truth import PlainWindow, XtermAgent
from tests.desktop.hands import Operator
from tests.desktop.wm import Geometry

PARKED = (1599, 899)


class OpenXterm(Protocol):
    """XtermAgent.open without its first two arguments."""

    def __call__(self, agent: str = ..., **options: Any) -> XtermAgent: ...


class OpenWindow(Protocol):
    """PlainWindow.open without its first two arguments."""

    def __call__(self, title: str = ..., **options: Any) -> PlainWindow: ...


class OpenChat(Protocol):
    """A chat with ChatOptions' fields as keywords."""

    def __call__(
        self, agent: str = ..., *, geometry: Geometry = ..., **options: Any
    ) -> ChromiumAgent: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture(autouse=True)
def plain_style() -> Iterator[None]:
    """A test that opened the program's own window leaves no style sheet behind."""
    yield
    application = QApplication.instance()
    if isinstance(application, QApplication) and application.styleSheet():
        application.setStyleSheet("")


@pytest.fixture(scope="session")
def _operator(desktop: VirtualDesktop) -> Iterator[Operator]:
    person = Operator()
    yield person
    person.close()


@pytest.fixture
def operator(_operator: Operator) -> Iterator[Operator]:
    """The person at this desktop. Fails the test that leaves a key down."""
    _operator.move(*PARKED)
    yield _operator
    down = _operator.release_all()
    _operator.move(*PARKED)
    if down:
        pytest.fail(f"keys left down (codes {down}): release what was pressed, also after errors")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Closes windows at the end of a test, the last one first."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_xterm(operator: Operator, opened: ExitStack, tmp_path: Path) -> OpenXterm:
    """`open_xterm("Agent-1", title=…, at=(x, y), cells=(80, 20), clipboard_key=False)`."""
    folder = tmp_path / "terminals"
    folder.mkdir()

    def open_one(agent: str = "Agent-1", **options: Any) -> XtermAgent:
        terminal = XtermAgent.open(operator, folder, agent, **options)
        opened.callback(terminal.close)
        return terminal

    return open_one


@pytest.fixture
def open_window(operator: Operator, opened: ExitStack, tmp_path: Path) -> OpenWindow:
    """`open_window("Cover", geometry=(x, y, w, h), above=False, override_redirect=False)`."""
    folder = tmp_path / "windows"
    folder.mkdir()

    def open_one(title: str = "Something else", **options: Any) -> PlainWindow:
        window = PlainWindow.open(operator, folder, title, **options)
        opened.callback(window.close)
        return window

    return open_one


@pytest.fixture(scope="session")
def chromium(desktop: VirtualDesktop) -> Iterator[Chromium]:
    """One browser for the whole run; it starts with its first window."""
    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture
def open_chat(operator: Operator, opened: ExitStack, chromium: Chromium) -> OpenChat:
    """`open_chat("Agent-1", geometry=(x, y, w, h), draft=…, busy=…)`: see ChatOptions."""

    def open_one(
        agent: str = "Agent-1", *, geometry: Geometry = (100, 60, 420, 560), **options: Any
    ) -> ChromiumAgent:
        chat = chromium.open(operator, ChatOptions(agent=agent, **options), geometry)
        opened.callback(chat.close)
        return chat

    return open_one
