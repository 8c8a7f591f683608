"""The columns of the agents list and of the targets page."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from panel.core.clock import now
from panel.ui.models.column import Column, Row, number, plain
from panel.ui.times import age, exact, moment
from panel.ui.words import Chip, agent_chip, target_chip, target_state

KEY = "agent_id"


def state_of(row: Row) -> Chip:
    """The agent's state as a chip."""
    updated = moment(row.get("last_updated"))
    return agent_chip(row.get("status"), updated, bool(row.get("active", True)), now())


def target_of(row: Row, *, alone: bool = False) -> Chip:
    """The chat box's state as a chip."""
    return target_chip(row.get("target_status"), row.get("target_reason_code"), alone=alone)


def target_ready(row: Row) -> bool:
    """Whether a message to this agent can be queued."""
    return target_state(row.get("target_status"), row.get("target_reason_code")) != "none"


def reported(row: Row, present: datetime | None = None) -> str:
    """`reported 2 min ago`, or that nothing was reported."""
    if str(row.get("status")) == "UNKNOWN":
        return _tr("no report yet")
    said = age(moment(row.get("last_updated")), present or now())
    return _tr("reported {0}").format(said) if said else _tr("no report yet")


def _target_tip(row: Row) -> str:
    verdict = str(row.get("target_verdict") or "")
    success = moment(row.get("last_success_at"))
    last = _tr("Last delivery here {0}").format(exact(success)) if success else ""
    return "\n".join(part for part in (verdict, last) if part) or target_of(row).word


def _waiting(row: Row) -> str:
    value = row.get("waiting")
    return f"{value:,}" if isinstance(value, int) and value else ""


def _time(name: str, title: str, leaves: int) -> Column:
    return Column(
        name,
        title,
        104,
        lambda row: age(moment(row.get(name)), now()),
        tip=lambda row: exact(moment(row.get(name))),
        secondary=True,
        sort=name,
        leaves=leaves,
    )


def _evidence(row: Row) -> str:
    return reported(row).removeprefix(_tr("reported {0}").format("")).strip()


def agent_columns() -> tuple[Column, ...]:
    """Agent, State, Evidence, Focus, Target, Waiting, Last message, Replies, V2 score, Team …"""
    return (
        Column("agent_id", _tr("Agent"), 108, plain("agent_id"), sort="agent_id"),
        Column(
            "status",
            _tr("State"),
            106,
            lambda row: state_of(row).word,
            chip=state_of,
            sort="status",
        ),
        Column(
            "evidence",
            _tr("Evidence"),
            100,
            _evidence,
            leaves=1,
            tip=lambda row: _tr("Own report, {0}").format(exact(moment(row.get("last_updated")))),
            secondary=True,
        ),
        Column("current_focus", _tr("Focus"), 180, plain("current_focus"), stretch=True),
        Column(
            "target_status",
            _tr("Target"),
            126,
            lambda row: target_of(row).word,
            chip=target_of,
            tip=_target_tip,
            sort="target_status",
        ),
        Column("waiting", _tr("Waiting"), 76, _waiting, right=True, sort="waiting"),
        _time("last_message_at", _tr("Last message"), 2),
        Column("unread", _tr("Replies"), 76, _unread, right=True, sort="unread", leaves=3),
        Column(
            "v2_compliance",
            _tr("V2 score"),
            84,
            number("v2_compliance", "{:.0f}"),
            right=True,
            leaves=4,
            sort="v2_compliance",
        ),
        Column("team", _tr("Team"), 92, plain("team"), sort="team", leaves=5),
        Column("specialization", _tr("Specialization"), 140, plain("specialization"), hidden=True),
        Column("captain", _tr("Captain"), 92, plain("captain"), hidden=True),
        Column("cycle_count", _tr("Cycles"), 72, number("cycle_count"), right=True, hidden=True),
        Column(
            "tasks_completed",
            _tr("Tasks done"),
            88,
            number("tasks_completed"),
            right=True,
            hidden=True,
        ),
        Column(
            "coordination_efficiency",
            _tr("Coordination"),
            96,
            number("coordination_efficiency", "{:.0f}"),
            right=True,
            hidden=True,
        ),
        Column("description", _tr("Description"), 180, plain("description"), hidden=True),
    )


def _unread(row: Row) -> str:
    value = row.get("unread")
    return f"{value:,}" if isinstance(value, int) and value else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("agents", text)
