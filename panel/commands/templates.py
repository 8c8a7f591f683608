"""Templates and headers, and what exactly will be typed for a draft."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from panel.commands import messages, stored
from panel.commands.agents import known
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table
from panel.commands.registry import Annotated, Arg, command
from panel.core.clock import now
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import Draft, Method
from panel.core.target import TargetKind
from panel.core.templates import (
    FIELDS,
    HEADER_FIELDS,
    HEADER_PREFIX,
    check_template,
    fields_of,
    fill,
    shipped,
    values_for,
)
from panel.core.text import require_name
from panel.core.typed import reach_of, typed_text, window_text
from panel.core.workspace import inbox_file, workspace


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is in effect. `original` is the shipped text, None for the person's own."""

    name: str
    body: str
    original: str | None

    @property
    def header(self) -> bool:
        """Whether it is a header."""
        return self.name.startswith(HEADER_PREFIX)

    @property
    def edited(self) -> bool:
        """Whether a person wrote it."""
        return self.body != self.original

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it uses."""
        return fields_of(self.body)


async def all_templates(context: Context) -> list[Template]:
    """Every template that is in effect: those of messages by name, then the headers."""
    bodies = await context.store.read(stored.templates.bodies)
    found = [Template(name, body, shipped(name)) for name, body in bodies.items()]
    return sorted(found, key=lambda template: (template.header, template.name))


UNKNOWN_ID = "msg_…"


async def change(context: Context, name: str, body: str) -> Template:
    """Keeps a text under a name; CommandError("name" or "text") saying what they take."""
    name = require_name("name", name)
    text = check_template(name, body)

    def work(tx: stored.Transaction) -> None:
        if text == shipped(name):
            stored.templates.reset(tx, name)
        else:
            stored.templates.put(tx, name, text)

    await context.store.write(work)
    return Template(name, text, shipped(name))


async def reset(context: Context, name: str) -> Template | None:
    """Back to the shipped text, None where there is none: a template of the person's own is gone.

    CommandError("name") for an unknown one; NotDoneError when it is as shipped already.
    """

    def work(tx: stored.Transaction) -> None:
        _named(tx, name)
        if not stored.templates.reset(tx, name):
            raise NotDoneError(f"{name} is as it was shipped")

    await context.store.write(work)
    original = shipped(name)
    return None if original is None else Template(name, original, original)


async def filled(
    context: Context, body: str, receivers: Sequence[str], sender: str, *, field: str = "content"
) -> dict[str, str]:
    """A template's text for each receiver; CommandError(field) names a field that it has not."""
    moment = now()

    def work(connection: stored.Connection) -> dict[str, str]:
        return {
            each: fill(body, values_for(known(connection, each), sender, moment), field=field)
            for each in receivers
        }

    return await context.store.read(work)


async def typed(context: Context, drafts: Sequence[Draft]) -> list[str]:
    """What exactly will be typed for each draft, or stand in its file for the method inbox.

    The dispatcher asks the same functions. The id that a text may name is the draft's, UNKNOWN_ID
    where it has none yet.
    """
    from panel.store.location import home_folder

    moment, home = now(), home_folder(os.environ)

    def text_of(connection: stored.Connection, draft: Draft) -> str:
        given = replace(draft, message_id=draft.message_id or UNKNOWN_ID)
        message = messages.message_of(given, moment)
        wording = stored.templates.wording(connection, draft.to_agent)
        if draft.method is Method.INBOX:
            return typed_text(message, wording)
        target = stored.targets.get(connection, draft.to_agent, TargetKind.CHAT)
        several = str(stored.settings.get(connection, "several_lines_programs"))
        rows = stored.agents.rows(connection, draft.to_agent)
        own = rows[0]["workspace_path"] if rows else None
        inbox = workspace(home, draft.to_agent, str(own) if own else None).inbox
        reach = reach_of(target, wording.receiver, several)
        return window_text(message, wording, reach, str(inbox_file(inbox, message.message_id)))

    def work(connection: stored.Connection) -> list[str]:
        name = str(stored.settings.get(connection, "sender_name"))
        return [text_of(connection, draft.validated(name)) for draft in drafts]

    return await context.store.read(work)


def _named(connection: stored.Connection, name: str) -> str:
    bodies: Mapping[str, str] = stored.templates.bodies(connection)
    if name not in bodies:
        raise CommandError("name", f"takes one of {', '.join(bodies)}, not {name!r}")
    return bodies[name]


def _data(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "kind": "header" if template.header else "message",
        "body": template.body,
        "edited": template.edited,
        "shipped": template.original is not None,
        "fields": list(template.fields),
    }


@command(
    "templates list",
    "list the templates of messages and the headers",
    "a list of {name, kind, body, edited, shipped, fields}",
    details=f"Fields of a message: {', '.join(FIELDS)}; of a header: {', '.join(HEADER_FIELDS)}. "
    "They are written in braces.",
)
async def list_templates(context: Context) -> Outcome:
    found = await all_templates(context)
    rows = [
        (each.name, "yours" if each.edited else "", each.body.replace("\n", " ")[:60])
        for each in found
    ]
    return Outcome([_data(each) for each in found], table=Table(("Name", "Changed", "Text"), rows))


@command(
    "templates show",
    "show a template, on request as it reads for an agent",
    "{name, kind, body, edited, shipped, fields, filled}; filled is null without --for",
    examples=(
        "captain-panel templates show onboarding --for Agent-1 | captain-panel send --to Agent-1 -",
    ),
)
async def show_template(
    context: Context,
    *,
    name: Annotated[str, Arg("the template's name", positional=True)],
    for_: Annotated[str | None, Arg("with its fields for this agent", metavar="AGENT")] = None,
) -> Outcome:
    body = await context.store.read(lambda c: _named(c, name))
    sender = str(await context.store.read(lambda c: stored.settings.get(c, "sender_name")))
    text = None
    if for_ is not None:
        text = (await filled(context, body, [for_], sender))[for_]
    data = _data(Template(name, body, shipped(name))) | {"filled": text}
    return Outcome(data, body if text is None else text)


@command(
    "templates set",
    "change a template or a header, or make one of your own",
    "{name, kind, body, edited, shipped, fields}",
    details="A header has one line and does not begin with / ! # or @. Under a new name it becomes "
    "a template of your own.",
    examples=(
        "captain-panel templates set header-c2a '[C2A from {sender}]'",
        "captain-panel templates set standup 'Good morning, {agent}. What is your plan?'",
    ),
)
async def set_template(
    context: Context,
    *,
    name: Annotated[str, Arg("the template's name", positional=True)],
    text: Annotated[str, Arg("its text; - reads standard input", positional=True, stdin=True)],
) -> Outcome:
    return Outcome(_data(await change(context, name, text)), f"{name} has its new text.")


@command(
    "templates reset",
    "take your text back; one of your own is deleted",
    "{name, kind, body, edited, shipped, fields}, or null when it was your own",
)
async def reset_template(
    context: Context,
    *,
    name: Annotated[str, Arg("the template's name", positional=True)],
) -> Outcome:
    back = await reset(context, name)
    if back is None:
        return Outcome(None, f"{name} is deleted.")
    return Outcome(_data(back), f"{name} is as it was shipped.")
