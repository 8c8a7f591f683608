"""Targets: where agents take text. Setting and checking them looks, and clicks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from panel.commands import stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.core.clock import now
from panel.core.desktop import CalibrationRequest
from panel.core.errors import CommandError
from panel.core.target import (
    Reason,
    ReasonCode,
    Target,
    TargetCheck,
    TargetKind,
    TargetStatus,
)

_SAME_PLACE = 4
_NO_TARGET = Reason(
    ReasonCode.NO_TARGET,
    "No target is set.",
    "Calibrate it in the window or with `captain-panel target set`.",
)


async def store(context: Context, target: Target) -> Target:
    """Keeps a target, in the place of the one that the agent had for that kind of box.

    CommandError("agent") for an unknown agent, CommandError("x") when another agent's target is
    at the same place of the same window.
    """

    def work(tx: stored.Transaction) -> None:
        known(tx, target.agent_id)
        for other in stored.targets.all(tx):
            # An imported point is never clicked; when it is confirmed, it comes through here too.
            if other.status is TargetStatus.UNVERIFIED or other.agent_id == target.agent_id:
                continue
            if same_place(target, other):
                raise CommandError(
                    "x", f"takes a place of its own; this is {other.agent_id}'s {other.kind} target"
                )
        stored.targets.save(tx, target)

    await context.store.write(work)
    return target


async def set_point(context: Context, request: CalibrationRequest) -> Target:
    """Makes a target from what stands at the point now, and keeps it."""
    await context.store.read(lambda c: known(c, request.agent_id))
    target = await context.desktop.calibrate(request)
    return await store(context, target)


async def check(context: Context, agent_ids: Sequence[str] = ()) -> list[TargetCheck]:
    """Looks at the targets of these agents (of all when none is named) and notes the verdicts.

    A named agent without a target gets a verdict that says so.
    """
    await of(context, agent_ids)
    # All of them, so that one agent's window is not taken for another's.
    everything = await of(context)
    checks = [
        verdict
        for verdict in await context.desktop.check_all(everything)
        if not agent_ids or verdict.agent_id in agent_ids
    ]
    if checks:
        await context.store.write(lambda tx: _note(tx, checks))
    found = {verdict.agent_id for verdict in checks}
    missing = [agent_id for agent_id in agent_ids if agent_id not in found]
    return checks + [
        TargetCheck(agent_id, TargetKind.CHAT, False, False, (_NO_TARGET,)) for agent_id in missing
    ]


async def remove(context: Context, agent_id: str, kind: TargetKind) -> Target:
    """Forgets a target and returns it; CommandError("agent") when there is none."""

    def work(tx: stored.Transaction) -> Target:
        known(tx, agent_id)
        target = stored.targets.get(tx, agent_id, kind)
        if target is None:
            raise CommandError("agent", f"{agent_id} has no {kind} target")
        stored.targets.remove(tx, agent_id, kind)
        return target

    return await context.store.write(work)


def same_place(one: Target, other: Target) -> bool:
    """Whether a click on either would go into the same box of the same window."""
    if one.window is None or other.window is None or one.offset is None or other.offset is None:
        return one.point == other.point
    if (one.window.window_id, one.window.process_started) != (
        other.window.window_id,
        other.window.process_started,
    ):
        return False
    if other.composer is not None and other.composer.contains(one.offset):
        return True
    apart = one.offset - other.offset
    return abs(apart.x) <= _SAME_PLACE and abs(apart.y) <= _SAME_PLACE


def _note(tx: stored.Transaction, checks: Sequence[TargetCheck]) -> None:
    for verdict in checks:
        words = " ".join(str(reason) for reason in verdict.reasons)
        text = words or ("ready" if verdict.visible else "covered")
        stored.targets.note_check(tx, verdict.agent_id, verdict.kind, text, now())


async def of(context: Context, agent_ids: Sequence[str] = ()) -> list[Target]:
    """The targets of these agents (of all when none is named); CommandError("agent")."""

    def work(connection: stored.Connection) -> list[Target]:
        for agent_id in agent_ids:
            known(connection, agent_id)
        return [
            target
            for target in stored.targets.all(connection)
            if not agent_ids or target.agent_id in agent_ids
        ]

    return await context.store.read(work)
