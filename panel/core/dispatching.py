"""What commands ask of the dispatcher and the demo; panel.app puts the parts together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Hands(StrEnum):
    """Whose turn it is with pointer and keyboard."""

    FREE = "free"
    SENDING = "sending"  # the panel's; the person keeps theirs off
    WORKING = "working"  # the person's
    COUNTDOWN = "countdown"  # the person's till `Standing.until`, if they stay quiet
    KEYS_DOWN = "keys_down"
    POSTPONED = "postponed"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the dispatcher stands with the person at the desktop.

    `agent` is written to now, `waiting` messages wait for the person alone, `keys` are held down.
    """

    hands: Hands = Hands.FREE
    agent: str | None = None
    until: datetime | None = None
    waiting: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrainResult:
    """How many messages ended in each state while the dispatcher ran."""

    delivered: int = 0
    failed: int = 0
    uncertain: int = 0
    held: int = 0


class DispatchControl(Protocol):
    """The dispatcher of this process, which may or may not hold the display."""

    def holder(self) -> str | None:
        """Who dispatches on this display ("pid 4711 on host …"), None when nobody does.

        Raises EnvironmentFault when there is no usable display.
        """

    async def drain(
        self,
        *,
        only: Collection[str] | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> DrainResult:
        """Takes the display and delivers until nothing is pending, then gives it back.

        `only` restricts it to these message ids, `limit` to that many messages, `timeout` to that
        many seconds. Raises EnvironmentFault when another process holds the display.
        """

    async def run(self, *, limit: int | None = None) -> DrainResult:
        """Takes the display and delivers until cancelled (or `limit` messages are settled)."""


@dataclass(frozen=True, slots=True)
class DemoAgentResult:
    """What one demo window received, by its own record, against what was sent to it."""

    agent_id: str
    sent: int
    delivered: int
    intact: bool
    in_order: bool
    once: bool


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The demo swarm's end. `screenshot` is a PNG, None when none could be taken."""

    agents: tuple[DemoAgentResult, ...]
    seconds: float
    median_ms: float
    screenshot: Path | None = None
    problems: tuple[str, ...] = field(default=())

    @property
    def sent(self) -> int:
        return sum(agent.sent for agent in self.agents)

    @property
    def delivered(self) -> int:
        return sum(agent.delivered for agent in self.agents)

    @property
    def arrived(self) -> bool:
        """All messages intact, in order and once."""
        return not self.problems and all(
            agent.delivered == agent.sent and agent.intact and agent.in_order and agent.once
            for agent in self.agents
        )


class DemoRunner(Protocol):
    """Opens agent windows of its own, calibrates them and sends for real."""

    async def run(
        self, *, agents: int, messages: int, keep: bool, progress: Callable[[int, int], None]
    ) -> DemoResult:
        """`progress(done, of)` is called in the loop's thread after each settled message."""
