"""The open database of a session."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from panel.store.database import Store
from panel.store.location import Location


@contextlib.asynccontextmanager
async def opened(location: Location, *, create: bool = True) -> AsyncIterator[Store]:
    """The open store, which watches for other processes' writes until it is closed."""
    store = await Store.open(location, create=create)
    watch = asyncio.ensure_future(store.watch())
    try:
        yield store
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        await store.close()
