"""Reads the words after a command: options, lists and texts; every error names its field.

Not argparse: its errors name no field, its help is not ours to shape, and it reads a text that
begins with a hyphen, or words between options, differently from one Python to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from panel.commands.kinds import ascii_safe, shown
from panel.commands.registry import Command, Parameter
from panel.core.errors import CommandError

_NUMBER = re.compile(r"-[0-9][0-9.]*")


def read(command: Command, words: Sequence[str]) -> dict[str, object]:
    """The arguments for the command's function, or CommandError naming the first wrong one."""
    given: dict[str, list[str]] = {}
    loose: list[str] = []
    options = {parameter.flag: parameter for parameter in command.parameters if parameter.flag}
    rest = iter(words)
    for word in rest:
        if word == "--":
            loose.extend(rest)
        elif not _option_like(word):
            loose.append(word)
        else:
            _take_option(command, options, word, rest, given)
    _take_loose(command, loose, given)
    return {
        parameter.name: _value(parameter, given[parameter.name])
        for parameter in command.parameters
        if parameter.name in given or _missing(command, parameter)
    }


def closest(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` for a word that is nearly a known one, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.55)
    return f"; did you mean {found[0]}?" if found else ""


def _option_like(word: str) -> bool:
    # "-5" is a number and "- one thing" a text; a lone "-" is standard input.
    if word == "-" or _NUMBER.fullmatch(word):
        return False
    return word.startswith("-") and not any(character.isspace() for character in word)


def _take_option(
    command: Command,
    options: dict[str, Parameter],
    word: str,
    rest: Iterator[str],
    given: dict[str, list[str]],
) -> None:
    flag, equals, text = word.partition("=")
    parameter = options.get(flag)
    if parameter is None:
        hint = closest(flag, options)
        if not hint and any(parameter.positional for parameter in command.parameters):
            hint = "; write -- before a text that begins with a hyphen"
        raise CommandError(_field(flag), f"is no option of {command.name}{hint}")
    if parameter.switch:
        if equals:
            raise CommandError(parameter.field, f"takes no value, not {shown(text)}")
        given[parameter.name] = []
        return
    if not equals:
        following = next(rest, None)
        if following is None or following.partition("=")[0] in options:
            raise CommandError(parameter.field, f"takes {parameter.kind.takes}; none was given")
        text = following
    if parameter.name in given and not parameter.many:
        raise CommandError(parameter.field, f"takes {parameter.kind.takes} once, not twice")
    given.setdefault(parameter.name, []).append(text)


def _take_loose(command: Command, loose: list[str], given: dict[str, list[str]]) -> None:
    left = list(loose)
    last = ""
    for parameter in command.parameters:
        if not parameter.positional or not left:
            continue
        last = parameter.field
        if parameter.many:
            given[parameter.name], left = left, []
        else:
            given[parameter.name] = [left.pop(0)]
    if left:
        extra = shown(left[0])
        if not last:
            raise CommandError(command.name, f"takes no {extra}")
        raise CommandError(last, f"takes one word or one quoted text; {extra} is too much")


def _missing(command: Command, parameter: Parameter) -> bool:
    if parameter.required:
        how = parameter.metavar if parameter.positional else f"{parameter.flag} {parameter.metavar}"
        raise CommandError(
            parameter.field, f"takes {parameter.kind.takes}: {command.name} needs {how}"
        )
    return False


def _value(parameter: Parameter, texts: list[str]) -> object:
    if parameter.switch:
        return True
    for text in texts:
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise CommandError(parameter.field, f"takes text in UTF-8, not {shown(text)}")
    if not parameter.many:
        return parameter.kind.read(parameter.field, texts[0])
    pieces = [piece.strip() for text in texts for piece in text.split(",")]
    if not all(pieces):
        given = shown(",".join(texts))
        raise CommandError(
            parameter.field, f"takes words separated by commas; one of {given} is empty"
        )
    return tuple(parameter.kind.read(parameter.field, piece) for piece in dict.fromkeys(pieces))


def _field(flag: str) -> str:
    name = flag.lstrip("-")[:40] or flag
    return ascii_safe(name if flag.isprintable() else repr(name))
