"""What commands ask of the desktop; panel.screen answers, panel.app puts the two together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from panel.core.geometry import Point, Rect, ScreenLayout
from panel.core.target import (
    AnchorPolicy,
    Picture,
    Proof,
    Reason,
    Target,
    TargetCheck,
    TargetKind,
    WindowInfo,
)


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What a person decided about a target; None leaves it to the program's preset.

    The rectangles are relative to the window's client area. `window_id` is the window that the
    person saw at the point; without it the one that is there now is taken. With `empty_looks`,
    pictures of the same box when it was empty, text that stands in it now is refused.
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
    empty_looks: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a target that is no longer at its place seems to be now; a person has to accept it.

    `target` is the target as it would be stored. `then_png` and `now_png` show the box with its
    surroundings at calibration (None where no picture was kept) and now; `distance` is how far the
    point went within its window, in native pixels. Where `landmark_found` is false, the landmark is
    what stands now where it stood: the person has to see that it is the right conversation.
    """

    target: Target
    window: WindowInfo
    point: Point
    distance: float
    then_png: bytes | None
    now_png: bytes
    landmark_found: bool = True


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

    async def picture(self, window_id: int) -> bytes | None:
        """A PNG of what the screen shows where this window is; None when it shows nothing of it.

        Another window that lies above it is in the picture too.
        """

    async def snapshot(self, target: Target) -> bytes | None:
        """A PNG of the target's box with its surroundings as the screen shows them now."""

    async def find(self, target: Target) -> Finding | None:
        """Looks over the whole window for the landmark and the box; None when they are not there.

        Raises the window, clicks nothing. Raises NotDoneError when the window cannot be known.
        """

    async def text_stands(
        self, target: Target, others: Collection[int], pasted: bytes, ready: bytes | None
    ) -> Reason | None:
        """None while the box looks as in the PNG that was kept when our text had been pasted, but
        for the caret; otherwise why not, or why it cannot be seen now. Nothing is raised."""

    async def point_at(self, target: Target) -> TargetCheck:
        """Moves the pointer to where a click would go now, without clicking ("dry run").

        The verdict says why it did not, when it did not.
        """

    async def try_click(self, target: Target, others: Collection[int]) -> TargetCheck:
        """Clicks there after all checks of a delivery and types nothing ("test click").

        Valid when the target's window took the focus. `others` are windows of other agents.
        """
