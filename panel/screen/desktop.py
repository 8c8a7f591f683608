"""The desktop as commands see it: core.desktop.Desktop over the driver's thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from panel.core.desktop import CalibrationRequest, Finding
from panel.core.errors import NotDoneError
from panel.core.geometry import Point, ScreenLayout
from panel.core.target import Reason, ReasonCode, Target, TargetCheck, WindowInfo
from panel.screen.calibration import Calibrator
from panel.screen.check import check_target, desktop_reason, find_window
from panel.screen.finding import distance, find_place, moved_target, surroundings
from panel.screen.fingerprint import decode_png, encode_png
from panel.screen.grab import ScreenCamera
from panel.screen.standing import Pasted, stands
from panel.screen.windows import WindowSystem
from panel.screen.worker import DesktopThread


@dataclass(frozen=True, slots=True)
class Hand:
    """What touches the pointer, in the driver's thread. `move` puts it on a native pixel;
    `try_click` is Desktop.try_click."""

    move: Callable[[Point], None]
    try_click: Callable[[Target, frozenset[int]], TargetCheck]


class ThreadedDesktop:
    """Makes every call in the driver's thread. `layout` and `locked` are asked in any thread."""

    def __init__(
        self,
        thread: DesktopThread,
        system: WindowSystem,
        camera: ScreenCamera,
        calibrator: Calibrator,
        layout: Callable[[], ScreenLayout],
        locked: Callable[[], bool],
        hand: Hand,
    ) -> None:
        self._thread = thread
        self._system = system
        self._camera = camera
        self._calibrator = calibrator
        self._layout = layout
        self._hand = hand
        self._locked = locked

    async def layout(self) -> ScreenLayout:
        return self._layout()

    async def windows(self) -> list[WindowInfo]:
        return await self._thread.run(self._system.windows)

    async def window_at(self, point: Point) -> WindowInfo | None:
        return await self._thread.run(self._system.window_at, point)

    async def calibrate(self, request: CalibrationRequest) -> Target:
        return await self._thread.run(
            self._calibrator.calibrate, request, self._layout(), self._camera.desktop
        )

    async def check(self, target: Target, others: Collection[int] = frozenset()) -> TargetCheck:
        return await self._thread.run(self._check, target, others)

    async def check_all(self, targets: Sequence[Target]) -> list[TargetCheck]:
        """All of them in turn; a window that belongs to one target is never taken for another."""
        return [await self.check(target, windows_of_others(target, targets)) for target in targets]

    async def picture(self, window_id: int) -> bytes | None:
        return await self._thread.run(self._picture, window_id)

    async def snapshot(self, target: Target) -> bytes | None:
        return await self._thread.run(self._snapshot, target)

    async def find(self, target: Target) -> Finding | None:
        return await self._thread.run(self._find, target)

    async def try_click(self, target: Target, others: Collection[int]) -> TargetCheck:
        return await self._thread.run(self._hand.try_click, target, frozenset(others))

    async def text_stands(
        self, target: Target, others: Collection[int], pasted: bytes, ready: bytes | None
    ) -> Reason | None:
        return await self._thread.run(self._text_stands, target, others, pasted, ready)

    async def point_at(self, target: Target) -> TargetCheck:
        return await self._thread.run(self._point_at, target)

    def _check(self, target: Target, others: Collection[int] = frozenset()) -> TargetCheck:
        return check_target(
            target,
            self._system,
            self._camera,
            self._camera.desktop,
            others,
            layout=self._layout(),
            locked=self._locked(),
        )

    def _picture(self, window_id: int) -> bytes | None:
        window = self._system.describe(window_id)
        if window is None or window.minimised:
            return None
        pixels = self._camera.grab(window.rect)
        return encode_png(pixels) if pixels.size else None

    def _snapshot(self, target: Target) -> bytes | None:
        window = find_window(target, self._system).window
        if window is None or window.minimised or target.composer is None:
            return None
        pixels = self._camera.grab(surroundings(target.composer, window.rect))
        return encode_png(pixels) if pixels.size else None

    def _find(self, target: Target) -> Finding | None:
        unusable = desktop_reason(self._camera.desktop, locked=self._locked())
        if unusable is not None:
            raise NotDoneError(str(unusable))
        sight = find_window(target, self._system)
        if sight.window is None:
            raise NotDoneError(str(sight.reason))
        if not self._system.activate(sight.window.identity.window_id):
            raise NotDoneError(f"“{sight.window.identity.title}” cannot be brought to the front.")
        window = self._system.describe(sight.window.identity.window_id) or sight.window
        picture = self._camera.grab(window.rect)
        if picture.shape[:2] != (window.rect.height, window.rect.width):
            raise NotDoneError("The window reaches out of the screens. Move it onto one.")
        place = find_place(target, picture)
        if place is None or target.offset is None:
            return None
        found = moved_target(target, place, window, picture)
        then = target.looks[0].png if target.looks else None
        now = self._camera.grab(surroundings(place.composer, window.rect))
        return Finding(
            found,
            window,
            found.point,
            distance(target.offset, place.offset),
            then,
            encode_png(now),
            target.anchor is None or place.anchor is not None,
        )

    def _text_stands(
        self, target: Target, others: Collection[int], pasted: bytes, ready: bytes | None
    ) -> Reason | None:
        verdict = self._check(target, others)
        if verdict.reasons and not (verdict.valid and verdict.visible):
            return verdict.reasons[0]
        if verdict.window is None or target.composer is None:
            return Reason(ReasonCode.NO_TARGET, "Its box is not known any more.")
        kept = Pasted(decode_png(pasted), None if ready is None else decode_png(ready))
        return stands(target, verdict.window.rect, self._camera, kept, focused=False)

    def _point_at(self, target: Target) -> TargetCheck:
        verdict = self._check(target)
        if verdict.valid and verdict.point is not None:
            self._hand.move(verdict.point)
        return verdict

    async def activate(self, window_id: int) -> bool:
        return await self._thread.run(self._system.activate, window_id)


def windows_of_others(target: Target, targets: Sequence[Target]) -> frozenset[int]:
    """The window ids bound to other agents' targets."""
    return frozenset(
        other.window.window_id
        for other in targets
        if other.window is not None and other.agent_id != target.agent_id
    )
