"""The desktop as commands see it: core.desktop.Desktop over the driver's thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from panel.core.desktop import CalibrationRequest
from panel.core.geometry import Point, ScreenLayout
from panel.core.target import Target, TargetCheck, WindowInfo
from panel.screen.calibration import Calibrator
from panel.screen.check import check_target
from panel.screen.grab import ScreenCamera
from panel.screen.windows import WindowSystem
from panel.screen.worker import DesktopThread


class ThreadedDesktop:
    """Makes every call in the driver's thread. `layout` is asked in the caller's (Qt's) thread."""

    def __init__(
        self,
        thread: DesktopThread,
        system: WindowSystem,
        camera: ScreenCamera,
        calibrator: Calibrator,
        layout: Callable[[], ScreenLayout],
    ) -> None:
        self._thread = thread
        self._system = system
        self._camera = camera
        self._calibrator = calibrator
        self._layout = layout

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
        return await self._thread.run(
            check_target, target, self._system, self._camera, self._camera.desktop, others
        )

    async def check_all(self, targets: Sequence[Target]) -> list[TargetCheck]:
        """All of them in turn; a window that belongs to one target is never taken for another."""
        return [await self.check(target, windows_of_others(target, targets)) for target in targets]

    async def activate(self, window_id: int) -> bool:
        return await self._thread.run(self._system.activate, window_id)


def windows_of_others(target: Target, targets: Sequence[Target]) -> frozenset[int]:
    """The window ids bound to other agents' targets."""
    return frozenset(
        other.window.window_id
        for other in targets
        if other.window is not None and other.agent_id != target.agent_id
    )
