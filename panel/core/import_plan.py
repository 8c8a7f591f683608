"""What an import would change: files against what is known, compared without writing anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from panel.core.clock import to_stored
from panel.core.geometry import Point, ScreenLayout
from panel.core.import_values import Remark, Wanted
from panel.core.target import TargetKind

Place = tuple[str, TargetKind]
"""An agent's box."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a box of an agent is known to be."""

    point: Point
    confirmed: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column of the agent that gets another value; both as the database keeps them."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class PointChange:
    """A box that gets another point. `asks`: its present one is confirmed, so a person decides."""

    kind: TargetKind
    before: Point | None
    after: Point
    asks: bool


@dataclass(frozen=True, slots=True)
class AgentChange:
    """All that one agent of the file would change. `kept` is what the import leaves as it is."""

    agent_id: str
    new: bool
    fields: tuple[FieldChange, ...] = ()
    points: tuple[PointChange, ...] = ()
    kept: tuple[Remark, ...] = ()

    def applied(self, replace: Collection[Place]) -> tuple[PointChange, ...]:
        """The points that are written when the person agreed to replace these confirmed ones."""
        return tuple(
            point
            for point in self.points
            if not point.asks or (self.agent_id, point.kind) in replace
        )

    def does_something(self, replace: Collection[Place]) -> bool:
        """Whether anything is written."""
        return self.new or bool(self.fields) or bool(self.applied(replace))

    def skipped(self, replace: Collection[Place]) -> tuple[Remark, ...]:
        """What is left as it is, each with why."""
        chosen = self.applied(replace)
        left = [
            Remark(
                f"{self.agent_id}, {point.kind}",
                f"is confirmed at {words(point.before)} and stays there; "
                f"the file says {words(point.after)}",
            )
            for point in self.points
            if point not in chosen
        ]
        found = (*self.kept, *left)
        if not found and not self.does_something(replace):
            return (Remark(self.agent_id, "is already as the file says"),)
        return found


def words(point: Point | None) -> str:
    """`(640, 910)`."""
    return "" if point is None else f"({point.x}, {point.y})"


def compare(
    wanted: Iterable[Wanted],
    rows: Mapping[str, Mapping[str, object]],
    placed: Mapping[Place, Placed],
) -> tuple[AgentChange, ...]:
    """What these agents of a file would change in the rows of agent_workspaces and the targets."""
    return tuple(_compared(agent, rows.get(agent.agent_id), placed) for agent in wanted)


def _compared(
    agent: Wanted, row: Mapping[str, object] | None, placed: Mapping[Place, Placed]
) -> AgentChange:
    kept: list[Remark] = []
    fields: list[FieldChange] = []
    for name, value in agent.fields.items():
        after = _stored(value)
        before = None if row is None else row.get(name)
        if name == "active":
            if row is not None and not before and after:
                why = "is retired here and stays so, though the file calls it active"
                kept.append(Remark(agent.agent_id, why))
                continue
            before = None if row is None else bool(before)
        if row is None or before != after:
            fields.append(FieldChange(name, before, after))
    points = []
    for kind, point in agent.points.items():
        known = placed.get((agent.agent_id, kind))
        if known is None:
            points.append(PointChange(kind, None, point, asks=False))
        elif known.point != point:
            points.append(PointChange(kind, known.point, point, asks=known.confirmed))
    return AgentChange(agent.agent_id, row is None, tuple(fields), tuple(points), tuple(kept))


def _stored(value: object) -> object:
    return to_stored(value) if isinstance(value, datetime) else value


def warnings(
    wanted: Iterable[Wanted], screens: ScreenLayout | None, placed: Mapping[Place, Placed]
) -> tuple[Remark, ...]:
    """Points that no screen shows, and points that stand there for two agents.

    Neither is refused: a screen may be unplugged now, maximised windows share their points, and
    nothing is clicked there before a person has confirmed it by sight.
    """
    agents = list(wanted)
    after = {place: known.point for place, known in placed.items()}
    for agent in agents:
        for kind, point in agent.points.items():
            known = placed.get((agent.agent_id, kind))
            if known is None or not known.confirmed:
                after[agent.agent_id, kind] = point
    owners: dict[Point, Place] = {}
    for place, point in after.items():
        owners.setdefault(point, place)
    found: list[Remark] = []
    for agent in agents:
        for kind, point in agent.points.items():
            item = f"{agent.agent_id}, {kind}"
            if screens is not None and screens.screen_at(point) is None:
                found.append(Remark(item, f"{words(point)} lies on no screen that is plugged in"))
            owner = owners.get(point)
            if owner is not None and owner[0] != agent.agent_id:
                found.append(Remark(item, f"{words(point)} is {owner[0]}'s {owner[1]} point too"))
    return tuple(found)
