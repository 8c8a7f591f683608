"""Rows as they leave the program in JSON: ISO 8601 times, true and false, decoded JSON columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from panel.core.clock import from_stored, now, to_iso

_TIMES = frozenset(
    {
        "acknowledged_at",
        "calibrated_at",
        "checked_at",
        "cleared_at",
        "created_at",
        "executed_at",
        "expires_at",
        "finished_at",
        "held_since",
        "last_check_at",
        "last_cycle",
        "last_health_check",
        "last_message_at",
        "last_seen_at",
        "last_success_at",
        "last_updated",
        "next_attempt_at",
        "notified_at",
        "processed_at",
        "raised_at",
        "reported_at",
        "retired_at",
        "screen_since",
        "seen_at",
        "sent_at",
        "started_at",
        "updated_at",
    }
)
_TRUTHS = frozenset({"active", "inbox_fallback", "paused"})
_DOCUMENTS = frozenset(
    {
        *("dispatcher", "integration_components", "integration_dependencies", "metrics"),
        *("maintenance_schedule", "monitoring_alerts", "performance_metrics"),
        *("pyautogui_coordinates", "system_configuration", "tags", "timings"),
    }
)


def rows(found: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows of the store for JSON."""
    return [row(entry) for entry in found]


def row(found: Mapping[str, object]) -> dict[str, object]:
    """One row of the store for JSON."""
    return {name: _value(name, value) for name, value in found.items()}


def plain(value: object) -> object:
    """json.dumps's `default`: values of the program that JSON has no form for."""
    if isinstance(value, datetime):
        return to_iso(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def age(value: object) -> str:
    """How long ago a stored time or a moment was, for people: `2 min ago`; empty for none."""
    if value is None or value == "":
        return ""
    moment = value if isinstance(value, datetime) else from_stored(str(value))
    past = now() - moment
    if abs(past) < timedelta(seconds=5):
        return "now"
    text = _length(abs(past))
    return f"{text} ago" if past > timedelta(0) else f"in {text}"


def _length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86_400:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} d"


def _value(name: str, value: object) -> object:
    if value is None:
        return None
    if name in _TIMES:
        return value if not isinstance(value, str) else _time(value)
    if name in _TRUTHS:
        return bool(value)
    if name in _DOCUMENTS and isinstance(value, str):
        return json.loads(value)
    return value


def _time(text: str) -> str:
    try:
        return to_iso(from_stored(text))
    except ValueError:
        return text
