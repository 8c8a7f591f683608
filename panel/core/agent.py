"""An agent of the swarm: a row of agent_workspaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from panel.core.text import require_name

DEFAULT_TEAM = "swarm"
DEFAULT_SPECIALIZATION = "general"
DEFAULT_CAPTAIN = "captain"
STALE_AFTER = timedelta(minutes=30)
"""An agent that says it works and has not reported for longer is stuck."""


class AgentStatus(StrEnum):
    """What an agent says of itself; other words that it reports are kept as they are."""

    ACTIVE = "ACTIVE"
    IDLE = "IDLE"
    BLOCKED = "BLOCKED"
    WAITING = "WAITING"
    COMPLETE = "COMPLETE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Agent:
    """One row of agent_workspaces. Not `active`: retired, never written to. `paused`: held back.

    `inbox_fallback`: what cannot be typed goes to its inbox folder.
    """

    agent_id: str
    team: str = DEFAULT_TEAM
    specialization: str = DEFAULT_SPECIALIZATION
    captain: str = DEFAULT_CAPTAIN
    status: str = AgentStatus.UNKNOWN
    description: str = ""
    active: bool = True
    paused: bool = False
    last_cycle: datetime | None = None
    current_focus: str | None = None
    cycle_count: int = 0
    tasks_completed: int = 0
    coordination_efficiency: float = 0.0
    v2_compliance: float = 0.0
    last_updated: datetime | None = None
    inbox_fallback: bool = False

    def validated(self) -> Agent:
        """This agent, or CommandError naming the field that is wrong."""
        require_name("agent_id", self.agent_id)
        require_name("team", self.team)
        require_name("specialization", self.specialization)
        require_name("captain", self.captain)
        require_name("status", self.status)
        return self
