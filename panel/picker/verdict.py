"""Whether a point may become a target: every check with its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panel.core.geometry import Point, Screen, ScreenLayout
from panel.core.target import WindowInfo
from panel.picker.values import BOX_WORDS, TakenPoint, WindowLookup

# Native pixels: nobody aims at two boxes that are closer together than this.
TAKEN_DISTANCE = 8


def lookup_in(windows: Sequence[WindowInfo]) -> WindowLookup:
    """The window under a point, from a list taken while nothing covered it (topmost first)."""
    shown = tuple(window for window in windows if not window.minimised and not window.rect.empty)

    def look(point: Point) -> WindowInfo | None:
        return next((window for window in shown if window.rect.contains(point)), None)

    return look


@dataclass(frozen=True, slots=True)
class Check:
    """One question about a point; `passed` None: it does not come up here."""

    passed: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is known of a point."""

    point: Point
    screen: Screen | None
    window: WindowInfo | None
    checks: tuple[Check, ...]

    @property
    def offset(self) -> Point | None:
        """The point relative to the window's client area."""
        return None if self.window is None else self.point - self.window.rect.top_left

    @property
    def valid(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def reason(self) -> str:
        """Why it cannot be taken; empty when it can."""
        return next((check.text for check in self.checks if check.passed is False), "")


class Judge:
    """Knows the surroundings of one pick. Pure: a point in, a verdict out."""

    def __init__(
        self,
        agent_id: str,
        layout: ScreenLayout,
        windows: Sequence[WindowInfo],
        taken: Sequence[TakenPoint] = (),
        own_pid: int | None = None,
    ) -> None:
        self.layout = layout
        self._agent_id = agent_id
        self._taken = tuple(taken)
        self._own_pid = own_pid
        self.windows: tuple[WindowInfo, ...] = ()
        self.see(windows)

    def see(self, windows: Sequence[WindowInfo]) -> None:
        """Takes a newer list of windows, topmost first."""
        self.windows = tuple(windows)
        self._window_at = lookup_in(windows)

    def verdict(self, point: Point) -> Verdict:
        screen = self.layout.screen_at(point)
        window = self._window_at(point) if screen is not None else None
        return Verdict(
            point,
            screen,
            window,
            (
                self._on_a_screen(screen),
                self._in_a_window(screen, window),
                self._not_ours(window),
                self._not_taken(point, window),
            ),
        )

    def _on_a_screen(self, screen: Screen | None) -> Check:
        if screen is None:
            return Check(False, "No screen shows this point.")
        return Check(True, "On a screen")

    def _in_a_window(self, screen: Screen | None, window: WindowInfo | None) -> Check:
        if screen is None:
            return Check(None, "In a window")
        if window is None:
            return Check(False, "This is the bare desktop: no window is here.")
        return Check(True, "In a window")

    def _not_ours(self, window: WindowInfo | None) -> Check:
        if window is None:
            return Check(None, "Not this panel")
        if self._own_pid is not None and window.identity.pid == self._own_pid:
            return Check(False, "This is the panel itself. Choose the agent's window.")
        return Check(True, "Not this panel")

    def _not_taken(self, point: Point, window: WindowInfo | None) -> Check:
        if window is None:
            return Check(None, "No other agent's box")
        for other in self._taken:
            if other.agent_id == self._agent_id:
                continue
            if other.window_id is not None and other.window_id != window.identity.window_id:
                continue
            away = other.point - point
            if max(abs(away.x), abs(away.y)) <= TAKEN_DISTANCE:
                return Check(False, f"This is already {other.agent_id}'s {BOX_WORDS[other.kind]}.")
        return Check(True, "No other agent's box")
