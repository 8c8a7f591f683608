"""What the operating system knows of the process behind a window (Linux; None elsewhere)."""

from __future__ import annotations

import os
from pathlib import Path

_START_FIELD = 19  # of /proc/PID/stat counted after the closing bracket of the command, see proc(5)
_TPGID_FIELD = 5
_LONGEST_STAT = 4096


def _stat_fields(pid: int) -> list[str] | None:
    try:
        # Read with every check of a target: a plain file object takes twice as long.
        file = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
        try:
            text = os.read(file, _LONGEST_STAT).decode("utf-8", "replace")
        finally:
            os.close(file)
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()


def start_time(pid: int | None) -> int | None:
    """Clock ticks since boot at which the process began: with the pid it names one process."""
    fields = _stat_fields(pid) if pid else None
    return int(fields[_START_FIELD]) if fields else None


def program_name(pid: int | None) -> str:
    """The file name of the running program, such as `chromium`; empty when it cannot be known."""
    if not pid:
        return ""
    try:
        return os.readlink(f"/proc/{pid}/exe").rpartition("/")[2]  # noqa: PTH115 - see above
    except OSError:
        return ""


def terminal_program(pid: int | None) -> str | None:
    """The program in the foreground of the terminal that this terminal emulator opened.

    None when the process has no child on a terminal of its own, or several on different ones.
    """
    if not pid:
        return None
    foregrounds = set()
    for child in _children(pid):
        fields = _stat_fields(child)
        if fields and int(fields[_TPGID_FIELD]) > 0:
            foregrounds.add(int(fields[_TPGID_FIELD]))
    if len(foregrounds) != 1:
        return None
    return program_name(foregrounds.pop()) or None


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in task.read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found
