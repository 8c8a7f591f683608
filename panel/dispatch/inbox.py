"""Messages as files in an agent's inbox folder, for agents that read instead of being typed to."""

from __future__ import annotations

import os
from pathlib import Path

from panel.core import clock
from panel.core.message import Message


def deposit(message: Message, text: str, folder: Path) -> Path:
    """Writes one Markdown file, whole or not at all; returns where it is.

    The name is the message's id, so writing it twice leaves one file. OSError when it cannot be
    written; nothing is left behind then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{message.message_id}.md"
    draft = folder / f".{message.message_id}.part"
    head = (
        f"- id: {message.message_id}\n- from: {message.from_agent}\n"
        f"- priority: {message.priority}\n- sent: {clock.to_iso(message.sent_at)}\n"
    )
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{head}\n{text}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(final)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return final
