"""The person at work comes first: asking for more time, or sending all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from panel.commands import stored
from panel.commands.context import Context
from panel.commands.dispatching import standing
from panel.commands.messages import known
from panel.commands.outcome import Outcome, count_of
from panel.commands.registry import Annotated, Arg, command
from panel.core import clock
from panel.core.errors import CommandError

POSTPONED = timedelta(minutes=5)
_LONGEST = timedelta(days=1)


async def postpone(context: Context, length: timedelta | None = POSTPONED) -> datetime | None:
    """The pointer is not taken for so long, files still go to inboxes; None ends that.

    Returns until when; CommandError("length").
    """
    if length is not None and length > _LONGEST:
        raise CommandError("length", "takes at most 1d; pause is for longer")
    until = None if length is None else clock.now() + length
    await context.store.write(lambda tx: stored.control.postpone(tx, until))
    return until


async def send_now(context: Context, message_ids: Sequence[str] | None = None) -> list[str]:
    """Sends these, or (None) all that wait for the person at work, without waiting for quiet.

    Held keys and a locked screen are waited for all the same. Returns those that waited for that;
    CommandError("id") for an unknown one.
    """

    def work(tx: stored.Transaction) -> list[str]:
        for message_id in message_ids or ():
            known(tx, message_id)
        chosen = stored.courtesy.send_now(tx, message_ids)
        if chosen:
            stored.control.postpone(tx, None)
        return chosen

    return await context.store.write(work)


@command(
    "postpone",
    "leave the pointer alone for a while",
    "{paused, paused_agents, postponed_until, stopped, not_stopped}; the last two are empty",
    details="For 5 minutes, or as long as you say. What comes meanwhile waits, then goes out by "
    "itself; files still go to inboxes. --end, send-now and resume end it.",
    examples=("captain-panel postpone 15m", "captain-panel postpone --end"),
)
async def postpone_dispatch(
    context: Context,
    *,
    length: Annotated[
        timedelta | None, Arg("how long (5m)", positional=True, metavar="TIME")
    ] = None,
    end: Annotated[bool, Arg("go on now")] = False,
) -> Outcome:
    if end and length is not None:
        raise CommandError("end", "takes no time beside it")
    await postpone(context, None if end else length or POSTPONED)
    return await standing(context)


@command(
    "send-now",
    "send what waits for you to pause, without waiting",
    "{message_ids}, those that are sent now",
    details="Once, and only past your own typing: keys held down and a locked screen are waited "
    "for. Ends a postponement. Without an ID, all that wait for that. Exit code 1: none did.",
    examples=("captain-panel send-now",),
)
async def send_what_waits(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("only these messages", positional=True, metavar="ID")] = (),
) -> Outcome:
    chosen = await send_now(context, ids or None)
    text = (
        f"{count_of(len(chosen), 'message')} sent without waiting."
        if chosen
        else "No message waits for you to pause."
    )
    return Outcome({"message_ids": chosen}, text, exit_code=0 if chosen else 1)
