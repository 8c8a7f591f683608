"""The settings, declared once: the form, the command line's help and the checks come from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from panel.core.errors import CommandError
from panel.core.keys import TAKES, check_shortcut
from panel.core.lines import SEVERAL_LINES_PROGRAMS

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `unit` is for people, `low` and `high` bound numbers (both included).

    `check` gives a text the form in which it is kept, or raises ValueError; `takes` says what it
    takes.
    """

    name: str
    title: str
    help: str
    default: Value
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None
    takes: str = ""

    def parse(self, value: object) -> Value:
        """The value in this setting's type, or CommandError naming the setting."""
        kind = type(self.default)
        parsed: Value
        try:
            if kind is bool:
                parsed = _truth(value)
            elif kind is int:
                parsed = int(str(value))
            elif kind is float:
                parsed = float(str(value))
            else:
                parsed = str(value) if self.check is None else self.check(str(value))
        except ValueError:
            raise CommandError(self.name, f"takes {self._takes()}, not {value!r}") from None
        if isinstance(parsed, (int, float)) and not isinstance(parsed, bool):
            low = self.low if self.low is not None else float("-inf")
            high = self.high if self.high is not None else float("inf")
            if not low <= parsed <= high:
                raise CommandError(self.name, f"takes {self._takes()}, not {value}")
        if self.choices and parsed not in self.choices:
            raise CommandError(self.name, f"takes {self._takes()}, not {value!r}")
        return parsed

    def shown(self, value: Value) -> str:
        """A value as a person reads it, with its unit."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value} {self.unit}".strip()

    def _takes(self) -> str:
        if self.takes:
            return self.takes
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, bool):
            return "yes or no"
        if isinstance(self.default, (int, float)):
            bounds = f" from {self.low:g}" if self.low is not None else ""
            bounds += f" to {self.high:g}" if self.high is not None else ""
            return f"a number{bounds} {self.unit}".rstrip()
        return "a text"


def _truth(value: object) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return words[str(value).strip().lower()]
    except KeyError:
        raise ValueError(value) from None


SETTINGS: tuple[Setting, ...] = (
    Setting("sender_name", "Your name", "Who messages written in this panel come from.", "captain"),
    Setting(
        "hold_limit_minutes",
        "Longest hold",
        "A message on hold for longer becomes failed, with its reason.",
        30,
        "minutes",
        1,
        1440,
    ),
    Setting(
        "operator_idle_ms",
        "Wait for quiet",
        "How long your keyboard and pointer must be still before the panel types.",
        700,
        "ms",
        0,
        60_000,
    ),
    Setting(
        "countdown_seconds",
        "Count down before sending",
        "When you were at work a moment ago, the strip counts so long down before the panel types.",
        3,
        "seconds",
        0,
        60,
    ),
    Setting(
        "operator_wait_seconds",
        "Longest wait for you",
        "When you work for longer, what waits is put on hold and you are told; it is not typed.",
        300,
        "seconds",
        1,
        86_400,
    ),
    Setting(
        "stop_key",
        "Key that stops all",
        "Stops sending from whatever program you are in, where the system allows it.",
        "Ctrl+Alt+Shift+S",
        check=check_shortcut,
        takes=TAKES,
    ),
    Setting(
        "corner_stop",
        "Stop all by a screen corner",
        "Throwing the pointer into a corner of a screen while the panel types stops all sending.",
        True,
    ),
    Setting(
        "receipt_timeout_ms",
        "Wait for the text to be taken",
        "How long the agent's program may take to ask for the pasted text.",
        3000,
        "ms",
        100,
        60_000,
    ),
    Setting(
        "proof_timeout_ms",
        "Wait for the box to empty",
        "How long after Enter the proof of sending may take.",
        5000,
        "ms",
        100,
        120_000,
    ),
    Setting(
        "backlog_minutes",
        "Ask about old messages after",
        "Messages older than this at a start wait until you say so.",
        30,
        "minutes",
        1,
        10_080,
    ),
    Setting(
        "duplicate_seconds",
        "Ask about the same text within",
        "The same text to the same agent again within this time asks first; 0 never asks.",
        10,
        "seconds",
        0,
        3600,
    ),
    Setting(
        "reply_hint",
        "Say how to answer",
        "Each message ends with its id and the command with which the agent answers.",
        True,
    ),
    Setting(
        "several_lines_programs",
        "Terminal programs that take several lines",
        "Programs in a terminal that switch on bracketed paste, so that a new line does not send.",
        SEVERAL_LINES_PROGRAMS,
    ),
    Setting(
        "probe_seconds",
        "Look at the systems every",
        "How often the health of sending, Discord, agents, monitoring and database is measured.",
        30,
        "seconds",
        5,
        3600,
    ),
    Setting(
        "slow_statement_ms",
        "A statement is slow after",
        "Database statements that take longer are listed with their plan.",
        100,
        "ms",
        1,
        60_000,
    ),
    Setting(
        "theme",
        "Theme",
        "Follow the system, or always light or dark.",
        "system",
        choices=("system", "light", "dark"),
    ),
)


def setting(name: str) -> Setting:
    """The declared setting of that name; CommandError("setting") for an unknown one."""
    for declared in SETTINGS:
        if declared.name == name:
            return declared
    known = ", ".join(declared.name for declared in SETTINGS)
    raise CommandError("setting", f"takes one of {known}, not {name!r}")
