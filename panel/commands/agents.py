"""The swarm: who is in it, and bringing an agent's window to the front."""

from __future__ import annotations

from collections.abc import Collection

from panel.commands import published, stored
from panel.commands.arguments import closest
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table, count_of, listed
from panel.commands.registry import Annotated, Arg, Needs, command
from panel.core.agent import DEFAULT_CAPTAIN, DEFAULT_SPECIALIZATION, DEFAULT_TEAM, Agent
from panel.core.clock import now
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import DeliveryStatus
from panel.core.target import TargetKind

_WAITING = (DeliveryStatus.PENDING, DeliveryStatus.HELD)
_UNDECIDED = (DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)
_ALL_OF_ONE_AGENT = 1_000_000


async def add(context: Context, agent: Agent) -> Agent:
    """Adds an agent; CommandError("agent") when there is one of that name."""
    agent = agent.validated()

    def work(tx: stored.Transaction) -> None:
        if stored.agents.get(tx, agent.agent_id) is not None:
            raise CommandError("agent", f"takes a new name; there is an {agent.agent_id} already")
        stored.agents.insert(tx, agent)

    await context.store.write(work)
    return agent


async def change(context: Context, agent_id: str, **fields: object) -> Agent:
    """Sets columns of an agent; CommandError("agent") for an unknown one."""

    def work(tx: stored.Transaction) -> Agent:
        agent = known(tx, agent_id)
        # The dataclass checks names and the values that go into them.
        changed = _with(agent, fields).validated()
        written = {name: getattr(changed, name) for name in fields}
        stored.agents.update(tx, agent_id, **written, last_updated=now())
        return changed

    return await context.store.write(work)


async def remove(context: Context, agent_id: str, *, cancel_waiting: bool = False) -> int:
    """Removes an agent with its targets and returns how many waiting messages were cancelled.

    NotDoneError while one of its messages is being sent or unconfirmed, or, unless
    `cancel_waiting`, while messages wait. What was sent stays in the history.
    """

    def work(tx: stored.Transaction) -> int:
        known(tx, agent_id)
        if _messages(tx, agent_id, _UNDECIDED):
            raise NotDoneError(
                f"{agent_id} has a message that is being sent or unconfirmed; "
                "decide about that one first (messages list --to, messages resolve)"
            )
        waiting = _messages(tx, agent_id, _WAITING)
        if waiting and not cancel_waiting:
            raise NotDoneError(
                f"{count_of(len(waiting), 'message')} for {agent_id} still waiting; "
                "cancel with --cancel-waiting"
            )
        for message_id in waiting:
            stored.messages.cancel(tx, message_id)
        stored.agents.remove(tx, agent_id)
        return len(waiting)

    return await context.store.write(work)


def known(connection: stored.Connection, agent_id: str, field: str = "agent") -> Agent:
    """The agent of that name, or CommandError(field) that names the nearest one."""
    agent = stored.agents.get(connection, agent_id)
    if agent is None:
        raise unknown(field, agent_id, [entry.agent_id for entry in stored.agents.all(connection)])
    return agent


def unknown(field: str, agent_id: str, names: Collection[str]) -> CommandError:
    """The error for a name that no agent has."""
    if not names:
        return CommandError(field, f"no agent is called {agent_id}; add it with agents add")
    # Agent-12 is no slip for Agent-2: a number that differs is another agent.
    alike = [name for name in names if _number(name) == _number(agent_id)]
    hint = closest(agent_id, alike) or f"; there are {listed(sorted(names))}"
    return CommandError(field, f"no agent is called {agent_id}{hint}")


def _number(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def _with(agent: Agent, fields: dict[str, object]) -> Agent:
    from dataclasses import replace

    return replace(agent, **fields)  # type: ignore[arg-type]


def _messages(
    connection: stored.Connection, agent_id: str, states: tuple[DeliveryStatus, ...]
) -> list[str]:
    return [
        message.message_id
        for state in states
        for message in stored.messages.find(
            connection, to=agent_id, status=state, limit=_ALL_OF_ONE_AGENT
        )
    ]


async def _rows(context: Context, *agent_ids: str) -> list[dict[str, object]]:
    found = published.rows(await context.store.read(stored.agents.rows))
    return [row for row in found if not agent_ids or row["agent_id"] in agent_ids]


def _table(rows: list[dict[str, object]]) -> Table:
    return Table(
        ("Agent", "Team", "Specialization", "State", "Focus", "Sending", "Reported"),
        [
            (
                str(row["agent_id"]),
                str(row["team"]),
                str(row["specialization"]),
                str(row["status"]),
                str(row["current_focus"] or ""),
                "retired" if not row["active"] else "paused" if row["paused"] else "yes",
                published.age(row["last_updated"]),
            )
            for row in rows
        ],
    )


@command(
    "agents list",
    "list the agents of the swarm",
    "a list of agent_workspaces rows",
    examples=("captain-panel agents list", "captain-panel agents list --team core --json"),
)
async def list_agents(
    context: Context,
    *,
    team: Annotated[str | None, Arg("only this team", metavar="TEAM")] = None,
) -> Outcome:
    rows = [row for row in await _rows(context) if team is None or row["team"] == team]
    if not rows:
        return Outcome([], "No agents yet. Add one with: captain-panel agents add Agent-1")
    return Outcome(rows, table=_table(rows))


@command(
    "agents show",
    "show all that is known of one agent",
    "a list of agent_workspaces rows",
)
async def show_agent(
    context: Context, *, agent: Annotated[str, Arg("the agent's name", positional=True)]
) -> Outcome:
    await context.store.read(lambda c: known(c, agent))
    rows = await _rows(context, agent)
    fields = [(name, "" if value is None else str(value)) for name, value in rows[0].items()]
    return Outcome(rows, table=Table(("Field", "Value"), fields))


@command(
    "agents add",
    "add an agent to the swarm",
    "a list of agent_workspaces rows",
    examples=("captain-panel agents add Agent-1 --team core --specialization testing",),
)
async def add_agent(
    context: Context,
    *,
    agent: Annotated[str, Arg("the new agent's name", positional=True)],
    team: Annotated[str, Arg(f"its team ({DEFAULT_TEAM})", metavar="TEAM")] = DEFAULT_TEAM,
    specialization: Annotated[
        str, Arg(f"what it is good at ({DEFAULT_SPECIALIZATION})")
    ] = DEFAULT_SPECIALIZATION,
    captain: Annotated[str, Arg("who leads it (captain)", metavar="NAME")] = DEFAULT_CAPTAIN,
    description: Annotated[str, Arg("a note for people")] = "",
) -> Outcome:
    added = await add(
        context,
        Agent(
            agent,
            team=team.strip(),
            specialization=specialization.strip(),
            captain=captain.strip(),
            description=description,
            last_updated=now(),
        ),
    )
    return Outcome(
        await _rows(context, added.agent_id),
        f"Added {added.agent_id}. It takes messages once it has a target: "
        f"captain-panel target set {added.agent_id} --x X --y Y",
    )


@command(
    "agents set",
    "change what is kept about an agent",
    "a list of agent_workspaces rows",
    details="With --active no an agent is retired: it stays in the history and is never written "
    "to.",
    examples=(
        "captain-panel agents set Agent-1 --focus 'release 1.2'",
        "captain-panel agents set Agent-1 --active no",
    ),
)
async def set_agent(  # noqa: PLR0913 - one parameter an option
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    team: Annotated[str | None, Arg("its team", metavar="TEAM")] = None,
    specialization: Annotated[str | None, Arg("what it is good at")] = None,
    captain: Annotated[str | None, Arg("who leads it", metavar="NAME")] = None,
    status: Annotated[
        str | None, Arg("ACTIVE, IDLE, BLOCKED, WAITING, COMPLETE or a word of its own")
    ] = None,
    focus: Annotated[str | None, Arg("what it works on now")] = None,
    description: Annotated[str | None, Arg("a note for people")] = None,
    active: Annotated[bool | None, Arg("no retires the agent, yes brings it back")] = None,
    inbox_fallback: Annotated[
        bool | None, Arg("whether what cannot be typed goes to its inbox folder")
    ] = None,
) -> Outcome:
    names = {"team": team, "specialization": specialization, "captain": captain, "status": status}
    fields: dict[str, object] = {
        name: value.strip() for name, value in names.items() if value is not None
    }
    others = {
        "current_focus": focus,
        "description": description,
        "active": active,
        "inbox_fallback": inbox_fallback,
    }
    fields |= {name: value for name, value in others.items() if value is not None}
    if not fields:
        raise CommandError("agents set", "takes at least one option such as --team or --focus")
    await change(context, agent, **fields)
    return Outcome(await _rows(context, agent), f"Changed {agent}.")


@command(
    "agents remove",
    "remove an agent and its targets",
    "a list of agent_workspaces rows",
    details="Its sent messages stay in the history. To keep the agent too, use "
    "`agents set AGENT --active no`.",
)
async def remove_agent(
    context: Context,
    *,
    agent: Annotated[str, Arg("the agent's name", positional=True)],
    cancel_waiting: Annotated[bool, Arg("cancel its messages that still wait")] = False,
) -> Outcome:
    rows = await _rows(context, agent)
    cancelled = await remove(context, agent, cancel_waiting=cancel_waiting)
    more = f" and cancelled {count_of(cancelled, 'message')}" if cancelled else ""
    return Outcome(rows, f"Removed {agent}{more}.")


@command(
    "agents goto",
    "bring an agent's window to the front",
    "a list of agent_workspaces rows",
    needs=Needs.STORE | Needs.DESKTOP,
)
async def goto_agent(
    context: Context, *, agent: Annotated[str, Arg("the agent's name", positional=True)]
) -> Outcome:
    await goto(context, agent)
    return Outcome(await _rows(context, agent), f"{agent}'s window is in front.")


async def goto(context: Context, agent_id: str, kind: TargetKind = TargetKind.CHAT) -> None:
    """Brings the window of an agent's target to the front; NotDoneError with the reason if not."""
    await context.store.read(lambda c: known(c, agent_id))
    targets = await context.store.read(stored.targets.all)
    checks = [
        check
        for check in await context.desktop.check_all(targets)
        if check.agent_id == agent_id and check.kind == kind
    ]
    if not checks:
        raise NotDoneError(
            f"{agent_id} has no {kind} target yet; calibrate it in the window or with target set"
        )
    check = checks[0]
    if check.window is None:
        why = " ".join(str(reason) for reason in check.reasons)
        raise NotDoneError(f"{agent_id}'s window was not found. {why}".strip())
    if not await context.desktop.activate(check.window.identity.window_id):
        raise NotDoneError(f"{agent_id}'s window would not come to the front.")
