"""Agents from files: what an import would change, then all of it in one transaction; and export."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from panel.commands import import_sources, stored
from panel.commands.context import Context
from panel.commands.import_sources import Source
from panel.core import coordinates, import_plan
from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.errors import CommandError, EnvironmentFault, NotDoneError
from panel.core.geometry import Point, ScreenLayout
from panel.core.import_plan import AgentChange, Place, Placed, PointChange
from panel.core.import_values import Remark, Wanted
from panel.core.target import Target, TargetKind, TargetStatus

_REPORTED = "last_updated"
_WORKSPACE = "workspace_path"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would change. Nothing is written before `apply` is given it.

    `layout` is None while one of `layouts` has still to be chosen; then there are no changes.
    `skipped` are the files that cannot be read, `warnings` what to look at. `screens` is None when
    the points were not compared with the screens.
    """

    path: Path
    changes: tuple[AgentChange, ...]
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    layouts: tuple[str, ...]
    layout: str | None
    screens: ScreenLayout | None
    wanted: tuple[Wanted, ...]

    @property
    def undecided(self) -> tuple[Place, ...]:
        """The confirmed boxes for which the file says another point."""
        return tuple(
            (change.agent_id, point.kind)
            for change in self.changes
            for point in change.points
            if point.asks
        )

    def result(self, replacing: Collection[Place] = ()) -> Imported:
        """What applying it does."""
        doing = [change for change in self.changes if change.does_something(replacing)]
        added = sum(change.new for change in doing)
        skipped = [remark for change in self.changes for remark in change.skipped(replacing)]
        return Imported(
            added, len(doing) - added, (*self.skipped, *skipped), self.warnings, self.changes
        )


@dataclass(frozen=True, slots=True)
class Imported:
    """How many agents an import added and changed, and what it left as it was."""

    added: int
    updated: int
    skipped: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    changes: tuple[AgentChange, ...]


async def preview(context: Context, path: Path, layout: str | None = None) -> Preview:
    """What importing this file or folder would change; CommandError names the place that is wrong.

    `layout` chooses one of a file that groups its agents by screen layout.
    """
    screens = await _screens(context)

    def work(connection: stored.Connection) -> Preview:
        # Reading and comparing thousands of agents takes time: not in the window's thread.
        return _compared(connection, import_sources.read(path), layout, screens)

    return await context.store.read(work)


async def apply(context: Context, seen: Preview, replacing: Collection[Place] = ()) -> Imported:
    """Writes what the preview shows, all or nothing; points of confirmed boxes only if `replacing`.

    NotDoneError when the swarm is no longer as it was in the preview. Imported points are
    unverified: they are not clicked before a person has confirmed them by sight.
    """
    if seen.layout is None:
        raise _choice(seen)

    def work(tx: stored.Transaction) -> Imported:
        placed = _placed(tx)
        changes = import_plan.compare(seen.wanted, _rows(tx), placed)
        if changes != seen.changes:
            raise NotDoneError("The agents changed since this preview was made; look at it again.")
        for wanted, change in zip(seen.wanted, changes, strict=True):
            _write(tx, wanted, change, change.applied(replacing))
        return seen.result(replacing)

    return await context.store.write(work)


async def export(context: Context, file: Path, *, overwrite: bool = False) -> tuple[int, int]:
    """Writes all agents and their points in the origin's main format; answers how many of each.

    CommandError("file") when it is there already, unless `overwrite`. The old file stays whole
    until the new one is.
    """

    def work(connection: stored.Connection) -> tuple[int, int]:
        agents = _known(connection)
        if not agents:
            raise NotDoneError("There are no agents to export.")
        _save(file, coordinates.exported(agents, now()), overwrite=overwrite)
        return len(agents), sum(len(agent.points) for agent in agents)

    return await context.store.read(work)


def _choice(seen: Preview) -> CommandError:
    names = ", ".join(seen.layouts)
    return CommandError("layout", f"takes one of {names}: the file has points for each of them")


async def _screens(context: Context) -> ScreenLayout | None:
    try:
        return await context.desktop.layout()
    except EnvironmentFault:
        return None  # importing needs no display; the preview says that nothing was compared


def _compared(
    connection: stored.Connection, source: Source, layout: str | None, screens: ScreenLayout | None
) -> Preview:
    chosen, wanted = source.chosen(layout)
    placed = _placed(connection)
    return Preview(
        source.path,
        import_plan.compare(wanted, _rows(connection), placed),
        source.skipped,
        (*source.warnings, *import_plan.warnings(wanted, screens, placed)),
        tuple(name for name in source.layouts if name),
        chosen,
        screens,
        wanted,
    )


def _rows(connection: stored.Connection) -> dict[str, stored.Row]:
    return {str(row["agent_id"]): row for row in stored.agents.rows(connection)}


def _placed(connection: stored.Connection) -> dict[Place, Placed]:
    return {
        (str(row["agent_id"]), TargetKind(str(row["kind"]))): Placed(
            Point(int(str(row["x"])), int(str(row["y"]))),
            row["status"] == TargetStatus.CONFIRMED.value,
        )
        for row in stored.targets.rows(connection)
    }


def _known(connection: stored.Connection) -> list[Wanted]:
    points: dict[str, dict[TargetKind, Point]] = {}
    for (agent_id, kind), known in _placed(connection).items():
        points.setdefault(agent_id, {})[kind] = known.point
    return [
        Wanted(
            agent.agent_id,
            "",
            {"description": agent.description, "active": agent.active},
            points.get(agent.agent_id, {}),
        )
        for agent in stored.agents.all(connection)
    ]


def _write(
    tx: stored.Transaction, wanted: Wanted, change: AgentChange, points: tuple[PointChange, ...]
) -> None:
    values = dict(wanted.fields) if change.new else {f.name: f.after for f in change.fields}
    if change.new:
        outside = {_WORKSPACE: values.pop(_WORKSPACE)} if _WORKSPACE in values else {}
        reported = values.setdefault(_REPORTED, now())
        agent = Agent(wanted.agent_id, **values).validated()  # type: ignore[arg-type]
        stored.agents.insert(tx, agent)
        if outside:
            stored.agents.update(tx, wanted.agent_id, **outside, last_updated=reported)
    elif values:
        # A file is no report of the agent: its age stays, unless the file says another one.
        values.setdefault(_REPORTED, _rows_of(tx, wanted.agent_id)[_REPORTED])
        stored.agents.update(tx, wanted.agent_id, **values)
    for point in points:
        stored.targets.save(tx, _target(tx, wanted.agent_id, point))


def _rows_of(tx: stored.Transaction, agent_id: str) -> stored.Row:
    return stored.agents.rows(tx, agent_id)[0]


def _target(tx: stored.Transaction, agent_id: str, point: PointChange) -> Target:
    """The box at its new point: how it is used stays, what recognises its window does not."""
    known = None if point.before is None else stored.targets.get(tx, agent_id, point.kind)
    if known is None:
        return Target(agent_id, point.kind, point.after, TargetStatus.UNVERIFIED)
    return replace(
        known,
        point=point.after,
        status=TargetStatus.UNVERIFIED,
        offset=None,
        window=None,
        window_size=None,
        layout=None,
        composer=None,
        anchor=None,
        looks=(),
        calibrated_at=None,
        last_success_at=None,
    )


def _save(file: Path, text: str, *, overwrite: bool) -> None:
    file = file.absolute()
    if file.is_dir() or (file.exists() and not overwrite):
        raise CommandError("file", f"takes a new file; there is a {file} already")
    if not file.parent.is_dir():
        raise CommandError("file", f"takes a file in a folder that is there; {file.parent} is not")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name[:100]}.", dir=file.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode())
                out.flush()
                os.fsync(handle)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be written: {error.strerror}.") from None
