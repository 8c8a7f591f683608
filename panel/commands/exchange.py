"""The commands that bring agents in from files and write them out again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from panel.commands import importing
from panel.commands.context import Context
from panel.commands.importing import Imported, Preview
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core.errors import CommandError
from panel.core.import_plan import AgentChange, Place, words
from panel.core.import_values import Remark

_MOST_NOTES = 20


def _change(change: AgentChange, replacing: tuple[Place, ...]) -> dict[str, object]:
    """One agent's changes for JSON."""
    done = change.does_something(replacing)
    return {
        "agent_id": change.agent_id,
        "change": ("added" if change.new else "updated") if done else "skipped",
        "fields": {field.name: [field.before, field.after] for field in change.fields},
        "targets": [
            {
                "kind": point.kind,
                "before": point.before and {"x": point.before.x, "y": point.before.y},
                "after": {"x": point.after.x, "y": point.after.y},
                "status": "unverified",
            }
            for point in change.applied(replacing)
        ],
    }


def _remarks(remarks: Iterable[Remark]) -> list[dict[str, str]]:
    return [{"item": remark.item, "why": remark.why} for remark in remarks]


def _notes(remarks: tuple[Remark, ...]) -> list[str]:
    lines = [f"{remark.item}: {remark.why}" for remark in remarks[:_MOST_NOTES]]
    if len(remarks) > _MOST_NOTES:
        lines.append(f"And {len(remarks) - _MOST_NOTES:,} more; --json holds all of them.")
    return lines


def _words(change: AgentChange, replacing: tuple[Place, ...]) -> str:
    points = [
        f"{point.kind} {words(point.before)} -> {words(point.after)}"
        if point.before
        else f"{point.kind} {words(point.after)}"
        for point in change.applied(replacing)
    ]
    return ", ".join([*points, *(field.name for field in change.fields)])


def _outcome(done: Imported, seen: Preview, replacing: tuple[Place, ...], dry_run: bool) -> Outcome:
    shown = [_change(change, replacing) for change in done.changes]
    notes = _notes(done.warnings)
    if not dry_run and any(change.applied(replacing) for change in done.changes):
        notes.append("Imported points are not clicked until they are confirmed: calibrate them.")
    if set(seen.undecided) - set(replacing):
        notes.append("Confirmed points were kept; --replace takes those of the file.")
    if dry_run:
        notes.append(
            f"Nothing was written. {count_of(done.added, 'agent')} would be added, "
            f"{done.updated:,} updated."
        )
    rows = [
        (str(entry["agent_id"]), str(entry["change"]), _words(change, replacing))
        for entry, change in zip(shown, done.changes, strict=True)
        if entry["change"] != "skipped"
    ]
    rows += [(remark.item, "skipped", remark.why) for remark in done.skipped]
    return Outcome(
        {
            "added": done.added,
            "updated": done.updated,
            "skipped": _remarks(done.skipped),
            "warnings": _remarks(done.warnings),
            "agents": shown,
            "layout": seen.layout or None,
            "screens_checked": seen.screens is not None,
            "dry_run": dry_run,
        },
        table=Table(("Agent", "Change", "What"), rows),
        notes=tuple(notes),
    )


@command(
    "agents import",
    "bring in agents and their points from files",
    "{added, updated, skipped: [{item, why}], warnings: [{item, why}], agents: [{agent_id, "
    "change, fields, targets}], layout, screens_checked, dry_run}; added and updated are numbers",
    needs_with={"check_screens": Needs.DESKTOP},
    details="Takes a coordinate file of any variant, an agent's status.json, or a folder with one "
    "status.json an agent. All of it is written, or nothing. Imported points are not clicked until "
    "a person has confirmed them by sight. A confirmed point stays unless --replace is given, and "
    "a retired agent stays retired.",
    examples=(
        "captain-panel agents import cursor_agent_coords.json --dry-run",
        "captain-panel agents import agent_workspaces",
        "captain-panel agents import coords.json --layout 8-agent --replace",
    ),
)
async def import_agents(
    context: Context,
    *,
    file: Annotated[Path, Arg("what to import", positional=True, metavar="FILE-OR-FOLDER")],
    dry_run: Annotated[bool, Arg("only say what would change")] = False,
    layout: Annotated[
        str | None, Arg("which layout of a file that holds several", metavar="NAME")
    ] = None,
    replace: Annotated[bool, Arg("also replace confirmed points that differ")] = False,
    check_screens: Annotated[bool, Arg("warn of points that no screen shows now")] = False,
) -> Outcome:
    if check_screens:
        await context.desktop.layout()  # asked for, so a missing display is said
    seen = await importing.preview(context, file, layout)
    if seen.layout is None:
        raise CommandError(
            "layout", f"takes one of {', '.join(seen.layouts)}: the file has points for each"
        )
    replacing = seen.undecided if replace else ()
    if dry_run:
        return _outcome(seen.result(replacing), seen, replacing, dry_run=True)
    done = await importing.apply(context, seen, replacing)
    return _outcome(done, seen, replacing, dry_run=False)


@command(
    "target export",
    "write all agents and their points to a coordinate file",
    "{file, agents, targets}",
    details="The file has the main format, as `agents import` reads it: what recognises a window "
    "is not in it.",
    examples=("captain-panel target export coordinates.json",),
)
async def export_targets(
    context: Context,
    *,
    file: Annotated[Path, Arg("the file to write", positional=True)],
    overwrite: Annotated[bool, Arg("replace the file if there is one")] = False,
) -> Outcome:
    agents, points = await importing.export(context, file, overwrite=overwrite)
    return Outcome(
        {"file": file.absolute(), "agents": agents, "targets": points},
        f"Wrote {count_of(agents, 'agent')} with {count_of(points, 'target')} to {file}.",
    )
