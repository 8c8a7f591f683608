"""The Discord commands: the history of what came in and what it led to."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from panel.ui.detail import DetailPane, Facts
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage, ListSpec
from panel.ui.models.column import Row
from panel.ui.models.discord import details_of
from panel.ui.models.lists import discord_model
from panel.ui.services import Workbench
from panel.ui.times import duration, exact, moment
from panel.ui.toolbar import Filter
from panel.ui.words import command_chip


class CommandDetail(DetailPane):
    """What was asked and what was answered."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(
            bench.theme, "chat", _word("Choose a command to see what was asked and answered.")
        )
        self._facts = Facts(bench.theme)
        self.body.addWidget(self._facts)

    def fill(self, row: Row) -> None:
        self.set_head(
            str(row["command_type"]).replace("_", " "),
            exact(moment(row.get("executed_at"))),
            [command_chip(row.get("execution_status"))],
        )
        self._facts.show_facts(
            [
                (_word("Asked"), details_of(row)),
                (_word("Answered"), str(row.get("discord_bot_response") or "")),
                (_word("Error"), str(row.get("error_message") or "")),
                (_word("Agent"), str(row.get("agent_id") or "")),
                (_word("By"), str(row.get("user_id") or "")),
                (_word("Channel"), str(row.get("channel_id") or "")),
                (_word("Took"), duration(row.get("execution_time_ms"))),
                (_word("ID"), str(row["command_id"])),
            ]
        )


class DiscordTab(ListPage):
    """discord_commands, newest first."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(
            bench,
            ListSpec(
                name="discord_tab",
                table="discord_table",
                title=_word("Discord commands"),
                tables=("discord_commands",),
                search=_word("Search commands"),
                filters=(
                    Filter("execution_status", ("completed",), _word("Done")),
                    Filter("execution_status", ("failed",), _word("Failed")),
                    Filter("execution_status", ("refused",), _word("Refused")),
                    Filter("execution_status", ("pending",), _word("Received")),
                ),
            ),
            model=discord_model(bench.reading, bench.tasks),
            detail=CommandDetail(bench),
            empty=EmptyState(
                bench.theme,
                "chat",
                _word("Run your swarm from your phone."),
                _word(
                    "No Discord commands yet. Once the bot is set up, every command stands here:"
                    " who gave it, what was answered and what it led to."
                ),
            ),
        )


def _word(text: str) -> str:
    return QCoreApplication.translate("discord", text)
