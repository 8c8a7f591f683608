"""The command line, made from the command registry: words in, one answer out."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, TextIO

from panel import __version__
from panel.commands import arguments, manual
from panel.commands.kinds import ascii_safe, shown
from panel.commands.published import plain
from panel.commands.registry import Command, Needs, commands
from panel.core.errors import CommandError, PanelError

if TYPE_CHECKING:
    from panel.commands.context import Context
    from panel.commands.outcome import Outcome, Table

_BAR = 24
_BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command with its arguments, ready to be executed."""

    command: Command
    arguments: Mapping[str, object]
    db: str | None = None
    as_json: bool = False

    @property
    def needs(self) -> Needs:
        """What has to be there before it may start."""
        return self.command.needs_for(self.arguments)


@dataclass(frozen=True, slots=True)
class Window:
    """No command: the window is to be opened."""

    db: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A help or version text, to be printed on stdout."""

    text: str


def parse(argv: Sequence[str]) -> Invocation | Window | Answer:
    """What these words (without the program's name) ask for; CommandError when they are wrong."""
    words, after, db, as_json, wants = _globals(argv)
    if "--version" in wants:
        return Answer(f"captain-panel {__version__}")
    known = commands()
    command, rest = _command(words, known)
    if "--help" in wants:
        if command is not None:
            return Answer(manual.page(command))
        if words and any(entry.group == words[0] for entry in known.values()):
            return Answer(manual.group(words[0], known))
        if not words:
            return Answer(manual.overview(known))
    if command is not None:
        return Invocation(command, arguments.read(command, [*rest, *after]), db, as_json)
    if words or after:
        raise _unknown([*words, *after], known)
    if as_json:
        raise CommandError("command", "is needed with --json; see captain-panel --help")
    return Window(db)


def with_standard_input(invocation: Invocation, stdin: BinaryIO) -> Invocation:
    """The same invocation with the text of standard input where `-` stands for it.

    One newline at the end is taken off. CommandError when it is not UTF-8.
    """
    filled = dict(invocation.arguments)
    for parameter in invocation.command.parameters:
        if parameter.stdin and filled.get(parameter.name) == "-":
            try:
                filled[parameter.name] = stdin.read().decode("utf-8-sig").removesuffix("\n")
            except UnicodeDecodeError as error:
                raise CommandError(
                    parameter.field, f"takes text in UTF-8; byte {error.start + 1:,} is none"
                ) from None
    return replace(invocation, arguments=filled)


async def execute(invocation: Invocation, context: Context, out: TextIO, err: TextIO) -> int:
    """Runs the command, prints its answer and returns the exit code; never raises PanelError."""
    progress = ProgressLine(err)
    try:
        outcome = await invocation.command.run(context.watched_by(progress), invocation.arguments)
    except PanelError as error:
        progress.clear()
        return report(error, err, out if invocation.as_json else None)
    progress.clear()
    _write(err, "".join(f"{_line(note)}\n" for note in outcome.notes))
    _write(out, _document(outcome.data) if invocation.as_json else _words(outcome, out))
    return outcome.exit_code


def report(error: PanelError, err: TextIO, json_out: TextIO | None = None) -> int:
    """Prints an error in one line (and, for --json, as the one document); returns its exit code."""
    _write(err, f"{_line(str(error))}\n")
    if json_out is not None:
        field = error.field if isinstance(error, CommandError) else None
        message = error.message if isinstance(error, CommandError) else str(error)
        details = {"field": field, "message": message, "exit_code": error.exit_code}
        _write(json_out, _document({"error": details}))
    return error.exit_code


class ProgressLine:
    """A bar on a terminal, on any other stderr a line at every tenth."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._terminal = err.isatty()
        self._shown = ""

    def __call__(self, what: str, done: int, of: int) -> None:
        share = min(1.0, done / of) if of > 0 else 0.0
        if self._terminal:
            filled = round(share * _BAR)
            line = f"\r{what} [{'#' * filled}{'.' * (_BAR - filled)}] {done:,}/{of:,}\x1b[K"
        else:
            line = f"{what}: {int(share * 10) * 10} %\n"
        if line != self._shown:
            self._shown = line
            _write(self._err, line)

    def clear(self) -> None:
        """Takes the bar away, so that the next line begins at the left."""
        if self._terminal and self._shown:
            _write(self._err, "\r\x1b[K")
        self._shown = ""


def _globals(argv: Sequence[str]) -> tuple[list[str], list[str], str | None, bool, set[str]]:
    """The words without the options that every command has, wherever those stand.

    Words after a lone `--` are the command's own and come back apart, with it.
    """
    words: list[str] = []
    db: str | None = None
    as_json = False
    wants: set[str] = set()
    rest = iter(argv)
    for word in rest:
        if word == "--":
            return words, ["--", *rest], db, as_json, wants
        if word == "--json":
            as_json = True
        elif word in {"--help", "-h"}:
            wants.add("--help")
        elif word == "--version":
            wants.add(word)
        elif word == "--db" or word.startswith("--db="):
            following = word.partition("=")[2] if "=" in word else next(rest, None)
            if not following:
                raise CommandError("db", "takes a file's path or sqlite:///PATH; none was given")
            if ascii_safe(following) != following:
                raise CommandError("db", f"takes text in UTF-8, not {shown(following)}")
            db = following
        else:
            words.append(word)
    return words, [], db, as_json, wants


def _command(
    words: Sequence[str], known: Mapping[str, Command]
) -> tuple[Command | None, Sequence[str]]:
    for length in (2, 1):
        command = known.get(" ".join(words[:length])) if len(words) >= length else None
        if command is not None:
            return command, words[length:]
    return None, words


def _unknown(words: Sequence[str], known: Mapping[str, Command]) -> CommandError:
    members = [entry.name for entry in known.values() if entry.group == words[0]]
    if members:
        second = words[1] if len(words) > 1 else ""
        takes = ", ".join(name.partition(" ")[2] for name in members)
        given = f", not {shown(second)}" if second else ""
        hint = arguments.closest(f"{words[0]} {second}", members) if second else ""
        return CommandError(ascii_safe(words[0]), f"takes one of {takes}{given}{hint}")
    if words[0].startswith("-"):
        options = ("--db", "--json", "--help", "--version")
        hint = arguments.closest(words[0], options) or "; see captain-panel --help"
        return CommandError(ascii_safe(words[0].lstrip("-") or words[0]), f"is no option{hint}")
    names = [*known, *{entry.group for entry in known.values()}]
    hint = arguments.closest(" ".join(words[:2]), names) or arguments.closest(words[0], names)
    return CommandError(
        "command", f"{shown(words[0])} is none{hint or '; see captain-panel --help'}"
    )


def _line(text: str) -> str:
    return ascii_safe(" ".join(text.split()))


def _document(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=plain) + "\n"


def _words(outcome: Outcome, out: TextIO) -> str:
    parts = [] if outcome.table is None else [_drawn(outcome.table, out)]
    if outcome.text:
        parts.append(outcome.text + "\n")
    return "\n".join(parts)


def _drawn(table: Table, out: TextIO) -> str:
    """The table as text: as wide as the terminal; with nothing cut off when there is none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawing
    from rich.text import Text

    drawing = Drawing(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in table.headers:
        drawing.add_column(header, justify="right" if header in table.right else "left")
    for row in table.rows:
        drawing.add_row(*(Text(_printable(cell)) for cell in row))
    text = io.StringIO()
    width = os.get_terminal_size(out.fileno()).columns if out.isatty() else 100_000
    Console(file=text, width=width, color_system=None, highlight=False).print(drawing)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _printable(cell: str) -> str:
    # A title or a text that somebody else wrote must not steer the terminal.
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in cell)


def _write(stream: TextIO, text: str) -> None:
    """Writes and flushes. A reader that went away (`| head`) ends the output, not the program."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Python flushes the stream again at exit; give that a place to go.
        with contextlib.suppress(OSError, io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def use_utf8() -> None:
    """Makes stdout and stderr UTF-8, whatever the locale says; undecodable text is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def show(answer: Answer, out: TextIO) -> int:
    """Prints a help or version text."""
    _write(out, f"{answer.text}\n")
    return 0
