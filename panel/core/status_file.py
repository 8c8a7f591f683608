"""An agent's own `agent_workspaces/Agent-N/status.json`, in all its variants.

Agents write these by hand: a key that is missing says nothing, and one that makes no sense is left
out with a remark instead of refusing the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import PurePath

from panel.core import json_node
from panel.core.agent import AgentStatus
from panel.core.errors import CommandError
from panel.core.import_values import Remark, Wanted
from panel.core.json_node import Node
from panel.core.text import MAX_NAME, forbidden_character, require_name

NAME = "status.json"
LONGEST_FOCUS = 500
_MOST = 2**53
_WORDS = frozenset(word.value for word in AgentStatus)
_AGENT_FOLDER = re.compile(r"agent[-_ ]?[0-9]+", re.IGNORECASE)


def looks_like_one(root: Node) -> bool:
    """Whether a document is an agent's status and not a coordinate file."""
    value = root.value
    if not isinstance(value, dict) or "agents" in value:
        return False
    return isinstance(value.get("agent_id"), str) or isinstance(value.get("status"), str)


def parse(data: bytes, file: PurePath) -> tuple[Wanted, tuple[Remark, ...]]:
    """What it says, and what in it was left out; CommandError when it is no status file at all."""
    return from_document(json_node.read(data), file)


def from_document(root: Node, file: PurePath) -> tuple[Wanted, tuple[Remark, ...]]:
    """The same for JSON that is read already; `file` is absolute, so that its folder has a name."""
    members = root.members("an object with the agent's status in it")
    folder = file.parent.name
    agent_id = _agent_id(members, folder)
    remarks: list[Remark] = []
    fields: dict[str, object] = {}
    for column, (keys, read) in _COLUMNS.items():
        node = next((members[key] for key in keys if _says(members.get(key))), None)
        if node is None:
            continue
        try:
            fields[column] = read(node)
        except CommandError as error:
            remarks.append(Remark(f"{agent_id}'s {NAME}, {error.field}", _left_out(error)))
    if "status" not in fields and (state := _state_machine(members)) is not None:
        fields["status"] = state
    if file.name == NAME:
        if forbidden_character(str(file.parent)) is None:
            fields["workspace_path"] = str(file.parent)
        else:
            remarks.append(Remark(agent_id, "has a folder whose name cannot be kept"))
    return Wanted(agent_id, str(file), fields), tuple(remarks)


def _says(node: Node | None) -> bool:
    return node is not None and node.value is not None and node.value != ""


def _left_out(error: CommandError) -> str:
    return f"{error.message}; left as it is"


def _agent_id(members: dict[str, Node], folder: str) -> str:
    """The name in the file, else the folder's; a file copied from another agent is refused."""
    own = members.get("agent_id")
    if own is None or own.value is None:
        if not _AGENT_FOLDER.fullmatch(folder):
            raise CommandError(
                "agent_id", "is missing, and the folder is not called after an agent"
            )
        return require_name("agent_id", folder)
    name = require_name("agent_id", own.text())
    if _AGENT_FOLDER.fullmatch(folder) and _plain(folder) != _plain(name):
        raise own.wrong(f"says {name}, but the file lies in the folder of {folder}")
    return name


def _plain(name: str) -> str:
    letters = "".join(character for character in name.lower() if character.isalnum())
    return re.sub(r"0+(?=[0-9])", "", letters)


def _name(node: Node) -> str:
    return require_name(node.path, node.text())


def _status(node: Node) -> str:
    """One of the five words in any case, else the agent's own words, as a name that fits."""
    text = _focus(node)
    if text.upper() in _WORDS:
        return text.upper()
    # What a name may not hold, and what would make it too long for one.
    text = " ".join(text.replace(",", ";").replace("/", "-").replace("\\", "-").split())
    text = text if len(text) <= MAX_NAME else f"{text[: MAX_NAME - 1]}…"
    return require_name(node.path, text)


def _focus(node: Node) -> str:
    text = " ".join(node.text().split())
    if forbidden_character(text) is not None:
        raise node.wrong("takes no control characters")
    return text if len(text) <= LONGEST_FOCUS else f"{text[: LONGEST_FOCUS - 1]}…"


def _count(node: Node) -> int:
    # Some agents list what they have done instead of counting it.
    if isinstance(node.value, list):
        return len(node.value)
    return node.whole(0, _MOST)


def _number(node: Node) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise node.takes("a number")
    if not -1e9 <= value <= 1e9:
        raise node.takes("a number that is a share or a score")
    return float(value)


def _moment(node: Node) -> datetime:
    """A time; one without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(node.text().strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not 1970 <= moment.year <= 9998:
            raise ValueError(moment)
    except (ValueError, OverflowError):
        raise node.takes("a time such as 2026-11-23T12:00:00Z") from None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _state_machine(members: dict[str, Node]) -> str | None:
    """fsm_state, where it is one of the words for a state and no state of its own machine."""
    node = members.get("fsm_state")
    text = node.value if node is not None else None
    return text.upper() if isinstance(text, str) and text.upper() in _WORDS else None


_COLUMNS: dict[str, tuple[tuple[str, ...], Callable[[Node], object]]] = {
    "team": (("team",), _name),
    "specialization": (("specialization",), _name),
    "captain": (("captain",), _name),
    "status": (("status",), _status),
    "last_cycle": (("last_cycle",), _moment),
    "current_focus": (("current_focus", "current_mission"), _focus),
    "cycle_count": (("cycle_count",), _count),
    "tasks_completed": (("tasks_completed",), _count),
    "coordination_efficiency": (("coordination_efficiency",), _number),
    "v2_compliance": (("v2_compliance",), _number),
    "last_updated": (("last_updated",), _moment),
}
