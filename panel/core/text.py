"""Checks of text that a person or a program hands in."""

from __future__ import annotations

import unicodedata

from panel.core.errors import CommandError

MAX_NAME = 64


def require_name(field: str, value: str) -> str:
    """A name (agent, team, tag …) without surrounding blanks; CommandError(field) if it is none.

    A name has 1 to 64 characters, no control characters, no comma (lists are comma separated) and
    no path separator, because it may become part of a file's name.
    """
    name = value.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise CommandError(field, f"takes 1 to {MAX_NAME} characters, not {len(name)}")
    for character in name:
        if unicodedata.category(character) in {"Cc", "Cs", "Cf"} or character in ",/\\":
            raise CommandError(
                field, f"takes no control characters, commas or slashes; found {character!r}"
            )
    if name in {".", ".."}:
        raise CommandError(field, "takes a name, not a folder reference")
    return name


def forbidden_character(content: str) -> str | None:
    """The first character that message text may not hold (see core.message), or None."""
    for character in content:
        if character in "\n\t":
            continue
        if unicodedata.category(character) in {"Cc", "Cs"}:
            return character
    return None
