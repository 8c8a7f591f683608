"""The five lists of the window, each as a model."""

from __future__ import annotations

from panel.store.listings import Listing
from panel.ui.models import agents, compliance, discord, messages, tests
from panel.ui.models.answers import is_unread
from panel.ui.models.paged import PagedTableModel
from panel.ui.models.reading import Reading
from panel.ui.tasks import Tasks


def agents_model(reading: Reading, tasks: Tasks) -> PagedTableModel:
    """agent_workspaces with what is known of targets and messages."""
    return PagedTableModel(
        reading, tasks, Listing.AGENTS, agents.agent_columns(), agents.KEY, ("status",)
    )


def messages_model(reading: Reading, tasks: Tasks) -> PagedTableModel:
    """agent_messages, newest first."""
    columns = messages.message_columns()
    return PagedTableModel(
        reading,
        tasks,
        Listing.MESSAGES,
        columns,
        messages.KEY,
        ("delivery_status",),
        bold=is_unread,
    )


def discord_model(reading: Reading, tasks: Tasks) -> PagedTableModel:
    """discord_commands, newest first."""
    columns = discord.discord_columns()
    return PagedTableModel(
        reading, tasks, Listing.DISCORD, columns, discord.KEY, ("execution_status",)
    )


def compliance_model(reading: Reading, tasks: Tasks) -> PagedTableModel:
    """v2_compliance_audit."""
    columns = compliance.compliance_columns()
    return PagedTableModel(reading, tasks, Listing.COMPLIANCE, columns, compliance.KEY)


def tests_model(reading: Reading, tasks: Tasks) -> PagedTableModel:
    """integration_tests."""
    columns = tests.test_columns()
    return PagedTableModel(reading, tasks, Listing.TESTS, columns, tests.KEY, ("test_status",))
