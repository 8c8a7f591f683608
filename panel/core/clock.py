"""Times: aware UTC datetimes in the program, text in the database, ISO 8601 for scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

STORED_FORMAT = "%Y-%m-%d %H:%M:%S.%f"


def now() -> datetime:
    """The present moment, aware, UTC, cut to milliseconds (what the database keeps)."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_stored(moment: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS.mmm` in UTC, which compares with SQLite's CURRENT_TIMESTAMP as text."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).strftime(STORED_FORMAT)[:-3]


def from_stored(text: str) -> datetime:
    """The moment that `to_stored` or CURRENT_TIMESTAMP wrote; ValueError for other text."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=UTC)


def to_iso(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, for JSON that leaves the program."""
    return to_stored(moment).replace(" ", "T") + "Z"


def parse_duration(text: str) -> timedelta:
    """A length of time such as `90s`, `30m`, `2h`, `1d`; a bare number is seconds.

    Raises ValueError when the text is none of these or not above zero.
    """
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    cleaned = text.strip().lower()
    unit = 1
    if cleaned and cleaned[-1] in units:
        unit = units[cleaned[-1]]
        cleaned = cleaned[:-1]
    try:
        seconds = float(cleaned) * unit
        length = timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no length of time; write 90s, 30m, 2h or 1d") from None
    if not length > timedelta(0):
        raise ValueError(f"{text!r} is not above zero")
    return length
