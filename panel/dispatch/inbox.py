"""Messages as files in an agent's inbox folder: for agents that read, for windows that stay
blocked, for texts that are longer than a window takes."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from panel.core import clock
from panel.core.message import Message
from panel.core.workspace import inbox_file


def deposit(message: Message, text: str, folder: Path) -> Path:
    """Writes one Markdown file, whole or not at all, and synced; returns where it is.

    The name is the message's id, so writing it twice leaves one file. It is as private as the
    folder that the inbox lies in. OSError when it cannot be written; nothing is left behind then.
    """
    _make(folder)
    final = inbox_file(folder, message.message_id)
    draft = folder / f".{message.message_id}.part"
    head = (
        f"- id: {message.message_id}\n- from: {message.from_agent}\n"
        f"- priority: {message.priority}\n- sent: {clock.to_iso(message.sent_at)}\n"
    )
    try:
        # What stands under that name is ours from a crash, or was put there: it is not written to.
        draft.unlink(missing_ok=True)
        mode = 0o666 if folder.stat().st_mode & 0o077 else 0o600
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{head}\n{text}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
        _sync(folder)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return final


def withdraw(file: Path) -> None:
    """Takes back a file that nobody has been told of."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """The folder and its missing parents, each as private as the one that it is made in."""
    missing = []
    step = folder
    while not step.exists():
        missing.append(step)
        step = step.parent
    mode = step.stat().st_mode & 0o777
    for each in reversed(missing):
        each.mkdir(mode=mode, exist_ok=True)
        _sync(each.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
