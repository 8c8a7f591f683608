"""schema.sql holds all of the specification: tables, columns, types, defaults, 25 indexes."""

from __future__ import annotations

import re

import pytest

from panel.core.message import (
    AnswerStatus,
    CoordinateStatus,
    DeliveryStatus,
    Evidence,
    Method,
    Priority,
)
from panel.core.target import AnchorPolicy, Proof, TargetKind, TargetStatus
from panel.store import audits, discord, test_results
from panel.store.attempts import Phase
from panel.store.connection import Connection, ConstraintError
from panel.store.migrations import MIGRATIONS
from panel.store.opening import current_schema

# The specification's tables: `name TYPE` with `!` for NOT NULL, `*` for the key, `=` its default.
SPECIFICATION = {
    "agent_workspaces": """agent_id TEXT*, team TEXT!, specialization TEXT!, captain TEXT!,
        status TEXT!, last_cycle TIMESTAMP, current_focus TEXT, cycle_count INTEGER=0,
        tasks_completed INTEGER=0, coordination_efficiency REAL=0.0, v2_compliance REAL=0.0,
        last_updated TIMESTAMP=CURRENT_TIMESTAMP, integration_status TEXT='pending',
        integration_components TEXT, integration_tests_passed INTEGER=0,
        integration_tests_total INTEGER=0, messaging_system_status TEXT='pending',
        discord_commander_status TEXT='pending', core_systems_status TEXT='pending'""",
    "agent_messages": """message_id TEXT*, from_agent TEXT!, to_agent TEXT!, priority TEXT!,
        tags TEXT, content TEXT!, sent_at TIMESTAMP=CURRENT_TIMESTAMP, processed_at TIMESTAMP,
        status TEXT='pending', pyautogui_coordinates TEXT, delivery_method TEXT='pyautogui',
        delivery_status TEXT='pending', retry_count INTEGER=0, max_retries INTEGER=3,
        delivery_time_ms INTEGER, coordinate_validation_status TEXT='pending'""",
    "discord_commands": """command_id TEXT*, agent_id TEXT!, command_type TEXT!,
        command_data TEXT!, channel_id TEXT, user_id TEXT, executed_at TIMESTAMP=CURRENT_TIMESTAMP,
        execution_status TEXT='pending', response_data TEXT, controller_status TEXT='active',
        command_priority INTEGER=1, execution_time_ms INTEGER, error_message TEXT,
        discord_bot_response TEXT, command_validation_status TEXT='pending'""",
    "core_systems_status": """system_id TEXT*, system_name TEXT!, system_status TEXT!,
        health_score REAL=100.0, last_health_check TIMESTAMP=CURRENT_TIMESTAMP,
        error_count INTEGER=0, performance_metrics TEXT, integration_dependencies TEXT,
        system_configuration TEXT, monitoring_alerts TEXT, maintenance_schedule TEXT""",
    "v2_compliance_audit": """audit_id TEXT*, component_name TEXT!, component_type TEXT!,
        compliance_score REAL!, violations_found INTEGER=0, violations_details TEXT,
        audit_timestamp TIMESTAMP=CURRENT_TIMESTAMP, auditor_agent TEXT!, integration_impact TEXT,
        refactoring_required BOOLEAN=FALSE, refactoring_priority TEXT='medium',
        estimated_refactoring_cycles INTEGER=1, integration_dependencies_affected TEXT,
        refactoring_plan TEXT""",
    "integration_tests": """test_id TEXT*, test_name TEXT!, test_type TEXT!,
        test_status TEXT='pending', test_data TEXT, expected_result TEXT, actual_result TEXT,
        test_duration_ms INTEGER, created_at TIMESTAMP=CURRENT_TIMESTAMP, executed_at TIMESTAMP,
        integration_component TEXT!, test_coverage_percentage REAL=0.0,
        v2_compliance_check BOOLEAN=FALSE, test_environment TEXT='development', test_agent TEXT!""",
}

_INDEXES = """
idx_agent_team agent_workspaces(team)
idx_agent_status agent_workspaces(status)
idx_agent_integration_status agent_workspaces(integration_status)
idx_agent_last_updated agent_workspaces(last_updated)
idx_message_to_agent agent_messages(to_agent)
idx_message_status agent_messages(delivery_status)
idx_message_sent_at agent_messages(sent_at)
idx_message_priority agent_messages(priority)
idx_message_coordinates agent_messages(pyautogui_coordinates)
idx_discord_agent discord_commands(agent_id)
idx_discord_status discord_commands(execution_status)
idx_discord_executed discord_commands(executed_at)
idx_discord_controller discord_commands(controller_status)
idx_discord_priority discord_commands(command_priority)
idx_core_system_name core_systems_status(system_name)
idx_core_system_status core_systems_status(system_status)
idx_core_health_check core_systems_status(last_health_check)
idx_audit_component v2_compliance_audit(component_name)
idx_audit_timestamp v2_compliance_audit(audit_timestamp)
idx_audit_score v2_compliance_audit(compliance_score)
idx_audit_refactoring v2_compliance_audit(refactoring_required)
idx_test_type integration_tests(test_type)
idx_test_status integration_tests(test_status)
idx_test_component integration_tests(integration_component)
idx_test_agent integration_tests(test_agent)
"""
INDEXES = _INDEXES.strip().splitlines()


@pytest.mark.parametrize("table", SPECIFICATION)
def test_the_specifications_columns(connection: Connection, table: str) -> None:
    found = {row["name"]: row for row in connection.rows(f"PRAGMA table_info({table})")}
    order = []
    for entry in SPECIFICATION[table].split(","):
        parsed = re.fullmatch(r"\s*(\w+) ([A-Z]+)([!*]?)(?:=(.+))?", entry, re.DOTALL)
        assert parsed is not None, entry
        name, kind, mark, default = parsed.groups()
        column = found[name]
        assert column["type"] == kind, name
        assert column["dflt_value"] == default, name
        assert column["pk"] == (mark == "*"), name
        assert bool(column["notnull"]) == bool(mark), name
        order.append(name)
    assert list(found)[: len(order)] == order, "ours come behind the specification's"


def test_the_specifications_indexes(connection: Connection) -> None:
    assert len(INDEXES) == 25
    for line in INDEXES:
        name, place = line.split(" ")
        sql = connection.value("SELECT sql FROM sqlite_master WHERE name = ?", name)
        assert sql == f"CREATE INDEX {name} ON {place}"


@pytest.mark.parametrize(
    "name",
    [
        *("click_targets", "target_pictures", "delivery_attempts", "dispatch_control"),
        *("settings", "file_compliance"),
    ],
)
def test_our_tables(connection: Connection, name: str) -> None:
    assert connection.value("SELECT type FROM sqlite_master WHERE name = ?", name) == "table"


@pytest.mark.parametrize(
    "name", ["agent_performance_summary", "message_delivery_stats", "v2_compliance_summary"]
)
def test_the_views_can_be_read(connection: Connection, name: str) -> None:
    assert connection.value("SELECT type FROM sqlite_master WHERE name = ?", name) == "view"
    connection.rows(f"SELECT * FROM {name}")


def test_one_row_of_control(connection: Connection) -> None:
    rows = connection.rows("SELECT * FROM dispatch_control")
    assert len(rows) == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", str(rows[0]["updated_at"]))
    with pytest.raises(ConstraintError):
        connection.execute("INSERT INTO dispatch_control (id) VALUES (2)")


def test_the_schema_and_the_migrations_end_at_the_same_number() -> None:
    numbers = [step.number for step in MIGRATIONS]
    assert numbers == list(range(2, current_schema().version + 1))


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("agent_messages", "priority", tuple(Priority)),
        ("agent_messages", "delivery_status", tuple(DeliveryStatus)),
        ("agent_messages", "status", tuple(AnswerStatus)),
        ("agent_messages", "delivery_method", tuple(Method)),
        ("agent_messages", "coordinate_validation_status", tuple(CoordinateStatus)),
        ("agent_messages", "evidence", tuple(Evidence)),
        ("delivery_attempts", "phase", tuple(Phase)),
        ("delivery_attempts", "evidence", tuple(Evidence)),
        ("delivery_attempts", "outcome", tuple(set(DeliveryStatus) - {DeliveryStatus.SENDING})),
        ("click_targets", "kind", tuple(TargetKind)),
        ("click_targets", "status", tuple(TargetStatus)),
        ("click_targets", "policy", tuple(AnchorPolicy)),
        ("click_targets", "proof", tuple(Proof)),
        ("discord_commands", "execution_status", discord.STATES),
        ("v2_compliance_audit", "component_type", audits.COMPONENT_TYPES),
        ("integration_tests", "test_status", test_results.STATES),
        ("core_systems_status", "system_status", ("active", "inactive", "error", "maintenance")),
    ],
)
def test_state_words_are_those_of_the_program(
    connection: Connection, table: str, column: str, words: tuple[str, ...]
) -> None:
    sql = str(connection.value("SELECT sql FROM sqlite_master WHERE name = ?", table))
    # `default 'pending' CHECK (status IN (` and not `message_status IN (`
    checks = re.findall(rf"(?<!\w){column} IN \(([^)]*)\)", sql)
    assert checks, f"{table}.{column} has no CHECK"
    assert set(re.findall(r"'([^']+)'", checks[0])) == {str(word) for word in words}


def test_json_columns_refuse_what_is_no_json(connection: Connection) -> None:
    for table, column in (
        ("agent_messages", "tags"),
        ("agent_messages", "pyautogui_coordinates"),
        ("discord_commands", "command_data"),
        ("delivery_attempts", "timings"),
        ("click_targets", "layout"),
        ("file_compliance", "violations"),
    ):
        sql = str(connection.value("SELECT sql FROM sqlite_master WHERE name = ?", table))
        assert f"json_valid({column})" in sql, f"{table}.{column}"


def test_what_refers_to_rows_goes_with_them(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO agent_workspaces (agent_id, team, specialization, captain, status)"
        " VALUES ('A', 't', 's', 'c', 'IDLE')"
    )
    connection.execute("INSERT INTO click_targets (agent_id, kind, x, y) VALUES ('A','chat',-5,5)")
    connection.execute(
        "INSERT INTO target_pictures (agent_id, kind, role, position, x, y, width, height, png)"
        " VALUES ('A', 'chat', 'look', 0, 1, 1, 2, 2, x'00')"
    )
    connection.execute("UPDATE agent_workspaces SET agent_id = 'B'")
    assert connection.value("SELECT agent_id FROM target_pictures") == "B"
    connection.execute("DELETE FROM agent_workspaces")
    assert connection.value("SELECT COUNT(*) FROM click_targets") == 0
    assert connection.value("SELECT COUNT(*) FROM target_pictures") == 0
    with pytest.raises(ConstraintError, match="FOREIGN KEY"):
        connection.execute(
            "INSERT INTO click_targets (agent_id, kind, x, y) VALUES('X','chat',1,1)"
        )
