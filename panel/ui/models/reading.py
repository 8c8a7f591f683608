"""How the window reads: quick pages at once in its own thread, everything else in the reader's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from panel.store.connection import Connection
from panel.store.database import Store

T = TypeVar("T")


class Reading:
    """The store's reading side. Make it in the window's thread; the store closes what it opened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pages = store.page_connection()

    @property
    def pages(self) -> Connection:
        """For bounded reads by index that take a millisecond; nothing else."""
        return self._pages

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in the reader's thread on one consistent state of the database."""
        return await self._store.read(work)
