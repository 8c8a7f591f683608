"""The columns of the messages list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from panel.core.clock import now, to_stored
from panel.core.message import AnswerStatus, DeliveryStatus, Direction, Evidence, Priority
from panel.ui.models.answers import is_incoming, is_unread
from panel.ui.models.column import Column, Row, plain
from panel.ui.times import age, duration, exact, moment
from panel.ui.words import Chip, delivery_chip, priority_chip, proof_chip, reply_chip

KEY = "message_id"
Filters = tuple[tuple[str, tuple[str, ...]], ...]
QUEUED = (DeliveryStatus.PENDING.value, DeliveryStatus.SENDING.value, DeliveryStatus.HELD.value)
TROUBLED = (DeliveryStatus.UNCERTAIN.value, DeliveryStatus.FAILED.value)


def view_filters(view: str) -> Filters:
    """The filters of a view of the messages page: needs, replies, queue, tasks, today or all."""
    filters: Mapping[str, Filters] = {
        "needs": (("delivery_status", (*TROUBLED, DeliveryStatus.HELD.value)),),
        "replies": (("direction", (Direction.IN.value,)),),
        "queue": (("delivery_status", QUEUED),),
        "tasks": (("tags", ("task",)),),
        "today": (("sent_at>=", (_midnight(),)),),
    }
    return filters.get(view, ())


def _midnight() -> str:
    """The beginning of the person's own day, as it is stored."""
    return to_stored(datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0))


def proof_of(row: Row) -> Chip | None:
    """The proof chip; an unfinished message has none yet that a person could rely on."""
    if is_incoming(row) or row.get("delivery_status") in (
        DeliveryStatus.PENDING,
        DeliveryStatus.HELD,
    ):
        return None
    return proof_chip(row.get("evidence"))


def answer_word(row: Row) -> str:
    """What came back from the agent."""
    answers: Mapping[str, str] = {
        AnswerStatus.ACKNOWLEDGED: _tr("Received"),
        AnswerStatus.ANSWERED: _tr("Answered"),
    }
    return answers.get(str(row.get("status")), "")


def tags_of(row: Row) -> list[str]:
    """The message's tags."""
    value = row.get("tags")
    loaded = json.loads(value) if isinstance(value, str) and value else value
    return [str(tag) for tag in loaded] if isinstance(loaded, list | tuple) else []


def _priority_icon(row: Row) -> tuple[str, str] | None:
    if row.get("priority") == Priority.NORMAL:
        return None
    chip = priority_chip(row.get("priority"))
    return (chip.icon, chip.hue.value) if chip.icon else None


def _priority_text(row: Row) -> str:
    return "" if row.get("priority") == Priority.NORMAL else priority_chip(row["priority"]).word


def _sent(row: Row) -> str:
    return age(moment(row.get("sent_at")), now())


def _proof_word(row: Row) -> str:
    chip = proof_of(row)
    return chip.word if chip else ""


def state_chip(row: Row) -> Chip:
    """The state of a delivery, or that it is a reply."""
    if is_incoming(row):
        return reply_chip(unread=is_unread(row))
    return delivery_chip(row.get("delivery_status"))


def _to(row: Row) -> str:
    return _tr("from {0}").format(row["from_agent"]) if is_incoming(row) else str(row["to_agent"])


def _delivery_tip(row: Row) -> str:
    word = state_chip(row).word
    reason = str(row.get("reason") or "")
    return f"{word}: {reason}" if reason else word


def _took(row: Row) -> str:
    if row.get("evidence") == Evidence.OPERATOR:
        return ""
    return duration(row.get("delivery_time_ms"))


def message_columns() -> tuple[Column, ...]:
    """Delivery, Proof, Priority, To, Text, Sent, Answer, Took; the rest can be shown."""
    return (
        Column(
            "delivery_status",
            _tr("Delivery"),
            124,
            lambda row: state_chip(row).word,
            tip=_delivery_tip,
            chip=state_chip,
            sort="delivery_status",
        ),
        Column(
            "evidence", _tr("Proof"), 140, _proof_word, chip=proof_of, sort="evidence", leaves=2
        ),
        Column(
            "priority",
            _tr("Prio"),
            46,
            _priority_text,
            icon=_priority_icon,
            tip=lambda row: _tr("Priority: {0}").format(priority_chip(row["priority"]).word),
            sort="priority",
        ),
        Column("to_agent", _tr("To"), 116, _to, sort="to_agent"),
        Column(
            "content",
            _tr("Text"),
            160,
            plain("content"),
            tip=lambda row: str(row.get("content", ""))[:600],
            stretch=True,
        ),
        Column(
            "sent_at",
            _tr("Sent"),
            92,
            _sent,
            tip=lambda row: exact(moment(row.get("sent_at"))),
            secondary=True,
            leaves=1,
            sort="sent_at",
        ),
        Column("status", _tr("Answer"), 82, answer_word, secondary=True, sort="status", leaves=4),
        Column(
            "delivery_time_ms",
            _tr("Took"),
            70,
            _took,
            right=True,
            leaves=3,
            secondary=True,
            sort="delivery_time_ms",
        ),
        Column("from_agent", _tr("From"), 92, plain("from_agent"), hidden=True, sort="from_agent"),
        Column("tags", _tr("Tags"), 120, lambda row: ", ".join(tags_of(row)), hidden=True),
        Column("delivery_method", _tr("Method"), 90, plain("delivery_method"), hidden=True),
        Column("attempts", _tr("Attempts"), 80, plain("attempts"), right=True, hidden=True),
        Column("group_id", _tr("Group"), 140, plain("group_id"), hidden=True),
        Column("message_id", _tr("ID"), 220, plain("message_id"), hidden=True),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("messages", text)
