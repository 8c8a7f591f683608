"""Reads targets with their pictures."""

from __future__ import annotations

from panel.core.target import Target, TargetKind
from panel.store import targets
from panel.store.connection import Connection


def read_target(connection: Connection, agent_id: str) -> Target | None:
    """An agent's chat box."""
    return targets.get(connection, agent_id, TargetKind.CHAT)


def read_targets(connection: Connection) -> list[Target]:
    """All targets of all agents."""
    return targets.all(connection)
