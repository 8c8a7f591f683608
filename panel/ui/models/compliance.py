"""The columns of the compliance list."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication

from panel.core.clock import now
from panel.ui.models.column import Column, Row, number, plain
from panel.ui.times import age, exact, moment
from panel.ui.words import Chip, compliance_chip

KEY = "audit_id"


def findings_of(row: Row) -> list[str]:
    """What the audit found in this file, one line each."""
    value = row.get("violations_details")
    loaded = json.loads(value) if isinstance(value, str) and value else value
    if not isinstance(loaded, list):
        return []
    return [
        str(item.get("message", item)) if isinstance(item, dict) else str(item) for item in loaded
    ]


def _level(row: Row) -> Chip:
    return compliance_chip(row.get("compliance_score"))


def _refactoring(row: Row) -> str:
    if not row.get("refactoring_required"):
        return ""
    return str(row.get("refactoring_priority") or "").capitalize()


def compliance_columns() -> tuple[Column, ...]:
    """Score, Level, File, Findings, Refactoring, Agent, Audited."""
    return (
        Column(
            "compliance_score",
            _tr("Score"),
            64,
            number("compliance_score", "{:.0f}"),
            right=True,
            sort="compliance_score",
        ),
        Column("level", _tr("Level"), 116, lambda row: _level(row).word, chip=_level),
        Column(
            "component_name",
            _tr("File"),
            240,
            plain("component_name"),
            stretch=True,
            sort="component_name",
        ),
        Column(
            "violations_found",
            _tr("Findings"),
            80,
            number("violations_found"),
            right=True,
            sort="violations_found",
        ),
        Column("refactoring_priority", _tr("Refactor"), 92, _refactoring, secondary=True, leaves=2),
        Column(
            "auditor_agent",
            _tr("Audited by"),
            108,
            plain("auditor_agent"),
            secondary=True,
            leaves=3,
        ),
        Column(
            "audit_timestamp",
            _tr("When"),
            104,
            lambda row: age(moment(row.get("audit_timestamp")), now()),
            tip=lambda row: exact(moment(row.get("audit_timestamp"))),
            secondary=True,
            leaves=1,
            sort="audit_timestamp",
        ),
        Column("component_type", _tr("Kind"), 92, plain("component_type"), hidden=True),
        Column("audit_id", _tr("ID"), 220, plain("audit_id"), hidden=True),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("compliance", text)
