"""What the picker is asked, what it asks of others, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QScreen

from panel.core.geometry import Point, Rect, Screen
from panel.core.target import Proof, Reason, TargetKind, WindowInfo

BOX_WORDS = {TargetKind.CHAT: "chat box", TargetKind.ONBOARDING: "new-chat box"}


@dataclass(frozen=True, slots=True)
class PickRequest:
    """Whose box is wanted. `position` is (3, 8) in a run through eight agents.

    `start` is where the cursor stands at first; None is where the pointer is.
    """

    agent_id: str
    kind: TargetKind = TargetKind.CHAT
    position: tuple[int, int] | None = None
    start: Point | None = None

    @property
    def title(self) -> str:
        return f"{self.agent_id}, {BOX_WORDS[self.kind]}"


@dataclass(frozen=True, slots=True)
class TakenPoint:
    """A point that is a target already.

    The same pixel of two windows that lie over each other is two places: with `window_id` the
    point counts as taken only where that window is the one that shows it.
    """

    agent_id: str
    kind: TargetKind
    point: Point
    window_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What stood there when the picture was frozen.

    `picture` is the window's client area, one image pixel a native pixel, black where it lies off
    the screens. The overlay covers the desktop meanwhile, so a grab would show the overlay.
    """

    point: Point
    window: WindowInfo
    picture: QImage


@dataclass(frozen=True, slots=True)
class Proposal:
    """Frames proposed for a point, relative to the window's client area; reasons warn, not bar.

    With `proof` terminal the composer is the whole screen of the terminal and need not be empty.
    `needs_anchor`: it cannot be a target without one.
    """

    anchor: Rect | None = None
    composer: Rect | None = None
    reasons: tuple[Reason, ...] = ()
    proof: Proof = Proof.COMPOSER
    needs_anchor: bool = False


@dataclass(frozen=True, slots=True)
class PickResult:
    """The native pixel that a person chose, the window that showed it, and the frames (relative to
    its client area) that they agreed to. `confirmed_empty`: they said that the composer is empty.
    """

    point: Point
    window: WindowInfo
    anchor: Rect | None = None
    composer: Rect | None = None
    confirmed_empty: bool = False


class Pixels(Protocol):
    """Conversion and grabbing, as the module panel.screen.pixels does it."""

    def describe(self, screen: QScreen) -> Screen:
        """Name, native rectangle and scale."""

    def to_native(self, screen: QScreen, logical: QPointF) -> Point:
        """The native pixel of a global logical position."""

    def grab(self, screen: QScreen, rect: Rect | None = None) -> QImage:
        """What the screen (or that native part of it) shows now, in native pixels."""


WindowLookup = Callable[[Point], WindowInfo | None]
WindowList = Callable[[], Awaitable[Sequence[WindowInfo]]]
Propose = Callable[[Sight], Awaitable[Proposal]]
FindBoxes = Callable[[Sight], Awaitable[Sequence[Rect]]]
JudgeAnchor = Callable[[Sight, Rect, Rect | None], tuple[Reason, ...]]
SuggestAnchor = Callable[[Sight, Rect, Rect | None], Awaitable[Rect | None]]


@dataclass(frozen=True, slots=True)
class PickSources:
    """What the picker cannot know by itself.

    `windows` lists the windows, topmost first; it is asked before the overlay is shown and, in live
    mode, again and again. `propose` is asked for the frames once a point is taken; without it the
    pick ends with the point. `judge_anchor` says at once what is wrong with a landmark that was
    drawn (its last argument is the text box, which a landmark must leave free); `suggest_anchor`
    then looks for a place near it that would do. `boxes` finds the boxes that are drawn in a
    window, relative to its client area: places to snap to.
    `pointer_position` is the native pointer, asked once at the start: afterwards the events carry
    their own exact positions.
    """

    pixels: Pixels
    windows: WindowList
    taken: Sequence[TakenPoint] = ()
    propose: Propose | None = None
    judge_anchor: JudgeAnchor | None = None
    suggest_anchor: SuggestAnchor | None = None
    boxes: FindBoxes | None = None
    pointer_position: Callable[[], Point | None] = lambda: None
