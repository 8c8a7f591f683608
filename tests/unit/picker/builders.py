"""Windows and screens for the picker's tests."""

from __future__ import annotations

from panel.core.geometry import Rect, Screen, ScreenLayout
from panel.core.target import WindowIdentity, WindowInfo

OWN_PID = 4711
LAYOUT = ScreenLayout(
    (
        Screen("left", Rect(0, 0, 1920, 1080), 1.0),
        Screen("right", Rect(1920, 0, 3840, 2160), 2.0),
    )
)


def window(
    window_id: int,
    rect: Rect,
    *,
    pid: int | None = 900,
    title: str = "repo-3",
    minimised: bool = False,
) -> WindowInfo:
    identity = WindowIdentity(window_id, pid, 1, "Cursor", title)
    return WindowInfo(identity, rect, minimised=minimised, program="cursor")


FRONT = window(1, Rect(100, 100, 400, 300), title="front")
BACK = window(2, Rect(0, 0, 1000, 900), title="back")
OURS = window(3, Rect(1200, 0, 600, 600), pid=OWN_PID, title="Captain Panel")
