"""A target as one JSON document with its pictures, for where it is laid away whole."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode

from panel.core.target import Target
from panel.store.connection import Row
from panel.store.targets import columns_of, pictures_of, target_from
from panel.store.values import dumped

_BYTES = ("png", "mask_png")


def to_record(target: Target) -> str:
    """The document."""
    pictures = [row | {name: _text(row[name]) for name in _BYTES} for row in pictures_of(target)]
    return dumped({"target": columns_of(target), "pictures": pictures})


def from_record(record: str, agent_id: str) -> Target:
    """The target, as that agent's; KeyError, TypeError or ValueError for another document."""
    found = json.loads(record)
    pictures: list[Row] = [
        row | {name: _bytes(row[name]) for name in _BYTES} for row in found["pictures"]
    ]
    return target_from(found["target"] | {"agent_id": agent_id}, pictures)


def _text(value: object) -> str | None:
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else None


def _bytes(value: object) -> bytes | None:
    return None if value is None else b64decode(str(value), validate=True)
