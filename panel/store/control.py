"""dispatch_control: pause, resume and stop, seen by every process that uses the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from panel.core import clock
from panel.core.errors import CommandError
from panel.core.health import window_at
from panel.core.systems import MESSAGING
from panel.store import systems
from panel.store.connection import Connection, Transaction
from panel.store.values import integer, moment, stored, text

TABLE = "dispatch_control"


@dataclass(frozen=True, slots=True)
class ControlState:
    """Whether and for whom dispatch rests.

    `stop_counter` goes up by one at every stop; the dispatcher sets `stop_acknowledged` to the
    value that it has obeyed. Until `postponed_until` the pointer is not taken.
    """

    paused: bool
    stop_counter: int
    stop_acknowledged: int
    paused_agents: tuple[str, ...]
    postponed_until: datetime | None = None


def state(connection: Connection) -> ControlState:
    """The present state."""
    row = connection.row("SELECT * FROM dispatch_control WHERE id = 1")
    assert row is not None
    agents = connection.rows("SELECT agent_id FROM agent_workspaces WHERE paused ORDER BY agent_id")
    return ControlState(
        paused=bool(row["paused"]),
        stop_counter=integer(row["stop_counter"]),
        stop_acknowledged=integer(row["stop_acknowledged"]),
        paused_agents=tuple(text(agent["agent_id"]) for agent in agents),
        postponed_until=moment(row["postponed_until"]),
    )


def resting(connection: Connection, now: datetime) -> bool:
    """Whether nothing may be claimed: all is paused, or messaging is in maintenance."""
    if connection.value("SELECT paused FROM dispatch_control"):
        return True
    windows = systems.maintenance(connection).get(MESSAGING.system_id, ())
    return window_at(windows, now) is not None


def pause(tx: Transaction, agents: Collection[str] | None) -> None:
    """Rests dispatch to these agents or the whole desktop; CommandError for an unknown agent."""
    _set_paused(tx, agents, True)


def resume(tx: Transaction, agents: Collection[str] | None) -> None:
    """Goes on. Resuming the desktop leaves agents that are paused by themselves paused, and ends a
    postponement.
    """
    _set_paused(tx, agents, False)
    if agents is None:
        postpone(tx, None)


def postpone(tx: Transaction, until: datetime | None) -> None:
    """The pointer is not taken until then; None ends it."""
    if tx.execute(
        "UPDATE dispatch_control SET postponed_until = ?1, updated_at = ?2"
        " WHERE postponed_until IS NOT ?1",
        stored(until),
        stored(clock.now()),
    ):
        tx.changed(TABLE)


def stop(tx: Transaction) -> int:
    """Stops what is on its way before its next step that cannot be taken back, and pauses.

    Returns the counter that the dispatcher has to acknowledge.
    """
    tx.execute(
        "UPDATE dispatch_control SET stop_counter = stop_counter + 1, paused = 1, updated_at = ?",
        stored(clock.now()),
    )
    tx.changed(TABLE)
    return integer(tx.value("SELECT stop_counter FROM dispatch_control"))


def acknowledge_stop(tx: Transaction, counter: int) -> None:
    """The dispatcher has obeyed every stop up to `counter`."""
    if tx.execute(
        "UPDATE dispatch_control SET stop_acknowledged = ?1, updated_at = ?2"
        " WHERE stop_acknowledged < ?1",
        counter,
        stored(clock.now()),
    ):
        tx.changed(TABLE)


def _set_paused(tx: Transaction, agents: Collection[str] | None, paused: bool) -> None:
    if agents is None:
        tx.execute(
            "UPDATE dispatch_control SET paused = ?, updated_at = ?", paused, stored(clock.now())
        )
        tx.changed(TABLE)
        return
    for agent_id in agents:
        changed = tx.execute(
            "UPDATE agent_workspaces SET paused = ? WHERE agent_id = ?", paused, agent_id
        )
        if not changed:
            raise CommandError("agent", f"takes the name of an agent; there is no {agent_id!r}")
        tx.changed("agent_workspaces", agent_id)
