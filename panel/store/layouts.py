"""screen_layouts and layout_targets: arrangements of screens, and the targets kept for them."""

from __future__ import annotations

from datetime import datetime

from panel.core.geometry import ScreenLayout
from panel.core.identifiers import new_id
from panel.core.layouts import NamedLayout
from panel.core.target import Target, TargetKind
from panel.store.connection import Connection, Row, Transaction
from panel.store.target_record import from_record, to_record
from panel.store.values import integer, moment, stored, text

TABLE = "screen_layouts"

_COLUMNS = (
    "layout_id, name, screens, in_use, last_seen_at, (SELECT COUNT(*) FROM layout_targets AS laid"
    " WHERE laid.layout_id = screen_layouts.layout_id) AS kept"
)


def all(connection: Connection) -> list[NamedLayout]:
    """Every layout, the one in use first, then the one that was seen last."""
    rows = connection.rows(
        f"SELECT {_COLUMNS} FROM screen_layouts ORDER BY in_use DESC, last_seen_at DESC, name"
    )
    return [_layout(row) for row in rows]


def add(tx: Transaction, name: str, screens: ScreenLayout, now: datetime) -> NamedLayout:
    """A layout that was not seen before. ConstraintError for a name or screens that are known."""
    layout_id = new_id("layout")
    tx.execute(
        "INSERT INTO screen_layouts (layout_id, name, fingerprint, screens, last_seen_at)"
        " VALUES (?, ?, ?, ?, ?)",
        layout_id,
        name,
        screens.fingerprint,
        screens.to_json(),
        stored(now),
    )
    tx.changed(TABLE, layout_id)
    return NamedLayout(layout_id, name, screens, in_use=False, last_seen_at=now)


def use(tx: Transaction, layout_id: str, screens: ScreenLayout, now: datetime) -> None:
    """This one is in use now, and no other."""
    tx.execute("UPDATE screen_layouts SET in_use = FALSE WHERE in_use")
    tx.execute(
        "UPDATE screen_layouts SET in_use = TRUE, screens = ?, last_seen_at = ?"
        " WHERE layout_id = ?",
        screens.to_json(),
        stored(now),
        layout_id,
    )
    tx.changed(TABLE, layout_id)


def rename(tx: Transaction, layout_id: str, name: str) -> None:
    """Another name. ConstraintError for one that is taken."""
    tx.execute("UPDATE screen_layouts SET name = ? WHERE layout_id = ?", name, layout_id)
    tx.changed(TABLE, layout_id)


def remove(tx: Transaction, layout_id: str) -> None:
    """Forgets a layout with the targets that are laid away for it."""
    tx.execute("DELETE FROM screen_layouts WHERE layout_id = ?", layout_id)
    tx.changed(TABLE, layout_id)


def lay_away(tx: Transaction, layout_id: str, target: Target) -> None:
    """Keeps a target, whole, for when this layout comes back."""
    tx.execute(
        "INSERT INTO layout_targets (layout_id, agent_id, kind, record) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (layout_id, agent_id, kind) DO UPDATE SET record = excluded.record",
        layout_id,
        target.agent_id,
        str(target.kind),
        to_record(target),
    )
    tx.changed(TABLE, layout_id)


def laid_away(connection: Connection, layout_id: str) -> list[Target]:
    """The targets that are kept for a layout, by agent and kind."""
    rows = connection.rows(
        "SELECT agent_id, record FROM layout_targets WHERE layout_id = ? ORDER BY agent_id, kind",
        layout_id,
    )
    # An agent that was renamed has its new name in the column only.
    return [from_record(text(row["record"]), text(row["agent_id"])) for row in rows]


def take_back(tx: Transaction, layout_id: str) -> None:
    """Nothing is laid away for this layout any more: its targets are in use."""
    tx.execute("DELETE FROM layout_targets WHERE layout_id = ?", layout_id)
    tx.changed(TABLE, layout_id)


def forget(tx: Transaction, agent_id: str, kind: TargetKind) -> None:
    """An agent's target is no longer kept for any layout."""
    if tx.execute(
        "DELETE FROM layout_targets WHERE agent_id = ? AND kind = ?", agent_id, str(kind)
    ):
        tx.changed(TABLE)


def _layout(row: Row) -> NamedLayout:
    return NamedLayout(
        text(row["layout_id"]),
        text(row["name"]),
        ScreenLayout.from_json(text(row["screens"])),
        bool(row["in_use"]),
        moment(row["last_seen_at"]),
        integer(row["kept"]),
    )
