"""Aiming at one target: every look and every key of a delivery, in the driver's thread.

The two proofs differ in what they look at: see `dispatch.proof`.
"""

from __future__ import annotations

import time
from dataclasses import replace

from panel.core.geometry import Point
from panel.core.message import CoordinateStatus
from panel.core.target import AnchorPolicy, Proof, Reason, ReasonCode, Target, WindowInfo
from panel.dispatch.courtesy import Surroundings, remember, restore, working
from panel.dispatch.proof import ComposerWatch, TerminalWatch
from panel.dispatch.tools import Limits, Tools
from panel.screen.check import anchor_reason, covered, find_window, place_reason, scale_reason
from panel.screen.process import terminal_program
from panel.screen.waiting import until


class Hold(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """The target is not ready; nothing was typed. `coordinates` is what the look at it said."""

    def __init__(
        self, reason: Reason, coordinates: CoordinateStatus = CoordinateStatus.BLOCKED
    ) -> None:
        super().__init__(reason.text)
        self.reason = reason
        self.coordinates = coordinates


class Aim:
    """The target of one delivery. `others` are windows of other agents, never taken for it."""

    def __init__(
        self, target: Target, tools: Tools, limits: Limits, others: frozenset[int]
    ) -> None:
        self._target = target
        self._tools = tools
        self._limits = limits
        self._others = others
        self._left_at: Point | None = None
        self._watched_since = 0.0
        self._popups: frozenset[int] = frozenset()
        self.struck = False
        self.window: WindowInfo | None = None
        self.point: Point | None = None
        self.warning: Reason | None = None
        kind = TerminalWatch if target.proof is Proof.TERMINAL else ComposerWatch
        self._watch: TerminalWatch | ComposerWatch = kind(target, tools.camera, limits)

    def remember(self) -> Surroundings:
        """The operator's pointer and window, before anything is touched; from here on every event
        of theirs is heard."""
        self._tools.ears.listen()
        return remember(self._tools.system)

    def make_ready(self) -> None:
        """Identity, front, on top, anchor, composer empty and still; Hold at the first no."""
        self._require_quiet()
        self._watched_since = time.monotonic()
        window = self._find()
        if not self._tools.system.activate(window.identity.window_id):
            raise Hold(
                Reason(
                    ReasonCode.CANNOT_RAISE,
                    f"“{window.identity.title}” cannot be brought to the front.",
                    "Go to its window.",
                )
            )
        window = self._tools.system.describe(window.identity.window_id) or window
        place = self._place_reason(window)
        if place is not None:
            raise Hold(place, CoordinateStatus.STALE)
        assert self._target.offset is not None
        self.window = window
        self.point = self._target.offset + window.rect.top_left
        self._require_on_top()
        self._require_program()
        self._require_no_popup()
        self._require_anchor()
        self._require_empty()

    def click(self) -> None:
        """Clicks the point and sees that the target has the focus. Raises Hold otherwise."""
        assert self.window is not None and self.point is not None
        system, driver = self._tools.system, self._tools.driver
        if self._tools.operator.acted_since(self._watched_since):
            raise Hold(working(), CoordinateStatus.VALID)
        driver.move(self.point)
        if system.pointer() != self.point:
            raise Hold(_pointer_moved())
        self._left_at = self.point
        self._require_on_top(0.0)
        driver.click()
        if not until(self._has_focus, self._limits.raise_seconds):
            raise Hold(
                Reason(ReasonCode.NO_FOCUS, "Its window did not take the focus after the click.")
            )
        self._require_empty()

    def press(self, chord: str) -> Reason | None:
        """Presses a chord if everything is still as it was; otherwise the reason, not pressed."""
        system = self._tools.system
        if not self._has_focus():
            return Reason(ReasonCode.NO_FOCUS, "Another window took the focus.")
        if system.pointer() != self.point:
            return _pointer_moved()
        down = self._await_release()
        if down:
            return Reason(ReasonCode.KEYS_DOWN, f"{' and '.join(down)} held down.")
        if self._tools.operator.acted_since(self._watched_since):
            return Reason(ReasonCode.OPERATOR_ACTIVE, "You typed or clicked meanwhile.")
        if self._popups_now() - self._popups:
            return Reason(ReasonCode.POPUP, "A menu or list of its program opened meanwhile.")
        if self._watch.before_press(self.window) is False:
            return Reason(ReasonCode.COMPOSER_NOT_EMPTY, "Its box changed meanwhile.")
        self.struck = True
        self._tools.driver.press(chord)
        return None

    def asked_by_target(self, requestor: int | None) -> bool:
        """Whether a receipt came from the program that owns the target's window."""
        if not self._tools.system.identifies:
            return True
        if self.window is None or requestor is None:
            return False
        client = self._tools.system.client_of
        return client(requestor) == client(self.window.identity.window_id)

    def wait_visible(self) -> bool:
        """The text has changed the composer (or the terminal), which is still again."""
        return self._watch.wait_visible(self.window)

    def wait_submitted(self) -> bool:
        """The target's proof after its submit key."""
        return self._watch.wait_submitted(self.window)

    def give_back(self, before: Surroundings) -> None:
        """The operator's window and pointer, as far as they did not move them themselves."""
        try:
            restore(before, self._tools.system, self._tools.driver, self._left_at)
        finally:
            self._tools.ears.rest()

    def _await_release(self) -> tuple[str, ...]:
        """What is still held down after a moment: a window manager that raises a window keeps the
        button of our own click down until it is done, and a person's tap is over soon."""
        system = self._tools.system
        until(lambda: not system.keys_down(), self._limits.release_seconds)
        return system.keys_down()

    def _require_quiet(self) -> None:
        self._await_release()
        disturbance = self._tools.operator.disturbance(self._limits.quiet_seconds)
        if disturbance is not None:
            raise Hold(disturbance, CoordinateStatus.PENDING)

    def _find(self) -> WindowInfo:
        sight = find_window(self._target, self._tools.system, self._others)
        if sight.window is None:
            assert sight.reason is not None
            raise Hold(sight.reason)
        self.window = sight.window
        return sight.window

    def _place_reason(self, window: WindowInfo) -> Reason | None:
        assert self._target.offset is not None
        point, tools = self._target.offset + window.rect.top_left, self._tools
        return scale_reason(self._target, point, tools.layout()) or place_reason(
            self._target, window, tools.camera.desktop
        )

    def _require_on_top(self, seconds: float | None = None) -> None:
        """Waits for the window to show at the point: raising takes the window manager a moment."""
        assert self.window is not None and self.point is not None
        wanted, point = self.window.identity.window_id, self.point
        system = self._tools.system

        def on_top() -> bool:
            top = system.window_at(point)
            return top is not None and top.identity.window_id == wanted

        wait = self._limits.raise_seconds if seconds is None else seconds
        if not until(on_top, wait):
            reason = covered(self._target, system.window_at(point))
            raise Hold(replace(reason, fix="Move what stays above it away."))

    def _require_no_popup(self) -> None:
        """An open menu would take our keys for its own."""
        assert self.window is not None
        self._popups = self._popups_now()
        described = (self._tools.system.describe(popup) for popup in self._popups)
        rect = self.window.rect
        if any(info and not info.rect.intersection(rect).empty for info in described):
            raise Hold(
                Reason(ReasonCode.POPUP, "A menu or list of its program is open.", "Close it."),
                CoordinateStatus.VALID,
            )

    def _popups_now(self) -> frozenset[int]:
        assert self.window is not None
        return self._tools.system.popups(self.window.identity.window_id)

    def _require_program(self) -> None:
        """In a terminal whose program is known, that program must be in the foreground."""
        wanted = self._target.terminal_program
        if wanted is None or self.window is None:
            return
        found = terminal_program(self.window.identity.pid)
        if found != wanted:
            raise Hold(
                Reason(
                    ReasonCode.WRONG_PROGRAM,
                    f"The terminal runs {found or 'something else'}, not {wanted}.",
                    f"Start {wanted} in it again.",
                )
            )

    def _require_anchor(self) -> None:
        assert self.window is not None
        window = self.window

        def differs() -> Reason | None:
            return anchor_reason(self._target, window, self._tools.camera)

        if until(lambda: differs() is None, self._limits.settle_seconds):
            return
        if self._target.policy is AnchorPolicy.STRICT:
            raise Hold(differs() or _landmark_unsteady())
        self.warning = differs()

    def _require_empty(self) -> None:
        reason = self._watch.wait_empty(self.window)
        if reason is not None:
            raise Hold(reason, CoordinateStatus.VALID)

    def _has_focus(self) -> bool:
        assert self.window is not None
        return self._tools.system.focused_window() == self.window.identity.window_id


def _landmark_unsteady() -> Reason:
    return Reason(ReasonCode.ANCHOR_DIFFERS, "The landmark does not keep still.")


def _pointer_moved() -> Reason:
    return Reason(ReasonCode.POINTER_MOVED, "The pointer was moved away.", "Sent when you pause.")
