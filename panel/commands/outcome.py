"""What a command answers: data for scripts, words for people, and whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain text under headers; `right` names the headers of right-aligned columns."""

    headers: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    right: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`data` is what --json prints; `table`, then `text`, is for people; `notes` are warnings.

    `exit_code` is 0 when it was done, 1 when it was not, 3 when the surroundings did not allow it.
    """

    data: object
    text: str = ""
    table: Table | None = None
    notes: tuple[str, ...] = ()
    exit_code: int = 0


def count_of(number: int, one: str, many: str = "") -> str:
    """`1 message`, `2,000 messages`: a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], limit: int = 8) -> str:
    """`A, B and 3 more`: names for a sentence that stays short."""
    if len(names) <= limit:
        return ", ".join(names)
    return f"{', '.join(names[:limit])} and {len(names) - limit:,} more"
