"""Targets: where agents take text. Setting and checking them looks, and clicks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from panel.commands import stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.core.clock import now
from panel.core.desktop import CalibrationRequest, Finding
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import DeliveryStatus
from panel.core.target import (
    Picture,
    Reason,
    ReasonCode,
    Target,
    TargetCheck,
    TargetKind,
    TargetStatus,
    WindowIdentity,
    WindowInfo,
)

MOST_LOOKS = 6
_SAME_PLACE = 4
_REPAINT_LOOKS = 8
_REPAINT_SECONDS = 0.1
# A screen that cannot be seen says nothing about a target: what was known of it stays.
_UNSEEN = frozenset({ReasonCode.LOCKED, ReasonCode.NO_DISPLAY})
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


async def one(context: Context, agent_id: str, kind: TargetKind = TargetKind.CHAT) -> Target:
    """An agent's target; CommandError("agent") when it has none of that kind."""

    def work(connection: stored.Connection) -> Target:
        known(connection, agent_id)
        target = stored.targets.get(connection, agent_id, kind)
        if target is None:
            raise CommandError("agent", f"{agent_id} has no {kind} target")
        return target

    return await context.store.read(work)


async def find(
    context: Context, agent_id: str, kind: TargetKind = TargetKind.CHAT
) -> Finding | None:
    """Looks over the whole window for a target that is not at its place; nothing is stored.

    None when it is not there. Raises the window, clicks nothing.
    """
    target = await one(context, agent_id, kind)
    if target.status is TargetStatus.UNVERIFIED:
        raise NotDoneError(str(unconfirmed(target)))
    return await context.desktop.find(target)


async def accept(context: Context, finding: Finding) -> Target:
    """Calibrates anew at the place that a person looked at and accepted; see Desktop.calibrate.

    The box is clicked once, its empty looks and its landmark are taken as they are there. Rules and
    keys stay. CommandError("agent") when the target was calibrated since it was looked for,
    CommandError("composer") when there is text in the box: nothing is kept then.
    """
    found = finding.target
    kept = await one(context, found.agent_id, found.kind)
    if kept.calibrated_at != found.calibrated_at:
        raise CommandError(
            "agent", f"{found.agent_id} was calibrated meanwhile; look for its place again"
        )
    anchor, identity = found.anchor, finding.window.identity
    request = CalibrationRequest(
        found.agent_id,
        found.kind,
        finding.point,
        policy=kept.policy,
        proof=kept.proof,
        paste_key=kept.paste_key,
        submit_key=kept.submit_key,
        urgent_submit_key=kept.urgent_submit_key,
        longest_paste=kept.longest_paste,
        anchor_rect=anchor.rect if anchor is not None else None,
        composer_rect=found.composer if kept.looks else None,
        title_rule=_rule(kept, identity),
        window_id=identity.window_id,
        empty_looks=kept.looks,
    )
    return await set_point(context, request)


async def try_click(
    context: Context, agent_id: str, kind: TargetKind = TargetKind.CHAT
) -> TargetCheck:
    """Clicks where a delivery would, after all its checks, and types nothing; notes the verdict.

    NotDoneError while a message is being typed: the pointer is not free.
    """
    target = await one(context, agent_id, kind)
    if target.status is TargetStatus.UNVERIFIED:
        raise NotDoneError(str(unconfirmed(target)))
    counts = await context.store.read(stored.messages.counts)
    if counts.get(DeliveryStatus.SENDING):
        raise NotDoneError("A message is being sent just now. Try once more when it is done.")
    others = {
        other.window.window_id
        for other in await of(context)
        if other.window is not None and other.agent_id != agent_id
    }
    verdict = await context.desktop.try_click(target, others)
    await context.store.write(lambda tx: _note(tx, [verdict]))
    return verdict


async def snapshots(context: Context, wanted: Sequence[Target]) -> list[bytes | None]:
    """How the boxes of these targets look now, as PNG; None where the screen does not show one.

    A box that another window covers is not looked at: the picture would be that window's.
    """
    windows = await context.desktop.windows()
    pictures: list[bytes | None] = []
    for target in wanted:
        seen = target.offset is not None and _shown(target, windows)
        pictures.append(await context.desktop.snapshot(target) if seen else None)
    return pictures


async def point_at(
    context: Context, agent_id: str, kind: TargetKind = TargetKind.CHAT
) -> TargetCheck:
    """Moves the pointer to where a click would go now, without clicking; notes the verdict."""
    verdict = await context.desktop.point_at(await one(context, agent_id, kind))
    await context.store.write(lambda tx: _note(tx, [verdict]))
    return verdict


async def confirm_window(
    context: Context, agent_id: str, kind: TargetKind, window: WindowInfo
) -> TargetCheck:
    """Binds a target to the window in which a person recognised it, and looks whether it is ready.

    Raises the window, clicks nothing. The window is kept in any case; a landmark that differs or
    another size makes the verdict say so, and nothing is sent there. CommandError("window") for
    another agent's window.
    """
    target = await one(context, agent_id, kind)
    offset = target.offset
    if target.status is TargetStatus.UNVERIFIED or offset is None:
        raise NotDoneError(str(unconfirmed(target)))
    identity = replace(window.identity, title_rule=_rule(target, window.identity))
    bound = replace(target, window=identity, point=window.rect.top_left + offset)

    def work(tx: stored.Transaction) -> None:
        for other in stored.targets.all(tx):
            if other.agent_id != agent_id and same_place(bound, other):
                raise CommandError("window", f"is {other.agent_id}'s already")
        stored.targets.rebind_window(tx, agent_id, kind, identity, bound.point)

    await context.store.write(work)
    raised = await context.desktop.activate(identity.window_id)
    verdict = await _repainted_check(context, agent_id, kind)
    if not raised and verdict.valid and not verdict.visible:
        reason = Reason(
            ReasonCode.CANNOT_RAISE,
            "The window would not come to the front, so its landmark was not compared.",
        )
        verdict = replace(verdict, valid=False, reasons=(reason, *verdict.reasons))
    return verdict


async def remember_empty(context: Context, agent_id: str, kind: TargetKind, png: bytes) -> Target:
    """Adds a look of the box (exactly its rectangle, PNG) that a person says is empty.

    NotDoneError for a target that does not go by looks (a terminal's, an imported one).
    """
    target = await one(context, agent_id, kind)
    if target.composer is None or not target.looks:
        raise NotDoneError(f"{agent_id}'s {kind} target does not go by the look of an empty box.")
    first = target.looks[0]
    mask = first.mask_png if first.rect == target.composer else None
    # The first one was taken at the calibration; of those added since, the oldest makes room.
    looks = (*target.looks, Picture(target.composer, png, mask))
    changed = replace(target, looks=(looks[0], *looks[1:][1 - MOST_LOOKS :]))
    return await store(context, changed)


def unconfirmed(target: Target) -> Reason:
    """Why an imported point is neither clicked nor looked for."""
    return Reason(
        ReasonCode.UNVERIFIED,
        f"{target.agent_id}'s place was imported and nobody has confirmed it.",
        "Confirm or calibrate it by sight.",
    )


async def remove(context: Context, agent_id: str, kind: TargetKind) -> Target:
    """Forgets a target, for every arrangement of screens, and returns it.

    CommandError("agent") when there is none.
    """

    def work(tx: stored.Transaction) -> Target:
        known(tx, agent_id)
        target = stored.targets.get(tx, agent_id, kind)
        if target is None:
            raise CommandError("agent", f"{agent_id} has no {kind} target")
        stored.targets.remove(tx, agent_id, kind)
        stored.layouts.forget(tx, agent_id, kind)
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


def _rule(target: Target, identity: WindowIdentity) -> str | None:
    """The text of the title that tells the window after the next restart."""
    rule = target.window.title_rule if target.window else None
    fitting = (each for each in (rule, target.agent_id) if each and each in identity.title)
    return next(fitting, None)


def _shown(target: Target, windows: Sequence[WindowInfo]) -> bool:
    """Whether the screen shows the target's own window at its point; topmost windows first."""
    wanted = target.window.window_id if target.window else None
    own = next((each for each in windows if each.identity.window_id == wanted), None)
    if own is None or own.minimised or target.offset is None:
        return False
    point = own.rect.top_left + target.offset
    top = next((each for each in windows if not each.minimised and each.rect.contains(point)), None)
    return top is own


async def _repainted_check(context: Context, agent_id: str, kind: TargetKind) -> TargetCheck:
    """The verdict once the raised window had time to paint what was covered."""
    import asyncio  # only here: the command line answers --help without it

    for look in range(_REPAINT_LOOKS):
        verdict = next(each for each in await check(context, [agent_id]) if each.kind == kind)
        if verdict.valid and verdict.visible:
            break
        if look < _REPAINT_LOOKS - 1:
            await asyncio.sleep(_REPAINT_SECONDS)
    return verdict


def _note(tx: stored.Transaction, checks: Sequence[TargetCheck]) -> None:
    for verdict in checks:
        if verdict.code not in _UNSEEN:
            stored.targets.note_check(
                tx, verdict.agent_id, verdict.kind, verdict.words, verdict.code, now()
            )


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
