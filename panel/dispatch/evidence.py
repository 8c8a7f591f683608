"""Pictures of deliveries on disk: written beside the delivery, swept when they are old.

Nothing here may harm a message: what cannot be written is logged once and left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from panel.core.clock import now
from panel.core.evidence import Step, named, picture_name
from panel.core.message import DeliveryStatus
from panel.screen.fingerprint import Pixels, decode_png, encode_png
from panel.store import evidence as stored
from panel.store.database import Store
from panel.store.evidence import Ended

log = logging.getLogger(__name__)

KEPT_DELIVERED = 200
KEPT_OTHERS = timedelta(days=30)
SWEEP_EVERY = 50
_UNKNOWN_AGE_SECONDS = 600.0
"""A file without a row is swept when it is older: a row may be about to name it."""
_WAITING = 64
"""So many pictures may wait for a slow disk; what comes on top is left out."""


class EvidenceFolder:
    """The folder of one database's pictures. `keep` and `drop` may be called in any thread.

    Nothing is kept unless it is open; `close` waits until everything is on disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker: ThreadPoolExecutor | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._waiting = 0
        self._warned = False
        self._since_sweep = SWEEP_EVERY

    def open(self) -> None:
        """Starts the thread that writes."""
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="panel-evidence")

    async def close(self) -> None:
        """Waits until everything is written."""
        if self._sweeping is not None:
            await asyncio.wait([self._sweeping])
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            await asyncio.to_thread(worker.shutdown, wait=True)

    def keep(self, attempt_id: str, step: Step, pixels: Pixels) -> bool:
        """Writes a picture soon and returns at once; False when it will not be kept."""
        with self._lock:
            if self._worker is None or self._waiting >= _WAITING or pixels.size == 0:
                return False
            self._waiting += 1
            self._worker.submit(self._write, picture_name(attempt_id, step), pixels)
        return True

    def drop(self, attempt_ids: Iterable[str]) -> None:
        """Removes the pictures of these attempts soon."""
        names = [picture_name(one, step) for one in attempt_ids for step in Step]
        with self._lock:
            if names and self._worker is not None:
                self._worker.submit(self._remove, names)

    def read(self, attempt_id: str, step: Step) -> Pixels | None:
        """A picture as it was seen; None when it is not there (any more)."""
        try:
            return decode_png((self._folder / picture_name(attempt_id, step)).read_bytes())
        except (OSError, ValueError):
            return None

    def load(self, name: str) -> Pixels | None:
        """The picture of a file that a row names."""
        found = named(name)
        return None if found is None else self.read(*found)

    def steps_of(self, attempt_id: str) -> set[Step]:
        """Of which steps there are files."""
        return {s for s in Step if (self._folder / picture_name(attempt_id, s)).is_file()}

    def sweep_now_and_then(self, store: Store) -> None:
        """Begins to sweep at the first call and after every `SWEEP_EVERY` pictures."""
        if self._sweeping is not None and not self._sweeping.done():
            return
        with self._lock:
            if self._since_sweep < SWEEP_EVERY or self._worker is None:
                return
            self._since_sweep = 0
        self._sweeping = asyncio.ensure_future(self._sweep(store))

    async def _sweep(self, store: Store) -> None:
        try:
            await sweep(store, self._folder)
        except Exception:
            log.exception("old pictures could not be swept")

    def _write(self, name: str, pixels: Pixels) -> None:
        try:
            draft = self._folder / f".{name}.part"
            self._folder.mkdir(mode=0o700, exist_ok=True)
            if self._folder.stat().st_mode & 0o077:
                self._folder.chmod(0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            try:
                with os.fdopen(os.open(draft, flags, 0o600), "wb") as file:
                    file.write(encode_png(pixels))
                draft.replace(self._folder / name)
            except OSError:
                with contextlib.suppress(OSError):
                    draft.unlink(missing_ok=True)
                raise
            self._warned = False
        except Exception as fault:
            if not self._warned:
                log.warning("pictures of deliveries cannot be kept in %s: %s", self._folder, fault)
            self._warned = True
        finally:
            with self._lock:
                self._waiting -= 1
                self._since_sweep += 1

    def _remove(self, names: Iterable[str]) -> None:
        _unlink(self._folder, names)


async def sweep(store: Store, folder: Path) -> None:
    """Removes what is older than it is kept: the last 200 delivered, 30 days of the others.

    Goes by the files, so that it costs the same however many attempts there are.
    """
    files = await asyncio.to_thread(_files, folder)
    attempt_ids = {found[0] for name in files if (found := named(name))}
    if not files:
        return
    ended = await store.read(lambda c: stored.ends(c, attempt_ids))
    gone = too_old(attempt_ids, ended, now())
    unknown = attempt_ids - set(ended)
    names = [
        name
        for name, age in files.items()
        if (found := named(name)) is None
        or found[0] in gone
        or (found[0] in unknown and age > _UNKNOWN_AGE_SECONDS)
    ]
    await asyncio.to_thread(_unlink, folder, names)
    if gone:
        await store.write(lambda tx: stored.forget(tx, gone))


def too_old(attempt_ids: Collection[str], ended: Mapping[str, Ended], moment: datetime) -> set[str]:
    """Which attempts' pictures are not kept any longer."""
    finished = [
        (one, how.outcome, how.finished_at)
        for one in attempt_ids
        if (how := ended.get(one)) is not None and how.finished_at is not None
    ]
    delivered = sorted(
        ((when, one) for one, outcome, when in finished if outcome == DeliveryStatus.DELIVERED),
        reverse=True,
    )
    others = {
        one
        for one, outcome, when in finished
        if outcome != DeliveryStatus.DELIVERED and when < moment - KEPT_OTHERS
    }
    return others | {one for _, one in delivered[KEPT_DELIVERED:]}


def _files(folder: Path) -> dict[str, float]:
    """Names of our files and their ages in seconds, with drafts that a crash left behind."""
    found: dict[str, float] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                draft = entry.name.startswith(".att_") and entry.name.endswith(".part")
                if draft or named(entry.name) is not None:
                    age = now().timestamp() - entry.stat(follow_symlinks=False).st_mtime
                    if not draft or age > _UNKNOWN_AGE_SECONDS:
                        found[entry.name] = age
    except OSError:
        return {}
    return found


def _unlink(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as fault:
            log.warning("%s cannot be removed: %s", folder / name, fault)
