"""Making a target out of a point: which window, which landmark, which box, and how it looks empty.

Runs in the driver's thread and takes about two seconds, most of it watching what moves by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from panel.core.clock import now
from panel.core.desktop import CalibrationRequest
from panel.core.errors import CommandError
from panel.core.geometry import Point, Rect, ScreenLayout
from panel.core.target import (
    DEFAULT_LONGEST_PASTE,
    PASTE_KEYS,
    SUBMIT_KEYS,
    AnchorPolicy,
    Picture,
    Proof,
    Target,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)
from panel.screen.anchor import DEFAULT_SIZE, propose, refuse_flat
from panel.screen.check import has_words
from panel.screen.composer import Look, box_around, still_parts, still_share
from panel.screen.draft import draft_in
from panel.screen.fingerprint import Mask, Pixels, changed, crop, encode_png
from panel.screen.grab import Camera
from panel.screen.preset import Preset, preset_for
from panel.screen.process import terminal_program
from panel.screen.waiting import until
from panel.screen.windows import WindowSystem

WATCH_SECONDS = 2.0
_FRAME_SECONDS = 0.05
_RAISE_SECONDS = 1.0
_NEAR = 40
_CARET_PIXELS = 400
_FRAMES_AT_REST = 3
_STILL_ENOUGH = 0.5


class Calibrator:
    """Turns requests into targets. `click` presses the left button at a native point, once."""

    def __init__(
        self,
        system: WindowSystem,
        camera: Camera,
        click: Callable[[Point], None],
        panel_pid: int,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        self._system = system
        self._camera = camera
        self._click = click
        self._panel_pid = panel_pid
        self._watch_seconds = watch_seconds

    def calibrate(self, request: CalibrationRequest, layout: ScreenLayout, desktop: Rect) -> Target:
        """The target; CommandError when the point cannot be one. See core.desktop.Desktop."""
        window = self._wanted_window(request, desktop)
        identity = self._with_rule(window, request)
        keys = _decided(request, preset_for(window.program, window.identity.window_class))
        back_to = self._system.active_window()
        if not self._system.activate(window.identity.window_id):
            raise CommandError(
                "x", f"the window “{window.identity.title}” cannot be brought to the front"
            )
        window = self._system.describe(window.identity.window_id) or window
        self._require_on_top(window, request.point)
        offset = request.point - window.rect.top_left
        target = Target(
            agent_id=request.agent_id,
            kind=request.kind,
            point=request.point,
            status=TargetStatus.CONFIRMED,
            offset=offset,
            window=identity,
            window_size=(window.rect.width, window.rect.height),
            layout=layout,
            proof=keys.proof,
            paste_key=keys.paste_key,
            submit_key=keys.submit_key,
            urgent_submit_key=keys.urgent_submit_key,
            terminal_program=(
                terminal_program(window.identity.pid) if keys.proof is Proof.TERMINAL else None
            ),
            longest_paste=request.longest_paste or DEFAULT_LONGEST_PASTE,
            calibrated_at=now(),
        )
        target = self._with_pictures(target, request, window)
        if back_to is not None and back_to != window.identity.window_id:
            self._system.activate(back_to)
        return target

    def _require_on_top(self, window: WindowInfo, point: Point) -> None:
        def on_top() -> bool:
            top = self._system.window_at(point)
            return top is not None and top.identity.window_id == window.identity.window_id

        if not until(on_top, _RAISE_SECONDS):
            raise CommandError(
                "x", f"something stays above “{window.identity.title}” at ({point.x}, {point.y})"
            )

    def _wanted_window(self, request: CalibrationRequest, desktop: Rect) -> WindowInfo:
        point = request.point
        if not desktop.contains(point):
            raise CommandError("x", f"({point.x}, {point.y}) is on no screen")
        if request.window_id is None:
            window = self._system.window_at(point)
        else:
            window = self._system.describe(request.window_id)
        if window is None or window.override_redirect:
            raise CommandError("x", f"no window is at ({point.x}, {point.y})")
        if window.identity.pid == self._panel_pid:
            raise CommandError("x", f"the panel's own window is at ({point.x}, {point.y})")
        return window

    def _with_rule(self, window: WindowInfo, request: CalibrationRequest) -> WindowIdentity:
        """The identity with the text its title must contain after a restart.

        The operator's own rule, else the agent's name where the title has it, else none: then
        somebody has to confirm the window by sight after a restart.
        """
        title = window.identity.title
        rule = request.title_rule
        if rule is not None and not has_words(title, rule):
            raise CommandError("title_rule", f"takes whole words of the window's title “{title}”")
        if rule is None and has_words(title, request.agent_id):
            rule = request.agent_id
        return replace(window.identity, title_rule=rule)

    def _with_pictures(
        self, target: Target, request: CalibrationRequest, window: WindowInfo
    ) -> Target:
        assert target.offset is not None
        before = self._settled(window.rect)
        if before.shape[:2] != (window.rect.height, window.rect.width):
            raise CommandError("x", "the window reaches out of the screens; move it onto one")
        whole = Rect(0, 0, window.rect.width, window.rect.height)
        if target.proof is Proof.TERMINAL:
            composer = whole
        else:
            composer = request.composer_rect or box_around(before, target.offset)
        if not whole.intersection(composer) == composer or not composer.contains(target.offset):
            raise CommandError("composer", "takes a box inside the window, around the point")
        self._click(request.point)
        last, still = self._watch(window.rect)
        looks = self._looks(target, composer, before, last, still, request.empty_looks)
        anchor, policy = self._anchor(request, target, composer, last, still)
        return replace(target, composer=composer, looks=looks, anchor=anchor, policy=policy)

    def _propose(
        self, window: Pixels, composer: Rect, still: Mask | None, size: tuple[int, int]
    ) -> Rect | None:
        """Where there are no windows, the landmark is looked for around the composer only."""
        if self._system.identifies:
            return propose(window, composer, still, size)
        whole = Rect(0, 0, window.shape[1], window.shape[0])
        near = Rect(
            composer.x - _NEAR,
            composer.y - 4 * _NEAR,
            composer.width + 2 * _NEAR,
            composer.height + 5 * _NEAR,
        ).intersection(whole)
        corner = Point(-near.x, -near.y)
        part = still[near.y : near.bottom, near.x : near.right] if still is not None else None
        found = propose(crop(window, near), composer.moved(corner), part, size)
        return found.moved(near.top_left) if found is not None else None

    @staticmethod
    def _require_all_by_sight(target: Target, policy: AnchorPolicy | None) -> None:
        """Where windows have no identity, nothing may be taken on trust."""
        if target.proof is Proof.TERMINAL:
            raise CommandError("proof", "takes composer here: this platform names no windows")
        if policy not in (None, AnchorPolicy.STRICT):
            raise CommandError("policy", "takes strict here: this platform names no windows")

    def _settled(self, rect: Rect) -> Pixels:
        """The window once it has been painted after it was raised: what changes while it is
        watched later would be masked for good. A window that never rests is taken as it is."""
        last = self._camera.grab(rect)
        same = 0

        def at_rest() -> bool:
            nonlocal last, same
            time.sleep(_FRAME_SECONDS)
            frame = self._camera.grab(rect)
            same = same + 1 if changed(last, frame) <= _CARET_PIXELS else 0
            last = frame
            return same >= _FRAMES_AT_REST

        until(at_rest, _RAISE_SECONDS)
        return last

    def _watch(self, rect: Rect) -> tuple[Pixels, Mask | None]:
        """The last of many pictures, and where all of them showed the same (None: everywhere)."""
        still: Mask | None = None
        last = self._camera.grab(rect)
        until_when = time.monotonic() + self._watch_seconds
        while time.monotonic() < until_when:
            time.sleep(_FRAME_SECONDS)
            frame = self._camera.grab(rect)
            kept = still_parts((last, frame))
            if kept is not None:
                still = kept if still is None else still & kept
            last = frame
        return last, still

    def _looks(
        self,
        target: Target,
        composer: Rect,
        before: Pixels,
        last: Pixels,
        still: Mask | None,
        known: tuple[Picture, ...],
    ) -> tuple[Picture, ...]:
        if target.proof is Proof.TERMINAL:
            return ()
        mask = None
        if still is not None:
            mask = still[composer.y : composer.bottom, composer.x : composer.right]
        if still_share(mask) < _STILL_ENOUGH:
            raise CommandError(
                "proof",
                "the box never keeps still, so it cannot be seen whether it is empty; "
                "wait until the agent is idle, or use --proof terminal",
            )
        focused = Look(crop(last, composer), mask)
        if known and draft_in(focused.pixels, [Look.of(picture) for picture in known], mask):
            raise CommandError(
                "composer",
                "there is text in the box, or it looks quite different from its empty look; empty "
                "it and try once more, or calibrate it by sight",
            )
        looks = [focused.to_picture(composer)]
        unfocused = Look(crop(before, composer))
        if not focused.matches(unfocused.pixels):
            looks.append(unfocused.to_picture(composer))
        return tuple(looks)

    def _anchor(
        self,
        request: CalibrationRequest,
        target: Target,
        composer: Rect,
        window: Pixels,
        still: Mask | None,
    ) -> tuple[Picture | None, AnchorPolicy]:
        policy = request.policy
        if not self._system.identifies:
            self._require_all_by_sight(target, policy)
            policy = AnchorPolicy.STRICT
        if target.proof is Proof.TERMINAL and request.anchor_rect is None and policy is None:
            if target.terminal_program is None:
                raise CommandError(
                    "anchor", "this terminal's program cannot be known; a landmark has to be chosen"
                )
            return None, AnchorPolicy.OFF
        if target.proof is Proof.TERMINAL and target.terminal_program is None:
            # Nothing else would tell the agent's prompt from a shell's.
            policy = AnchorPolicy.STRICT
        if policy is AnchorPolicy.OFF and request.anchor_rect is None:
            return None, policy
        avoid = composer if target.proof is Proof.COMPOSER else Rect(0, 0, 0, 0)
        size = request.anchor_size or DEFAULT_SIZE
        rect = request.anchor_rect or self._propose(window, avoid, still, size)
        if rect is None:
            raise CommandError(
                "anchor", "no landmark is near (all of it is flat); use another size or policy off"
            )
        refused = refuse_flat(window, rect)
        if refused is not None:
            raise CommandError("anchor", refused)
        return Picture(rect, encode_png(crop(window, rect))), policy or AnchorPolicy.STRICT


def _decided(request: CalibrationRequest, preset: Preset) -> Preset:
    """The preset with what the person decided otherwise; CommandError for unknown keys."""
    decided = Preset(
        request.proof or preset.proof,
        request.paste_key or preset.paste_key,
        request.submit_key or preset.submit_key,
        request.urgent_submit_key or preset.urgent_submit_key,
    )
    if decided.paste_key not in PASTE_KEYS:
        raise CommandError("paste_key", "takes one of " + ", ".join(PASTE_KEYS))
    if decided.submit_key not in SUBMIT_KEYS:
        raise CommandError("submit_key", "takes one of " + ", ".join(SUBMIT_KEYS))
    if decided.urgent_submit_key not in (None, *SUBMIT_KEYS):
        raise CommandError("urgent_submit_key", "takes one of " + ", ".join(SUBMIT_KEYS))
    return decided
