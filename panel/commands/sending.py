"""The send command: queue, and on request wait for the proof."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from panel.commands import answers, backlog, messages, stored
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core.clock import now
from panel.core.errors import CommandError, EnvironmentFault
from panel.core.identifiers import new_id
from panel.core.message import DeliveryStatus, Draft, Message, Method, Priority
from panel.core.reply_hint import NO_REPLY

_LOOK_SECONDS = 0.2
_LONGEST_EXPIRY = timedelta(days=3650)
_LONGEST_WAIT = timedelta(days=7)
_SETTLED = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNCERTAIN,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.EXPIRED,
    }
)


@command(
    "send",
    "write to agents",
    "a list of {message_id, to_agent, delivery_status, evidence, delivery_time_ms, "
    "reason}; an agent that could not be written to has delivery_status refused and "
    "message_id null",
    needs_with={"wait": Needs.DISPATCH},
    details="Queues one message a receiver, all in one transaction. With --wait it is done only "
    "when every message is delivered, with proof; if no dispatcher holds the display, it "
    "delivers these itself, and before them what waits for the same agents and comes first. "
    "Agents that a team or --all includes but that cannot be written to are named, and the others "
    "get theirs; if none can, nothing is queued. An agent writes to its captain with "
    "--from AGENT --to captain: that is kept at once as unread and typed nowhere.",
    examples=(
        'captain-panel send --to Agent-1 "Run the tests."',
        'captain-panel send --to Agent-1,Agent-2 --priority high --wait 60 "Stop, then report."',
        "git log -1 | captain-panel send --all --tag release -",
        'captain-panel send --from Agent-1 --to captain "I need a decision."',
    ),
)
async def send(  # noqa: PLR0913 - one parameter an option
    context: Context,
    *,
    text: Annotated[str, Arg("the message; - reads standard input", positional=True, stdin=True)],
    to: Annotated[tuple[str, ...], Arg("to these agents", metavar="AGENT[,AGENT]")] = (),
    team: Annotated[str | None, Arg("to the agents of a team", metavar="TEAM")] = None,
    all_: Annotated[bool, Arg("to every agent")] = False,
    priority: Annotated[Priority, Arg("how soon (normal)")] = Priority.NORMAL,
    tag: Annotated[tuple[str, ...], Arg("a label; may be given again", metavar="TAG")] = (),
    from_: Annotated[str | None, Arg("who writes (the setting sender_name)", metavar="NAME")] = (
        None
    ),
    method: Annotated[Method, Arg("through its window, or as a file in its inbox")] = (
        Method.PYAUTOGUI
    ),
    expires: Annotated[
        timedelta | None, Arg("give up if it was not sent by then", metavar="30m")
    ] = None,
    wait: Annotated[timedelta | None, Arg("wait so long for the proof", metavar="SECONDS")] = None,
    no_reply: Annotated[
        bool, Arg(f"leave out how to answer; the same as --tag {NO_REPLY}")
    ] = False,
    allow_duplicate: Annotated[
        bool, Arg("send also what the agent has just got (setting duplicate_seconds)")
    ] = False,
) -> Outcome:
    _check_times(expires, wait)
    sender = from_
    if sender is None:
        sender = str(await context.store.read(lambda c: stored.settings.get(c, "sender_name")))
    if team is None and not all_ and await answers.speaks_to_captain(context, sender, to):
        said = await answers.tell(context, Draft(to[0], text, sender, priority, tag))
        return await _outcome(context, [said], (), None, waited=True)
    receivers = await _receivers(context, to, team, all_)
    group = new_id("grp") if len(receivers) > 1 else None
    drafts = [
        Draft(
            to_agent=receiver,
            content=text,
            from_agent=sender,
            priority=priority,
            tags=(*tag, NO_REPLY) if no_reply else tag,
            method=method,
            expires_at=None if expires is None else now() + expires,
            group_id=group,
        )
        for receiver in receivers
    ]
    ids, refusals = await messages.queue_possible(
        context, drafts, strict=bool(to), allow_duplicate=allow_duplicate
    )
    if wait is None:
        return await _outcome(context, ids, refusals, None, waited=False)
    fault = await _dispatched(context, ids, wait)
    outcome = await _outcome(context, ids, refusals, fault, waited=True)
    old = await backlog.count(context)
    return replace(outcome, notes=(*outcome.notes, backlog.waits(old))) if old else outcome


def _check_times(expires: timedelta | None, wait: timedelta | None) -> None:
    if expires is not None and expires > _LONGEST_EXPIRY:
        raise CommandError("expires", f"takes at most {_LONGEST_EXPIRY.days} days")
    if wait is not None and wait > _LONGEST_WAIT:
        raise CommandError("wait", f"takes at most {_LONGEST_WAIT.days} days")


async def _receivers(
    context: Context, to: Sequence[str], team: str | None, everybody: bool
) -> list[str]:
    if bool(to) + (team is not None) + everybody != 1:
        raise CommandError("to", "takes receivers: one of --to AGENT, --team TEAM and --all")
    if to:
        return list(to)
    agents = await context.store.read(lambda c: stored.agents.all(c, team=team, active_only=True))
    if not agents:
        if everybody:
            raise CommandError("all", "takes effect when there are agents; add one with agents add")
        raise CommandError("team", f"takes a team with active agents; {team} has none")
    return [agent.agent_id for agent in agents]


async def _dispatched(
    context: Context, ids: Sequence[str], wait: timedelta
) -> EnvironmentFault | None:
    """Delivers or watches until all are settled or time is over; the fault if nothing could."""
    from asyncio import get_running_loop

    deadline = get_running_loop().time() + wait.total_seconds()
    if context.dispatch is None:
        return context.no_display
    try:
        if context.dispatch.holder() is None:
            await context.dispatch.drain(only=ids, timeout=wait.total_seconds())
            return None
    except EnvironmentFault as fault:
        # Somebody may have taken the display just before us: then they deliver.
        if not _held(context):
            return fault
    await _settled(context, ids, deadline)
    return None


def _held(context: Context) -> bool:
    try:
        return context.dispatch is not None and context.dispatch.holder() is not None
    except EnvironmentFault:
        return False


async def _settled(context: Context, ids: Sequence[str], deadline: float) -> None:
    """Looks at the messages after every change and five times a second, until all are settled."""
    import asyncio

    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    unsubscribe = context.store.subscribe(lambda _changes: changed.set())
    try:
        while True:
            changed.clear()
            found = await _found(context, ids)
            done = sum(message.delivery_status in _SETTLED for message in found)
            context.progress("delivering", done, len(ids))
            left = deadline - loop.time()
            if done == len(ids) or left <= 0:
                return
            # Another process's commits send no word here, so the wait is short.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(_LOOK_SECONDS, left)):
                    await changed.wait()
    finally:
        unsubscribe()


async def _found(context: Context, ids: Sequence[str]) -> list[Message]:
    def work(connection: stored.Connection) -> list[Message]:
        found = (stored.messages.get(connection, message_id) for message_id in ids)
        return [message for message in found if message is not None]

    return await context.store.read(work)


async def _outcome(
    context: Context,
    ids: Sequence[str],
    refusals: Sequence[messages.Refusal],
    fault: EnvironmentFault | None,
    *,
    waited: bool,
) -> Outcome:
    found = await _found(context, ids)
    rows: list[dict[str, object]] = [
        {
            "message_id": message.message_id,
            "to_agent": message.to_agent,
            "delivery_status": message.delivery_status,
            "evidence": message.evidence,
            "delivery_time_ms": message.delivery_time_ms,
            "reason": message.reason,
        }
        for message in found
    ]
    rows += [
        {
            "message_id": None,
            "to_agent": refusal.to_agent,
            "delivery_status": "refused",
            "evidence": "none",
            "delivery_time_ms": None,
            "reason": refusal.why,
        }
        for refusal in refusals
    ]
    delivered = sum(message.delivery_status is DeliveryStatus.DELIVERED for message in found)
    queued = sum(message.delivery_status is DeliveryStatus.PENDING for message in found)
    missed = len(refusals) > 0 or (waited and delivered < len(found))
    notes = [f"Not written to: {refusal.why}" for refusal in refusals]
    if fault is not None:
        notes.append(
            f"{fault} {count_of(queued, 'message stays', 'messages stay')} queued; "
            "the next dispatcher sends what is queued."
        )
    return Outcome(
        rows,
        f"{delivered} of {count_of(len(found), 'message')} delivered."
        if waited
        else f"{count_of(len(found), 'message')} queued.",
        table=_table(rows) if waited else None,
        notes=tuple(notes),
        exit_code=3 if fault is not None else int(missed),
    )


def _table(rows: Sequence[dict[str, object]]) -> Table:
    return Table(
        ("To", "Delivery", "Proof", "Took", "Why", "ID"),
        [
            (
                str(row["to_agent"]),
                str(row["delivery_status"]),
                "" if row["evidence"] == "none" else str(row["evidence"]),
                "" if row["delivery_time_ms"] is None else f"{row['delivery_time_ms']:,} ms",
                str(row["reason"]),
                str(row["message_id"] or ""),
            )
            for row in rows
        ],
        right=frozenset({"Took"}),
    )
