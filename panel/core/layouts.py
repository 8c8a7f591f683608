"""Arrangements of screens by name: what is plugged in, and which targets belong to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from panel.core.errors import CommandError
from panel.core.geometry import ScreenLayout

LONGEST_NAME = 60
_NUMBERS = ("No screen", "One screen", "Two screens", "Three screens", "Four screens")


@dataclass(frozen=True, slots=True)
class NamedLayout:
    """One row of screen_layouts. `kept` is how many targets are laid away for it; those of the
    layout in use are not laid away."""

    layout_id: str
    name: str
    screens: ScreenLayout
    in_use: bool
    last_seen_at: datetime | None = None
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Arranged:
    """What an arrangement of screens did to the targets.

    `before` is None where no other one was in use. `restored` came back from where they were laid
    away; `carried` have no place of their own here and go along with their windows.
    """

    layout: NamedLayout
    before: NamedLayout | None
    is_new: bool
    restored: int = 0
    carried: int = 0

    @property
    def changed(self) -> bool:
        """Whether another layout than this one was in use."""
        return self.before is not None


def proposed_name(screens: ScreenLayout, taken: Collection[str]) -> str:
    """`Two screens`; where that is taken, with their size, then with a number."""
    count = len(screens.screens)
    base = _NUMBERS[count] if count < len(_NUMBERS) else f"{count} screens"
    if base not in taken:
        return base
    rects = [screen.rect for screen in screens.screens]
    wide = max((rect.right for rect in rects), default=0) - min((r.x for r in rects), default=0)
    high = max((rect.bottom for rect in rects), default=0) - min((r.y for r in rects), default=0)
    sized = f"{base}, {wide}x{high}"
    number = 2
    name = sized
    while name in taken:
        name, number = f"{sized} ({number})", number + 1
    return name


def layout_name(text: str, taken: Collection[str]) -> str:
    """A name that a person gave; CommandError("name") where it cannot be one."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME:
        raise CommandError("name", f"takes 1 to {LONGEST_NAME} characters")
    if not name.isprintable():
        raise CommandError("name", "takes printable characters only")
    if name.casefold() in {each.casefold() for each in taken}:
        raise CommandError("name", f"takes a name of its own; “{name}” is another layout's")
    return name


def described(screens: ScreenLayout) -> str:
    """`1920x1080 at 0, 0; 2560x1440 at 1920, 0, scale 1.5`: each screen from left to right."""
    parts = []
    for screen in sorted(screens.screens, key=lambda one: (one.rect.x, one.rect.y)):
        rect = screen.rect
        scale = "" if screen.scale == 1 else f", scale {screen.scale:.4g}"
        parts.append(f"{rect.width}x{rect.height} at {rect.x}, {rect.y}{scale}")
    return "; ".join(parts)
