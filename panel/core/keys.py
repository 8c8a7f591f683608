"""A key with its modifiers as a person writes it, such as `Ctrl+Alt+Shift+S`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from panel.core.target import PASTE_KEYS, SUBMIT_KEYS

MODIFIERS = ("Ctrl", "Alt", "Shift", "Super")
_SPELLINGS = {word.lower(): word for word in MODIFIERS} | {
    "control": "Ctrl",
    "meta": "Super",
    "win": "Super",
    "command": "Super",
}
_NAMED = {
    word.lower(): word
    for word in ("Pause", "Print", "ScrollLock", "Insert", "Delete", "Home", "End", "Space")
}
_ALONE = frozenset({"Pause", "ScrollLock"})
_LEAST = 2
TAKES = (
    "two or more of Ctrl, Alt, Shift, Super and one letter, digit, F1 to F24 or Pause, such as "
    "Ctrl+Alt+Shift+S; Pause and F1 to F24 may stand alone; none for no key"
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`modifiers` are words of MODIFIERS in their order; `key` is `S`, `7`, `F9` or `Pause`."""

    modifiers: tuple[str, ...]
    key: str

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.key))


def parse_shortcut(text: str) -> Shortcut | None:
    """The shortcut, None for `none`; ValueError for what is not free to be a global key.

    A letter with one modifier belongs to the programs, and what the panel presses itself would
    stop each delivery.
    """
    if text.strip().lower() in ("", "none"):
        return None
    *before, last = (part.strip() for part in text.split("+"))
    found = {_SPELLINGS.get(word.lower(), "") for word in before}
    if "" in found or len(found) != len(before):
        raise ValueError(text)
    shortcut = Shortcut(tuple(word for word in MODIFIERS if word in found), _key(last))
    chord = str(shortcut).lower()
    if chord in PASTE_KEYS or chord in SUBMIT_KEYS:
        raise ValueError(text)
    alone = shortcut.key in _ALONE or re.fullmatch(r"F\d+", shortcut.key)
    if len(shortcut.modifiers) < _LEAST and not alone:
        raise ValueError(text)
    return shortcut


def _key(word: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9]", word):
        return word.upper()
    if (found := re.fullmatch(r"[Ff]([1-9]|1\d|2[0-4])", word)) is not None:
        return f"F{found[1]}"
    return _named(word)


def _named(word: str) -> str:
    try:
        return _NAMED[word.lower()]
    except KeyError:
        raise ValueError(word) from None


def check_shortcut(text: str) -> str:
    """The shortcut as it is kept: spelled like `Ctrl+Alt+Shift+S`, or `none`."""
    return str(parse_shortcut(text) or "none")
