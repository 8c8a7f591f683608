"""Templates: texts with fields, shipped in resources/templates, changed by the person.

A template is filled once, when somebody chose it; neither the values nor a text that somebody wrote
are ever read as one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from panel.core.agent import Agent
from panel.core.errors import CommandError
from panel.core.message import MAX_CONTENT, check_content
from panel.core.resources import resource

HEADER_PREFIX = "header-"
COMMAND_OPENERS = ("/", "!", "#", "@")
"""A text that begins with one of these is a command to some agent, not a message."""

TAGS = {
    "onboarding": "onboarding",
    "wrap-up": "wrapup",
    "status-request": "status",
    "task": "task",
    "coordination": "coordination",
}
"""The origin's tag for messages that were made from a template; `onboarding` chooses the header."""

FIELDS = ("agent", "team", "specialization", "captain", "sender", "date", "time")
HEADER_FIELDS = ("agent", "team", "specialization", "captain", "sender")
_LONGEST_HEADER = 80
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@cache
def shipped_headers() -> Mapping[str, str]:
    """The headers as they come: by sender and receiver (c2a, a2c …), broadcast, onboarding."""
    found = json.loads(
        resource("resources", "templates", "headers.json").read_text(encoding="utf-8")
    )
    return {str(name): str(text) for name, text in found.items()}


@cache
def shipped_templates() -> Mapping[str, str]:
    """The messages' templates as they come, by name."""
    files = sorted(resource("resources", "templates").glob("*.txt"))
    return {file.stem: file.read_text(encoding="utf-8").rstrip("\n") for file in files}


def shipped(name: str) -> str | None:
    """What the program brings under this name; headers are called `header-c2a` and so on."""
    if name.startswith(HEADER_PREFIX):
        return shipped_headers().get(name.removeprefix(HEADER_PREFIX))
    return shipped_templates().get(name)


def values_for(agent: Agent, sender: str, moment: datetime) -> dict[str, str]:
    """What the fields mean for this receiver at this moment (date and time are local)."""
    local = moment.astimezone()
    return {
        "agent": agent.agent_id,
        "team": agent.team,
        "specialization": agent.specialization,
        "captain": agent.captain,
        "sender": sender,
        "date": local.strftime("%Y-%m-%d"),
        "time": local.strftime("%H:%M"),
    }


def fields_of(body: str) -> tuple[str, ...]:
    """The names of the fields in a template, each once, in their order."""
    names = (found.group(1) for found in _PART.finditer(body))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def fill(body: str, values: Mapping[str, str], *, field: str = "template") -> str:
    """The template with its fields' values; {{ and }} are braces.

    CommandError(field) names a field that is not among the values, and a brace that stands alone.
    """

    def part(found: re.Match[str]) -> str:
        whole, name = found.group(0), found.group(1)
        if whole in {"{{", "}}"}:
            return whole[0]
        if name is not None and name in values:
            return values[name]
        known = ", ".join(f"{{{each}}}" for each in values)
        at = found.start() + 1
        what = f"{whole} is no field" if name is not None else f"a lone {whole} is no field"
        raise CommandError(
            field,
            f"takes the fields {known}; {what} (character {at:,}). Write {{{{ or }}}} for a brace",
        )

    return _PART.sub(part, body)


def check_template(name: str, body: str, *, field: str = "text") -> str:
    """The body as it will be kept, or CommandError(field) saying what it takes."""
    if name.startswith(HEADER_PREFIX):
        if shipped(name) is None:
            known = ", ".join(f"{HEADER_PREFIX}{each}" for each in shipped_headers())
            raise CommandError("name", f"takes one of the headers {known}, not {name}")
        _check_header(body, field)
        return body
    text = check_content(body) if body.strip() else body
    if not text.strip():
        raise CommandError(field, f"takes 1 to {MAX_CONTENT:,} characters, not an empty text")
    fill(text, dict.fromkeys(FIELDS, ""), field=field)
    return text


def _check_header(body: str, field: str) -> None:
    fill(body, dict.fromkeys(HEADER_FIELDS, "x"), field=field)
    why = header_fault(body)
    if why:
        raise CommandError(field, f"takes a header of one line; {why}")


def header_fault(text: str) -> str:
    """Why this cannot stand before a message; empty when it can."""
    if not text.strip() or text != text.strip():
        return "it is empty or has blanks around it"
    if len(text) > _LONGEST_HEADER:
        return f"it has {len(text)} characters, at most {_LONGEST_HEADER} are possible"
    for character in text:
        # Control and format characters, lone surrogates, and what Python calls a line's end.
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return f"U+{ord(character):04X} is no character that is seen"
    if text.startswith(COMMAND_OPENERS):
        return f"beginning with {text[0]} it would be a command to some agents"
    return ""
