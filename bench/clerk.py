"""The panel's books, open in a thread of their own: what a benchmark queues, and what it reads.

Only the rows are used. Whatever delivers does so in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from PySide6.QtCore import QCoreApplication

from panel.commands import messages as commands
from panel.commands.context import Context
from panel.core.message import DeliveryStatus, Draft, Message
from panel.store import attempts, messages, settings
from panel.store.connection import Connection, Row
from panel.store.database import Store
from panel.store.location import Location

T = TypeVar("T")
SECONDS = 60.0
FINAL = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNCERTAIN,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.EXPIRED,
    }
)
_EVERYTHING = 1_000_000


class Clerk:
    """A Store with calls that block; used as a context manager, from any thread."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clerk", daemon=True)
        self._store: Store | None = None
        # Qt's application object has to be there before QtSql, and stay.
        self._application = QCoreApplication.instance() or QCoreApplication(["bench"])

    def __enter__(self) -> Self:
        # See panel.session.collecting: the clerk's thread must not destroy others' Qt objects.
        gc.disable()
        self._thread.start()
        self._store = self.do(Store.open(self._location))
        self.set("reply_hint", False)  # what arrives is compared with what was written
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._store is not None:
            self.do(self._store.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        gc.enable()

    def do(self, work: Coroutine[Any, Any, T], seconds: float = SECONDS) -> T:
        """The result of a coroutine in the clerk's loop."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    def read(self, work: Callable[[Connection], T]) -> T:
        return self.do(self.store.read(work))

    @property
    def store(self) -> Store:
        assert self._store is not None
        return self._store

    def set(self, name: str, value: int) -> None:
        """A setting of the panel."""
        self.do(self.store.write(lambda tx: settings.set(tx, name, value)))

    def queue(self, drafts: Sequence[Draft]) -> list[str]:
        """Queues all of them in one transaction, as every window and command does."""
        return self.do(commands.queue(Context(self.store), drafts))

    def messages(self) -> list[Message]:
        """Every message there is."""
        return self.read(lambda c: messages.find(c, limit=_EVERYTHING))

    def waiting(self) -> int:
        """How many messages have not come to an end."""
        return self.read(lambda c: sum(n for s, n in messages.counts(c).items() if s not in FINAL))

    def attempts(self, message_id: str) -> list[Row]:
        return self.read(lambda c: attempts.of_message(c, message_id))

    def all_attempts(self) -> dict[str, list[Row]]:
        """The attempts at every message, by its id."""

        def work(connection: Connection) -> dict[str, list[Row]]:
            found = messages.find(connection, limit=_EVERYTHING)
            return {m.message_id: attempts.of_message(connection, m.message_id) for m in found}

        return self.read(work)

    def being_sent(self) -> list[Row]:
        """The attempts that are open now, with their phases."""
        return self.read(attempts.unsettled)


def collect_garbage() -> None:
    """To be called now and then in the thread that made the application object."""
    with contextlib.suppress(RuntimeError):
        gc.collect()
