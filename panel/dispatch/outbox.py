"""The files of an agent's outbox: which are ready, what is in them, and putting them aside.

Blocking calls, made in a thread of their own. The folder belongs to the agent, so nothing in it is
trusted: links are not followed, nothing is overwritten, and nothing outside of it is touched.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from panel.core.errors import CommandError
from panel.core.reply_file import MAX_BYTES

try:
    import fcntl
    import signal
except ImportError:  # no such calls on Windows
    fcntl = None  # type: ignore[assignment]

TAKEN = "taken"
REJECTED = "rejected"
_UNFINISHED = (".part", ".partial", ".tmp", ".swp", ".crdownload", "~")
_LONGEST_NAME = 200  # bytes; leaves room for what is put behind it
_MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """A file of an outbox as it was seen. `stamp` changes when anything about it does."""

    folder: Path
    name: str
    regular: bool
    stamp: tuple[int, int, int]

    @property
    def path(self) -> Path:
        return self.folder / self.name

    def key(self, agent_id: str, data: bytes) -> str:
        """What tells this file from every other, also after a crash. The same words written again
        later are another file: the time of writing is part of it."""
        name = os.fsencode(self.name).decode("utf-8", "backslashreplace")
        digest = hashlib.sha256(data).hexdigest()
        return f"outbox:{agent_id}/{name}/{digest}/{self.stamp[2]}"


class Unfinished(Exception):  # noqa: N818 - a state, not a fault
    """Somebody is still writing it."""


def letters(folder: Path) -> list[Letter]:
    """What lies in an outbox, the oldest first; folders and unfinished files are passed over.

    Empty when there is no such folder, or when it is a link to somewhere else.
    """
    if not _is_folder(folder):
        return []
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                continue
            with contextlib.suppress(OSError):  # gone meanwhile
                about = entry.stat(follow_symlinks=False)
                if not stat.S_ISDIR(about.st_mode):
                    regular = stat.S_ISREG(about.st_mode)
                    found.append(Letter(folder, entry.name, regular, _stamp(about)))
    found.sort(key=lambda letter: (letter.stamp[2], letter.name))
    return found[:_MOST_FILES]


def read(letter: Letter) -> bytes:
    """The file's content.

    Unfinished when it changed or is open for writing; CommandError("file") when it is none that
    may be read; OSError when it is gone or cannot be read.
    """
    if not letter.regular:
        raise CommandError("file", "takes a plain file, not a link, pipe or device")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(letter.path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unfinished from None  # it became a link: look again
        raise
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if _stamp(before) != letter.stamp or not stat.S_ISREG(before.st_mode):
            raise Unfinished
        if before.st_size > MAX_BYTES:
            raise CommandError("file", f"takes at most {MAX_BYTES:,} bytes")
        if _is_being_written(handle):
            raise Unfinished
        data = file.read(MAX_BYTES + 1)
        if _stamp(os.fstat(handle)) != letter.stamp:
            raise Unfinished
    return data


def keep(letter: Letter) -> None:
    """Moves what was taken to outbox/taken. OSError when it cannot be."""
    _move(letter, TAKEN)


def reject(letter: Letter, reason: str) -> None:
    """Moves a bad one to outbox/rejected, with the reason beside it. OSError when it cannot be."""
    moved = _move(letter, REJECTED)
    if moved is None:
        return
    for name in _free_names(f"{moved.name}.reason.txt"):
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(moved.parent / name, flags, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{reason}\n")
        return


def _move(letter: Letter, into: str) -> Path | None:
    """Where it is now; None when it is gone or became another file, which then stays."""
    folder = letter.folder / into
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not _is_folder(folder):
        raise NotADirectoryError(errno.ENOTDIR, f"{into} is no folder", str(folder))
    for name in _free_names(letter.name):
        goal = folder / name
        if os.path.lexists(goal):
            continue
        try:
            letter.path.rename(goal)
        except FileNotFoundError:
            return None
        if _stamp(goal.lstat()) == letter.stamp:
            return goal
        _put_back(goal, letter)
        return None
    return None


def _put_back(goal: Path, letter: Letter) -> None:
    """It was written anew between our look and the move: that one has not been read yet."""
    for name in _free_names(letter.name):
        if not os.path.lexists(letter.folder / name):
            goal.rename(letter.folder / name)
            return


def _free_names(name: str) -> Iterator[str]:
    raw = os.fsencode(name)
    if len(raw) > _LONGEST_NAME:
        name = os.fsdecode(raw[:_LONGEST_NAME])
    yield name
    path = Path(name)
    for number in range(2, 100_000):
        yield f"{path.stem}-{number}{path.suffix}"


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _stamp(about: os.stat_result) -> tuple[int, int, int]:
    return about.st_ino, about.st_size, about.st_mtime_ns


def _is_being_written(handle: int) -> bool:
    """Whether somebody has it open for writing, where the system can tell (Linux); else False.

    The kernel grants a read lease only for a file that nobody writes to. It is given back at once.
    """
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # Whoever opens it meanwhile makes the kernel send a signal: one that is ignored by default.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    with contextlib.suppress(OSError):
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
