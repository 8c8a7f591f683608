"""What agents say back: taking it, what it settles, and that a person saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panel.commands import stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.commands.messages import known as existing
from panel.core.agent import DEFAULT_CAPTAIN, Agent
from panel.core.clock import now
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import AnswerStatus, DeliveryStatus, Draft, Message
from panel.core.reply import Reply, check_reply

_ARRIVED = (DeliveryStatus.DELIVERED, DeliveryStatus.UNCERTAIN)
_RANK = {AnswerStatus.PENDING: 0, AnswerStatus.ACKNOWLEDGED: 1, AnswerStatus.ANSWERED: 2}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a reply: `message_id` is its own row, None for a bare acknowledgement.

    `kept` says in words why the message that it names stays as it is; empty when that is settled.
    """

    message_id: str | None
    kept: str = ""


async def acknowledge(
    context: Context, message_ids: Sequence[str], agent_id: str | None = None
) -> list[str]:
    """The agent has these messages; returns those that were not acknowledged before.

    All or none. CommandError("id") for an unknown one, CommandError("agent") for one that is not
    to `agent_id`, NotDoneError for one that never left our hands.
    """

    def work(tx: stored.Transaction) -> list[str]:
        if agent_id is not None:
            known(tx, agent_id)
        settled = []
        for message_id in dict.fromkeys(message_ids):
            message = existing(tx, message_id, "id")
            _check_receiver(message, agent_id, "agent")
            if _settle(tx, message, AnswerStatus.ACKNOWLEDGED):
                settled.append(message_id)
            stored.answers.see(tx, [message_id], now())
        return settled

    return await context.store.write(work)


async def receive(
    context: Context, agent_id: str, reply: Reply, source_key: str | None = None
) -> Taken | None:
    """Takes an agent's reply in one transaction; None when `source_key` was taken before.

    Its text is kept also where it settles nothing (`Taken.kept`). CommandError names the field
    that is wrong: from, re, content; NotDoneError for a bare acknowledgement that cannot be.
    """
    checked = reply.validated()

    def work(tx: stored.Transaction) -> Taken | None:
        if source_key is not None and stored.answers.is_taken(tx, source_key):
            return None
        agent = known(tx, agent_id, "from")
        if checked.reply_to is None:
            return Taken(_insert(tx, agent, agent.captain, checked, source_key))
        original = existing(tx, checked.reply_to, "re")
        _check_receiver(original, agent_id, "from")
        try:
            _settle(tx, original, checked.status)
            kept = ""
        except NotDoneError as why:
            if not checked.content:
                raise
            kept = str(why)
        if not checked.content:
            return Taken(None)
        to = original.from_agent
        if stored.agents.get(tx, to) is None or to == agent_id:
            to = agent.captain
        return Taken(_insert(tx, agent, to, checked, source_key), kept)

    return await context.store.write(work)


async def speaks_to_captain(context: Context, from_agent: str, to: Sequence[str]) -> bool:
    """Whether this is an agent's word to its captain, who is a person and has no window."""

    def work(connection: stored.Connection) -> bool:
        agent = stored.agents.get(connection, from_agent)
        if agent is None or len(to) != 1 or stored.agents.get(connection, to[0]) is not None:
            return False
        name = str(stored.settings.get(connection, "sender_name"))
        persons = {agent.captain.lower(), name.lower(), DEFAULT_CAPTAIN, "operator"}
        return to[0].lower() in persons

    return await context.store.read(work)


async def tell(context: Context, draft: Draft) -> str:
    """Keeps an agent's word to its captain, of its own accord; returns its message_id."""
    content = check_reply(draft.content)
    checked = Draft(
        draft.to_agent, "-", draft.from_agent, priority=draft.priority, tags=draft.tags
    ).validated()

    def work(tx: stored.Transaction) -> str:
        agent = known(tx, checked.from_agent, "from")
        return stored.answers.insert(
            tx,
            from_agent=agent.agent_id,
            to_agent=agent.captain,
            content=content,
            now=now(),
            priority=checked.priority,
            tags=checked.tags,
        )

    return await context.store.write(work)


async def see(context: Context, message_ids: Sequence[str] | None) -> list[str]:
    """Marks agents' words (None: all) as seen; returns those that were unread.

    CommandError("id") for an unknown one; nothing is changed then.
    """

    def work(tx: stored.Transaction) -> list[str]:
        for message_id in message_ids or ():
            existing(tx, message_id, "id")
        return stored.answers.see(tx, message_ids, now())

    return await context.store.write(work)


def _insert(
    tx: stored.Transaction, agent: Agent, to: str, reply: Reply, source_key: str | None
) -> str:
    return stored.answers.insert(
        tx,
        from_agent=agent.agent_id,
        to_agent=to,
        content=reply.content,
        now=now(),
        reply_to=reply.reply_to,
        source_key=source_key,
    )


def _settle(tx: stored.Transaction, message: Message, word: AnswerStatus) -> bool:
    """False when the agent had said as much before; NotDoneError when it cannot have the message.

    An uncertain one, or one that a person gave up or queued again after it was pasted, may have
    arrived, and the agent knows: its word settles it, and nothing is typed twice.
    """
    if _RANK[message.status] >= _RANK[word]:
        return False
    if message.delivery_status not in _ARRIVED and not stored.answers.may_have_arrived(
        tx, message.message_id
    ):
        raise NotDoneError(
            f"{message.message_id} is {message.delivery_status} and was never given to "
            f"{message.to_agent}; there is nothing to acknowledge"
        )
    stored.answers.settle(tx, message.message_id, word, now())
    return True


def _check_receiver(message: Message, agent_id: str | None, field: str) -> None:
    if agent_id is not None and message.to_agent != agent_id:
        raise CommandError(
            field, f"{message.message_id} is a message to {message.to_agent}, not to {agent_id}"
        )
