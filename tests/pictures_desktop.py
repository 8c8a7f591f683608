"""The pictures of the whole desktop: the panel beside its agents, and the picker over them."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from panel.commands import messages
from panel.commands.context import Context
from panel.core.geometry import Point, Rect
from panel.core.message import Draft
from panel.core.target import TargetKind
from panel.demo.run import calibrate_all
from panel.demo.swarm import DemoSwarm, DemoWindow
from panel.picker.picking import pick
from panel.picker.values import PickRequest, PickSources
from panel.screen import pixels
from panel.screen.fingerprint import changed, encode_png
from panel.session.calibrating import boxes, judge, propose, suggest
from panel.session.database import opened
from panel.session.desk import Desk, make_dispatcher
from panel.store import settings
from panel.store.location import parse_location
from panel.ui.services import DispatcherView, WindowServices
from panel.ui.theme import Theme
from panel.ui.window import MainWindow

# Each for a swarm of one, which centres its window.
_PLACES = {
    "Agent-1": Rect(1080, 0, 520, 350),
    "Agent-2": Rect(1080, 325, 520, 350),
    "Agent-3": Rect(1080, 650, 520, 350),
}
_ON_WORDS = Point(58, 10)  # for the loupe: letters are more to look at than an empty box
_PANEL = Rect(20, 46, 1050, 890)
_SAID = (
    ("Agent-1", "Good morning. Read the plan and say what is unclear."),
    ("Agent-2", "Good morning. Read the plan and say what is unclear."),
    ("Agent-3", "Good morning. Read the plan and say what is unclear."),
    ("Agent-2", "Review the pull request of Agent-1.\nSay what you would change first."),
    ("Agent-3", "Write the release notes for 2.4, in German too: “Grüße aus Köln” 🎉"),
    ("Agent-1", "Please rebase onto main and run the whole suite before you go on."),
)


async def photograph_desktop(theme: Theme, folder: Path, made: Path) -> None:
    """Writes desktop-light.png, picker-point.png and picker-frames.png into `folder`."""
    location = parse_location(str(made / "desktop.db"), {})
    async with opened(location) as store, contextlib.AsyncExitStack() as stack:
        await store.write(lambda tx: settings.set(tx, "operator_idle_ms", 0))
        desk = Desk()
        stack.push_async_callback(desk.close)
        dispatcher = make_dispatcher(store, desk)
        context = Context(store, desk.desktop, dispatcher)
        windows: list[DemoWindow] = []
        for name, place in _PLACES.items():
            swarm = DemoSwarm([name], made, place)
            await asyncio.to_thread(swarm.open)
            stack.callback(swarm.close)
            windows += swarm.windows
        await calibrate_all(context, windows)
        for name, text in _SAID:
            await messages.queue(context, [Draft(name, text)])
        await dispatcher.drain(timeout=60)
        window = MainWindow(context, theme, _services())
        window.setGeometry(_PANEL.x, _PANEL.y, _PANEL.width, _PANEL.height)
        window.tabs.setCurrentWidget(window.messages)
        window.show()
        await _save(desk, folder / "desktop-light.png")
        window.hide()
        await _photograph_picker(desk, windows[0], folder)
        await window.shut()
        window.deleteLater()


async def _photograph_picker(desk: Desk, agent: DemoWindow, folder: Path) -> None:
    sources = PickSources(
        pixels=pixels,
        windows=desk.desktop.windows,
        propose=propose,
        judge_anchor=judge,
        suggest_anchor=suggest,
        boxes=boxes,
    )
    request = PickRequest(
        agent.agent_id, TargetKind.CHAT, start=agent.composer.top_left + _ON_WORDS
    )
    picking = asyncio.ensure_future(pick(request, sources))
    await _save(desk, folder / "picker-point.png")
    driver, run = desk.tools.driver, desk.thread.run
    await run(driver.press, "enter")
    await _save(desk, folder / "picker-frames.png")
    while not picking.done():
        await run(driver.press, "esc")
        await asyncio.sleep(0.2)


async def _save(desk: Desk, file: Path) -> None:
    """Photographs the whole desktop once it has changed and come to rest."""
    grab, whole = desk.tools.camera.grab, desk.tools.camera.desktop
    first = await desk.thread.run(grab, whole)
    last, still = first, 0
    for _look in range(60):
        await asyncio.sleep(0.1)
        frame = await desk.thread.run(grab, whole)
        still = still + 1 if changed(last, frame) < 200 else 0
        last = frame
        if still >= 4 and changed(first, frame) > 10_000:
            break
    await asyncio.to_thread(file.write_bytes, encode_png(last))
    print(f"docs/pictures/{file.name}")


def _services() -> WindowServices:
    async def nothing(_agent_id: str, _kind: TargetKind) -> None:
        return None

    return WindowServices(
        calibrate=nothing,
        dispatcher=lambda: DispatcherView(running=True, text="Sends from this window"),
        database="captain-panel.db",
    )
