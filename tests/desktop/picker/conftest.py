"""What every test of the picker needs: eyes on X, and an agent's window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from panel.screen.virtual import VirtualDesktop
from panel.screen.x11 import X11Windows
from tests.desktop.conftest import OpenWindow
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.picker.picks import AGENT_WINDOW, BLUE


@pytest.fixture
def system(desktop: VirtualDesktop) -> Iterator[X11Windows]:
    system = X11Windows()
    yield system
    system.close()


@pytest.fixture
def agent_window(open_window: OpenWindow) -> PlainWindow:
    return open_window("Agent-3 chat", geometry=AGENT_WINDOW, color=BLUE)
