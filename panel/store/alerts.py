"""alerts: what is wrong, told once, until it is cleared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from panel.core.health import Severity, Trouble
from panel.core.identifiers import new_id
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import moment, stored, text

TABLE = "alerts"


@dataclass(frozen=True, slots=True)
class Alert:
    """One row; open until `cleared_at`."""

    alert_id: str
    system_id: str
    kind: str
    subject: str
    severity: Severity
    text: str
    fix: str
    raised_at: datetime
    acknowledged_at: datetime | None = None
    cleared_at: datetime | None = None


def reconcile(
    tx: Transaction, systems: Collection[str], troubles: Sequence[Trouble], now: datetime
) -> list[Alert]:
    """Makes the open alerts of these systems agree with what is wrong now; returns the new ones.

    What is seen again is counted, not raised again; what is no longer wrong is cleared. A trouble
    that `only_keeps` raises nothing.
    """
    wanted = {(trouble.kind, trouble.subject): trouble for trouble in troubles}
    open_now = {
        (text(row["kind"]), text(row["subject"])): row
        for row in tx.rows("SELECT * FROM alerts WHERE cleared_at IS NULL")
        if row["system_id"] in systems
    }
    for key, row in open_now.items():
        found = wanted.get(key)
        if found is None:
            _clear(tx, text(row["alert_id"]), now)
        elif not found.only_keeps:
            _see_again(tx, row, found, now)
    raised = []
    for key, trouble in wanted.items():
        if key not in open_now and not trouble.only_keeps:
            raised.append(_raise(tx, trouble, now))
    return raised


def acknowledge(tx: Transaction, alert_id: str, who: str, now: datetime) -> bool:
    """Somebody has seen it; it stays open. False when it is not open or was acknowledged before."""
    return _set(
        tx,
        alert_id,
        "acknowledged_at = ?1, acknowledged_by = ?2 WHERE alert_id = ?3 AND cleared_at IS NULL"
        " AND acknowledged_at IS NULL",
        stored(now),
        who,
        alert_id,
    )


def notified(tx: Transaction, alert_ids: Collection[str], now: datetime) -> None:
    """These have been told on the desktop."""
    for alert_id in alert_ids:
        _set(tx, alert_id, "notified_at = ?1 WHERE alert_id = ?2", stored(now), alert_id)


def get(connection: Connection, alert_id: str) -> Alert | None:
    """One alert."""
    row = connection.row("SELECT * FROM alerts WHERE alert_id = ?", alert_id)
    return None if row is None else _alert(row)


def open_ones(connection: Connection) -> list[Alert]:
    """Critical ones first, then the newest."""
    return [
        _alert(row)
        for row in connection.rows(
            "SELECT * FROM alerts WHERE cleared_at IS NULL ORDER BY CASE severity"
            " WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, raised_at DESC"
        )
    ]


def rows(connection: Connection, *, cleared: bool = False, limit: int = 100) -> list[Row]:
    """Every column of the newest alerts; the open ones only, unless `cleared`."""
    return connection.rows(
        "SELECT * FROM alerts WHERE (?1 OR cleared_at IS NULL) ORDER BY raised_at DESC LIMIT ?2",
        cleared,
        limit,
    )


def _raise(tx: Transaction, trouble: Trouble, now: datetime) -> Alert:
    alert_id = new_id("alert")
    tx.execute(
        "INSERT INTO alerts (alert_id, system_id, kind, subject, severity, text, fix, raised_at,"
        " last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        alert_id,
        trouble.system_id,
        trouble.kind,
        trouble.subject,
        str(trouble.severity),
        trouble.text,
        trouble.fix,
        stored(now),
    )
    tx.changed(TABLE, alert_id)
    return Alert(
        alert_id,
        trouble.system_id,
        trouble.kind,
        trouble.subject,
        trouble.severity,
        trouble.text,
        trouble.fix,
        now,
    )


def _see_again(tx: Transaction, row: Row, trouble: Trouble, now: datetime) -> None:
    tx.execute(
        "UPDATE alerts SET last_seen_at = ?, seen_count = seen_count + 1, severity = ?, text = ?,"
        " fix = ? WHERE alert_id = ?",
        stored(now),
        str(trouble.severity),
        trouble.text,
        trouble.fix,
        row["alert_id"],
    )
    # A count alone is no news: nobody has to look again for it.
    if (row["severity"], row["text"]) != (str(trouble.severity), trouble.text):
        tx.changed(TABLE, text(row["alert_id"]))


def _clear(tx: Transaction, alert_id: str, now: datetime) -> None:
    _set(tx, alert_id, "cleared_at = ?1 WHERE alert_id = ?2", stored(now), alert_id)


def _set(tx: Transaction, alert_id: str, assignment: str, *params: object) -> bool:
    changed = tx.execute(f"UPDATE alerts SET {assignment}", *params)
    if changed:
        tx.changed(TABLE, alert_id)
    return changed > 0


def _alert(row: Row) -> Alert:
    raised = moment(row["raised_at"])
    assert raised is not None
    return Alert(
        text(row["alert_id"]),
        text(row["system_id"]),
        text(row["kind"]),
        text(row["subject"]),
        Severity(text(row["severity"])),
        text(row["text"]),
        text(row["fix"]),
        raised,
        moment(row["acknowledged_at"]),
        moment(row["cleared_at"]),
    )
