"""Messages: queueing them, and what a person decides about them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from panel.commands import evidence, published, stored
from panel.commands.agents import unknown
from panel.commands.context import Context
from panel.commands.outcome import listed
from panel.core.clock import now
from panel.core.errors import CommandError, DuplicateError, NotDoneError
from panel.core.identifiers import new_id
from panel.core.lines import refusal_of_lines, takes_lines
from panel.core.message import Draft, Message, Method, Wanted
from panel.core.target import TargetKind

MAX_LISTED = 1_000_000
WANTED = {"press_enter": Wanted.SUBMIT, "remove": Wanted.REMOVE}
"""Decisions that the dispatcher carries out."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An agent that a draft cannot go to, and why in words; `field` of the draft is at fault."""

    to_agent: str
    why: str
    field: str = "to"


async def queue(
    context: Context, drafts: Sequence[Draft], *, allow_duplicate: bool = False
) -> list[str]:
    """Queues all of the drafts or none, in one transaction; returns their message ids in order.

    CommandError("to") when there is no draft, or a receiver is unknown, inactive or (for the
    method pyautogui) without a chat target; CommandError with another field for a wrong draft.
    DuplicateError when a receiver got the same text within the setting duplicate_seconds, unless
    that is allowed.
    """
    queued, _ = await queue_possible(context, drafts, strict=True, allow_duplicate=allow_duplicate)
    return queued


async def queue_possible(
    context: Context, drafts: Sequence[Draft], *, strict: bool, allow_duplicate: bool = False
) -> tuple[list[str], list[Refusal]]:
    """As `queue`; unless `strict` the receivers that can be written to get theirs.

    CommandError when that is none of them.
    """
    name = str(await context.store.read(lambda c: stored.settings.get(c, "sender_name")))
    checked = [draft.validated(name) for draft in drafts]
    if not checked:
        raise CommandError("to", "takes at least one agent")

    def work(tx: stored.Transaction) -> tuple[list[str], list[Refusal]]:
        refusals = _refusals(tx, checked)
        if refusals and (strict or len(refusals) == len(checked)):
            raise CommandError(
                refusals[0].field, "; ".join(refusal.why for refusal in refusals[:4])
            )
        refused = {refusal.to_agent for refusal in refusals}
        accepted = [draft for draft in checked if draft.to_agent not in refused]
        seconds = 0.0 if allow_duplicate else float(stored.settings.get(tx, "duplicate_seconds"))
        # Looked for and written in one transaction: of two processes only one passes.
        queued, found = [], []
        for draft in accepted:
            same = stored.duplicates.same_lately(tx, draft, now(), seconds)
            if same is None:
                queued.append(_insert(tx, draft))
            else:
                found.append(same)
        if found:
            raise _duplicates(found)
        return queued, refusals

    return await context.store.write(work)


def _duplicates(found: Sequence[Message]) -> DuplicateError:
    agents = tuple(dict.fromkeys(message.to_agent for message in found))
    sent_at = min(message.sent_at for message in found)
    seconds = max(0, round((now() - sent_at).total_seconds()))
    return DuplicateError(
        agents,
        sent_at,
        f"the same text went to {listed(agents)} {seconds} s ago ({found[0].message_id}); "
        "--allow-duplicate sends it again",
    )


async def cancel(context: Context, message_ids: Sequence[str]) -> list[str]:
    """Cancels waiting messages (pending, held); returns those that were.

    CommandError("id") for an unknown one; nothing is changed then.
    """
    return await _each(context, message_ids, stored.messages.cancel)


async def restore(context: Context, message_ids: Sequence[str]) -> list[str]:
    """Takes a cancellation back; returns those that wait again, each where it waited before.

    CommandError("id") for an unknown one; nothing is changed then.
    """
    return await _each(context, message_ids, stored.messages.restore)


async def retry(context: Context, message_ids: Sequence[str]) -> list[str]:
    """Queues failed, held and cancelled messages again; returns those that were.

    CommandError("id") for an unknown one; nothing is changed then.
    """
    return await _each(context, message_ids, stored.messages.retry)


async def decide(context: Context, message_id: str, decision: str) -> Message:
    """What a person says of an uncertain message: `arrived`, `send_again` or `give_up`; or while
    its text still stands in its box `press_enter` or `remove`, which the dispatcher does as soon as
    the window is ready.

    NotDoneError when it is not uncertain (any more), or when nobody can tell whether its text
    stands; returns it as it is afterwards.
    """

    def work(tx: stored.Transaction) -> Message:
        message = known(tx, message_id)
        if decision in WANTED:
            evidence.ask(tx, message_id, WANTED[decision])
        elif not stored.messages.decide(tx, message_id, decision):
            raise NotDoneError(
                f"{message_id} is {message.delivery_status}, not uncertain; nothing to decide"
            )
        return known(tx, message_id)

    return await context.store.write(work)


async def rows(context: Context, message_ids: Sequence[str]) -> list[dict[str, object]]:
    """The full rows of these messages for JSON, in their order; CommandError("id") if unknown."""
    return await context.store.read(lambda c: [_row(c, one) for one in message_ids])


def _refusals(connection: stored.Connection, drafts: Sequence[Draft]) -> list[Refusal]:
    agents = {agent.agent_id: agent for agent in stored.agents.all(connection)}
    calibrated = {
        row["agent_id"]: row
        for row in stored.targets.rows(connection)
        if row["kind"] == TargetKind.CHAT
    }
    refusals = []
    for draft in drafts:
        agent_id = draft.to_agent
        agent = agents.get(agent_id)
        if agent is None:
            refusals.append(Refusal(agent_id, unknown("to", agent_id, list(agents)).message))
        elif not agent.active:
            refusals.append(Refusal(agent_id, f"{agent_id} is retired (agents set --active yes)"))
        elif draft.method is Method.PYAUTOGUI and agent_id not in calibrated:
            why = f"{agent_id} has no target yet; calibrate it in the window or with target set"
            refusals.append(Refusal(agent_id, why))
        elif draft.method is Method.PYAUTOGUI:
            why = _line_refusal(connection, calibrated[agent_id], draft.content)
            if why:
                refusals.append(Refusal(agent_id, why, "content"))
    return refusals


def check_lines(connection: stored.Connection, agent_id: str, method: Method, content: str) -> None:
    """CommandError("content") when the agent's terminal would send this text at a new line."""
    rows = [row for row in stored.targets.rows(connection) if row["agent_id"] == agent_id]
    chat = next((row for row in rows if row["kind"] == TargetKind.CHAT), None)
    if method is Method.PYAUTOGUI and chat is not None:
        why = _line_refusal(connection, chat, content)
        if why:
            raise CommandError("content", why)


def _line_refusal(connection: stored.Connection, target: stored.Row, content: str) -> str:
    """Why a text of several lines cannot go to this row of click_targets; empty if it can."""
    if "\n" not in content:
        return ""
    agent = stored.agents.get(connection, str(target["agent_id"]))
    if agent is not None and agent.inbox_fallback:
        return ""  # it goes as a file, and a line that points to it is typed
    program = None if target["terminal_program"] is None else str(target["terminal_program"])
    several = str(stored.settings.get(connection, "several_lines_programs"))
    if takes_lines(str(target["proof"]), program, several):
        return ""
    return refusal_of_lines(str(target["agent_id"]), program)


def _insert(tx: stored.Transaction, draft: Draft) -> str:
    moment = stored.queue.not_before(tx, draft.to_agent, draft.priority, now())
    message = message_of(draft, moment)
    if draft.reply_to is not None:
        known(tx, draft.reply_to, "reply-to")
        stored.answers.answered_by_person(tx, draft.reply_to, message.sent_at)
    stored.messages.insert(tx, message, reply_to=draft.reply_to, resend_of=draft.resend_of)
    return message.message_id


def message_of(draft: Draft, sent_at: datetime) -> Message:
    """The message that a checked draft becomes when it is queued."""
    return Message(
        message_id=draft.message_id or new_id("msg"),
        from_agent=draft.from_agent,
        to_agent=draft.to_agent,
        priority=draft.priority,
        content=draft.content,
        sent_at=sent_at,
        tags=draft.tags,
        delivery_method=draft.method,
        expires_at=draft.expires_at,
        group_id=draft.group_id,
    )


def known(connection: stored.Connection, message_id: str, field: str = "id") -> Message:
    """The message; CommandError(field) when there is none."""
    message = stored.messages.get(connection, message_id)
    if message is None:
        raise CommandError(field, f"takes a message's id; there is no {message_id}")
    return message


def _row(connection: stored.Connection, message_id: str) -> dict[str, object]:
    message = known(connection, message_id)
    # The store reads rows by receiver and time; a millisecond holds few of them.
    near = stored.messages.rows(
        connection,
        to=message.to_agent,
        since=message.sent_at,
        until=message.sent_at + timedelta(milliseconds=1),
        limit=MAX_LISTED,
    )
    return published.row(next(row for row in near if row["message_id"] == message_id))


async def _each(
    context: Context,
    message_ids: Sequence[str],
    change: Callable[[stored.Transaction, str], bool],
) -> list[str]:
    def work(tx: stored.Transaction) -> list[str]:
        for message_id in message_ids:
            known(tx, message_id)
        return [message_id for message_id in message_ids if change(tx, message_id)]

    return await context.store.write(work)
