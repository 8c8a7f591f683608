"""Where an agent's files lie: its inbox, its outbox and what became of what lay there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
WORKSPACES = "agent_workspaces"


def safe_name(agent_id: str) -> str:
    """A folder name for an agent, whatever it is called; different agents get different names."""
    cleaned = _UNSAFE.sub(lambda found: f"%{ord(found.group()):X}", agent_id)
    return f"%2E{cleaned[1:]}" if cleaned.startswith(".") else cleaned


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one agent. `ours`: the folder is the panel's own and may be made."""

    agent_id: str
    folder: Path
    ours: bool

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"


def workspace(home: Path, agent_id: str, workspace_path: str | None) -> Workspace:
    """The agent's workspace: its own path where it has one, else a folder under `home`."""
    if workspace_path:
        return Workspace(agent_id, Path(workspace_path), ours=False)
    return Workspace(agent_id, home / WORKSPACES / safe_name(agent_id), ours=True)


def inbox_file(inbox: Path, message_id: str) -> Path:
    """Where the file of a message is in an inbox, or would be."""
    return inbox / f"{message_id}.md"
