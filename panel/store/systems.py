"""core_systems_status: how the parts of the panel are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from panel.core import clock
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import dumped, stored

TABLE = "core_systems_status"


def rows(connection: Connection) -> list[Row]:
    """Every column of every system, by name."""
    return connection.rows("SELECT * FROM core_systems_status ORDER BY system_name, system_id")


def report(
    tx: Transaction,
    system_id: str,
    status: str,
    *,
    health_score: float = 100.0,
    alerts: Sequence[str] = (),
    metrics: Mapping[str, object] | None = None,
) -> None:
    """What a system says of itself now: active, inactive, error or maintenance.

    A report of `error` counts one up in error_count.
    """
    tx.execute(
        "INSERT INTO core_systems_status (system_id, system_name, system_status, health_score,"
        " last_health_check, error_count, performance_metrics, monitoring_alerts)"
        " VALUES (?1, ?1, ?2, ?3, ?4, ?2 = 'error', ?5, ?6)"
        " ON CONFLICT (system_id) DO UPDATE SET system_status = excluded.system_status,"
        " health_score = excluded.health_score, last_health_check = excluded.last_health_check,"
        " error_count = error_count + excluded.error_count,"
        " performance_metrics = excluded.performance_metrics,"
        " monitoring_alerts = excluded.monitoring_alerts",
        system_id,
        status,
        health_score,
        stored(clock.now()),
        dumped(dict(metrics or {})),
        dumped(list(alerts)),
    )
    tx.changed(TABLE, system_id)
