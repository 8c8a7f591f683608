"""What commands ask of the desktop; panel.screen answers, panel.app puts the two together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from panel.core.geometry import Point, Rect, ScreenLayout
from panel.core.target import AnchorPolicy, Proof, Target, TargetCheck, TargetKind, WindowInfo


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What a person decided about a target; None leaves it to the program's preset.

    The rectangles are relative to the window's client area. `window_id` is the window that the
    person saw at the point; without it the one that is there now is taken.
    """

    agent_id: str
    kind: TargetKind
    point: Point
    policy: AnchorPolicy | None = None
    proof: Proof | None = None
    paste_key: str | None = None
    submit_key: str | None = None
    anchor_size: tuple[int, int] | None = None
    anchor_rect: Rect | None = None
    composer_rect: Rect | None = None
    title_rule: str | None = None
    window_id: int | None = None
    urgent_submit_key: str | None = None
    longest_paste: int | None = None


class Desktop(Protocol):
    """Looks at windows and pixels. Only `activate` raises a window, only `calibrate` clicks.

    Every method raises EnvironmentFault when there is no usable display.
    """

    async def layout(self) -> ScreenLayout:
        """The screens that are plugged in now."""

    async def windows(self) -> list[WindowInfo]:
        """All top-level windows that a person could see, topmost first."""

    async def window_at(self, point: Point) -> WindowInfo | None:
        """The topmost window that shows this native pixel; None is the bare desktop."""

    async def calibrate(self, request: CalibrationRequest) -> Target:
        """A target from what stands at the point now: identity, anchor, composer and empty looks.

        Raises the window and clicks the point once, to learn how the empty composer looks with the
        focus; the person who asks for it has seen that the composer is empty. Takes about 2 s.
        Raises CommandError (field x, y, anchor …) when that point cannot be a target.
        """

    async def check_all(self, targets: Sequence[Target]) -> list[TargetCheck]:
        """Whether these targets could be used now; give all of them that there are.

        A window that belongs to one agent's target is never taken for another agent's.
        """

    async def activate(self, window_id: int) -> bool:
        """Brings a window to the front; True when it has become the active one."""
