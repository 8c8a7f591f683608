"""Changing what waits, sending once more what does not, and broadcasts as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from panel.commands import messages, stored
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table, count_of, listed
from panel.commands.registry import Annotated, Arg, command
from panel.core.clock import to_iso
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import DeliveryStatus, Draft, Message, check_content

_GROUP = "grp_"
_LEFT = (DeliveryStatus.FAILED, DeliveryStatus.CANCELLED, DeliveryStatus.EXPIRED)
_AGAIN = (DeliveryStatus.DELIVERED, *_LEFT)


async def edit(context: Context, message_id: str, content: str) -> None:
    """Changes the text of a message that waits; it keeps its place in the order.

    NotDoneError when it does not wait (any more), CommandError for an unknown id or a wrong text.
    """
    text = check_content(content)

    def work(tx: stored.Transaction) -> None:
        message = messages.known(tx, message_id)
        messages.check_lines(tx, message.to_agent, message.delivery_method, text)
        if not stored.messages.edit(tx, message_id, text):
            raise NotDoneError(
                f"{message_id} is {message.delivery_status}; only what waits can be changed"
            )

    await context.store.write(work)


async def resend(
    context: Context, message_ids: Sequence[str], *, allow_duplicate: bool = False
) -> list[str]:
    """Queues the texts of these messages as new ones, linked to the old; returns the new ids.

    A broadcast's id stands for those of its messages that did not arrive. NotDoneError when one of
    them is not delivered, failed, cancelled or expired; nothing is queued then.
    """
    found = await context.store.read(lambda c: _to_resend(c, message_ids))
    wrong = [message for message in found if message.delivery_status not in _AGAIN]
    if wrong:
        names = [f"{m.message_id} ({m.delivery_status})" for m in wrong]
        raise NotDoneError(f"Only {listed(list(_AGAIN))} messages go again, not {listed(names)}")
    drafts = [
        Draft(
            to_agent=message.to_agent,
            content=message.content,
            from_agent=message.from_agent,
            priority=message.priority,
            tags=message.tags,
            method=message.delivery_method,
            group_id=message.group_id,
            resend_of=message.message_id,
        )
        for message in found
    ]
    if not drafts:
        raise NotDoneError("All of it arrived or is on its way; nothing is left to send again")
    return await messages.queue(context, drafts, allow_duplicate=allow_duplicate)


def _to_resend(connection: stored.Connection, message_ids: Sequence[str]) -> list[Message]:
    found: dict[str, Message] = {}
    for message_id in message_ids:
        if message_id.startswith(_GROUP):
            some = [m for m in group(connection, message_id) if m.delivery_status in _LEFT]
        else:
            some = [messages.known(connection, message_id)]
            if stored.answers.is_answer(connection, message_id):
                raise CommandError("id", f"takes messages to agents; {message_id} is an answer")
        found |= {message.message_id: message for message in some}
    return list(found.values())


def group(connection: stored.Connection, group_id: str) -> list[Message]:
    """The last message of a broadcast to each receiver; CommandError("id") if there is none."""
    found = stored.broadcasts.last_of_each(connection, group_id)
    if not found:
        raise CommandError("id", f"takes a broadcast's id; there is no {group_id}")
    return found


@command(
    "messages edit",
    "change the text of a message that waits",
    "a list with its agent_messages row",
    details="Only while it is pending or on hold. It keeps its place in the order. Of a broadcast "
    "only this receiver's message changes.",
    examples=(
        'captain-panel messages edit msg_20261123_120000_000000_abcdef "Run all the tests."',
    ),
)
async def edit_message(
    context: Context,
    *,
    message: Annotated[str, Arg("the message's id", positional=True, metavar="ID")],
    text: Annotated[str, Arg("the new text; - reads standard input", positional=True, stdin=True)],
) -> Outcome:
    await edit(context, message, text)
    return Outcome(await messages.rows(context, [message]), f"{message} has its new text.")


@command(
    "messages resend",
    "send messages once more, as new ones",
    "a list of the new messages' agent_messages rows; resend_of names the old ones",
    details="For what was delivered, failed, was cancelled or expired. A broadcast's id sends to "
    "those that did not get it. `messages retry` queues a failed one itself again.",
    examples=("captain-panel messages resend grp_20261123_120000_000000_abcdef",),
)
async def resend_messages(
    context: Context,
    *,
    ids: Annotated[
        tuple[str, ...], Arg("messages' or broadcasts' ids", positional=True, metavar="ID")
    ],
    allow_duplicate: Annotated[
        bool, Arg("also what was sent again just now (setting duplicate_seconds)")
    ] = False,
) -> Outcome:
    made = await resend(context, ids, allow_duplicate=allow_duplicate)
    return Outcome(
        await messages.rows(context, made), f"{count_of(len(made), 'message')} queued again."
    )


@command(
    "messages group",
    "what became of a broadcast",
    "{group_id, from_agent, content, sent_at, total, counts: {delivery_status: number}, receivers: "
    "[{to_agent, message_id, delivery_status, evidence, delivery_time_ms, reason}]}",
    details="One line a receiver; what was sent again stands for what was sent first.",
)
async def show_group(
    context: Context,
    *,
    id_: Annotated[str, Arg("the broadcast's id (group_id)", positional=True, metavar="ID")],
) -> Outcome:
    found = await context.store.read(lambda c: group(c, id_))
    counts = Counter(message.delivery_status for message in found)
    receivers = [
        {
            "to_agent": message.to_agent,
            "message_id": message.message_id,
            "delivery_status": message.delivery_status,
            "evidence": message.evidence,
            "delivery_time_ms": message.delivery_time_ms,
            "reason": message.reason,
        }
        for message in found
    ]
    data = {
        "group_id": id_,
        "from_agent": found[0].from_agent,
        "content": found[0].content,
        "sent_at": to_iso(found[0].sent_at),
        "total": len(found),
        "counts": {status.value: counts[status] for status in DeliveryStatus},
        "receivers": receivers,
    }
    others = [f"{counts[s]} {s}" for s in DeliveryStatus if counts[s] and s != "delivered"]
    table = Table(
        ("To", "Delivery", "Proof", "Why", "ID"),
        [
            (m.to_agent, str(m.delivery_status), str(m.evidence), m.reason, m.message_id)
            for m in found
        ],
    )
    words = f"{counts[DeliveryStatus.DELIVERED]} of {len(found)} delivered"
    return Outcome(data, f"{', '.join([words, *others])}.", table)
