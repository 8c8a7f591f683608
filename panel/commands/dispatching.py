"""Running, pausing and stopping the dispatcher, from whatever process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panel.commands import backlog, stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.commands.kinds import whole
from panel.commands.outcome import Outcome, Table, count_of, listed
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core import clock
from panel.core.dispatching import DrainResult
from panel.core.errors import CommandError
from panel.core.message import DeliveryStatus, Message

STOP_SECONDS = 2.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class StopReport:
    """What a stop did. `stopped` messages were on their way and went no further; `not_stopped`
    had been sent by then, or nobody answered for them.
    """

    paused: bool
    stopped: tuple[Message, ...] = ()
    not_stopped: tuple[Message, ...] = ()


async def pause(context: Context, agents: Sequence[str] | None = None) -> None:
    """Holds back messages to these agents, or (None) all of them; CommandError("agent")."""

    def work(tx: stored.Transaction) -> None:
        for agent_id in agents or ():
            known(tx, agent_id)
        stored.control.pause(tx, agents)

    await context.store.write(work)


async def resume(context: Context, agents: Sequence[str] | None = None) -> None:
    """Ends a pause of these agents, or (None) that of the whole desktop."""

    def work(tx: stored.Transaction) -> None:
        for agent_id in agents or ():
            known(tx, agent_id)
        stored.control.resume(tx, agents)

    await context.store.write(work)


async def stop_all(context: Context, seconds: float = STOP_SECONDS) -> StopReport:
    """Stops what is being sent, pauses, keeps the queue; waits up to `seconds` for an answer."""
    import asyncio

    sending, counter = await context.store.write(_stop)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    ids = [message.message_id for message in sending]
    while True:
        now, acknowledged = await context.store.read(
            lambda c: (_present(c, ids), stored.control.state(c).stop_acknowledged >= counter)
        )
        moving = [m for m in now if m.delivery_status is DeliveryStatus.SENDING]
        if acknowledged or not moving or loop.time() >= deadline:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    missed = [m for m in now if m.delivery_status is DeliveryStatus.DELIVERED]
    if not acknowledged:
        missed += moving
    return StopReport(
        paused=True,
        stopped=tuple(message for message in now if message not in missed),
        not_stopped=tuple(missed),
    )


def _stop(tx: stored.Transaction) -> tuple[list[Message], int]:
    # In one transaction, so that no message begins between the look and the stop.
    sending = stored.messages.find(tx, status=DeliveryStatus.SENDING, limit=1_000)
    return sending, stored.control.stop(tx)


def _present(connection: stored.Connection, ids: Sequence[str]) -> list[Message]:
    found = (stored.messages.get(connection, message_id) for message_id in ids)
    return [message for message in found if message is not None]


@command(
    "dispatch",
    "deliver queued messages without the window",
    "{delivered, failed, uncertain, held}",
    needs=Needs.STORE | Needs.DISPATCH,
    details="--drain ends when nothing waits any more; --forever goes on until interrupted. One "
    "dispatcher serves a display; while another one does, this says who.",
    examples=("captain-panel dispatch --drain", "captain-panel dispatch --forever --max 100"),
)
async def dispatch(
    context: Context,
    *,
    drain: Annotated[bool, Arg("deliver what is queued, then end")] = False,
    forever: Annotated[bool, Arg("go on until interrupted")] = False,
    max_: Annotated[int | None, Arg("end after so many messages", kind=whole(1, 1_000_000))] = None,
) -> Outcome:
    if drain == forever:
        raise CommandError("dispatch", "takes one of --drain and --forever")
    if context.dispatch is None:
        raise context.no_display
    done = await (context.dispatch.drain if drain else context.dispatch.run)(limit=max_)
    return _drained(done, await backlog.count(context))


@command(
    "pause",
    "hold messages back, to some agents or to all",
    "{paused, paused_agents, postponed_until, stopped, not_stopped}; the last two are empty",
    details="What is being sent is finished first; stop-all does not wait for that.",
    examples=("captain-panel pause", "captain-panel pause Agent-1 Agent-2"),
)
async def pause_dispatch(
    context: Context,
    *,
    agents: Annotated[
        tuple[str, ...], Arg("only these agents", positional=True, metavar="AGENT")
    ] = (),
) -> Outcome:
    await pause(context, agents or None)
    return await standing(context)


@command(
    "resume",
    "send again, to some agents or to all",
    "{paused, paused_agents, postponed_until, stopped, not_stopped}; the last two are empty",
)
async def resume_dispatch(
    context: Context,
    *,
    agents: Annotated[
        tuple[str, ...], Arg("only these agents", positional=True, metavar="AGENT")
    ] = (),
) -> Outcome:
    await resume(context, agents or None)
    return await standing(context)


@command(
    "stop-all",
    "stop now: nothing more is clicked or typed, the queue is kept",
    "{paused, stopped, not_stopped}, the last two lists of {message_id, to_agent, "
    "delivery_status, evidence}",
    details="Stops what is on its way before its next step, pauses, and waits up to two seconds "
    "for the dispatcher's word. Exit code 1: something was sent already or nobody answered. "
    "`captain-panel resume` goes on.",
)
async def stop_everything(context: Context) -> Outcome:
    report = await stop_all(context)
    data = {
        "paused": report.paused,
        "stopped": [_item(message) for message in report.stopped],
        "not_stopped": [_item(message) for message in report.not_stopped],
    }
    lines = ["Sending is paused; the queue is kept."]
    if report.stopped:
        lines.append(f"Stopped: {_named(report.stopped)}.")
    if report.not_stopped:
        lines.append(f"Not stopped: {_named(report.not_stopped)}.")
    if not report.stopped and not report.not_stopped:
        lines.append("Nothing was being sent.")
    return Outcome(data, "\n".join(lines), exit_code=1 if report.not_stopped else 0)


def _item(message: Message) -> dict[str, object]:
    return {
        "message_id": message.message_id,
        "to_agent": message.to_agent,
        "delivery_status": message.delivery_status,
        "evidence": message.evidence,
    }


def _named(messages: Sequence[Message]) -> str:
    words = {
        DeliveryStatus.DELIVERED: "was delivered already",
        DeliveryStatus.SENDING: "the dispatcher did not answer",
    }
    return listed(
        [
            f"{message.to_agent} ({words.get(message.delivery_status, message.delivery_status)})"
            for message in messages
        ]
    )


async def standing(context: Context) -> Outcome:
    """Whether sending is on, for whom not, and until when the pointer is left alone."""
    state = await context.store.read(stored.control.state)
    until = state.postponed_until
    data = {
        "paused": state.paused,
        "paused_agents": list(state.paused_agents),
        "postponed_until": None if until is None or until <= clock.now() else clock.to_iso(until),
        "stopped": [],
        "not_stopped": [],
    }
    text = "Sending is paused." if state.paused else "Sending is on."
    if data["postponed_until"] is not None:
        text += f" The pointer is left alone until {data['postponed_until']}."
    if state.paused_agents:
        text += f" Held back: {listed(state.paused_agents)}."
    return Outcome(data, text)


def _drained(done: DrainResult, old: int) -> Outcome:
    data = {
        "delivered": done.delivered,
        "failed": done.failed,
        "uncertain": done.uncertain,
        "held": done.held,
    }
    table = Table(
        tuple(word.capitalize() for word in data),
        [tuple(f"{number:,}" for number in data.values())],
        right=frozenset(word.capitalize() for word in data),
    )
    left = done.failed + done.uncertain + done.held
    text = f"{count_of(left, 'message')} not delivered (messages list)." if left else ""
    notes = (backlog.waits(old),) if old else ()
    return Outcome(data, text, table, notes, exit_code=1 if left else 0)
