"""From the text that a person typed to a value, and the words that say what is taken."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from panel.core import clock
from panel.core.errors import CommandError


@dataclass(frozen=True, slots=True)
class Kind:
    """`parse` raises ValueError for what it does not take; `takes` says what it does take."""

    parse: Callable[[str], object]
    takes: str
    metavar: str
    choices: tuple[str, ...] = ()

    def read(self, field: str, text: str) -> object:
        """The value, or CommandError(field)."""
        try:
            return self.parse(text)
        except (ValueError, OverflowError):
            raise CommandError(field, f"takes {self.takes}, not {shown(text)}") from None


def shown(text: str, limit: int = 60) -> str:
    """Text as it is quoted in an error: one line, not too long, nothing unprintable."""
    return ascii_safe(repr(text if len(text) <= limit else text[: limit - 1] + "…"))


def ascii_safe(text: str) -> str:
    """The text with halves of surrogate pairs (undecodable bytes of the command line) escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def whole(low: int, high: int) -> Kind:
    """A whole number between two bounds, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
            raise ValueError(text)
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return Kind(parse, f"a whole number from {low:,} to {high:,}", "N")


def choice(members: type[StrEnum]) -> Kind:
    """One word of an enumeration, in any case."""
    words = tuple(member.value for member in members)

    def parse(text: str) -> StrEnum:
        wanted = text.strip().lower()
        for member in members:
            if member.value.lower() == wanted:
                return member
        raise ValueError(text)

    return Kind(parse, "one of " + ", ".join(words), "|".join(words), words)


def one_of(*words: str) -> Kind:
    """One of a few words, in any case."""

    def parse(text: str) -> str:
        wanted = text.strip().lower()
        if wanted not in words:
            raise ValueError(text)
        return wanted

    return Kind(parse, "one of " + ", ".join(words), "|".join(words), words)


def _truth(text: str) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return words[text.strip().lower()]
    except KeyError:
        raise ValueError(text) from None


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip()):
        raise ValueError(text)
    return int(text)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,5})[x×]([0-9]{1,5})", text.strip().lower())
    if found is None or not int(found[1]) or not int(found[2]):
        raise ValueError(text)
    return int(found[1]), int(found[2])


def _moment(text: str) -> datetime:
    """An ISO 8601 time (UTC where it names no zone), or a length of time ago."""
    try:
        return clock.now() - clock.parse_duration(text)
    except ValueError:
        moment = datetime.fromisoformat(text.strip())
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _path(text: str) -> Path:
    if not text.strip() or "\0" in text:
        raise ValueError(text)
    return Path(text).expanduser()


WHOLE = Kind(_whole, "a whole number", "N")
SIZE = Kind(_size, "a size in pixels such as 64x48", "WxH")
_KINDS: dict[object, Kind] = {
    str: Kind(str, "a text", "TEXT"),
    int: WHOLE,
    bool: Kind(_truth, "yes or no", "yes|no", ("yes", "no")),
    datetime: Kind(
        _moment, "a time such as 2026-11-23T12:00Z, or a length of time ago such as 30m", "TIME"
    ),
    timedelta: Kind(clock.parse_duration, "a length of time such as 90s, 30m, 2h or 1d", "TIME"),
    Path: Kind(_path, "a file's path", "FILE"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an annotation says: the kind of one value, and whether there may be several."""

    kind: Kind
    many: bool


def shape_of(annotation: object, kind: Kind | None = None) -> Shape:
    """The shape of a parameter annotated `T`, `T | None` or `tuple[T, ...]`; `kind` overrules T's.

    Raises TypeError for a type that no text stands for: that is a fault in the program.
    """
    if isinstance(annotation, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not types.NoneType]
        if len(parts) == 1:
            return shape_of(parts[0], kind)
    elif typing.get_origin(annotation) is tuple and typing.get_args(annotation)[-1] is Ellipsis:
        return Shape(shape_of(typing.get_args(annotation)[0], kind).kind, many=True)
    if kind is not None:
        return Shape(kind, many=False)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Shape(choice(annotation), many=False)
    try:
        return Shape(_KINDS[annotation], many=False)
    except KeyError:
        raise TypeError(f"no text stands for {annotation}") from None
