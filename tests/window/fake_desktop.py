"""A desktop written by hand: windows in a list, pictures that are drawn, nothing of X."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from panel.commands.context import Context
from panel.core.clock import now
from panel.core.desktop import CalibrationRequest, Finding
from panel.core.errors import CommandError
from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import (
    Picture,
    Reason,
    ReasonCode,
    Target,
    TargetCheck,
    TargetKind,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)
from panel.store.database import Store
from panel.store.location import parse_location
from panel.ui.theme import Theme
from panel.ui.window import MainWindow
from tests.window.conftest import Opened, Outside
from tests.window.swarm import picture, pictures, swarm

SIZE = (400, 300)
BOX = Rect(60, 240, 280, 40)
OFFSET = Point(200, 260)
LAYOUT = ScreenLayout((Screen("one", Rect(0, 0, 1600, 900)),))
GONE = Reason(ReasonCode.WINDOW_GONE, "Its window is closed.", "Open it again.")


def window(number: int, *, title: str = "", at: tuple[int, int] | None = None) -> WindowInfo:
    """Window `number` of the program Cursor, at a place of its own."""
    x, y = at or (20 + 420 * (number % 3), 20 + 330 * (number // 3))
    identity = WindowIdentity(number, 4000 + number, 7, "Cursor", title or f"repo-{number}")
    return WindowInfo(identity, Rect(x, y, *SIZE), program="cursor")


def target_in(agent_id: str, info: WindowInfo, kind: TargetKind = TargetKind.CHAT) -> Target:
    """A confirmed target in that window."""
    return Target(
        agent_id,
        kind,
        info.rect.top_left + OFFSET,
        TargetStatus.CONFIRMED,
        offset=OFFSET,
        window=info.identity,
        window_size=SIZE,
        layout=LAYOUT,
        composer=BOX,
        anchor=Picture(Rect(0, 0, 200, 72), picture(agent_id, 200, 72)),
        looks=(Picture(BOX, picture("", BOX.width, BOX.height)),),
        calibrated_at=now(),
    )


@dataclass
class FakeDesktop:
    """Notes what was asked. A window's picture bears its title; a target is valid where its window
    is in the list and has its size, unless `wrong` names its agent."""

    listed: list[WindowInfo] = field(default_factory=list)
    wrong: dict[str, Reason] = field(default_factory=dict)
    found: dict[str, Finding | None] = field(default_factory=dict)
    activated: list[int] = field(default_factory=list)
    pointed: list[str] = field(default_factory=list)
    clicked: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    requests: list[CalibrationRequest] = field(default_factory=list)
    screens: ScreenLayout = LAYOUT
    gone: dict[str, Reason] = field(default_factory=dict)

    async def layout(self) -> ScreenLayout:
        return self.screens

    async def windows(self) -> list[WindowInfo]:
        return list(self.listed)

    async def window_at(self, point: Point) -> WindowInfo | None:
        return next((each for each in self.listed if each.rect.contains(point)), None)

    async def calibrate(self, request: CalibrationRequest) -> Target:
        info = next(
            (each for each in self.listed if each.identity.window_id == request.window_id), None
        )
        if info is None:
            raise CommandError("x", "no window is there")
        self.requests.append(request)
        return replace(target_in(request.agent_id, info, request.kind), point=request.point)

    async def check_all(self, targets: Sequence[Target]) -> list[TargetCheck]:
        return [self._check(each) for each in targets]

    def _check(self, target: Target) -> TargetCheck:
        blank = TargetCheck(target.agent_id, target.kind, False, False)
        ids = {each.identity.window_id: each for each in self.listed}
        info = ids.get(target.window.window_id) if target.window else None
        if target.agent_id in self.wrong:
            return replace(blank, window=info, reasons=(self.wrong[target.agent_id],))
        if info is None:
            return replace(blank, reasons=(GONE,))
        point = info.rect.top_left + OFFSET
        top = next(each for each in self.listed if each.rect.contains(point))
        return replace(blank, valid=True, visible=top is info, window=info, point=point)

    async def activate(self, window_id: int) -> bool:
        self.activated.append(window_id)
        raised = [each for each in self.listed if each.identity.window_id == window_id]
        self.listed = raised + [each for each in self.listed if each not in raised]
        return bool(raised)

    async def picture(self, window_id: int) -> bytes | None:
        titles = {each.identity.window_id: each.identity.title for each in self.listed}
        return picture(titles[window_id], *SIZE) if window_id in titles else None

    async def snapshot(self, target: Target) -> bytes | None:
        self.looked_at.append(target.agent_id)
        return picture(target.agent_id, BOX.width, BOX.height)

    async def find(self, target: Target) -> Finding | None:
        return self.found.get(target.agent_id)

    async def try_click(self, target: Target, others: Collection[int]) -> TargetCheck:
        self.clicked.append(target.agent_id)
        return self._check(target)

    async def text_stands(
        self, target: Target, others: Collection[int], pasted: bytes, ready: bytes | None
    ) -> Reason | None:
        return self.gone.get(target.agent_id)

    async def point_at(self, target: Target) -> TargetCheck:
        self.pointed.append(target.agent_id)
        return self._check(target)


Fill = Callable[[FakeDesktop], Sequence[Target]]


@asynccontextmanager
async def opened_on(
    folder: Path, theme: Theme, desktop: FakeDesktop, targets: Sequence[Target] = ()
) -> AsyncIterator[Opened]:
    """A main window over the swarm of eight, without targets but these, on that desktop."""
    from panel.store import targets as stored

    location = parse_location(str(folder / "panel.db"), {})
    store = await Store.open(location)
    drawn = pictures()

    def write(tx: object) -> None:
        from panel.store.connection import Transaction

        assert isinstance(tx, Transaction)
        swarm(drawn)(tx)
        for number in range(1, 9):
            stored.remove(tx, f"Agent-{number}", TargetKind.CHAT)
        for target in targets:
            stored.save(tx, target)

    try:
        await store.write(write)
        outside = Outside()
        made = MainWindow(Context(store, desktop), theme, outside.services(location.path))
        made.show()
        try:
            yield Opened(made, store, outside, theme)
        finally:
            await made.shut()
            made.deleteLater()
    finally:
        await store.close()
