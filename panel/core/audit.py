"""The score of an audited component, from the rules that it breaks."""

from __future__ import annotations

from collections.abc import Iterable

_TOO_LONG = frozenset({"file-lines"})
_TOO_MANY = frozenset({"file-functions", "file-classes", "file-enums"})


def score(rules: Iterable[str]) -> float:
    """100 less 30 for the file's size, 15 for each "too many", 10 for each other kind."""
    kinds = set(rules)
    lost = sum(30 if kind in _TOO_LONG else 15 if kind in _TOO_MANY else 10 for kind in kinds)
    return float(max(0, 100 - lost))
