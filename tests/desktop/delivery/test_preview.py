"""What the compose dialog shows is, byte for byte, what a window of another program receives."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from panel.commands import templates
from panel.ui.services import DispatcherView, WindowServices
from panel.ui.theme import Mode, Theme
from panel.ui.window import MainWindow
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.event_loop import Aio

TEXTS = (
    "plain",
    "/clear",
    "Grüße, 世界 🎉 {agent} {{x}}\n\tand a last @word",
    "  blanks around  ",
    "too long for this window " * 40,
)
LONGEST = 500


@pytest.mark.parametrize("hint", [False, True])
async def test_the_window_receives_what_the_preview_shows(
    aio: Aio, swarm: Swarm, open_chat: OpenChat, qapp: QApplication, hint: bool
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("reply_hint", hint)
    await swarm.store.write(
        lambda tx: tx.execute("UPDATE click_targets SET longest_paste = ?", LONGEST)
    )
    await templates.change(swarm.context, "header-c2a", "[{sender} to {agent}]")
    theme = Theme(qapp, Mode.LIGHT)

    async def nobody(*_arguments: object) -> None:
        """Nothing is calibrated here."""

    services = WindowServices(
        calibrate=nobody,
        dispatcher=lambda: DispatcherView(running=False, text="by hand"),
        database=str(Path("panel.db")),
    )
    window = MainWindow(swarm.context, theme, services)
    window.show()
    shown = []
    try:
        await aio.until(lambda: bool(window._overview.now.agents), "the overview")
        for text in TEXTS:
            window.compose(["Agent-1"], text)
            dialog = window.composing[-1]
            dialog.preview_button.click()
            await aio.until(lambda d=dialog: bool(d.preview.typed), "the preview")  # type: ignore[misc]
            shown.append(dialog.preview.area.toPlainText())
            dialog.send_button.click()
            await aio.until(lambda d=dialog: d.results.watching, "the queue")  # type: ignore[misc]
        window.showMinimized()
        done = await swarm.drain(30)
        assert done.delivered == len(TEXTS)
        assert chat.await_submitted(len(TEXTS)) == shown
    finally:
        await window.idle()
        await window.shut()
        window.deleteLater()
    assert shown[1].startswith("[captain to Agent-1] /clear ")
    assert all(("messages reply msg_" in text) is hint for text in shown[:-1])
    assert shown[-1].startswith("[captain to Agent-1] Read ")
    assert all(len(text) <= LONGEST for text in shown)
