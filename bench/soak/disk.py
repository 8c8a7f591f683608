"""The disk with the panel's data: small, so that it can be filled.

As root it is a tmpfs of its own; elsewhere the dispatchers are forbidden to write past the present
end of their files (RLIMIT_FSIZE), which fails with the same kind of error.
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

_SIZE_MB = 48
_FILLER = "filler"


class Disk:
    """`data` is the folder for the panel. `processes` are those to be limited without a tmpfs."""

    def __init__(self, data: Path, *, mounted: bool) -> None:
        self.data = data
        self.mounted = mounted
        self.processes: Callable[[], set[int]] = set
        self._limited: dict[int, tuple[int, int]] = {}

    @property
    def way(self) -> str:
        return f"tmpfs of {_SIZE_MB} MB" if self.mounted else "RLIMIT_FSIZE"

    def fill(self) -> None:
        if not self.mounted:
            for process in self.processes():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
                    self._limited[process] = before
                    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, before[1]))
            return
        with (self.data / _FILLER).open("wb", buffering=0) as file:
            block = b"\0" * 65536
            while block:
                try:
                    file.write(block)
                except OSError:
                    block = block[: len(block) // 2]

    def free(self) -> None:
        if self.mounted:
            (self.data / _FILLER).unlink(missing_ok=True)
        for process, before in self._limited.items():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, before)
        self._limited.clear()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A Disk in `folder`, until the end."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    words = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_MB}m,mode=0700", "tmpfs", str(data)]
    mounted = os.geteuid() == 0 and subprocess.run(words, check=False).returncode == 0
    disk = Disk(data, mounted=mounted)
    try:
        yield disk
    finally:
        disk.free()
        if mounted:
            # Lazily: a process that was killed may not have let go of it yet.
            subprocess.run(["umount", "--lazy", str(data)], check=True)
