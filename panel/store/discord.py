"""discord_commands: what came in through Discord and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.identifiers import new_id
from panel.store.connection import Connection, Transaction
from panel.store.values import dumped, stored

TABLE = "discord_commands"
STATES = ("pending", "running", "completed", "failed", "refused", "expired", "interrupted")


def store_command_execution(tx: Transaction, command_data: Mapping[str, object]) -> str:
    """Keeps a command before it is run; returns its command_id.

    `command_data` holds agent_id, command_type, command_data (JSON-able), and may hold channel_id,
    user_id and priority (1 is the default).
    """
    for field in ("agent_id", "command_type"):
        if not isinstance(command_data.get(field), str):
            raise CommandError(field, "takes a text")
    command_id = new_id("cmd")
    tx.execute(
        "INSERT INTO discord_commands (command_id, agent_id, command_type, command_data,"
        " channel_id, user_id, executed_at, controller_status, command_priority)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?)",
        command_id,
        command_data["agent_id"],
        command_data["command_type"],
        dumped(command_data.get("command_data", {})),
        command_data.get("channel_id"),
        command_data.get("user_id"),
        stored(clock.now()),
        command_data.get("priority", 1),
    )
    tx.changed(TABLE, command_id)
    return command_id


def update_command_execution(
    tx: Transaction,
    command_id: str,
    status: str,
    response_data: Mapping[str, object] | None = None,
    execution_time: int | None = None,
    error_message: str | None = None,
) -> bool:
    """What became of it; `execution_time` in milliseconds. False for an unknown command_id."""
    if status not in STATES:
        raise CommandError("status", f"takes one of {', '.join(STATES)}, not {status!r}")
    changed = tx.execute(
        "UPDATE discord_commands SET execution_status = ?, response_data = ?,"
        " execution_time_ms = ?, error_message = ? WHERE command_id = ?",
        status,
        None if response_data is None else dumped(dict(response_data)),
        execution_time,
        error_message,
        command_id,
    )
    if changed:
        tx.changed(TABLE, command_id)
    return changed > 0


def get_controller_health_summary(
    connection: Connection, now: datetime | None = None
) -> dict[str, object]:
    """The last hour: how many commands, how they ended, how long they took (ms or None)."""
    row = connection.row(
        "SELECT COUNT(*) AS total_commands,"
        " COUNT(CASE WHEN execution_status = 'completed' THEN 1 END) AS successful,"
        " COUNT(CASE WHEN execution_status = 'failed' THEN 1 END) AS failed,"
        " COUNT(CASE WHEN controller_status = 'active' THEN 1 END) AS active_controllers,"
        " AVG(execution_time_ms) AS avg_execution_time,"
        " COUNT(CASE WHEN error_message IS NOT NULL THEN 1 END) AS error_count"
        " FROM discord_commands WHERE executed_at > ?",
        stored((now or clock.now()) - timedelta(hours=1)),
    )
    assert row is not None
    return row
