"""core_systems_status and health_history: how the parts of the panel are, now and before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from panel.core.clock import from_stored, to_iso
from panel.core.health import Health, MaintenanceWindow
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import dumped, loaded, maybe_text, stored

TABLE, HISTORY = "core_systems_status", "health_history"
_FULL_DETAIL = timedelta(days=1)
_KEPT = timedelta(days=30)
_COARSE_MINUTES = 15


def rows(connection: Connection) -> list[Row]:
    """Every column of every system, by name."""
    return connection.rows("SELECT * FROM core_systems_status ORDER BY system_name, system_id")


def save(
    tx: Transaction,
    health: Health,
    *,
    alerts: Sequence[str] = (),
    configuration: Mapping[str, object] | None = None,
) -> None:
    """Writes what was measured now, and a point of the history for each minute.

    A system that begins to be in error counts one up in error_count. `alerts` are the open ones'
    texts; `configuration` None leaves what is there.
    """
    system, metrics = health.system, dumped(dict(health.metrics))
    moment = stored(health.checked_at)
    tx.execute(
        "INSERT INTO core_systems_status (system_id, system_name, system_status, health_score,"
        " last_health_check, error_count, performance_metrics, integration_dependencies,"
        " system_configuration, monitoring_alerts)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?3 = 'error', ?6, ?7, ?8, ?9)"
        " ON CONFLICT (system_id) DO UPDATE SET system_name = excluded.system_name,"
        " error_count = error_count + (excluded.system_status = 'error'"
        " AND system_status <> 'error'),"
        " system_status = excluded.system_status, health_score = excluded.health_score,"
        " last_health_check = excluded.last_health_check,"
        " performance_metrics = excluded.performance_metrics,"
        " integration_dependencies = excluded.integration_dependencies,"
        " system_configuration = COALESCE(excluded.system_configuration, system_configuration),"
        " monitoring_alerts = excluded.monitoring_alerts",
        system.system_id,
        system.system_id,
        str(health.status),
        health.score,
        moment,
        metrics,
        dumped(list(system.needs)),
        None if configuration is None else dumped(dict(configuration)),
        dumped(list(alerts)),
    )
    minute = stored(health.checked_at.replace(second=0, microsecond=0))
    tx.execute(
        "INSERT INTO health_history (system_id, checked_at, system_status, health_score, metrics)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (system_id, checked_at) DO UPDATE SET"
        # Of a minute the worst is kept: a short trouble must not vanish.
        " system_status = CASE WHEN excluded.health_score < health_score"
        " THEN excluded.system_status ELSE system_status END,"
        " metrics = CASE WHEN excluded.health_score < health_score"
        " THEN excluded.metrics ELSE metrics END,"
        " health_score = MIN(health_score, excluded.health_score)",
        system.system_id,
        minute,
        str(health.status),
        health.score,
        metrics,
    )
    tx.changed(TABLE, system.system_id)


def history(connection: Connection, system_id: str, since: datetime) -> list[Row]:
    """The points since then, oldest first: checked_at, system_status, health_score, metrics."""
    return connection.rows(
        "SELECT checked_at, system_status, health_score, metrics FROM health_history"
        " WHERE system_id = ? AND checked_at >= ? ORDER BY checked_at",
        system_id,
        stored(since),
    )


def thin(tx: Transaction, now: datetime) -> int:
    """Drops what is older than 30 days, and of what is older than a day all but the worst point of
    each quarter of an hour; returns how many points went."""
    dropped = tx.execute("DELETE FROM health_history WHERE checked_at < ?", stored(now - _KEPT))
    dropped += tx.execute(
        "DELETE FROM health_history WHERE checked_at < ?1 AND (system_id, checked_at) NOT IN ("
        " SELECT system_id, checked_at FROM (SELECT system_id, checked_at, ROW_NUMBER() OVER ("
        "  PARTITION BY system_id, CAST(strftime('%s', checked_at) / (60 * ?2) AS INTEGER)"
        "  ORDER BY health_score, checked_at) AS place"
        "  FROM health_history WHERE checked_at < ?1) WHERE place = 1)",
        stored(now - _FULL_DETAIL),
        _COARSE_MINUTES,
    )
    return dropped


def maintenance(connection: Connection) -> dict[str, tuple[MaintenanceWindow, ...]]:
    """The maintenance windows of every system that has some."""
    found = connection.rows(
        "SELECT system_id, maintenance_schedule FROM core_systems_status"
        " WHERE maintenance_schedule IS NOT NULL"
    )
    return {str(row["system_id"]): _windows(row["maintenance_schedule"]) for row in found}


def set_maintenance(tx: Transaction, system_id: str, windows: Sequence[MaintenanceWindow]) -> None:
    """Replaces a system's maintenance windows."""
    schedule = {
        "windows": [
            {
                "starts_at": to_iso(window.starts_at),
                "ends_at": to_iso(window.ends_at),
                "reason": window.reason,
            }
            for window in windows
        ]
    }
    tx.execute(
        "INSERT INTO core_systems_status (system_id, system_name, system_status,"
        " maintenance_schedule) VALUES (?1, ?1, 'inactive', ?2)"
        " ON CONFLICT (system_id) DO UPDATE SET maintenance_schedule = excluded."
        "maintenance_schedule",
        system_id,
        dumped(schedule),
    )
    tx.changed(TABLE, system_id)


def _windows(column: object) -> tuple[MaintenanceWindow, ...]:
    try:
        schedule = loaded(maybe_text(column))
    except json.JSONDecodeError:
        return ()
    listed = schedule.get("windows") if isinstance(schedule, dict) else None
    found = (_window(entry) for entry in (listed if isinstance(listed, list) else ()))
    return tuple(window for window in found if window is not None)


def _window(entry: object) -> MaintenanceWindow | None:
    """None for what somebody else wrote in another form: it must not stop sending."""
    try:
        assert isinstance(entry, dict)
        return MaintenanceWindow(
            from_stored(str(entry["starts_at"])),
            from_stored(str(entry["ends_at"])),
            str(entry.get("reason", "")),
        )
    except (AssertionError, KeyError, ValueError):
        return None
