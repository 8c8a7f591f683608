"""Whether a target can be used now: desktop, identity, scale, place, visibility, anchor; in this
order.

Nothing is clicked or raised here. All of it runs in the driver's thread.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from panel.core.geometry import Point, Rect, ScreenLayout
from panel.core.target import (
    AnchorPolicy,
    Reason,
    ReasonCode,
    Target,
    TargetCheck,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)
from panel.screen.fingerprint import decode_png, find, similarity
from panel.screen.grab import Camera
from panel.screen.process import start_time
from panel.screen.windows import WindowSystem

STRICT = AnchorPolicy.STRICT
_ANCHOR_MARGIN = 12
_SAME_SCALE = 0.001


@dataclass(frozen=True, slots=True)
class Sight:
    """The window of a target as it was just found, or why it was not."""

    window: WindowInfo | None
    reason: Reason | None = None
    rebound: bool = False
    shown: bool | None = None
    """Whether the window shows at the target's point, where that was looked at in passing."""


def find_window(
    target: Target, system: WindowSystem, others: Collection[int] = frozenset()
) -> Sight:
    """The very window that was calibrated; after its program's restart the one that fits its rule.

    `others` are window ids that belong to other agents' targets: they are never taken.
    """
    identity = target.window
    if identity is None:
        return Sight(
            None,
            Reason(
                ReasonCode.UNVERIFIED,
                f"{target.agent_id}'s place was never confirmed in a window.",
                "Calibrate it by sight.",
            ),
        )
    info, shown = system.glance(identity.window_id, target.offset or Point(0, 0))
    if info is not None and _same_process(info.identity, identity):
        return Sight(info, shown=shown)
    return _after_restart(target, identity, system, others)


def _same_process(now: WindowIdentity, then: WindowIdentity) -> bool:
    return (
        now.pid == then.pid
        and now.process_started == then.process_started
        and now.window_class == then.window_class
    )


def has_words(title: str, rule: str) -> bool:
    """Whether a title contains a rule as whole words: "Agent-1" is not in "Agent-12"."""
    return re.search(rf"(?<!\w){re.escape(rule)}(?!\w)", title) is not None


def _after_restart(
    target: Target, identity: WindowIdentity, system: WindowSystem, others: Collection[int]
) -> Sight:
    rule = identity.title_rule
    alive = identity.pid is not None and start_time(identity.pid) == identity.process_started
    alike = [
        info
        for info in system.windows()
        if info.identity.window_class == identity.window_class
        and not info.override_redirect
        and info.identity.window_id not in others
    ]
    fitting = [info for info in alike if rule and has_words(info.identity.title, rule)]
    if not rule and not alive and target.anchor is not None and target.policy is STRICT:
        # The program was started again and has one window: its landmark has the last word.
        fitting = alike
    if len(fitting) == 1:
        return Sight(fitting[0], rebound=True)
    if len(fitting) > 1:
        return Sight(
            None,
            Reason(
                ReasonCode.AMBIGUOUS,
                f"{len(fitting)} windows could be {target.agent_id}'s.",
                "Confirm the right one by sight.",
            ),
        )
    return Sight(
        None,
        Reason(
            ReasonCode.WINDOW_GONE,
            f"The window of {target.agent_id} ({identity.title or identity.window_class}) "
            "is closed.",
            "Open it again, then find the window.",
        ),
    )


def check_target(
    target: Target,
    system: WindowSystem,
    camera: Camera,
    desktop: Rect,
    others: Collection[int] = frozenset(),
    *,
    layout: ScreenLayout | None = None,
    locked: bool = False,
) -> TargetCheck:
    """The verdict on a target; see core.target.TargetCheck.

    `desktop` is all screens together, `layout` each of them (None: their scales are not compared).
    """
    unusable = desktop_reason(desktop, locked=locked)
    if unusable is None and (target.status is TargetStatus.UNVERIFIED or target.offset is None):
        unusable = unverified(target)
    if unusable is not None:
        return _verdict(target, unusable)
    assert target.offset is not None
    sight = find_window(target, system, others)
    window = sight.window
    if window is None:
        return _verdict(target, sight.reason)
    if window.minimised:
        reason = Reason(
            ReasonCode.MINIMISED, "The window is minimised; it will be restored to send."
        )
        return _verdict(target, reason, window, valid=True)
    point = target.offset + window.rect.top_left
    place = scale_reason(target, point, layout) or place_reason(target, window, desktop)
    if place is not None:
        return _verdict(target, place, window, point)
    shown = sight.shown
    if shown is None:
        shown = system.shows(window.identity.window_id, point)
    if not shown:
        return _verdict(target, covered(target, system.window_at(point)), window, point, valid=True)
    differs = anchor_reason(target, window, camera)
    if differs is None:
        return _verdict(target, None, window, point, valid=True, visible=True)
    if target.policy is STRICT and _landmark_covered(target, window, system):
        return _verdict(target, covered_landmark(target), window, point, valid=True)
    valid = target.policy is not STRICT
    return _verdict(target, differs, window, point, valid=valid, visible=True)


def _verdict(
    target: Target,
    reason: Reason | None,
    window: WindowInfo | None = None,
    point: Point | None = None,
    *,
    valid: bool = False,
    visible: bool = False,
) -> TargetCheck:
    return TargetCheck(
        agent_id=target.agent_id,
        kind=target.kind,
        valid=valid,
        visible=visible,
        reasons=() if reason is None else (reason,),
        window=window,
        point=point,
        moved_to=None if point == target.point else point,
    )


def desktop_reason(desktop: Rect, *, locked: bool) -> Reason | None:
    """Why nothing on this desktop can be seen or clicked now."""
    if locked:
        return Reason(ReasonCode.LOCKED, "The screen is locked.", "Continues when unlocked.")
    if desktop.empty:
        return Reason(ReasonCode.NO_DISPLAY, "No screen is plugged in.", "Plug one in.")
    return None


def unverified(target: Target) -> Reason:
    """Why an imported point is not clicked."""
    return Reason(
        ReasonCode.UNVERIFIED,
        f"{target.agent_id}'s place was imported and nobody has confirmed it.",
        "Calibrate it by sight.",
    )


def covered(target: Target, top: WindowInfo | None) -> Reason:
    """Something lies over the point."""
    what = "the bare desktop"
    if top is not None:
        what = f"“{top.identity.title or top.identity.window_class or 'a pop-up'}”"
    return Reason(ReasonCode.COVERED, f"{what} lies over {target.agent_id}'s box.")


def covered_landmark(target: Target) -> Reason:
    """Something lies over the landmark, so that nobody can see whether it is the right one."""
    return Reason(ReasonCode.COVERED, f"Something lies over the landmark of {target.agent_id}.")


def _landmark_covered(target: Target, window: WindowInfo, system: WindowSystem) -> bool:
    """Whether the landmark's place shows another window, at its corners, edges or centre."""
    assert target.anchor is not None
    rect = target.anchor.rect.moved(window.rect.top_left)
    columns = (rect.x, rect.centre.x, rect.right - 1)
    rows = (rect.y, rect.centre.y, rect.bottom - 1)
    number = window.identity.window_id
    return not all(system.shows(number, Point(x, y)) for x in columns for y in rows)


def scale_reason(target: Target, point: Point, layout: ScreenLayout | None) -> Reason | None:
    """Whether the screen at `point` has the scale that the target was calibrated at.

    Other arrangements of screens do no harm: the place goes along with its window. At another scale
    a program draws everything elsewhere, and where is not guessed.
    """
    if layout is None or target.layout is None:
        return None
    then, now = target.layout.screen_at(target.point), layout.screen_at(point)
    if then is None or now is None or abs(then.scale - now.scale) < _SAME_SCALE:
        return None
    return Reason(
        ReasonCode.SCALE_CHANGED,
        f"The screen's scale was {then.scale:.4g} when it was calibrated and is {now.scale:.4g} "
        "here.",
        "Review its new place.",
    )


def place_reason(target: Target, window: WindowInfo, desktop: Rect) -> Reason | None:
    """Whether the point is still inside the window, at its size, and on the desktop."""
    assert target.offset is not None
    size = (window.rect.width, window.rect.height)
    if target.window_size is not None and size != target.window_size:
        then = target.window_size
        return Reason(
            ReasonCode.RESIZED,
            f"The window was {then[0]}x{then[1]} when it was calibrated and is "
            f"{size[0]}x{size[1]} now.",
            "Review its new place, or give it its old size.",
        )
    point = target.offset + window.rect.top_left
    if not window.rect.contains(point):
        return Reason(
            ReasonCode.OUTSIDE_WINDOW, "The place lies outside its window.", "Calibrate it again."
        )
    if not desktop.contains(point):
        return Reason(
            ReasonCode.OFF_SCREEN,
            f"The place ({point.x}, {point.y}) is on no screen.",
            "Move the window back onto a screen.",
        )
    return None


def anchor_reason(target: Target, window: WindowInfo, camera: Camera) -> Reason | None:
    """Whether the landmark still stands where it stood, give or take a few pixels."""
    if target.anchor is None or target.policy is AnchorPolicy.OFF:
        return None
    rect = target.anchor.rect
    corner = window.rect.top_left
    patch = decode_png(target.anchor.png)
    if similarity(patch, camera.grab(rect.moved(corner))).same:
        return None
    margin = _ANCHOR_MARGIN
    client = Rect(0, 0, window.rect.width, window.rect.height)
    around = Rect(
        rect.x - margin, rect.y - margin, rect.width + 2 * margin, rect.height + 2 * margin
    ).intersection(client)
    if find(patch, camera.grab(around.moved(corner))) is not None:
        return None
    return Reason(
        ReasonCode.ANCHOR_DIFFERS,
        f"The landmark of {target.agent_id} looks different.",
        "Check that the window shows the right conversation, or calibrate it again.",
    )
