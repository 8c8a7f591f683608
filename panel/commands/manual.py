"""The help, made from the registry: the overview, one group, one command."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from panel import __version__
from panel.commands.registry import Command, Parameter

WIDTH = 96
GLOBAL_OPTIONS: tuple[tuple[str, str], ...] = (
    ("--db URL-OR-PATH", "the database: a file's path or sqlite:///PATH (or CAPTAIN_PANEL_DB)"),
    ("--json", "print one JSON document on stdout and nothing else"),
    ("--help", "this help; after a command, the command's own"),
    ("--version", "print the version"),
)
EXIT_CODES: tuple[tuple[int, str], ...] = (
    (0, "done"),
    (1, "not done (not delivered, a target not valid); the output says why"),
    (2, "bad input; one line on stderr names the field and what it takes"),
    (3, "the environment (no display, database locked, damaged or too new)"),
    (130, "interrupted"),
)
_EXAMPLES = (
    ("captain-panel", "open the window"),
    ("captain-panel agents add Agent-1 --team core", "add an agent"),
    ("captain-panel target set Agent-1 --x 640 --y 910", "where it takes text"),
    ('captain-panel send --to Agent-1 --wait 30 "Run the tests."', "write to it, see it arrive"),
    ("captain-panel messages list --status failed --json", "what did not arrive"),
    ("captain-panel stop-all", "stop now, keep the queue"),
)


def overview(commands: Mapping[str, Command]) -> str:
    """What `captain-panel --help` prints."""
    summaries = [(command.name, command.summary) for command in commands.values()]
    return "\n".join(
        (
            f"Captain Panel {__version__}: write to a swarm of coding agents, and see it arrive.",
            "",
            "usage: captain-panel [--db URL-OR-PATH] [--json] COMMAND …",
            "       captain-panel                    without a command the window opens",
            "",
            "commands:",
            *_columns(summaries),
            "",
            "options, before or after the command:",
            *_columns(GLOBAL_OPTIONS),
            "",
            "examples:",
            *_columns(_EXAMPLES),
            "",
            "exit codes:",
            *_columns([(str(code), meaning) for code, meaning in EXIT_CODES]),
            "",
            "`captain-panel COMMAND --help` explains one command.",
        )
    )


def group(name: str, commands: Mapping[str, Command]) -> str:
    """What `captain-panel agents --help` prints: the commands that begin with that word."""
    members = [
        (command.name, command.summary) for command in commands.values() if command.group == name
    ]
    return "\n".join(
        (
            f"usage: captain-panel {name} COMMAND …",
            "",
            *_columns(members),
            "",
            f"`captain-panel {name} COMMAND --help` explains one of them.",
        )
    )


def usage(command: Command) -> str:
    """The command with all its arguments in one line."""
    words = [f"captain-panel {command.name}"]
    options = [parameter for parameter in command.parameters if not parameter.positional]
    loose = [parameter for parameter in command.parameters if parameter.positional]
    for parameter in (*options, *loose):
        word = spelled(parameter)
        words.append(word if parameter.required else f"[{word}]")
    return " ".join(words)


def spelled(parameter: Parameter) -> str:
    """How an argument is written: `--to A[,B]`, `[AGENT…]`, `--all`."""
    word = parameter.metavar + ("…" if parameter.many and parameter.positional else "")
    return f"{parameter.flag} {word}".strip()


def page(command: Command) -> str:
    """What `captain-panel COMMAND --help` prints."""
    lines = _wrapped(f"usage: {usage(command)}", "       ")
    lines += ["", *_wrapped(command.summary[0].upper() + command.summary[1:] + ".")]
    if command.details:
        lines += ["", *_wrapped(command.details)]
    if command.parameters:
        lines += ["", "arguments:"]
        lines += _columns([(spelled(entry), entry.help) for entry in command.parameters])
    lines += ["", *_wrapped(f"--json prints {command.answers}.", "  ")]
    if command.examples:
        lines += ["", "examples:", *(f"  {example}" for example in command.examples)]
    return "\n".join(lines)


def _wrapped(text: str, later: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )


def _columns(entries: Sequence[tuple[str, str]]) -> list[str]:
    """Two columns, the right one wrapped; a left one over 34 characters has a line of its own."""
    left = max((len(word) for word, _ in entries if len(word) <= 34), default=8)
    margin = " " * (left + 4)
    lines = []
    for word, meaning in entries:
        wrapped = textwrap.wrap(meaning, WIDTH - len(margin), break_on_hyphens=False)
        if len(word) > left:
            lines += [f"  {word}", margin + wrapped[0]]
        else:
            lines.append(f"  {word.ljust(left)}  {wrapped[0]}")
        lines += [margin + more for more in wrapped[1:]]
    return lines
