"""A desktop and a dispatcher without windows, for tests of the commands that ask them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from panel.core.desktop import CalibrationRequest, Finding
from panel.core.dispatching import DrainResult
from panel.core.errors import CommandError, EnvironmentFault
from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import (
    AnchorPolicy,
    Picture,
    Proof,
    Reason,
    ReasonCode,
    Target,
    TargetCheck,
    TargetKind,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)

LAYOUT = ScreenLayout((Screen("left", Rect(0, 0, 1920, 1080)),))


def identity(window_id: int = 11, title: str = "repo-1") -> WindowIdentity:
    return WindowIdentity(window_id, 4711, 99, "Code", title)


def target(agent_id: str, x: int = 100, y: int = 200, window_id: int = 11) -> Target:
    return Target(
        agent_id=agent_id,
        kind=TargetKind.CHAT,
        point=Point(x, y),
        status=TargetStatus.CONFIRMED,
        offset=Point(x, y),
        window=identity(window_id),
        window_size=(800, 600),
        layout=LAYOUT,
        composer=Rect(x - 50, y - 10, 100, 20),
        anchor=Picture(Rect(0, 0, 4, 4), b"anchor"),
        looks=(Picture(Rect(0, 0, 4, 4), b"look"),),
    )


class Desk:
    """Every window is where it was calibrated, unless `broken` names its agent."""

    def __init__(self) -> None:
        self.broken: dict[str, Reason] = {}
        self.activated: list[int] = []
        self.checked: list[int] = []
        self.raises = True
        self.screens = LAYOUT
        self.open: list[WindowInfo] = []

    async def layout(self) -> ScreenLayout:
        return self.screens

    async def windows(self) -> list[WindowInfo]:
        return list(self.open)

    async def window_at(self, point: Point) -> WindowInfo | None:
        return None

    async def calibrate(self, request: CalibrationRequest) -> Target:
        if LAYOUT.screen_at(request.point) is None:
            raise CommandError("x", "takes a point on a screen")
        made = target(request.agent_id, request.point.x, request.point.y)
        return replace(
            made,
            kind=request.kind,
            policy=request.policy or AnchorPolicy.STRICT,
            proof=request.proof or Proof.COMPOSER,
            submit_key=request.submit_key or "enter",
        )

    async def check_all(self, targets: Sequence[Target]) -> list[TargetCheck]:
        self.checked.append(len(targets))
        return [self._check(each) for each in targets]

    async def activate(self, window_id: int) -> bool:
        self.activated.append(window_id)
        return self.raises

    async def picture(self, window_id: int) -> bytes | None:
        return None

    async def snapshot(self, target: Target) -> bytes | None:
        return None

    async def find(self, target: Target) -> Finding | None:
        return None

    async def try_click(self, target: Target, others: Collection[int]) -> TargetCheck:
        return self._check(target)

    async def text_stands(
        self, target: Target, others: Collection[int], pasted: bytes, ready: bytes | None
    ) -> Reason | None:
        return self.broken.get(target.agent_id)

    async def point_at(self, target: Target) -> TargetCheck:
        return self._check(target)

    def _check(self, one: Target) -> TargetCheck:
        reason = self.broken.get(one.agent_id)
        if reason is not None:
            return TargetCheck(one.agent_id, one.kind, False, False, (reason,))
        assert one.window is not None
        info = WindowInfo(one.window, Rect(0, 0, 800, 600))
        return TargetCheck(one.agent_id, one.kind, True, True, window=info, point=one.point)


class Post:
    """A dispatcher whose `deliver` is what draining does."""

    def __init__(self, deliver: Callable[[Collection[str]], Awaitable[None]]) -> None:
        self.deliver = deliver
        self.held_by: str | None = None
        self.display = True
        self.drained: list[Collection[str] | None] = []
        self.limits: list[int | None] = []
        self.result = DrainResult()

    def holder(self) -> str | None:
        if not self.display:
            raise EnvironmentFault("There is no display.")
        return self.held_by

    async def drain(
        self,
        *,
        only: Collection[str] | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> DrainResult:
        self.drained.append(only)
        self.limits.append(limit)
        await self.deliver(only or ())
        return self.result

    async def run(self, *, limit: int | None = None) -> DrainResult:
        self.limits.append(limit)
        return self.result


GONE = Reason(ReasonCode.WINDOW_GONE, "Its window is closed.", "Open it again.")
