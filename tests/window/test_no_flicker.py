"""No part of the window shows itself as a window of its own, not even for a moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget

from panel.ui.agent_form import AgentForm
from panel.ui.import_dialog import ImportDialog
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window

_FLEETING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class Shown(QObject):
    """Notes every widget that is shown as a window; keeps names, not widgets."""

    def __init__(self) -> None:
        super().__init__()
        self.strays: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched.windowType() not in _FLEETING
            and not isinstance(watched, QMainWindow | QDialog | QMenu)
        ):
            self.strays.append(f"{type(watched).__name__} {watched.objectName()!r}")
        return False


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    """Watches from before the window is made; the test fails at its end for what it saw."""
    watch = Shown()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)
    assert watch.strays == []


async def test_opening_the_window_shows_one_window(
    aio: Aio, shown: Shown, panel_window: Opened
) -> None:
    window = panel_window.window
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
        await aio.until(lambda: window._page().model.ready, "the rows")
    for page in ("table", "targets", "cards"):
        window.agents.show_page(page)
    window.show_drawer(True)
    await window.idle()


async def test_an_empty_window_shows_one_window(
    aio: Aio, shown: Shown, empty_window: Opened
) -> None:
    window = empty_window.window
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
    await window.idle()


async def test_writing_shows_one_dialog(aio: Aio, shown: Shown, panel_window: Opened) -> None:
    window = panel_window.window
    await aio.until(lambda: bool(window._overview.now.agents), "the overview")
    window.compose(["Agent-1", "Agent-5"], "text")
    (dialog,) = window.composing
    dialog.form.show_more(True)
    dialog.form.to_field.set_names(["Nobody"])
    dialog.send_button.click()
    dialog.preview_button.click()
    dialog.preview_button.click()
    dialog.form.to_field.set_names(["Agent-1"])
    dialog.send_button.click()
    await aio.until(lambda: dialog.results.watching, "the results")
    await window.idle()
    dialog.discard()


async def test_forms_show_one_dialog(aio: Aio, shown: Shown, panel_window: Opened) -> None:
    window = panel_window.window
    await aio.until(lambda: bool(window._overview.now.agents), "the overview")
    window._actions.add_agent()
    window._actions.edit_agent("Agent-2")
    forms = window.findChildren(AgentForm)
    assert len(forms) == 2
    forms[0].save_button.click()
    window._actions.import_agents()
    await window.idle()
    for dialog in [*forms, *window.findChildren(ImportDialog)]:
        dialog.close()
