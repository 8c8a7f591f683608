"""The commands about the systems: how they are, their alerts, their maintenance windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from panel.commands import published, stored
from panel.commands.context import Context
from panel.commands.health import look
from panel.commands.kinds import one_of
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, command
from panel.core import systems
from panel.core.clock import now
from panel.core.errors import CommandError, NotDoneError
from panel.core.health import MaintenanceWindow

_NAMES = tuple(system.system_id for system in systems.SYSTEMS)
_SYSTEM = one_of(*_NAMES)
_LONGEST = timedelta(days=31)
_MOST_WINDOWS = 50


async def acknowledge(context: Context, alert_ids: Sequence[str]) -> list[str]:
    """Notes that a person has seen these alerts; returns those that were open and unseen.

    CommandError("alert") for an unknown one; nothing is changed then.
    """

    def work(tx: stored.Transaction) -> list[str]:
        for alert_id in alert_ids:
            if stored.alerts.get(tx, alert_id) is None:
                raise CommandError("alert", f"takes an alert's id; there is no {alert_id}")
        who = str(stored.settings.get(tx, "sender_name"))
        moment = now()
        return [one for one in alert_ids if stored.alerts.acknowledge(tx, one, who, moment)]

    return await context.store.write(work)


async def plan_maintenance(context: Context, system_id: str, window: MaintenanceWindow) -> None:
    """Adds a maintenance window; CommandError for a system or times that make none."""
    if systems.system(system_id) is None:
        raise CommandError("system", f"takes one of {', '.join(_NAMES)}, not {system_id!r}")
    if window.ends_at <= window.starts_at:
        raise CommandError("until", "takes a time after the start")
    if window.ends_at - window.starts_at > _LONGEST:
        raise CommandError("until", f"takes at most {_LONGEST.days} days after the start")

    def work(tx: stored.Transaction) -> None:
        moment = now()
        present = stored.systems.maintenance(tx).get(system_id, ())
        ahead = [each for each in present if each.ends_at > moment]
        if len(ahead) >= _MOST_WINDOWS:
            raise CommandError("system", f"takes at most {_MOST_WINDOWS} windows ahead")
        stored.systems.set_maintenance(tx, system_id, [*ahead, window])

    await context.store.write(work)


async def end_maintenance(context: Context, system_id: str) -> bool:
    """Ends the maintenance that is on now; False when there is none. Later windows stay."""

    def work(tx: stored.Transaction) -> bool:
        moment = now()
        present = stored.systems.maintenance(tx).get(system_id, ())
        left = [each for each in present if each.ends_at > moment and not each.covers(moment)]
        stored.systems.set_maintenance(tx, system_id, left)
        return any(each.covers(moment) for each in present)

    return await context.store.write(work)


async def _rows(context: Context) -> list[dict[str, object]]:
    def work(connection: stored.Connection) -> list[dict[str, object]]:
        found = published.rows(stored.systems.rows(connection))
        alerts = published.rows(stored.alerts.rows(connection))
        return [
            row | {"alerts": [each for each in alerts if each["system_id"] == row["system_id"]]}
            for row in found
        ]

    return await context.store.read(work)


@command(
    "systems",
    "look how the systems of the panel are",
    "a list of core_systems_status rows, each with its open alerts in alerts",
    details="Measures them now. A score is 100 less what each measure takes away; "
    "docs/systems.md has the formulas.",
    examples=("captain-panel systems", "captain-panel systems --json"),
)
async def show_systems(context: Context) -> Outcome:
    found = await look(context)
    rows = await _rows(context)
    by_id = {health.system.system_id: health for health in found.healths}
    lines = []
    for row in rows:
        health = by_id[str(row["system_id"])]
        worst = health.worst
        lines.append(
            (
                health.system.title,
                str(row["system_status"]),
                f"{health.score:g}",
                worst.text if worst else "",
                worst.measure.fix if worst else "",
            )
        )
    table = Table(("System", "State", "Score", "Why", "What to do"), lines, frozenset({"Score"}))
    wrong = any(row["system_status"] == "error" for row in rows)
    return Outcome(rows, table=table, exit_code=1 if wrong else 0)


@command(
    "systems history",
    "show how a system was",
    "a list of {checked_at, system_status, health_score, metrics}",
)
async def show_history(
    context: Context,
    *,
    system: Annotated[str, Arg("which one", positional=True, kind=_SYSTEM)],
    since: Annotated[datetime | None, Arg("from this time on (a day ago)")] = None,
) -> Outcome:
    start = since or now() - timedelta(days=1)
    found = await context.store.read(lambda c: stored.systems.history(c, system, start))
    rows = published.rows(found)
    if not rows:
        return Outcome([], "Nobody has looked at it in that time.")
    lines = [
        (str(row["checked_at"]), str(row["system_status"]), f"{row['health_score']:g}")
        for row in rows
    ]
    return Outcome(rows, table=Table(("Time", "State", "Score"), lines, frozenset({"Score"})))


@command(
    "systems alerts",
    "list what is wrong",
    "a list of alerts rows",
)
async def list_alerts(
    context: Context, *, all_: Annotated[bool, Arg("cleared ones too")] = False
) -> Outcome:
    found = await context.store.read(lambda c: stored.alerts.rows(c, cleared=all_))
    rows = published.rows(found)
    if not rows:
        return Outcome([], "Nothing is wrong.")
    lines = [
        (
            published.age(row["raised_at"]),
            str(row["severity"]),
            str(row["text"]),
            "cleared" if row["cleared_at"] else "seen" if row["acknowledged_at"] else "",
            str(row["alert_id"]),
        )
        for row in rows
    ]
    return Outcome(rows, table=Table(("Since", "How bad", "What", "", "ID"), lines))


@command(
    "systems acknowledge",
    "say that you have seen alerts; they stay until they are over",
    "a list of alerts rows",
)
async def acknowledge_alerts(
    context: Context,
    *,
    alerts: Annotated[tuple[str, ...], Arg("alerts' ids", positional=True, metavar="ALERT")],
) -> Outcome:
    done = await acknowledge(context, alerts)
    rows = published.rows(
        await context.store.read(lambda c: stored.alerts.rows(c, cleared=True, limit=10_000))
    )
    named = [row for row in rows if row["alert_id"] in alerts]
    return Outcome(
        named,
        f"{count_of(len(done), 'alert')} acknowledged.",
        exit_code=0 if len(done) == len(set(alerts)) else 1,
    )


@command(
    "systems maintenance",
    "let a system rest: its alerts are silent, and messaging sends nothing",
    "a list of core_systems_status rows, each with its open alerts in alerts",
    examples=(
        "captain-panel systems maintenance messaging --for 2h --reason 'new desk'",
        "captain-panel systems maintenance messaging --end",
    ),
)
async def set_maintenance(
    context: Context,
    *,
    system: Annotated[str, Arg("which one", positional=True, kind=_SYSTEM)],
    for_: Annotated[timedelta | None, Arg("from now on for so long")] = None,
    starts: Annotated[datetime | None, Arg("when it starts (now)")] = None,
    until: Annotated[datetime | None, Arg("when it ends")] = None,
    reason: Annotated[str, Arg("why, for people")] = "",
    end: Annotated[bool, Arg("end the one that is on now")] = False,
) -> Outcome:
    if end + (for_ is not None) + (until is not None) != 1:
        raise CommandError("systems maintenance", "takes one of --for, --until and --end")
    if end:
        if not await end_maintenance(context, system):
            raise NotDoneError(f"{system} is not in maintenance.")
        return Outcome(await _rows(context), f"The maintenance of {system} is over.")
    start = starts or now()
    ends = start + for_ if for_ is not None else until
    assert ends is not None
    await plan_maintenance(context, system, MaintenanceWindow(start, ends, reason))
    return Outcome(await _rows(context), f"{system} rests until {published.plain(ends)}.")
