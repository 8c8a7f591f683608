"""What a file says of an agent, before it is compared with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from panel.core.geometry import Point
from panel.core.target import TargetKind


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one item of an import: why it was left out, or what to look at."""

    item: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One agent of a file. `fields` are the columns of agent_workspaces that the file names.

    `path` is its place in the file, or the file itself.
    """

    agent_id: str
    path: str
    fields: Mapping[str, object] = field(default_factory=dict)
    points: Mapping[TargetKind, Point] = field(default_factory=dict)
