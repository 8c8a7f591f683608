"""settings: the values that differ from what core.settings declares."""

from __future__ import annotations

from panel.core.errors import CommandError
from panel.core.settings import SETTINGS, Setting, Value, setting
from panel.store.connection import Connection, Transaction
from panel.store.values import dumped, loaded

TABLE = "settings"


def get(connection: Connection, name: str) -> Value:
    """The stored value, or the declared default; CommandError for an unknown name."""
    declared = setting(name)
    row = connection.row("SELECT value FROM settings WHERE name = ?", name)
    return declared.default if row is None else _value(declared, row["value"])


def set(tx: Transaction, name: str, value: object) -> Value:
    """Stores a value after checking it; returns it in the setting's type."""
    parsed = setting(name).parse(value)
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        dumped(parsed),
    )
    tx.changed(TABLE, name)
    return parsed


def reset(tx: Transaction, name: str) -> None:
    """Back to the declared default."""
    if tx.execute("DELETE FROM settings WHERE name = ?", setting(name).name):
        tx.changed(TABLE, name)


def all(connection: Connection) -> dict[str, Value]:
    """Every declared setting with its present value, in the order of their declaration."""
    kept = {row["name"]: row["value"] for row in connection.rows("SELECT * FROM settings")}
    return {
        declared.name: (
            _value(declared, kept[declared.name]) if declared.name in kept else declared.default
        )
        for declared in SETTINGS
    }


def _value(declared: Setting, value: object) -> Value:
    try:
        return declared.parse(loaded(value))
    except (CommandError, ValueError):
        return declared.default  # bounds that became narrower must not keep the panel from starting
