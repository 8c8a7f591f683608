"""Old messages that wait behind the question at a start, and how long ago that was in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from panel.store.backlog import Pile, piles
from panel.ui.controls import counted

__all__ = ["Pile", "piles", "question"]


def question(old: Sequence[Pile], present: datetime) -> str:
    """`12 messages from yesterday wait for your word.`"""
    number = sum(pile.count for pile in old)
    when = _when(min(p.oldest for p in old), max(p.newest for p in old), present)
    one = _tr("{0} message %s waits for your word.")
    many = _tr("{0} messages %s wait for your word.")
    return counted(number, one % when, many % when)


def _when(oldest: datetime, newest: datetime, present: datetime) -> str:
    first, last, today = (each.astimezone().date() for each in (oldest, newest, present))
    if first == today:
        return _tr("from earlier today")
    if first == last == today - timedelta(days=1):
        return _tr("from yesterday")
    day = oldest.astimezone().strftime("%A" if today - first < timedelta(days=7) else "%d %b %Y")
    return (_tr("from {0}") if first == last else _tr("since {0}")).format(day)


def _tr(text: str) -> str:
    return QCoreApplication.translate("backlog", text)
