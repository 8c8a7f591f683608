"""The columns of the test results list."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from panel.core.clock import now
from panel.ui.models.column import Column, Row, plain
from panel.ui.times import age, duration, exact, moment
from panel.ui.words import test_chip

KEY = "test_id"


def _coverage(row: Row) -> str:
    value = row.get("test_coverage_percentage")
    return f"{value:.0f} %" if isinstance(value, (int, float)) and value else ""


def test_columns() -> tuple[Column, ...]:
    """Test, Result, Took, Area, Coverage, Run."""
    return (
        Column(
            "test_status",
            _tr("Result"),
            116,
            lambda row: test_chip(row.get("test_status")).word,
            chip=lambda row: test_chip(row.get("test_status")),
            sort="test_status",
        ),
        Column("test_name", _tr("Test"), 260, plain("test_name"), stretch=True, sort="test_name"),
        Column(
            "integration_component",
            _tr("Area"),
            120,
            plain("integration_component"),
            secondary=True,
            leaves=2,
            sort="integration_component",
        ),
        Column(
            "test_coverage_percentage",
            _tr("Coverage"),
            88,
            _coverage,
            right=True,
            leaves=3,
            secondary=True,
            sort="test_coverage_percentage",
        ),
        Column(
            "executed_at",
            _tr("Run"),
            104,
            lambda row: age(moment(row.get("executed_at")), now()),
            tip=lambda row: exact(moment(row.get("executed_at"))),
            secondary=True,
            leaves=1,
            sort="executed_at",
        ),
        Column(
            "test_duration_ms",
            _tr("Took"),
            80,
            lambda row: duration(row.get("test_duration_ms")),
            right=True,
            secondary=True,
            sort="test_duration_ms",
        ),
        Column("test_type", _tr("Kind"), 100, plain("test_type"), hidden=True),
        Column("test_agent", _tr("Agent"), 100, plain("test_agent"), hidden=True),
        Column("test_id", _tr("ID"), 220, plain("test_id"), hidden=True),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("tests", text)
