"""Row identifiers: the specification's prefix and time, made unique across processes."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


def new_id(prefix: str) -> str:
    """`PREFIX_YYYYMMDD_HHMMSS_ffffff_xxxxxx`: sorts by time; the random end keeps processes apart.

    The prefixes of the specification are msg, cmd, audit and test.
    """
    moment = datetime.now(UTC).strftime("%Y%m%d_%H%M%S_%f")
    return f"{prefix}_{moment}_{secrets.token_hex(3)}"
