"""The two proofs that a target can give: a composer that empties, a terminal that answers.

All in the driver's thread; times in seconds come from `Limits`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from panel.core.geometry import Rect
from panel.core.target import Reason, ReasonCode, Target, WindowInfo
from panel.dispatch.tools import Limits
from panel.screen.composer import Look, find_look, looks_empty
from panel.screen.fingerprint import Mask, Pixels, changed
from panel.screen.grab import Camera
from panel.screen.waiting import POLL_SECONDS, until

_STILL_FRAMES = 2
_VISIBLE_PIXELS = 12
"""A letter of the smallest readable type changes more pixels than this."""
_CARET_PIXELS = 400
"""A terminal's blinking block caret changes fewer pixels than this."""
_SEARCH_EVERY_SECONDS = 0.12


class ComposerWatch:
    """delivered = the text was seen in the composer, then the composer was empty again."""

    def __init__(self, target: Target, camera: Camera, limits: Limits) -> None:
        self._rect = target.composer
        self._looks = [Look.of(picture) for picture in target.looks]
        self._camera = camera
        self._limits = limits
        self._empty: Pixels | None = None
        self._mask: Mask | None = _common_mask(self._looks)

    def wait_empty(self, window: WindowInfo | None) -> Reason | None:
        """None once the composer looks empty; the reason when it does not in time."""
        if self._rect is None or not self._looks:
            return Reason(
                ReasonCode.UNVERIFIED,
                "Nobody has shown how its empty box looks.",
                "Calibrate it by sight.",
            )
        found = until(lambda: self._look_empty(window), self._limits.settle_seconds)
        if found:
            return None
        return Reason(
            ReasonCode.COMPOSER_NOT_EMPTY,
            "There is text in its box, or the box looks different.",
            "Empty it, or remember how it looks when empty.",
        )

    def before_press(self, window: WindowInfo | None) -> bool:
        """The text is still only ours: nothing to compare that the key's own check does not."""
        return window is not None

    def wait_visible(self, window: WindowInfo | None) -> bool:
        """The composer no longer looks empty and has come to rest."""
        return _changed_and_still(
            lambda: self._grab(window),
            self._empty,
            self._mask,
            self._limits.visible_seconds,
        )

    def wait_submitted(self, window: WindowInfo | None) -> bool:
        """The composer is empty again, where it was or elsewhere in the window."""
        next_search = time.monotonic() + _SEARCH_EVERY_SECONDS

        def empty_again() -> bool:
            nonlocal next_search
            if self._look_empty(window):
                return True
            if time.monotonic() < next_search or window is None:
                return False
            next_search = time.monotonic() + _SEARCH_EVERY_SECONDS
            whole = self._camera.grab(window.rect)
            return any(find_look(look, whole) is not None for look in self._looks)

        return until(empty_again, self._limits.proof_seconds)

    def _look_empty(self, window: WindowInfo | None) -> bool:
        pixels = self._grab(window)
        if not looks_empty(pixels, self._looks):
            return False
        self._empty = pixels
        return True

    def _grab(self, window: WindowInfo | None) -> Pixels:
        assert window is not None and self._rect is not None
        return self._camera.grab(self._rect.moved(window.rect.top_left))


class TerminalWatch:
    """delivered = still, changed by the paste and still, changed again by Enter."""

    def __init__(self, target: Target, camera: Camera, limits: Limits) -> None:
        self._rect: Rect | None = target.composer
        self._camera = camera
        self._limits = limits
        self._before: Pixels | None = None

    def wait_empty(self, window: WindowInfo | None) -> Reason | None:
        """None once the terminal has kept still for `still_seconds`; a busy one is held."""
        first = self._grab(window)
        since = time.monotonic()
        deadline = since + self._limits.settle_seconds + self._limits.still_seconds
        while time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            frame = self._grab(window)
            if changed(first, frame) > _CARET_PIXELS:
                first, since = frame, time.monotonic()
            elif time.monotonic() - since >= self._limits.still_seconds:
                self._before = frame
                return None
        return Reason(ReasonCode.BUSY, "The terminal is busy: it does not keep still.")

    def before_press(self, window: WindowInfo | None) -> bool:
        """The picture to which the next change is compared."""
        self._before = self._grab(window)
        return True

    def wait_visible(self, window: WindowInfo | None) -> bool:
        return _changed_and_still(
            lambda: self._grab(window), self._before, None, self._limits.visible_seconds
        )

    def wait_submitted(self, window: WindowInfo | None) -> bool:
        before = self._before
        if before is None:
            return False
        return until(
            lambda: changed(before, self._grab(window)) > _VISIBLE_PIXELS,
            self._limits.proof_seconds,
        )

    def _grab(self, window: WindowInfo | None) -> Pixels:
        assert window is not None and self._rect is not None
        return self._camera.grab(self._rect.moved(window.rect.top_left))


def _changed_and_still(
    grab: Callable[[], Pixels], before: Pixels | None, mask: Mask | None, seconds: float
) -> bool:
    if before is None:
        return False
    last: Pixels | None = None
    still = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        frame = grab()
        differs = changed(before, frame, mask) > _VISIBLE_PIXELS
        quiet = last is not None and changed(last, frame, mask) == 0
        still = still + 1 if differs and quiet else 0
        if still >= _STILL_FRAMES:
            return True
        last = frame
        time.sleep(POLL_SECONDS)
    return False


def _common_mask(looks: list[Look]) -> Mask | None:
    """Where every look may be compared."""
    masks = [look.mask for look in looks if look.mask is not None]
    if not masks or any(mask.shape != masks[0].shape for mask in masks):
        return None
    return np.asarray(np.logical_and.reduce(masks))
