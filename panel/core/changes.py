"""What a committed transaction changed, sent once after the commit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Changes:
    """Tables that changed and, where known, the keys of the changed rows.

    `foreign` is true when another process wrote: then every table may have changed.
    """

    tables: frozenset[str] = frozenset()
    keys: frozenset[str] = field(default=frozenset())
    foreign: bool = False

    def touches(self, *tables: str) -> bool:
        """Whether a view over these tables has to look again."""
        return self.foreign or not self.tables.isdisjoint(tables)

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.tables | other.tables, self.keys | other.keys, self.foreign or other.foreign
        )
