"""Between columns and Python values: times, JSON, optional numbers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import cast

from panel.core.clock import from_stored, to_stored


def stored(moment: datetime | None) -> str | None:
    """A moment as the database keeps it."""
    return None if moment is None else to_stored(moment)


def moment(value: object) -> datetime | None:
    """A stored time as an aware UTC moment."""
    return None if value is None else from_stored(str(value))


def dumped(value: object) -> str:
    """JSON in one line, readable in any language; a value JSON does not know raises TypeError."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def loaded(value: object) -> object:
    """A JSON column's value, None for NULL."""
    return None if value is None else json.loads(str(value))


def integer(value: object) -> int:
    """An INTEGER column; NULL counts as 0."""
    return 0 if value is None else int(cast(int, value))


def maybe_integer(value: object) -> int | None:
    """An INTEGER column that may be NULL."""
    return None if value is None else int(cast(int, value))


def real(value: object) -> float:
    """A REAL column; NULL counts as 0.0."""
    return 0.0 if value is None else float(cast(float, value))


def text(value: object) -> str:
    """A TEXT column; NULL counts as the empty text."""
    return "" if value is None else str(value)


def maybe_text(value: object) -> str | None:
    """A TEXT column that may be NULL."""
    return None if value is None else str(value)
