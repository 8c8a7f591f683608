"""Old messages at a start: what waits behind the question, and the answers to it."""

from __future__ import annotations

from collections.abc import Sequence

from panel.commands import published, stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, command
from panel.core.clock import now, to_iso
from panel.core.errors import CommandError


async def count(context: Context) -> int:
    """How many old messages wait for an answer."""
    piles = await context.store.read(stored.backlog.piles)
    return sum(pile.count for pile in piles)


def waits(old: int) -> str:
    """The sentence that says so, with what to do."""
    verb = "waits" if old == 1 else "wait"
    return (
        f"{count_of(old, 'older message')} {verb} for your word: captain-panel messages backlog "
        "lists them, --send or --cancel answers."
    )


async def release(context: Context, agents: Sequence[str] | None = None) -> list[str]:
    """Queues the old messages (to these agents) again; returns their ids."""
    return await context.store.write(lambda tx: stored.backlog.release(tx, now(), agents))


async def cancel(context: Context, agents: Sequence[str] | None = None) -> list[str]:
    """Cancels the old messages (to these agents); `messages.restore` takes that back."""
    return await context.store.write(lambda tx: stored.backlog.cancel(tx, agents))


@command(
    "messages backlog",
    "old messages that wait for your word: list, send or cancel them",
    "a list of {agent_id, count, oldest, newest} as it was before, with done: send, cancel or null",
    details="What was queued long before sending begins is not typed unasked: messages older than "
    "the setting backlog_minutes wait on hold and stand in nobody's way. --send queues them again "
    "in their old order, --cancel withdraws them.",
    examples=(
        "captain-panel messages backlog",
        "captain-panel messages backlog --send Agent-1",
        "captain-panel messages backlog --cancel",
    ),
)
async def old_messages(
    context: Context,
    *,
    agents: Annotated[
        tuple[str, ...], Arg("only these agents", positional=True, metavar="AGENT")
    ] = (),
    send: Annotated[bool, Arg("send them now")] = False,
    cancel_: Annotated[bool, Arg("withdraw them")] = False,
) -> Outcome:
    if send and cancel_:
        raise CommandError("backlog", "takes one of --send and --cancel")
    wanted = agents or None

    def look(tx: stored.Connection) -> list[stored.backlog.Pile]:
        found = stored.backlog.piles(tx, wanted)
        for agent_id in set(agents) - {pile.agent_id for pile in found}:
            known(tx, agent_id)
        return found

    piles = await context.store.read(look)
    done = await (release if send else cancel)(context, wanted) if send or cancel_ else []
    data = [
        {
            "agent_id": pile.agent_id,
            "count": pile.count,
            "oldest": to_iso(pile.oldest),
            "newest": to_iso(pile.newest),
            "done": "send" if send else "cancel" if cancel_ else None,
        }
        for pile in piles
    ]
    if not piles:
        return Outcome(data, "No old messages wait.")
    if send or cancel_:
        what = "queued again" if send else "cancelled"
        return Outcome(data, f"{count_of(len(done), 'message')} {what}.")
    rows = [(p.agent_id, f"{p.count:,}", published.age(p.oldest)) for p in piles]
    return Outcome(
        data,
        waits(sum(pile.count for pile in piles)),
        Table(("To", "Messages", "Oldest"), rows, right=frozenset({"Messages"})),
    )
