"""The five systems whose health the panel watches, and what is measured of each."""

from __future__ import annotations

from panel.core.health import Measure, System

MESSAGING = System(
    "messaging",
    "Sending",
    (
        Measure(
            "not_sending", "Nobody sends", "", 0, 1, 60,
            "No dispatcher sends on this display.",
            "Open the window, or run: captain-panel dispatch --forever",
        ),
        Measure(
            "failed_share", "Failed in the last hour", "%", 0.02, 0.25, 30,
            "{value} of the last hour's messages failed.",
            "Look at the failed ones under Needs you: most have one cause.",
        ),
        Measure(
            "oldest_queued_s", "Oldest queued", "s", 60, 600, 25,
            "A message has been queued for {value}.",
            "Look whether its agent is held back, or sending is busy.",
        ),
        Measure(
            "held_long", "On hold over 5 min", "", 0, 5, 20,
            "{value} messages are on hold for over 5 minutes.",
            "Open Needs you: each says what its target lacks.",
        ),
        Measure(
            "uncertain", "Unconfirmed", "", 0, 5, 20,
            "{value} messages are unconfirmed.",
            "Decide under Needs you: they hold up their agents' other messages.",
        ),
        Measure(
            "delivery_p95_ms", "Delivery, 95 of 100 within", "ms", 2000, 10_000, 15,
            "Deliveries take up to {value}.",
            "Slow programs and busy screens do this; see the attempts' times.",
        ),
    ),
    needs=("database",),
)  # fmt: skip

DISCORD = System(
    "discord",
    "Discord",
    (
        Measure(
            "disconnected_s", "Not connected for", "s", 30, 300, 60,
            "Discord has not been connected for {value}.",
            "The Discord tab says why; Connect tries again at once.",
        ),
        Measure(
            "failed_share", "Failed in the last hour", "%", 0.05, 0.5, 25,
            "{value} of the last hour's commands failed.",
            "Look at the failed ones in the Discord tab.",
        ),
        Measure(
            "latency_ms", "Answer time", "ms", 300, 2000, 15,
            "Discord answers after {value}.",
            "Usually the network; nothing to do here unless it lasts.",
        ),
    ),
    needs=("database", "messaging"),
)  # fmt: skip

COORDINATION = System(
    "coordination",
    "Agents",
    (
        Measure(
            "stuck_share", "Stuck agents", "%", 0, 0.5, 40,
            "{value} of the agents are stuck.",
            "Go to their windows; they say they work but have not reported.",
        ),
        Measure(
            "unusable_targets", "Targets that cannot be used", "", 0, 4, 30,
            "{value} agents cannot be written to.",
            "Calibrate them, or find their windows.",
        ),
        Measure(
            "blocked_share", "Blocked agents", "%", 0, 0.75, 20,
            "{value} of the agents say they are blocked.",
            "Read what they last reported.",
        ),
        Measure(
            "oldest_unread_s", "Oldest unread reply", "s", 1800, 28_800, 10,
            "A reply has been unread for {value}.",
            "Open Replies in the Messages tab.",
        ),
    ),
    needs=("database",),
)  # fmt: skip

MONITORING = System(
    "monitoring",
    "Monitoring",
    (
        Measure(
            "probe_age_s", "Since the last look", "s", 90, 600, 60,
            "Nobody has looked at the systems for {value}.",
            "Open the window: it looks every half minute.",
        ),
        Measure(
            "loop_late_p99_ms", "Window late by", "ms", 50, 500, 20,
            "The window answers up to {value} late.",
            "The machine is busy, or something in the panel takes too long.",
        ),
        Measure(
            "probe_ms", "A look takes", "ms", 200, 2000, 20,
            "Looking at the systems takes {value}.",
            "See the slow statements of the database.",
        ),
    ),
    needs=("database",),
)  # fmt: skip

DATABASE = System(
    "database",
    "Database",
    (
        Measure(
            "problems", "Damage found", "", 0, 1, 100,
            "The last check found the database damaged ({value} problems).",
            "Run captain-panel db check, then put a backup back.",
        ),
        Measure(
            "free_mb", "Free space", "MB", 1024, 100, 60,
            "Only {value} are free where the database lies.",
            "Make room on that disk.",
        ),
        Measure(
            "commit_ms", "A commit takes", "ms", 20, 500, 25,
            "A commit takes {value}.",
            "The disk is slow or busy.",
        ),
        Measure(
            "wal_mb", "Journal", "MB", 64, 1024, 20,
            "The journal has grown to {value}.",
            "A program keeps an old state of the database open.",
        ),
        Measure(
            "slow_per_hour", "Slow statements an hour", "", 20, 500, 15,
            "{value} slow statements in the last hour.",
            "See the slow statements of the database.",
        ),
    ),
)  # fmt: skip

SYSTEMS: tuple[System, ...] = (MESSAGING, DISCORD, COORDINATION, MONITORING, DATABASE)


def system(system_id: str) -> System | None:
    """The system of that id, None for an unknown one."""
    return next((each for each in SYSTEMS if each.system_id == system_id), None)
