"""Writes docs/commands.md from the registry: `python -m panel.commands.reference`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import panel
from panel.commands import manual
from panel.commands.registry import Command, commands

FILE = Path(panel.__file__).parent.parent / "docs" / "commands.md"


def text() -> str:
    """The whole page."""
    known = commands()
    parts = [
        "# The command line",
        "",
        "Made from the command registry by `python -m panel.commands.reference`; do not edit.",
        "",
        "`captain-panel [--db URL-OR-PATH] [--json] COMMAND …`; without one the window opens.",
        "",
        *_table(("option", "meaning"), manual.GLOBAL_OPTIONS),
        "",
        "CAPTAIN_PANEL_HOME moves the folder for data and settings. Times in JSON are ISO 8601 in "
        "UTC. When a command fails, `--json` prints `{error: {field, message, exit_code}}`.",
        "",
        *_table(
            ("exit code", "meaning"),
            [(str(code), meaning) for code, meaning in manual.EXIT_CODES],
        ),
    ]
    for entry in known.values():
        parts += ["", *_section(entry)]
    return "\n".join(parts) + "\n"


def _section(command: Command) -> list[str]:
    lines = [f"## {command.name}", "", f"{command.summary[0].upper()}{command.summary[1:]}."]
    if command.details:
        lines[-1] += f" {command.details}"
    lines += ["", "```", manual.usage(command), "```"]
    if command.parameters:
        lines += [""]
        lines += _table(
            ("argument", "meaning"),
            [
                (manual.spelled(parameter), parameter.help + _needed(parameter.required))
                for parameter in command.parameters
            ],
        )
    lines += ["", f"`--json` prints {_code(command.answers)}."]
    if command.examples:
        lines += ["", "```", *command.examples, "```"]
    return lines


def _needed(required: bool) -> str:
    return " (required)" if required else ""


def _code(answers: str) -> str:
    """Braces as code, so that Markdown leaves their names alone."""
    start, end = answers.find("{"), answers.find("}")
    if start < 0:
        return answers
    return f"{answers[:start]}`{answers[start : end + 1]}`{answers[end + 1 :]}"


def _table(headers: tuple[str, str], rows: Sequence[tuple[str, str]]) -> list[str]:
    def cell(text: str) -> str:
        return text.replace("|", "\\|")

    lines = [f"| {headers[0]} | {headers[1]} |", "|---|---|"]
    return lines + [f"| `{cell(left)}` | {cell(right)} |" for left, right in rows]


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
