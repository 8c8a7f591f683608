"""integration_tests: the results of test runs."""

from __future__ import annotations

from collections.abc import Mapping

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.identifiers import new_id
from panel.store.connection import Connection, Row, Transaction
from panel.store.values import dumped, stored

__test__ = False  # the name is the table's; pytest need not look here

TABLE = "integration_tests"
STATES = (
    *("pending", "running", "PASS", "FAIL", "ERROR", "CRASH", "TIMEOUT"),
    *("SKIP", "XFAIL", "XPASS", "NOT_RUN"),
)
_WORDS = {state.lower(): state for state in STATES} | {
    "passed": "PASS",
    "failed": "FAIL",
    "crashed": "CRASH",
    "skipped": "SKIP",
    "xfailed": "XFAIL",
    "xpassed": "XPASS",
}
_WAITING = {"pending", "running", "NOT_RUN"}


def store_test_result(tx: Transaction, test_data: Mapping[str, object]) -> str:
    """Keeps one test's result; returns its test_id.

    `test_data` holds test_name, test_type, test_status (also in pytest's words) and
    integration_component, and may hold test_data, expected_result, actual_result (JSON-able),
    test_duration_ms, test_coverage_percentage, v2_compliance_check, test_environment, test_agent.
    """
    for field in ("test_name", "test_type", "test_status", "integration_component"):
        if not isinstance(test_data.get(field), str):
            raise CommandError(field, "takes a text")
    status = _WORDS.get(str(test_data["test_status"]).lower())
    if status is None:
        raise CommandError(
            "test_status", f"takes one of {', '.join(STATES)}, not {test_data['test_status']!r}"
        )
    test_id = new_id("test")
    now = stored(clock.now())
    values: dict[str, object] = {
        "test_id": test_id,
        "test_name": test_data["test_name"],
        "test_type": test_data["test_type"],
        "test_status": status,
        "test_data": dumped(test_data.get("test_data", {})),
        "expected_result": dumped(test_data.get("expected_result", {})),
        "actual_result": dumped(test_data.get("actual_result", {})),
        "test_duration_ms": test_data.get("test_duration_ms", 0),
        "created_at": now,
        "executed_at": None if status in _WAITING else now,
        "integration_component": test_data["integration_component"],
        "test_coverage_percentage": test_data.get("test_coverage_percentage", 0.0),
        "v2_compliance_check": bool(test_data.get("v2_compliance_check", False)),
        "test_environment": test_data.get("test_environment", "development"),
        "test_agent": test_data.get("test_agent", "captain-panel"),
    }
    tx.execute(
        f"INSERT INTO integration_tests ({', '.join(values)})"
        f" VALUES ({', '.join('?' * len(values))})",
        *values.values(),
    )
    tx.changed(TABLE, test_id)
    return test_id


def get_test_coverage_summary(connection: Connection) -> list[Row]:
    """Per component: total_tests, passed_tests, avg_coverage (%), avg_test_duration (ms)."""
    return connection.rows(
        "SELECT integration_component, COUNT(*) AS total_tests,"
        " COUNT(CASE WHEN test_status = 'PASS' THEN 1 END) AS passed_tests,"
        " AVG(test_coverage_percentage) AS avg_coverage,"
        " AVG(test_duration_ms) AS avg_test_duration"
        " FROM integration_tests GROUP BY integration_component ORDER BY integration_component"
    )
