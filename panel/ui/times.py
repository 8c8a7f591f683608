"""How times and lengths of time look on the screen: ages, exact local times, durations."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from panel.core.clock import from_stored

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def moment(value: object) -> datetime | None:
    """A time as the store hands it out (text or datetime), aware; None for none."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str) and value:
        return from_stored(value)
    return None


def age(then: datetime | None, now: datetime) -> str:
    """`12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`, then the date; empty for None."""
    if then is None:
        return ""
    seconds = (now - then).total_seconds()
    if seconds < 0:
        return _tr("in {0}").format(_length(-seconds))
    if seconds < 5:
        return _tr("just now")
    if seconds < 14 * _DAY:
        return _tr("{0} ago").format(_length(seconds))
    return then.astimezone().strftime("%d %b %Y")


def exact(then: datetime | None) -> str:
    """The local date and time in full, in the words of the system; empty for None."""
    if then is None:
        return ""
    local = then.astimezone()
    text = QLocale().toString(
        QDateTime.fromSecsSinceEpoch(int(then.timestamp())), "ddd d MMM yyyy, HH:mm:ss"
    )
    return f"{text} {local.tzname() or ''}".strip()


def duration(milliseconds: object) -> str:
    """`34 ms`, `1.2 s`, `2 min 5 s`; empty for None."""
    if not isinstance(milliseconds, (int, float)):
        return ""
    if milliseconds < 1000:
        return _tr("{0} ms").format(round(milliseconds))
    seconds = milliseconds / 1000
    if seconds < _MINUTE:
        return _tr("{0} s").format(f"{seconds:.1f}")
    return _tr("{0} min {1} s").format(int(seconds // _MINUTE), int(seconds % _MINUTE))


def _length(seconds: float) -> str:
    if seconds < _MINUTE:
        return _tr("{0} s").format(int(seconds))
    if seconds < _HOUR:
        return _tr("{0} min").format(int(seconds // _MINUTE))
    if seconds < _DAY:
        return _tr("{0} h").format(int(seconds // _HOUR))
    return _tr("{0} d").format(int(seconds // _DAY))


def _tr(text: str) -> str:
    return QCoreApplication.translate("times", text)
