"""What each listing consists of: its columns, its key, its search and its order, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from panel.store.agents import NATURAL_ORDER


class Listing(StrEnum):
    """A table view's rows."""

    AGENTS = "agents"
    MESSAGES = "messages"
    DISCORD = "discord"
    COMPLIANCE = "compliance"
    TESTS = "tests"


@dataclass(frozen=True, slots=True)
class Source:
    """`table` in SQL holds `columns`, of which `key` names a row, and `place`, which orders equals.

    `order` are the terms of the default order, `natural` those of a column that has its own.
    """

    table: str
    columns: tuple[str, ...]
    key: str
    searched: tuple[str, ...]
    order: tuple[str, ...]
    descending: bool
    natural: dict[str, tuple[str, ...]]
    lists: frozenset[str] = frozenset()  # columns with a JSON list, filtered by what it holds
    unsorted: frozenset[str] = frozenset()


_AGENTS = """
(SELECT agent.rowid AS place, agent.agent_id, agent.team, agent.specialization, agent.captain,
    agent.status, agent.description, agent.active, agent.paused, agent.last_cycle,
    agent.current_focus, agent.cycle_count, agent.tasks_completed, agent.coordination_efficiency,
    agent.v2_compliance, agent.last_updated, agent.integration_status,
    agent.integration_components, agent.integration_tests_passed, agent.integration_tests_total,
    agent.messaging_system_status, agent.discord_commander_status, agent.core_systems_status,
    agent.workspace_path, agent.inbox_fallback, agent.status_source, agent.reported_at,
    agent.retired_at, agent.watch_region, agent.screen_state, agent.screen_since,
    COALESCE(chat.status, 'none') AS target_status, chat.last_verdict AS target_verdict,
    chat.last_reason_code AS target_reason_code,
    chat.last_check_at AS target_checked_at, chat.title AS target_title,
    chat.window_class AS target_class, chat.last_success_at,
    EXISTS (SELECT 1 FROM click_targets AS box
        WHERE box.agent_id = agent.agent_id AND box.kind = 'onboarding') AS has_onboarding,
    (SELECT COUNT(*) FROM agent_messages INDEXED BY idx_message_queue
        WHERE to_agent = agent.agent_id AND delivery_status IN ('pending', 'held')
            AND reason_code <> 'backlog') AS waiting,
    (SELECT COUNT(*) FROM agent_messages INDEXED BY idx_message_blocking
        WHERE to_agent = agent.agent_id AND delivery_status IN ('sending', 'uncertain')
            AND delivery_status = 'uncertain') AS uncertain,
    (SELECT MAX(sent_at) FROM agent_messages
        WHERE to_agent = agent.agent_id AND direction = 'out') AS last_message_at,
    (SELECT COUNT(*) FROM agent_messages INDEXED BY idx_message_unread
        WHERE from_agent = agent.agent_id AND direction = 'in' AND seen_at IS NULL) AS unread
FROM agent_workspaces AS agent
LEFT JOIN click_targets AS chat ON chat.agent_id = agent.agent_id AND chat.kind = 'chat')"""

_MESSAGES = """
(SELECT message.rowid AS place, message.*,
    (SELECT COUNT(*) FROM delivery_attempts AS attempt
        WHERE attempt.message_id = message.message_id) AS attempts
FROM agent_messages AS message)"""


def _plain(table: str) -> str:
    return f"(SELECT rowid AS place, * FROM {table})"


SOURCES: dict[Listing, Source] = {
    Listing.AGENTS: Source(
        table=_AGENTS,
        columns=(
            *("agent_id", "team", "specialization", "captain", "status", "description"),
            *("active", "paused", "last_cycle", "current_focus", "cycle_count"),
            *("tasks_completed", "coordination_efficiency", "v2_compliance", "last_updated"),
            *("integration_status", "integration_components", "integration_tests_passed"),
            *("integration_tests_total", "messaging_system_status", "discord_commander_status"),
            *("core_systems_status", "workspace_path", "inbox_fallback", "status_source"),
            *("reported_at", "retired_at", "watch_region", "screen_state", "screen_since"),
            "target_status",
            *(
                "target_verdict",
                "target_reason_code",
                "target_checked_at",
                "target_title",
                "target_class",
                "last_success_at",
            ),
            *("has_onboarding", "waiting", "uncertain", "last_message_at", "unread"),
        ),
        key="agent_id",
        searched=("agent_id", "team", "specialization", "current_focus", "description", "status"),
        order=NATURAL_ORDER,
        descending=False,
        natural={"agent_id": NATURAL_ORDER},
    ),
    Listing.MESSAGES: Source(
        table=_MESSAGES,
        columns=(
            *("message_id", "from_agent", "to_agent", "priority", "tags", "content", "sent_at"),
            *("processed_at", "status", "pyautogui_coordinates", "delivery_method"),
            *("delivery_status", "retry_count", "max_retries", "delivery_time_ms"),
            *("coordinate_validation_status", "evidence", "reason", "reason_code", "expires_at"),
            *("held_since", "next_attempt_at", "group_id", "resend_of", "reply_to", "attempts"),
            *("direction", "seen_at", "source_key", "wanted"),
        ),
        key="message_id",
        searched=("content", "to_agent", "from_agent", "tags", "message_id"),
        order=("sent_at",),
        descending=True,
        natural={"priority": ("urgency",)},
        lists=frozenset({"tags"}),
        unsorted=frozenset({"pyautogui_coordinates", "content"}),
    ),
    Listing.DISCORD: Source(
        table=_plain("discord_commands"),
        columns=(
            *("command_id", "agent_id", "command_type", "command_data", "channel_id", "user_id"),
            *("executed_at", "execution_status", "response_data", "controller_status"),
            *("command_priority", "execution_time_ms", "error_message", "discord_bot_response"),
            "command_validation_status",
        ),
        key="command_id",
        searched=("command_type", "agent_id", "command_data", "user_id", "error_message"),
        order=("executed_at",),
        descending=True,
        natural={},
        unsorted=frozenset({"command_data", "response_data"}),
    ),
    Listing.COMPLIANCE: Source(
        table=_plain("v2_compliance_audit"),
        columns=(
            *("audit_id", "component_name", "component_type", "compliance_score"),
            *("violations_found", "violations_details", "audit_timestamp", "auditor_agent"),
            *("integration_impact", "refactoring_required", "refactoring_priority"),
            *("estimated_refactoring_cycles", "integration_dependencies_affected"),
            "refactoring_plan",
        ),
        key="audit_id",
        searched=("component_name", "component_type", "auditor_agent", "violations_details"),
        order=("audit_timestamp",),
        descending=True,
        natural={},
        unsorted=frozenset({"violations_details", "integration_impact", "refactoring_plan"}),
    ),
    Listing.TESTS: Source(
        table=_plain("integration_tests"),
        columns=(
            *("test_id", "test_name", "test_type", "test_status", "test_data"),
            *("expected_result", "actual_result", "test_duration_ms", "created_at"),
            *("executed_at", "integration_component", "test_coverage_percentage"),
            *("v2_compliance_check", "test_environment", "test_agent"),
        ),
        key="test_id",
        searched=("test_name", "integration_component", "test_type", "test_agent"),
        order=("created_at",),
        descending=True,
        natural={},
        unsorted=frozenset({"test_data", "expected_result", "actual_result"}),
    ),
}
