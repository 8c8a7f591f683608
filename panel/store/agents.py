"""agent_workspaces: the swarm."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from panel.core import clock
from panel.core.agent import Agent
from panel.store.connection import Connection, Row, StoreError, Transaction
from panel.store.values import integer, maybe_text, moment, real, stored, text

TABLE = "agent_workspaces"

_FIELDS = tuple(field.name for field in fields(Agent))
# Columns without a place in Agent that `update` takes as well.
_OTHER_COLUMNS = frozenset(
    {
        "integration_status",
        "integration_components",
        "integration_tests_passed",
        "integration_tests_total",
        "messaging_system_status",
        "discord_commander_status",
        "core_systems_status",
        "workspace_path",
    }
)
_COLUMNS = ", ".join(_FIELDS)
# Agent-2 before Agent-10: the name without its last number, then that number.
NATURAL_ORDER = (
    "rtrim(agent_id, '0123456789')",
    "CAST(substr(agent_id, length(rtrim(agent_id, '0123456789')) + 1) AS INTEGER)",
    "agent_id",
)
_ORDER = ", ".join(NATURAL_ORDER)


def insert(tx: Transaction, agent: Agent) -> None:
    """Adds an agent; ConstraintError when that agent_id exists."""
    values = [_column(getattr(agent, name)) for name in _FIELDS]
    values[_FIELDS.index("last_updated")] = stored(agent.last_updated or clock.now())
    tx.execute(
        f"INSERT INTO agent_workspaces ({_COLUMNS}) VALUES ({', '.join('?' * len(_FIELDS))})",
        *values,
    )
    tx.changed(TABLE, agent.agent_id)


def update(tx: Transaction, agent_id: str, **values: object) -> bool:
    """Sets the named columns, and last_updated unless it is named; False for an unknown agent."""
    values.setdefault("last_updated", clock.now())
    unknown = set(values) - set(_FIELDS) - _OTHER_COLUMNS
    if unknown:
        raise StoreError(f"agent_workspaces has no column {', '.join(sorted(unknown))}")
    names = sorted(values)
    changed = tx.execute(
        f"UPDATE agent_workspaces SET {', '.join(f'{name} = ?' for name in names)}"
        " WHERE agent_id = ?",
        *(_column(values[name]) for name in names),
        agent_id,
    )
    if changed:
        tx.changed(TABLE, agent_id)
    return changed > 0


def remove(tx: Transaction, agent_id: str) -> bool:
    """Removes an agent with its targets; its messages stay as history."""
    changed = tx.execute("DELETE FROM agent_workspaces WHERE agent_id = ?", agent_id)
    if changed:
        tx.changed(TABLE, agent_id)
        tx.changed("click_targets", agent_id)
    return changed > 0


def get(connection: Connection, agent_id: str) -> Agent | None:
    """One agent by its exact name."""
    row = connection.row(f"SELECT {_COLUMNS} FROM agent_workspaces WHERE agent_id = ?", agent_id)
    return None if row is None else _agent(row)


def all(connection: Connection, team: str | None = None, active_only: bool = False) -> list[Agent]:
    """The swarm or one team, Agent-2 before Agent-10."""
    found = connection.rows(
        f"SELECT {_COLUMNS} FROM agent_workspaces"
        " WHERE (?1 IS NULL OR team = ?1) AND (active OR NOT ?2)"
        f" ORDER BY {_ORDER}",
        team,
        active_only,
    )
    return [_agent(row) for row in found]


def rows(connection: Connection, agent_id: str | None = None) -> list[Row]:
    """Every column of every agent, or of one."""
    return connection.rows(
        f"SELECT * FROM agent_workspaces WHERE (?1 IS NULL OR agent_id = ?1) ORDER BY {_ORDER}",
        agent_id,
    )


def _column(value: object) -> object:
    if isinstance(value, datetime):
        return stored(value)
    return str(value) if isinstance(value, str) else value


def _agent(row: Row) -> Agent:
    return Agent(
        agent_id=text(row["agent_id"]),
        team=text(row["team"]),
        specialization=text(row["specialization"]),
        captain=text(row["captain"]),
        status=text(row["status"]),
        description=text(row["description"]),
        active=bool(row["active"]),
        paused=bool(row["paused"]),
        last_cycle=moment(row["last_cycle"]),
        current_focus=maybe_text(row["current_focus"]),
        cycle_count=integer(row["cycle_count"]),
        tasks_completed=integer(row["tasks_completed"]),
        coordination_efficiency=real(row["coordination_efficiency"]),
        v2_compliance=real(row["v2_compliance"]),
        last_updated=moment(row["last_updated"]),
        inbox_fallback=bool(row["inbox_fallback"]),
    )
