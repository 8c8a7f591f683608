"""Statements that took longer than they should, counted without their values."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from panel.core.errors import PanelError
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import stored

TABLE = "slow_statements"
THRESHOLD_MS = 100.0
_MOST = 200
_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True, slots=True)
class SlowStatement:
    """How often one statement was slow since it was last written down; times in ms."""

    statement: str
    parameters: int
    times: int
    total_ms: float
    worst_ms: float


class SlowLog:
    """Gathers slow statements from all threads; `threshold_ms` may be changed at any time."""

    def __init__(self, threshold_ms: float = THRESHOLD_MS) -> None:
        self.threshold_ms = threshold_ms
        self._lock = threading.Lock()
        self._found: dict[str, SlowStatement] = {}

    def note(self, sql: str, parameters: int, took_ms: float) -> None:
        """Called after every statement; quick ones cost one comparison."""
        if took_ms < self.threshold_ms:
            return
        statement = " ".join(sql.split())
        with self._lock:
            before = self._found.get(statement)
            if before is None:
                if len(self._found) < _MOST:
                    self._found[statement] = SlowStatement(
                        statement, parameters, 1, took_ms, took_ms
                    )
                return
            self._found[statement] = replace(
                before,
                times=before.times + 1,
                total_ms=before.total_ms + took_ms,
                worst_ms=max(before.worst_ms, took_ms),
            )

    def take(self) -> list[SlowStatement]:
        """What was gathered since the last call."""
        with self._lock:
            found, self._found = list(self._found.values()), {}
        return found


def write(tx: Transaction, found: list[SlowStatement], now: datetime) -> None:
    """Adds what was gathered to the table, with each statement's plan as it is now."""
    for each in found:
        tx.execute(
            "INSERT INTO slow_statements (statement, plan, times, total_ms, worst_ms, first_at,"
            " last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (statement) DO UPDATE SET"
            " plan = excluded.plan, times = times + excluded.times,"
            " total_ms = total_ms + excluded.total_ms,"
            " worst_ms = MAX(worst_ms, excluded.worst_ms), last_at = excluded.last_at",
            each.statement,
            _plan(tx, each),
            each.times,
            each.total_ms,
            each.worst_ms,
            stored(now),
        )
    if found:
        tx.changed(TABLE)


def rows(connection: Connection, limit: int = 50) -> list[Row]:
    """The statements that took most time in all, worst first."""
    return connection.rows("SELECT * FROM slow_statements ORDER BY total_ms DESC LIMIT ?", limit)


def forget(tx: Transaction) -> None:
    """Empties the table."""
    tx.execute("DELETE FROM slow_statements")
    tx.changed(TABLE)


def _plan(connection: Connection, slow: SlowStatement) -> str:
    if not slow.statement.upper().startswith(_PLANNED):
        return ""
    try:
        steps = connection.rows(f"EXPLAIN QUERY PLAN {slow.statement}", *[None] * slow.parameters)
    except PanelError:  # a statement of another schema, or of a temporary table
        return ""
    return "\n".join(str(step["detail"]) for step in steps)
