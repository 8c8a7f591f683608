"""One dispatcher a desktop where no X server can guard it: a lock file of the user's."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLockFile

from panel.core.errors import EnvironmentFault


class LockFile:
    """Like screen.x11_owner.DispatcherLock; a dead process's file counts as free."""

    def __init__(self, file: Path) -> None:
        self._lock = QLockFile(str(file))
        self._lock.setStaleLockTime(0)

    def holder(self) -> dict[str, object] | None:
        """Who holds it, None when nobody does."""
        if self._lock.isLocked():
            return self._about()
        if self._lock.tryLock(0):
            self._lock.unlock()
            return None
        return self._about()

    def take(self, about: dict[str, object]) -> None:
        """Takes the desktop; EnvironmentFault names the one that holds it already."""
        if not self._lock.tryLock(0):
            found = self._about()
            raise EnvironmentFault(
                f"Messages on this desktop are already being sent by process {found['pid']} "
                f"on {found['host']}.",
                "Stop it first, or let it send them.",
            )

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._lock.isLocked()

    def release(self) -> None:
        self._lock.unlock()

    def close(self) -> None:
        self.release()

    def _about(self) -> dict[str, object]:
        _known, pid, host, _program = self._lock.getLockInfo()  # type: ignore[misc]
        return {"pid": pid, "host": host}

    def __enter__(self) -> LockFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
