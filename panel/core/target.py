"""A target: the calibrated point where an agent takes text, and how to recognise it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from panel.core.geometry import Point, Rect, ScreenLayout


class TargetKind(StrEnum):
    """Which box of the agent: the running chat, or the one that starts a new chat."""

    CHAT = "chat"
    ONBOARDING = "onboarding"


class Proof(StrEnum):
    """What this target can show of a delivery."""

    COMPOSER = "composer"
    TERMINAL = "terminal"


class AnchorPolicy(StrEnum):
    """What to do when the anchor differs. Identity is always checked, whatever this says."""

    STRICT = "strict"
    WARN = "warn"
    OFF = "off"


class TargetStatus(StrEnum):
    """Whether a person has confirmed where this target is."""

    CONFIRMED = "confirmed"
    UNVERIFIED = "unverified"


PASTE_KEYS = ("ctrl+v", "ctrl+shift+v", "shift+insert", "command+v")
SUBMIT_KEYS = ("enter", "ctrl+enter", "shift+enter", "alt+enter", "command+enter")
DEFAULT_LONGEST_PASTE = 20_000


@dataclass(frozen=True, slots=True)
class WindowIdentity:
    """Which window it is.

    `window_id` and `process_started` (clock ticks since boot, with `pid`) hold while the window
    lives; after a restart `window_class` and `title_rule` (text that the title must contain) have
    to fit exactly one window.
    """

    window_id: int
    pid: int | None
    process_started: int | None
    window_class: str
    title: str
    title_rule: str | None = None


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """A top-level window as it is now. `rect` is the client area in native pixels."""

    identity: WindowIdentity
    rect: Rect
    minimised: bool = False
    override_redirect: bool = False
    program: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of `rect`, which is relative to the window's client area.

    `mask_png` is white where the picture may be compared and black where it changes by itself
    (caret, hints); None compares all of it.
    """

    rect: Rect
    png: bytes
    mask_png: bytes | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One row of click_targets with its pictures.

    `point` is native and was right at `calibrated_at`; `offset` is the same place relative to the
    window's client area and is what counts while the window lives.
    """

    agent_id: str
    kind: TargetKind
    point: Point
    status: TargetStatus
    offset: Point | None = None
    window: WindowIdentity | None = None
    window_size: tuple[int, int] | None = None
    layout: ScreenLayout | None = None
    composer: Rect | None = None
    anchor: Picture | None = None
    policy: AnchorPolicy = AnchorPolicy.STRICT
    looks: tuple[Picture, ...] = ()
    proof: Proof = Proof.COMPOSER
    paste_key: str = "ctrl+v"
    submit_key: str = "enter"
    urgent_submit_key: str | None = None
    longest_paste: int = DEFAULT_LONGEST_PASTE
    terminal_program: str | None = None
    calibrated_at: datetime | None = None
    last_success_at: datetime | None = None


class ReasonCode(StrEnum):
    """Why a target cannot be used now, or why a delivery stopped; the words are in Reason.text."""

    NO_TARGET = "no_target"
    UNVERIFIED = "unverified"
    NO_DISPLAY = "no_display"
    LOCKED = "locked"
    WINDOW_GONE = "window_gone"
    WRONG_WINDOW = "wrong_window"
    AMBIGUOUS = "ambiguous"
    MINIMISED = "minimised"
    RESIZED = "resized"
    OFF_SCREEN = "off_screen"
    SCALE_CHANGED = "scale_changed"
    OUTSIDE_WINDOW = "outside_window"
    COVERED = "covered"
    CANNOT_RAISE = "cannot_raise"
    ANCHOR_DIFFERS = "anchor_differs"
    COMPOSER_NOT_EMPTY = "composer_not_empty"
    BUSY = "busy"
    OPERATOR_ACTIVE = "operator_active"
    SEND_NOW = "send_now"  # the person who is at work wants this one sent all the same
    KEYS_DOWN = "keys_down"
    WRONG_PROGRAM = "wrong_program"
    NO_FOCUS = "no_focus"
    POINTER_MOVED = "pointer_moved"
    POPUP = "popup"
    STOPPED = "stopped"
    NO_RECEIPT = "no_receipt"
    NOT_VISIBLE = "not_visible"
    NO_PROOF = "no_proof"
    CLIPBOARD_LOST = "clipboard_lost"
    TOO_LONG = "too_long"
    BY_FILE = "by_file"
    SEVERAL_LINES = "several_lines"
    BACKLOG = "backlog"
    TEXT_GONE = "text_gone"  # its box does not look as it did after our paste
    BOX_EMPTIED = "box_emptied"  # of an uncertain one whose box was seen empty since
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence for the operator, and what to do about it."""

    code: ReasonCode
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.fix}".strip()


READY = "ready"
"""What click_targets.last_reason_code holds where nothing speaks against a target."""


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """The verdict on one target, without clicking or raising anything.

    `valid`: the window is the right one and nothing speaks against it. `visible`: nothing lies over
    the point now (covered is no fault: it will be raised). `point` is where it would click now,
    native; `moved_to` is the same when that is not where it was calibrated.
    """

    agent_id: str
    kind: TargetKind
    valid: bool
    visible: bool
    reasons: tuple[Reason, ...] = ()
    window: WindowInfo | None = None
    point: Point | None = None
    moved_to: Point | None = None

    @property
    def code(self) -> str:
        """The verdict in a word: `ready`, else the code of what keeps it from being ready now."""
        if self.valid and self.visible:
            return READY
        if self.reasons:
            return self.reasons[0].code
        return ReasonCode.COVERED if self.valid else ReasonCode.FAULT

    @property
    def words(self) -> str:
        """What it says to a person; empty where there is nothing to say."""
        return " ".join(str(reason) for reason in self.reasons)
