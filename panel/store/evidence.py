"""delivery_attempts.pictures: which files show what was seen. The files lie beside the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from panel.core.evidence import Step, picture_name
from panel.store.attempts import TABLE
from panel.store.connection import Connection, Transaction
from panel.store.values import dumped, loaded, maybe_text, moment, text


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt with pictures ended; both None while it is open."""

    outcome: str | None
    finished_at: datetime | None


def of_paste(connection: Connection, message_id: str) -> dict[Step, str]:
    """The file names of what was seen when the message was typed last, by step; empty when no
    picture of its text in the box was kept."""
    row = connection.row(
        "SELECT pictures FROM delivery_attempts WHERE message_id = ? AND kind = 'deliver'"
        " ORDER BY attempt_number DESC LIMIT 1",
        message_id,
    )
    pictures = None if row is None else loaded(row["pictures"])
    if not isinstance(pictures, dict) or Step.PASTED not in pictures:
        return {}
    return {step: str(pictures[step]) for step in Step if step in pictures}


def add(tx: Transaction, attempt_id: str, steps: Collection[Step]) -> None:
    """Notes pictures that were taken of an attempt, besides those noted before."""
    row = tx.row("SELECT pictures FROM delivery_attempts WHERE attempt_id = ?", attempt_id)
    if row is None or not steps:
        return
    present = loaded(row["pictures"])
    pictures = present if isinstance(present, dict) else {}
    pictures |= {str(step): picture_name(attempt_id, step) for step in steps}
    tx.execute(
        "UPDATE delivery_attempts SET pictures = ? WHERE attempt_id = ?",
        dumped(pictures),
        attempt_id,
    )
    tx.changed(TABLE, attempt_id)


def drop_earlier_looks(tx: Transaction, attempt_id: str) -> list[str]:
    """Forgets the pictures of this message's earlier looks, at which nothing was typed; their
    attempt_ids. A message on hold is looked at every 30 s, and the latest picture says it all."""
    found = tx.rows(
        "UPDATE delivery_attempts SET pictures = NULL WHERE message_id ="
        " (SELECT message_id FROM delivery_attempts WHERE attempt_id = ?1) AND attempt_id <> ?1"
        " AND pictures IS NOT NULL AND outcome IN ('held', 'pending') AND kind = 'deliver'"
        " RETURNING attempt_id",
        attempt_id,
    )
    return [text(row["attempt_id"]) for row in found]


def ends(connection: Connection, attempt_ids: Collection[str]) -> dict[str, Ended]:
    """How these attempts ended; those that no row knows are left out."""
    rows = connection.rows(
        "SELECT attempt.attempt_id, attempt.outcome, attempt.finished_at FROM json_each(?) AS named"
        " CROSS JOIN delivery_attempts AS attempt ON attempt.attempt_id = named.value",
        dumped(sorted(attempt_ids)),
    )
    return {
        text(row["attempt_id"]): Ended(maybe_text(row["outcome"]), moment(row["finished_at"]))
        for row in rows
    }


def forget(tx: Transaction, attempt_ids: Collection[str]) -> None:
    """Notes that the files of these attempts are gone."""
    tx.execute(
        "UPDATE delivery_attempts SET pictures = NULL WHERE attempt_id IN"
        " (SELECT value FROM json_each(?))",
        dumped(sorted(attempt_ids)),
    )
    tx.changed(TABLE, *attempt_ids)
