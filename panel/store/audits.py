"""v2_compliance_audit: what audits found, component by component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from panel.core import clock
from panel.core.audit import score
from panel.core.errors import CommandError
from panel.core.identifiers import new_id
from panel.store.connection import Connection, Transaction
from panel.store.values import dumped, stored

TABLE = "v2_compliance_audit"
COMPONENT_TYPES = ("file", "database", "integration", "service")
_HIGH_FROM = 4


def audit_component_compliance(
    tx: Transaction, component_name: str, component_type: str, audit_data: Mapping[str, object]
) -> str:
    """Keeps the audit of one component; returns its audit_id.

    `audit_data` holds `violations`, a list of objects with a `rule` each, and may hold
    `compliance_score` (otherwise reckoned from the rules), `auditor_agent`, `integration_impact`,
    `refactoring_priority`, `estimated_refactoring_cycles`, `integration_dependencies_affected` and
    `refactoring_plan`.
    """
    if component_type not in COMPONENT_TYPES:
        raise CommandError(
            "component_type", f"takes one of {', '.join(COMPONENT_TYPES)}, not {component_type!r}"
        )
    violations = cast("list[object]", audit_data.get("violations") or [])
    rules = [str(each.get("rule")) for each in violations if isinstance(each, Mapping)]
    audit_id = new_id("audit")
    values: dict[str, object] = {
        "audit_id": audit_id,
        "component_name": component_name,
        "component_type": component_type,
        "compliance_score": audit_data.get("compliance_score", score(rules)),
        "violations_found": len(violations),
        "violations_details": dumped(violations),
        "audit_timestamp": stored(clock.now()),
        "auditor_agent": audit_data.get("auditor_agent", "captain-panel"),
        "integration_impact": dumped(audit_data.get("integration_impact") or {}),
        "refactoring_required": bool(violations),
        "refactoring_priority": audit_data.get(
            "refactoring_priority", "high" if len(violations) >= _HIGH_FROM else "medium"
        ),
        "estimated_refactoring_cycles": audit_data.get("estimated_refactoring_cycles", 1),
        "integration_dependencies_affected": dumped(
            audit_data.get("integration_dependencies_affected") or []
        ),
        "refactoring_plan": dumped(audit_data.get("refactoring_plan") or {}),
    }
    tx.execute(
        f"INSERT INTO v2_compliance_audit ({', '.join(values)})"
        f" VALUES ({', '.join('?' * len(values))})",
        *values.values(),
    )
    tx.changed(TABLE, audit_id)
    return audit_id


def get_compliance_summary(connection: Connection) -> dict[str, object]:
    """Over the newest audit of each component; avg_compliance_score is None without any."""
    row = connection.row("SELECT * FROM v2_compliance_summary")
    assert row is not None
    return row
