"""message_templates: what a person changed of the shipped ones, and their own."""

from __future__ import annotations

from panel.core import clock
from panel.core.reply_hint import reply_command
from panel.core.templates import HEADER_PREFIX, shipped_headers, shipped_templates
from panel.core.typed import Wording
from panel.store import agents, settings
from panel.store.connection import Connection, Transaction
from panel.store.location import usual_path
from panel.store.values import stored, text

TABLE = "message_templates"


def changed(connection: Connection) -> dict[str, str]:
    """The person's texts by name."""
    rows = connection.rows("SELECT name, body FROM message_templates ORDER BY name")
    return {text(row["name"]): text(row["body"]) for row in rows}


def bodies(connection: Connection) -> dict[str, str]:
    """Every template that is in effect, headers too, by name."""
    headers = {f"{HEADER_PREFIX}{name}": body for name, body in shipped_headers().items()}
    return {**shipped_templates(), **headers, **changed(connection)}


def put(tx: Transaction, name: str, body: str) -> None:
    """Keeps a text under a name, in place of the shipped or the earlier one."""
    tx.execute(
        "INSERT INTO message_templates (name, body, updated_at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
        name,
        body,
        stored(clock.now()),
    )
    tx.changed(TABLE, name)


def reset(tx: Transaction, name: str) -> bool:
    """Forgets the person's text; False when there is none."""
    gone = tx.execute("DELETE FROM message_templates WHERE name = ?", name) > 0
    if gone:
        tx.changed(TABLE, name)
    return gone


def wording(connection: Connection, agent_id: str) -> Wording:
    """What decides about the header of a message to this agent, as it is now."""
    own = changed(connection)
    return Wording(
        receiver=agents.get(connection, agent_id),
        operator_name=str(settings.get(connection, "sender_name")),
        reply_command=_reply_command(connection),
        headers={
            name: own.get(f"{HEADER_PREFIX}{name}", body)
            for name, body in shipped_headers().items()
        },
    )


def _reply_command(connection: Connection) -> str:
    if not settings.get(connection, "reply_hint"):
        return ""
    unasked = connection.path == usual_path()
    return reply_command("" if unasked else str(connection.path))
