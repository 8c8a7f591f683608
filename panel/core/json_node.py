"""JSON from files that others wrote: every value knows its place, and every error names it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from panel.core.errors import CommandError

MOST_BYTES = 5_000_000
DEEPEST = 32
_LONGEST_PATH = 200
_LONGEST_NUMBER = 18
_PLAIN_KEY = re.compile(r"[\w-][\w -]{0,63}")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


class _Twice(dict[str, object]):
    """An object that named a key twice; `key` is the first such one."""

    key = ""


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """NaN, Infinity, or a number that no field of ours could hold."""

    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place, such as `agents.Agent-3.chat_input_coordinates[1]`."""

    value: object
    path: str = ""

    def wrong(self, message: str) -> CommandError:
        """The error for this place."""
        return CommandError(self.path or "file", message)

    def takes(self, what: str) -> CommandError:
        """The error that says what belongs here instead."""
        return self.wrong(f"takes {what}, not {described(self.value)}")

    def members(self, what: str = "an object") -> dict[str, Node]:
        """The members of an object by key."""
        if not isinstance(self.value, dict):
            raise self.takes(what)
        return {key: Node(value, step(self.path, key)) for key, value in self.value.items()}

    def elements(self, what: str = "an array") -> list[Node]:
        """The elements of an array."""
        if not isinstance(self.value, list):
            raise self.takes(what)
        return [Node(value, step(self.path, place)) for place, value in enumerate(self.value)]

    def whole(self, low: int, high: int) -> int:
        """A whole number between two bounds, both included; neither 1.0 nor true is one."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.takes("a whole number")
        if not low <= self.value <= high:
            raise self.takes(f"a whole number from {low:,} to {high:,}")
        return self.value

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.takes("a text")
        return self.value

    def truth(self) -> bool:
        """true or false."""
        if not isinstance(self.value, bool):
            raise self.takes("true or false")
        return self.value


def read(data: bytes) -> Node:
    """The document in these bytes, or CommandError naming the place that is wrong.

    Takes UTF-8 with or without a mark in front, and UTF-16 with one. At most 5 MB and 32 levels;
    no key twice in an object, no NaN.
    """
    if len(data) > MOST_BYTES:
        raise CommandError("file", f"takes at most {MOST_BYTES:,} bytes, not {len(data):,}")
    text = _decoded(data)
    if not text.strip():
        raise CommandError("file", "takes JSON; it is empty")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_NoNumber,
            parse_int=_whole,
            parse_float=_real,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno:,}, column {error.colno:,}"
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        early = "ends too early" if cut else "is no JSON"
        raise CommandError("file", f"{early} at {where}: {error.msg}") from None
    except RecursionError:
        raise _too_deep(text) from None
    _check(value)
    return Node(value)


def step(path: str, key: str | int) -> str:
    """The place of a member or an element; keys with odd characters are quoted."""
    if isinstance(key, int):
        further = f"{path}[{key}]"
    elif _PLAIN_KEY.fullmatch(key):
        further = f"{path}.{key}" if path else key
    else:
        further = f"{path}[{_quoted(key)}]"
    return further if len(further) <= _LONGEST_PATH else f"{further[: _LONGEST_PATH - 1]}…"


def described(value: object) -> str:
    """A value as an error calls it, in one short line."""
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"an array of {len(value):,}"
    return "an object" if isinstance(value, dict) else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text if len(text) <= 40 else f"{text[:39]}…")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name, encoding = "UTF-16", "utf-16"
    else:
        name, encoding = "UTF-8", "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CommandError(
            "file", f"takes text in UTF-8; byte {error.start + 1:,} is no {name}"
        ) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = _Twice(made)
    seen: set[str] = set()
    for key, _value in pairs:
        if key in seen:
            twice.key = key
            break
        seen.add(key)
    return twice


def _whole(text: str) -> int | _NoNumber:
    # int() refuses a number of some thousand digits, and no field takes one of more than these.
    return int(text) if len(text) <= _LONGEST_NUMBER else _NoNumber(text)


def _real(text: str) -> float | _NoNumber:
    number = float(text)
    return number if math.isfinite(number) else _NoNumber(text)


def _check(root: object) -> None:
    """Refuses, without recursion, what no format of ours holds anywhere."""
    left = [(Node(root), 1)]
    while left:
        node, depth = left.pop()
        value = node.value
        if isinstance(value, _NoNumber):
            shown = value.text if len(value.text) <= 40 else f"one of {len(value.text):,} digits"
            raise node.wrong(f"takes a number that can be counted with, not {shown}")
        if depth > DEEPEST:
            raise node.wrong(f"is nested deeper than {DEEPEST} levels")
        if isinstance(value, _Twice):
            raise CommandError(step(node.path, value.key), "stands there twice")
        left.extend((Node(each, step(node.path, key)), depth + 1) for key, each in _inside(value))


def _inside(value: object) -> Iterator[tuple[str | int, object]]:
    """The parts worth a look: the numbers and texts of a long list are not."""
    pairs: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, each in reversed(pairs):
        if isinstance(each, dict | list | _NoNumber):
            yield key, each


def _too_deep(text: str) -> CommandError:
    """The error for JSON that the parser gave up on, with the line where it became too deep."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            return CommandError(
                "file",
                f"is nested deeper than {DEEPEST} levels at line {line:,}, column {column:,}",
            )
    return CommandError("file", f"is nested deeper than {DEEPEST} levels")
