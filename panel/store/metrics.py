"""What the database itself tells of the systems' health; see core.systems for the measures.

Each value comes from an index and from few rows, however long the history is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from panel.core.agent import AgentStatus
from panel.core.message import DeliveryStatus
from panel.store.connection import Connection
from panel.store.values import integer, moment, stored

HOUR = timedelta(hours=1)
HELD_LONG = timedelta(minutes=5)
_MOST = 1000
"""Rows that a share or a percentile is taken over: the newest so many of the hour."""
_MEGABYTE = 1024 * 1024


def messaging(connection: Connection, now: datetime) -> dict[str, float | None]:
    """Queue, holds, failures and delivery times; the queue's age only while sending is on."""
    counts = {
        state: integer(
            connection.value(
                "SELECT COUNT(*) FROM agent_messages WHERE delivery_status = ?", str(state)
            )
        )
        for state in (DeliveryStatus.PENDING, DeliveryStatus.HELD, DeliveryStatus.UNCERTAIN)
    }
    hour = stored(now - HOUR)
    ended = {
        state: integer(
            connection.value(
                "SELECT COUNT(*) FROM (SELECT 1 FROM agent_messages WHERE delivery_status = ?"
                " AND sent_at >= ? LIMIT ?)",
                str(state),
                hour,
                _MOST,
            )
        )
        for state in (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)
    }
    settled = sum(ended.values())
    return {
        "queued": counts[DeliveryStatus.PENDING],
        "held": counts[DeliveryStatus.HELD],
        "uncertain": counts[DeliveryStatus.UNCERTAIN],
        "held_long": integer(
            connection.value(
                "SELECT COUNT(*) FROM agent_messages WHERE delivery_status = 'held'"
                " AND reason_code <> 'backlog' AND held_since < ?",
                stored(now - HELD_LONG),
            )
        ),
        "oldest_queued_s": _oldest_queued(connection, now),
        "delivered_last_hour": ended[DeliveryStatus.DELIVERED],
        "failed_last_hour": ended[DeliveryStatus.FAILED],
        "failed_share": ended[DeliveryStatus.FAILED] / settled if settled else None,
        "delivery_p95_ms": _percentile(connection, hour, 0.95),
    }


def _oldest_queued(connection: Connection, now: datetime) -> float | None:
    """Of those that nothing but the dispatcher keeps waiting."""
    if connection.value("SELECT paused FROM dispatch_control"):
        return None
    oldest = moment(
        connection.value(
            "SELECT MIN(sent_at) FROM agent_messages AS message"
            " WHERE delivery_status = 'pending' AND next_attempt_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM agent_workspaces AS agent"
            " WHERE agent.agent_id = message.to_agent AND agent.paused)"
            " AND NOT EXISTS (SELECT 1 FROM agent_messages AS other"
            " WHERE other.to_agent = message.to_agent"
            " AND other.delivery_status IN ('sending', 'uncertain', 'held'))"
        )
    )
    return None if oldest is None else max(0.0, (now - oldest).total_seconds())


def _percentile(connection: Connection, since: str | None, share: float) -> float | None:
    """Of the newest deliveries through a window since then, in ms."""
    times = [
        float(integer(row["delivery_time_ms"]))
        for row in connection.rows(
            "SELECT delivery_time_ms FROM agent_messages WHERE delivery_status = 'delivered'"
            " AND sent_at >= ? AND delivery_method = 'pyautogui'"
            " AND delivery_time_ms IS NOT NULL AND evidence <> 'operator'"
            " ORDER BY sent_at DESC LIMIT ?",
            since,
            _MOST,
        )
    ]
    if not times:
        return None
    times.sort()
    return times[min(len(times) - 1, int(len(times) * share))]


def coordination(
    connection: Connection, now: datetime, stale_after: timedelta
) -> dict[str, float | None]:
    """Agents that are stuck or blocked, targets that cannot be used, replies nobody has read."""
    row = connection.row(
        "SELECT COUNT(*) AS agents,"
        " COUNT(CASE WHEN agent.status = ?1 AND agent.last_updated < ?3 THEN 1 END) AS stuck,"
        " COUNT(CASE WHEN agent.status = ?2 THEN 1 END) AS blocked,"
        " COUNT(CASE WHEN chat.status = 'unverified' OR (chat.last_reason_code <> ''"
        " AND chat.last_reason_code NOT IN ('covered', 'minimised')) THEN 1 END) AS unusable"
        " FROM agent_workspaces AS agent LEFT JOIN click_targets AS chat"
        " ON chat.agent_id = agent.agent_id AND chat.kind = 'chat' WHERE agent.active",
        str(AgentStatus.ACTIVE),
        str(AgentStatus.BLOCKED),
        stored(now - stale_after),
    )
    assert row is not None
    agents = integer(row["agents"])
    unread = connection.row(
        "SELECT COUNT(*) AS unread, MIN(sent_at) AS oldest FROM agent_messages"
        " WHERE direction = 'in' AND seen_at IS NULL"
    )
    assert unread is not None
    oldest = moment(unread["oldest"])
    return {
        "agents": agents,
        "stuck": integer(row["stuck"]),
        "blocked": integer(row["blocked"]),
        "stuck_share": integer(row["stuck"]) / agents if agents else None,
        "blocked_share": integer(row["blocked"]) / agents if agents else None,
        "unusable_targets": integer(row["unusable"]),
        "unread": integer(unread["unread"]),
        "oldest_unread_s": None if oldest is None else (now - oldest).total_seconds(),
    }


def discord(connection: Connection, now: datetime) -> dict[str, float | None]:
    """Commands of the last hour; whether the bot is connected is the bot's to say."""
    counts = {
        str(row["execution_status"]): integer(row["n"])
        for row in connection.rows(
            "SELECT execution_status, COUNT(*) AS n FROM discord_commands"
            " WHERE executed_at >= ? GROUP BY execution_status",
            stored(now - HOUR),
        )
    }
    failed, done = counts.get("failed", 0), counts.get("completed", 0)
    return {
        "commands_last_hour": sum(counts.values()),
        "failed_share": failed / (failed + done) if failed + done else None,
    }


def database(connection: Connection, path: Path, now: datetime) -> dict[str, float | None]:
    """Sizes on the disk in MB, and slow statements of the last hour."""
    return {
        "size_mb": _megabytes(path),
        "wal_mb": _megabytes(path.with_name(f"{path.name}-wal")),
        "slow_per_hour": integer(
            connection.value(
                "SELECT SUM(times) FROM slow_statements WHERE last_at >= ?", stored(now - HOUR)
            )
        ),
    }


def _megabytes(file: Path) -> float:
    try:
        return round(file.stat().st_size / _MEGABYTE, 3)
    except FileNotFoundError:
        return 0.0
