"""The columns of the Discord history."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication

from panel.core.clock import now
from panel.ui.models.column import Column, Row, plain
from panel.ui.times import age, duration, exact, moment
from panel.ui.words import command_chip

KEY = "command_id"


def details_of(row: Row) -> str:
    """The command's own data as `name: value` pairs."""
    value = row.get("command_data")
    loaded = json.loads(value) if isinstance(value, str) and value else value
    if not isinstance(loaded, dict):
        return "" if loaded is None else str(loaded)
    return ", ".join(f"{name}: {item}" for name, item in loaded.items())


def discord_columns() -> tuple[Column, ...]:
    """Result, Command, Details, By, Channel, Received, Took."""
    return (
        Column(
            "execution_status",
            _tr("Result"),
            112,
            lambda row: command_chip(row.get("execution_status")).word,
            chip=lambda row: command_chip(row.get("execution_status")),
            sort="execution_status",
        ),
        Column(
            "command_type",
            _tr("Command"),
            140,
            lambda row: str(row.get("command_type", "")).replace("_", " "),
            sort="command_type",
        ),
        Column("command_data", _tr("Details"), 200, details_of, stretch=True),
        Column("agent_id", _tr("Agent"), 88, plain("agent_id"), sort="agent_id", leaves=2),
        Column(
            "user_id", _tr("By"), 92, plain("user_id"), secondary=True, leaves=1, sort="user_id"
        ),
        Column("channel_id", _tr("Channel"), 120, plain("channel_id"), secondary=True, leaves=3),
        Column(
            "executed_at",
            _tr("Received"),
            100,
            lambda row: age(moment(row.get("executed_at")), now()),
            tip=lambda row: exact(moment(row.get("executed_at"))),
            secondary=True,
            sort="executed_at",
        ),
        Column(
            "execution_time_ms",
            _tr("Took"),
            72,
            lambda row: duration(row.get("execution_time_ms")),
            right=True,
            secondary=True,
            sort="execution_time_ms",
        ),
        Column("error_message", _tr("Error"), 200, plain("error_message"), hidden=True),
        Column("command_id", _tr("ID"), 220, plain("command_id"), hidden=True),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("discord", text)
