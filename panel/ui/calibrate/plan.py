"""Which agents a run leads through, how far it is, and where the same place would fit too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from panel.core.target import Target, TargetKind, WindowInfo


class Stand(StrEnum):
    """How a stop of the run stands."""

    OPEN = "open"
    READY = "ready"
    NOT_READY = "not_ready"
    SKIPPED = "skipped"


@dataclass(slots=True)
class Stop:
    """One agent's box in the run."""

    agent_id: str
    kind: TargetKind = TargetKind.CHAT
    stand: Stand = Stand.OPEN

    @property
    def done(self) -> bool:
        return self.stand in (Stand.READY, Stand.NOT_READY)


class RunPlan:
    """The stops in order; `current` is None after the last one."""

    def __init__(self, agent_ids: Sequence[str], kind: TargetKind = TargetKind.CHAT) -> None:
        self.stops: list[Stop] = [Stop(agent_id, kind) for agent_id in agent_ids]
        self._at = 0

    @property
    def position(self) -> int:
        """From 0; the number of stops after the last one."""
        return self._at

    @property
    def current(self) -> Stop | None:
        return self.stops[self._at] if self._at < len(self.stops) else None

    @property
    def done(self) -> int:
        return sum(stop.done for stop in self.stops)

    @property
    def left(self) -> list[Stop]:
        """Those that are still open, without the current one."""
        return [
            stop for stop in self.stops if stop.stand is Stand.OPEN and stop is not self.current
        ]

    def go_on(self) -> Stop | None:
        """To the next open one, round the end; None when none is open."""
        count = len(self.stops)
        order: list[int] = [*range(self._at + 1, count), *range(min(self._at + 1, count))]
        for number in order:
            if self.stops[number].stand is Stand.OPEN:
                self._at = number
                return self.stops[number]
        self._at = count
        return None

    def go_back(self) -> bool:
        """To the one before; False at the first."""
        if self._at == 0:
            return False
        self._at -= 1
        return True

    def go_to(self, number: int) -> None:
        """To a certain one."""
        self._at = number


def siblings(
    target: Target, windows: Sequence[WindowInfo], owned: Sequence[int]
) -> list[WindowInfo]:
    """Other windows of the same program and size that are nobody's yet: the same place fits."""
    own = target.window
    if own is None or target.window_size is None:
        return []
    return [
        info
        for info in windows
        if info.identity.window_id != own.window_id
        and info.identity.window_class == own.window_class
        and (info.rect.width, info.rect.height) == target.window_size
        and info.identity.window_id not in owned
        and not info.override_redirect
    ]


def likely(stops: Sequence[Stop], title: str) -> int:
    """Which of them is proposed for a window: whose name its title has, else the first."""
    named = [number for number, stop in enumerate(stops) if stop.agent_id in title]
    # Agent-1 is in Agent-12's title too: the longest name that fits is meant.
    return max(named, key=lambda number: len(stops[number].agent_id), default=0)
