"""What the window needs from outside, and what every page of it is given. panel.app supplies it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from panel.commands.context import Context
from panel.core.dispatching import Standing
from panel.core.target import Target, TargetKind
from panel.ui.models.reading import Reading
from panel.ui.tasks import Tasks
from panel.ui.theme import Mode, Theme


@dataclass(frozen=True, slots=True)
class DispatcherView:
    """Who sends on this display, in words for the strip.

    `running`: messages of this database go out now (unless paused). `healthy` false makes the text
    an alert ("Another process sends on this display: pid 4711"). `standing` is how it stands with
    the person at the desktop.
    """

    running: bool
    text: str
    healthy: bool = True
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True)
class WindowServices:
    """Given by panel.app to the window.

    `calibrate(agent_id, kind)` opens the picker, stores what was picked and answers the new target,
    or None when the person left it; it raises PanelError with the reason when it cannot.
    `dispatcher()` is asked every second in the window's thread and must answer at once.
    `try_demo()` opens the demo swarm and adds its agents; None hides that button.
    `remember_theme(mode)` keeps what the person chose.
    """

    calibrate: Callable[[str, TargetKind], Awaitable[Target | None]]
    dispatcher: Callable[[], DispatcherView]
    database: str
    try_demo: Callable[[], Awaitable[None]] | None = None
    remember_theme: Callable[[Mode], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The last result, for the status bar. `undo` makes the coroutine that takes it back."""

    text: str
    trouble: bool = False
    undo: Callable[[], Coroutine[Any, Any, object]] | None = None


@dataclass(frozen=True, slots=True)
class Workbench:
    """What pages and dialogs work with."""

    context: Context
    theme: Theme
    tasks: Tasks
    reading: Reading
    services: WindowServices
    say: Callable[[Said], None]
