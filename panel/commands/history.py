"""Reading the messages that were sent, and the commands that decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from panel.commands import messages, published, stored
from panel.commands.context import Context
from panel.commands.kinds import one_of, whole
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, command
from panel.core.message import DeliveryStatus

_DECISIONS = {
    "arrived": "arrived",
    "again": "send_again",
    "drop": "give_up",
    "enter": "press_enter",
    "remove": "remove",
}
_ASKED = {
    "enter": "Enter is pressed in the box of {0} as soon as its window is ready.",
    "remove": "{0} is removed from its box as soon as its window is ready.",
}


def _one_line(text: object, limit: int = 60) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _table(found: Sequence[dict[str, object]]) -> Table:
    """Messages as a person reads them; `found` are rows for JSON."""
    return Table(
        ("Sent", "To", "Delivery", "Proof", "Took", "Text", "Why", "ID"),
        [
            (
                published.age(row["sent_at"]),
                str(row["to_agent"]),
                str(row["delivery_status"]),
                "" if row["evidence"] == "none" else str(row["evidence"]),
                "" if row["delivery_time_ms"] is None else f"{row['delivery_time_ms']:,} ms",
                _one_line(row["content"]),
                str(row["reason"]),
                str(row["message_id"]),
            )
            for row in found
        ],
        right=frozenset({"Took"}),
    )


@command(
    "messages list",
    "list messages, the newest first",
    "a list of agent_messages rows",
    examples=(
        "captain-panel messages list --to Agent-1 --since 2h",
        "captain-panel messages list --status uncertain --json",
    ),
)
async def list_messages(
    context: Context,
    *,
    to: Annotated[str | None, Arg("only to this agent", metavar="AGENT")] = None,
    from_: Annotated[str | None, Arg("only from this sender", metavar="NAME")] = None,
    status: Annotated[DeliveryStatus | None, Arg("only in this state of delivery")] = None,
    since: Annotated[datetime | None, Arg("sent at this time or later; 2h is 2 hours ago")] = None,
    until: Annotated[datetime | None, Arg("sent before this time")] = None,
    limit: Annotated[int, Arg("at most so many (100)", kind=whole(1, messages.MAX_LISTED))] = 100,
) -> Outcome:
    found = published.rows(
        await context.store.read(
            lambda c: stored.messages.rows(
                c, to=to, from_=from_, status=status, since=since, until=until, limit=limit
            )
        )
    )
    if not found:
        filtered = any((to, from_, status, since, until))
        return Outcome([], "No matches." if filtered else "Nothing sent yet.")
    return Outcome(found, table=_table(found))


@command(
    "messages show",
    "show a message, its text and every attempt to deliver it",
    "a list of agent_messages rows, each with its delivery_attempts rows in attempts",
    details="With --json each row has its attempts in the field attempts.",
)
async def show_message(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("messages' ids", positional=True, metavar="ID")],
) -> Outcome:
    found = await messages.rows(context, ids)
    for row in found:
        one = str(row["message_id"])
        attempts = await context.store.read(lambda c, one=one: stored.attempts.of_message(c, one))  # type: ignore[misc]
        row["attempts"] = published.rows(attempts)
    return Outcome(found, "\n\n".join(_described(row) for row in found))


@command(
    "messages retry",
    "send failed, held or cancelled messages again",
    "a list of agent_messages rows",
)
async def retry_messages(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("messages' ids", positional=True, metavar="ID")],
) -> Outcome:
    done = await messages.retry(context, ids)
    return await _changed(
        context, ids, done, "queued again", "only failed, held or cancelled ones can be"
    )


@command(
    "messages cancel",
    "withdraw messages that still wait",
    "a list of agent_messages rows",
)
async def cancel_messages(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("messages' ids", positional=True, metavar="ID")],
) -> Outcome:
    done = await messages.cancel(context, ids)
    return await _changed(context, ids, done, "cancelled", "only pending and held ones can be")


@command(
    "messages resolve",
    "say what became of an uncertain message",
    "a list of agent_messages rows",
    details="A message is uncertain when something went wrong after its text was pasted. It is "
    "never sent again by itself: look at the agent's window, then say whether it arrived, is to be "
    "sent again, or is to be dropped. While its text still stands in its box as it was pasted, "
    "enter has the dispatcher press Enter there and remove has it taken out; both are proven by "
    "what is seen, and leave the message uncertain, with the reason, where the box looks "
    "otherwise.",
    examples=(
        "captain-panel messages resolve msg_20261123_120000_000000_abcdef --as arrived",
        "captain-panel messages resolve msg_20261123_120000_000000_abcdef --as enter",
    ),
)
async def resolve_message(
    context: Context,
    *,
    message: Annotated[str, Arg("the message's id", positional=True, metavar="ID")],
    as_: Annotated[str, Arg("what is true of it", kind=one_of(*_DECISIONS))],
) -> Outcome:
    decided = await messages.decide(context, message, _DECISIONS[as_])
    said = _ASKED.get(as_, "{0} is now {1}.").format(message, decided.delivery_status)
    return Outcome(await messages.rows(context, [message]), said)


@command(
    "messages stats",
    "count messages by state, of one agent or of all",
    "{total_messages, delivered, failed, pending, sending, uncertain, held, cancelled, "
    "expired, avg_delivery_time, retried_messages}",
)
async def message_statistics(
    context: Context,
    *,
    agent: Annotated[str | None, Arg("only to and from this agent", metavar="AGENT")] = None,
) -> Outcome:
    counts = await context.store.read(
        lambda c: stored.messages.get_agent_message_statistics(c, agent)
    )
    lines = [
        (name.replace("_", " "), "" if value is None else _number(value))
        for name, value in counts.items()
    ]
    return Outcome(counts, table=Table(("Messages", "Count"), lines, right=frozenset({"Count"})))


def _number(value: object) -> str:
    return f"{value:,.0f} ms" if isinstance(value, float) else f"{value:,}"


async def _changed(
    context: Context, ids: Sequence[str], done: Sequence[str], did: str, only: str
) -> Outcome:
    found = await messages.rows(context, ids)
    left = [
        f"{row['message_id']} is {row['delivery_status']}: {only}"
        for row in found
        if row["message_id"] not in done
    ]
    return Outcome(
        found,
        f"{count_of(len(done), 'message')} {did}.",
        notes=tuple(left),
        exit_code=1 if left else 0,
    )


def _described(row: dict[str, object]) -> str:
    shown = (
        "from_agent", "to_agent", "priority", "tags", "sent_at", "delivery_status", "evidence",
        "reason", "delivery_time_ms", "retry_count", "expires_at", "status",
    )  # fmt: skip
    lines = [str(row["message_id"])]
    for name in shown:
        value = row[name]
        if value not in (None, "", []):
            words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append(f"  {name.replace('_', ' ')}: {words}")
    attempts = row["attempts"]
    assert isinstance(attempts, list)
    for attempt in attempts:
        ended = attempt["outcome"] or f"at {attempt['phase']}"
        lines.append(
            f"  attempt {attempt['attempt_number']}, {attempt['started_at']}: {ended}, proof "
            f"{attempt['evidence']}. {attempt['reason']}".rstrip()
        )
    return "\n".join([*lines, "", str(row["content"])])
