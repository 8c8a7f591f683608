"""Looking at the systems: measuring, judging, keeping the result, raising and clearing alerts."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from panel.commands import stored
from panel.commands.context import Context
from panel.core import systems
from panel.core.agent import STALE_AFTER, AgentStatus
from panel.core.clock import now
from panel.core.health import (
    Health,
    Metrics,
    Severity,
    SystemStatus,
    Trouble,
    judge,
    troubles,
    window_at,
)

if TYPE_CHECKING:
    from panel.store.alerts import Alert

STUCK = "coordination.agent_stuck"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outside:
    """What the database does not know, as far as the process that looks knows it.

    `sending`: whether somebody dispatches on this display. `discord`: the bot's own measures, None
    while it is not set up. `monitoring`: the loop's lateness. `problems`: what the last check of
    the database found.
    """

    sending: bool | None = None
    discord: Metrics | None = None
    monitoring: Metrics = field(default_factory=dict)
    problems: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found; `raised` are the alerts that are new."""

    healths: tuple[Health, ...]
    raised: tuple[Alert, ...]

    @property
    def worst(self) -> Health | None:
        """The system in use with the lowest score, None when nothing is the matter."""
        bad = [health for health in self.healths if health.findings]
        return min(bad, key=lambda health: health.score, default=None)


async def look(context: Context, outside: Outside | None = None) -> Look:
    """Measures every system once and keeps what it found."""
    seen = outside or Outside()
    moment, started = now(), time.perf_counter()
    store = context.store
    settings = await store.read(stored.settings.all)
    store.slow.threshold_ms = float(settings["slow_statement_ms"])

    def measure(connection: stored.Connection) -> dict[str, dict[str, float | None]]:
        return {
            "messaging": stored.metrics.messaging(connection, moment),
            "discord": stored.metrics.discord(connection, moment),
            "coordination": stored.metrics.coordination(connection, moment, STALE_AFTER),
            "database": stored.metrics.database(connection, store.location.path, moment),
        }

    measured = await store.read(measure)
    measured["messaging"]["not_sending"] = None if seen.sending is None else not seen.sending
    measured["discord"] |= dict(seen.discord or {})
    measured["database"]["commit_ms"] = store.commit_ms
    measured["database"]["free_mb"] = _free_megabytes(store.location.path)
    measured["database"]["problems"] = seen.problems
    took = (time.perf_counter() - started) * 1000
    measured["monitoring"] = {"probe_age_s": 0.0, "probe_ms": took, **seen.monitoring}
    slow = store.slow.take()

    def keep(tx: stored.Transaction) -> Look:
        stored.slow.write(tx, slow, moment)
        maintenance = stored.systems.maintenance(tx)
        healths = [
            judge(
                system,
                measured[system.system_id],
                moment,
                in_use=system is not systems.DISCORD or seen.discord is not None,
                in_maintenance=window_at(maintenance.get(system.system_id, ()), moment) is not None,
            )
            for system in systems.SYSTEMS
        ]
        wrong = [trouble for health in healths for trouble in _told(health)]
        wrong += _stuck(tx, moment, healths)
        every = [system.system_id for system in systems.SYSTEMS]
        raised = stored.alerts.reconcile(tx, every, wrong, moment)
        still = stored.alerts.open_ones(tx)
        for health in healths:
            texts = [a.text for a in still if a.system_id == health.system.system_id]
            stored.systems.save(tx, health, alerts=texts)
        return Look(tuple(healths), tuple(raised))

    return await store.write(keep)


def _told(health: Health) -> Sequence[Trouble]:
    """A system at rest is silent."""
    return [] if health.status is SystemStatus.MAINTENANCE else troubles(health)


def _stuck(
    connection: stored.Connection, moment: datetime, healths: Sequence[Health]
) -> list[Trouble]:
    """One alert an agent that says it works and has not reported for too long."""
    if any(
        health.system is systems.COORDINATION and health.status is SystemStatus.MAINTENANCE
        for health in healths
    ):
        return []
    minutes = round(STALE_AFTER.total_seconds() / 60)
    return [
        Trouble(
            STUCK,
            agent.agent_id,
            systems.COORDINATION.system_id,
            Severity.WARNING,
            f"{agent.agent_id} says it works and has not reported for over {minutes} min.",
            "Go to its window and look.",
        )
        for agent in stored.agents.all(connection, active_only=True)
        if agent.status.upper() == AgentStatus.ACTIVE
        and agent.last_updated is not None
        and moment - agent.last_updated > STALE_AFTER
    ]


def _free_megabytes(path: Path) -> float | None:
    try:
        return round(shutil.disk_usage(path.parent).free / _MEGABYTE, 1)
    except OSError:
        return None
