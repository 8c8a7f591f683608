"""What the specification's other operations keep: Discord, audits, tests, systems."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panel.core import clock
from panel.core.errors import CommandError
from panel.store import audits, discord, test_results
from panel.store.connection import Transaction

COMMAND = {
    "agent_id": "Agent-1",
    "command_type": "status_check",
    "command_data": {"text": "two\nlines ü"},
    "channel_id": "1",
    "user_id": "2",
    "priority": 3,
}


def test_a_discord_command(tx: Transaction) -> None:
    command_id = discord.store_command_execution(tx, COMMAND)
    assert command_id.startswith("cmd_")
    assert discord.update_command_execution(tx, command_id, "completed", {"ok": True}, 12)
    row = tx.row("SELECT * FROM discord_commands")
    assert row is not None
    assert row["command_data"] == '{"text": "two\\nlines ü"}'
    assert (row["execution_status"], row["response_data"]) == ("completed", '{"ok": true}')
    assert (row["execution_time_ms"], row["command_priority"]) == (12, 3)
    assert not discord.update_command_execution(tx, "nothing", "failed")
    with pytest.raises(CommandError, match="status: takes one of"):
        discord.update_command_execution(tx, command_id, "perhaps")
    with pytest.raises(CommandError, match="command_type"):
        discord.store_command_execution(tx, {"agent_id": "A"})


def test_discord_health_is_that_of_the_last_hour(tx: Transaction) -> None:
    assert discord.get_controller_health_summary(tx) == {
        "total_commands": 0,
        "successful": 0,
        "failed": 0,
        "active_controllers": 0,
        "avg_execution_time": None,
        "error_count": 0,
    }
    for state, took, error in (("completed", 10, None), ("failed", 30, "no")):
        command_id = discord.store_command_execution(tx, COMMAND)
        discord.update_command_execution(tx, command_id, state, None, took, error)
    discord.store_command_execution(tx, COMMAND)
    assert discord.get_controller_health_summary(tx) == {
        "total_commands": 3,
        "successful": 1,
        "failed": 1,
        "active_controllers": 3,
        "avg_execution_time": 20.0,
        "error_count": 1,
    }
    later = clock.now() + timedelta(minutes=61)
    assert discord.get_controller_health_summary(tx, later)["total_commands"] == 0


def test_an_audit(tx: Transaction) -> None:
    found = [{"rule": "file-lines"}, {"rule": "parameters"}, {"rule": "parameters"}]
    audit_id = audits.audit_component_compliance(tx, "a.py", "file", {"violations": found})
    assert audit_id.startswith("audit_")
    row = tx.row("SELECT * FROM v2_compliance_audit")
    assert row is not None
    assert (row["compliance_score"], row["violations_found"]) == (60.0, 3)
    assert (row["refactoring_required"], row["refactoring_priority"]) == (1, "medium")
    with pytest.raises(CommandError, match="component_type: takes one of"):
        audits.audit_component_compliance(tx, "a.py", "song", {})


def test_the_compliance_summary_is_about_the_newest_audits(tx: Transaction) -> None:
    assert audits.get_compliance_summary(tx) == {
        "total_components": 0,
        "avg_compliance_score": None,
        "total_violations": 0,
        "refactoring_required": 0,
        "high_priority_refactoring": 0,
    }
    many = {"violations": [{"rule": f"r{n}"} for n in range(4)]}
    audits.audit_component_compliance(tx, "a.py", "file", many)
    audits.audit_component_compliance(tx, "a.py", "file", {"compliance_score": 90.0})
    audits.audit_component_compliance(tx, "a.py", "service", many)
    assert audits.get_compliance_summary(tx) == {
        "total_components": 2,
        "avg_compliance_score": 75.0,
        "total_violations": 4,
        "refactoring_required": 1,
        "high_priority_refactoring": 1,
    }


def test_test_results(tx: Transaction) -> None:
    def result(**fields: object) -> str:
        given: dict[str, object] = {
            "test_name": "test_a",
            "test_type": "database",
            "test_status": "PASS",
            "integration_component": "store",
        }
        return test_results.store_test_result(tx, given | fields)

    test_id = result(test_duration_ms=10, test_coverage_percentage=50.0, actual_result={"a": 1})
    assert test_id.startswith("test_")
    result(test_status="failed", test_duration_ms=20, test_coverage_percentage=100.0)
    result(integration_component="ui", test_status="running")
    rows = tx.rows("SELECT * FROM integration_tests ORDER BY rowid")
    assert [row["test_status"] for row in rows] == ["PASS", "FAIL", "running"]
    assert [row["executed_at"] is None for row in rows] == [False, False, True]
    assert test_results.get_test_coverage_summary(tx) == [
        {
            "integration_component": "store",
            "total_tests": 2,
            "passed_tests": 1,
            "avg_coverage": 75.0,
            "avg_test_duration": 15.0,
        },
        {
            "integration_component": "ui",
            "total_tests": 1,
            "passed_tests": 0,
            "avg_coverage": 0.0,
            "avg_test_duration": 0.0,
        },
    ]
    for fields, field in (
        ({"test_status": "perhaps"}, "test_status"),
        ({"test_name": None}, "test_name"),
    ):
        with pytest.raises(CommandError) as caught:
            result(**fields)
        assert caught.value.field == field
