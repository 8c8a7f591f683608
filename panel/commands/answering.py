"""The agents' side of the command line, and what a person does with their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from panel.commands import agents, answers, messages, published, stored
from panel.commands.context import Context
from panel.commands.kinds import whole
from panel.commands.outcome import Outcome, Table, count_of
from panel.commands.registry import Annotated, Arg, command
from panel.core.agent import AgentStatus
from panel.core.clock import now
from panel.core.errors import CommandError
from panel.core.message import Direction
from panel.core.reply import Reply
from panel.core.workspace import workspace

_LIMIT = whole(1, 10_000)


@command(
    "messages ack",
    "say, as an agent, that messages were received",
    "a list of agent_messages rows",
    details="Settles each message as delivered, with the agent's word as the proof, also one that "
    "was unconfirmed. Saying it twice changes nothing. A message that never left the panel cannot "
    "be acknowledged.",
    examples=("captain-panel messages ack msg_20261123_120000_000000_abcdef --agent Agent-1",),
)
async def acknowledge_messages(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("messages' ids", positional=True, metavar="ID")],
    agent: Annotated[
        str | None, Arg("who says so; a message to somebody else is refused", metavar="AGENT")
    ] = None,
) -> Outcome:
    done = await answers.acknowledge(context, ids, agent)
    again = len(dict.fromkeys(ids)) - len(done)
    text = f"{count_of(len(done), 'message')} acknowledged."
    if again:
        text += f" {again:,} had been before."
    return Outcome(await messages.rows(context, ids), text)


@command(
    "messages reply",
    "answer a message, as the agent that received it",
    "a list of one agent_messages row, the answer",
    details="The answer is kept, unread until a person has seen it, and the message becomes "
    "answered. It goes to whoever wrote the message and is not typed into any window.",
    examples=(
        "captain-panel messages reply msg_20261123_120000_000000_abcdef --from Agent-1 "
        '"Done, all green."',
        "git diff --stat | captain-panel messages reply msg_20261123_120000_000000_abcdef "
        "--from Agent-1 -",
    ),
)
async def reply_to_message(
    context: Context,
    *,
    id_: Annotated[str, Arg("the message's id", positional=True, metavar="ID")],
    text: Annotated[str, Arg("the answer; - reads standard input", positional=True, stdin=True)],
    from_: Annotated[str, Arg("the agent that answers", metavar="AGENT")],
) -> Outcome:
    taken = await answers.receive(context, from_, Reply(text, id_))
    assert taken is not None
    assert taken.message_id is not None
    rows = await messages.rows(context, [taken.message_id])
    notes = (f"The answer is kept, but {taken.kept}.",) if taken.kept else ()
    return Outcome(rows, f"Answered: {taken.message_id}.", notes=notes)


@command(
    "messages replies",
    "list what agents said, the newest first",
    "a list of agent_messages rows",
    examples=("captain-panel messages replies --unread",),
)
async def list_replies(
    context: Context,
    *,
    from_: Annotated[str | None, Arg("only from this agent", metavar="AGENT")] = None,
    unread: Annotated[bool, Arg("only what nobody has seen")] = False,
    limit: Annotated[int, Arg("at most so many (100)", kind=_LIMIT)] = 100,
) -> Outcome:
    found = published.rows(
        await context.store.read(
            lambda c: stored.answers.rows(c, from_=from_, unread_only=unread, limit=limit)
        )
    )
    if not found:
        return Outcome([], "No matches." if from_ or unread else "No replies yet.")
    return Outcome(found, table=_replies(found))


@command(
    "messages seen",
    "mark what agents said as seen",
    "a list of agent_messages rows, those that were unread",
    examples=("captain-panel messages seen --all",),
)
async def see_messages(
    context: Context,
    *,
    ids: Annotated[tuple[str, ...], Arg("messages' ids", positional=True, metavar="ID")] = (),
    all_: Annotated[bool, Arg("everything that is unread")] = False,
) -> Outcome:
    if bool(ids) == all_:
        raise CommandError("id", "takes messages' ids, or --all instead")
    if ids:
        found = await messages.rows(context, ids)
        out = [row["message_id"] for row in found if row["direction"] != Direction.IN]
        if out:
            raise CommandError("id", f"takes what an agent said; {out[0]} is a message to one")
    seen = await answers.see(context, None if all_ else ids)
    return Outcome(
        await messages.rows(context, seen),
        f"{count_of(len(seen), 'reply', 'replies')} marked as seen.",
    )


@command(
    "inbox",
    "list, for an agent, what it was given and has not acknowledged",
    "a list of agent_messages rows, the oldest first, each with the path of its file in the "
    "inbox folder in file (null where there is none)",
    details="What still waits to be delivered is not in it: it comes by itself.",
    examples=("captain-panel inbox Agent-1 --json",),
)
async def show_inbox(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    limit: Annotated[int, Arg("at most so many, the newest (100)", kind=_LIMIT)] = 100,
) -> Outcome:
    def work(connection: stored.Connection) -> tuple[str | None, list[stored.Row]]:
        agents.known(connection, agent)
        (row,) = stored.agents.rows(connection, agent)
        path = row["workspace_path"]
        return None if path is None else str(path), stored.answers.waiting_for(
            connection, agent, limit
        )

    path, found = await context.store.read(work)
    folder = workspace(_home(), agent, path).inbox
    rows = [{**row, "file": _file(folder, row)} for row in published.rows(found)]
    for row in rows:
        row.pop("place", None)
    if not rows:
        return Outcome([], f"Nothing waits for {agent}.")
    return Outcome(rows, "\n\n".join(_letter(row) for row in rows))


@command(
    "report",
    "say, as an agent, how its work stands",
    "a list of one agent_workspaces row",
    details="The five usual words may be written in any case; any other word is kept as it is.",
    examples=('captain-panel report --agent Agent-1 --status ACTIVE --focus "release 1.2"',),
)
async def report_status(
    context: Context,
    *,
    agent: Annotated[str, Arg("who reports", metavar="AGENT")],
    status: Annotated[str, Arg("ACTIVE, IDLE, BLOCKED, WAITING, COMPLETE or a word of its own")],
    focus: Annotated[str | None, Arg("what it works on now; an empty text clears it")] = None,
    cycles: Annotated[
        int | None, Arg("how many work cycles it has done", kind=whole(0, 1_000_000_000))
    ] = None,
    tasks_completed: Annotated[
        int | None, Arg("how many tasks it has done", kind=whole(0, 1_000_000_000))
    ] = None,
) -> Outcome:
    word = status.strip()
    fields: dict[str, object] = {
        "status": word.upper() if word.upper() in set(AgentStatus) else word
    }
    if focus is not None:
        fields["current_focus"] = focus.strip() or None
    if cycles is not None:
        fields |= {"cycle_count": cycles, "last_cycle": now()}
    if tasks_completed is not None:
        fields["tasks_completed"] = tasks_completed
    changed = await agents.change(context, agent, **fields)
    rows = await context.store.read(lambda c: stored.agents.rows(c, agent))
    return Outcome(published.rows(rows), f"{agent} is {changed.status}.")


def _home() -> Path:
    import os

    from panel.store.location import home_folder

    return home_folder(os.environ)


def _file(folder: Path, row: Mapping[str, object]) -> str | None:
    file = folder / f"{row['message_id']}.md"
    return str(file) if file.is_file() else None


def _letter(row: Mapping[str, object]) -> str:
    head = f"{row['message_id']} from {row['from_agent']}, {published.age(row['sent_at'])}"
    return f"{head}\n{row['content']}"


def _replies(found: Sequence[Mapping[str, object]]) -> Table:
    return Table(
        ("Said", "From", "New", "Text", "Re", "ID"),
        [
            (
                published.age(row["sent_at"]),
                str(row["from_agent"]),
                "" if row["seen_at"] else "new",
                " ".join(str(row["content"]).split())[:60],
                str(row["reply_to"] or ""),
                str(row["message_id"]),
            )
            for row in found
        ],
    )
