"""Takes what agents put into their outboxes: each file once, row first, then out of the way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QFileSystemWatcher

from panel.core.errors import CommandError, EnvironmentFault, NotDoneError
from panel.core.reply import Reply
from panel.core.reply_file import parse_reply
from panel.core.workspace import Workspace
from panel.dispatch import outbox
from panel.dispatch.outbox import Letter, Unfinished

log = logging.getLogger(__name__)
STILL_SECONDS = 0.5
PATIENCE_SECONDS = 3.0
RESCAN_SECONDS = 5.0
_BREATH_SECONDS = 0.05
_AGAIN_SECONDS = 60.0
_MOST_WATCHED = 500

T = TypeVar("T")
Receive = Callable[[str, Reply, str], Awaitable[object]]
"""Takes an agent's reply from the source named by the key, unless that was taken before."""


@dataclass(slots=True)
class _Sight:
    """Since when a file looks as it does, and when to try again; both are time.monotonic()."""

    stamp: tuple[int, int, int]
    since: float
    not_before: float = 0.0


class Postman:
    """Belongs to the loop's thread; files are touched in a thread of its own.

    `workspaces` says where the agents' folders are. `still_seconds`: a file that has not changed
    for so long is read. `patience_seconds`: one that cannot be understood is rejected after so
    long only, because it may be half of something.
    """

    def __init__(
        self,
        workspaces: Callable[[], Awaitable[Sequence[Workspace]]],
        receive: Receive,
        *,
        still_seconds: float = STILL_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._workspaces = workspaces
        self._receive = receive
        self._still = still_seconds
        self._patience = patience_seconds
        self._seen: dict[tuple[str, str], _Sight] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._folders: tuple[Path, ...] = ()

    async def run(self) -> None:
        """Collects until cancelled: at each change of a folder, and every few seconds anyway."""
        changed = asyncio.Event()
        watcher = QFileSystemWatcher()
        watcher.directoryChanged.connect(lambda _folder: changed.set())
        try:
            while True:
                changed.clear()
                waits = await self.collect()
                self._follow(watcher)
                limit = self._still if waits else RESCAN_SECONDS
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), limit)
                await asyncio.sleep(_BREATH_SECONDS)  # many changes in a row are one look
        finally:
            watcher.removePaths(watcher.directories())
            watcher.deleteLater()
            self.close()

    def close(self) -> None:
        """Ends its thread."""
        self._thread.shutdown(wait=True)

    async def collect(self) -> bool:
        """Looks once at every outbox; whether something lies there that is not ready yet."""
        try:
            workspaces = await self._workspaces()
        except EnvironmentFault as fault:
            log.warning("the outboxes cannot be looked at: %s", fault)
            return False
        found = await self._blocking(lambda: [(w, _look(w)) for w in workspaces])
        self._folders = tuple(workspace.outbox for workspace, _ in found)
        present = {(w.agent_id, letter.name) for w, some in found for letter in some}
        self._seen = {key: sight for key, sight in self._seen.items() if key in present}
        waits = False
        for workspace, some in found:
            for letter in some:
                waits |= await self._take(workspace.agent_id, letter)
        return waits

    async def _take(self, agent_id: str, letter: Letter) -> bool:
        """Whether it has to be looked at again soon."""
        now = time.monotonic()
        sight = self._seen.get((agent_id, letter.name))
        if sight is None or sight.stamp != letter.stamp:
            sight = self._seen[agent_id, letter.name] = _Sight(letter.stamp, now)
        if now < sight.not_before:
            return False
        rested = now - sight.since
        if rested < self._still:
            return True
        try:
            return await self._settle(agent_id, letter, patient=rested < self._patience)
        except (Unfinished, FileNotFoundError):
            return True
        except EnvironmentFault as fault:
            log.warning("%s: %s waits: %s", agent_id, letter.name, fault)
        except OSError as error:
            # Taken or not, it cannot be moved away; its key keeps it from being taken twice.
            log.warning("%s: %s stays where it is: %s", agent_id, letter.name, error)
            sight.not_before = now + _AGAIN_SECONDS
        except Exception:
            log.exception("%s: %s could not be taken", agent_id, letter.name)
            sight.not_before = now + _AGAIN_SECONDS
        return False

    async def _settle(self, agent_id: str, letter: Letter, *, patient: bool) -> bool:
        """Takes or rejects it; True when it may be half of something and is left for now."""
        try:
            reply, key = await self._blocking(lambda: _opened(agent_id, letter))
            await self._receive(agent_id, reply, key)
        except (CommandError, NotDoneError) as error:
            if patient:
                return True
            reason = str(error)
            log.info("%s: %s is rejected: %s", agent_id, letter.name, reason)
            await self._blocking(lambda: outbox.reject(letter, reason))
        else:
            await self._blocking(lambda: outbox.keep(letter))
        return False

    def _follow(self, watcher: QFileSystemWatcher) -> None:
        wanted = {str(folder) for folder in self._folders[:_MOST_WATCHED] if folder.is_dir()}
        watched = set(watcher.directories())
        if wanted - watched:
            watcher.addPaths(sorted(wanted - watched))
        if watched - wanted:
            watcher.removePaths(sorted(watched - wanted))

    async def _blocking(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _look(workspace: Workspace) -> list[Letter]:
    try:
        if workspace.ours:
            workspace.outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        return outbox.letters(workspace.outbox)
    except OSError as error:
        log.warning("%s: the outbox cannot be read: %s", workspace.agent_id, error)
        return []


def _opened(agent_id: str, letter: Letter) -> tuple[Reply, str]:
    data = outbox.read(letter)
    return parse_reply(letter.name, data), letter.key(agent_id, data)
