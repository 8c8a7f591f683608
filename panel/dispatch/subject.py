"""All that a delivery reads from the database, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from panel.core.agent import Agent
from panel.core.lines import refusal_of_lines
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message
from panel.core.target import Reason, ReasonCode, Target, TargetKind, TargetStatus
from panel.core.typed import Reach, Wording, reach_of
from panel.dispatch.course import Outcome
from panel.dispatch.tools import Limits
from panel.screen.check import unverified
from panel.store import agents, settings, targets, templates
from panel.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Subject:
    """The receiver of a message and the rules; `others` are windows of other agents' targets."""

    agent: Agent | None
    target: Target | None
    others: frozenset[int]
    limits: Limits
    hold_limit: timedelta
    wording: Wording
    several_lines: str

    @property
    def reach(self) -> Reach:
        """What its window takes."""
        return reach_of(self.target, self.agent, self.several_lines)


def read_subject(connection: Connection, agent_id: str) -> Subject:
    """As the database has it now."""
    others = frozenset(
        int(str(row["window_id"]))
        for row in targets.rows(connection)
        if row["window_id"] is not None and row["agent_id"] != agent_id
    )
    milliseconds = {
        name: float(settings.get(connection, name)) / 1000
        for name in ("operator_idle_ms", "receipt_timeout_ms", "proof_timeout_ms")
    }
    return Subject(
        agent=agents.get(connection, agent_id),
        target=targets.get(connection, agent_id, TargetKind.CHAT),
        others=others,
        limits=Limits(
            quiet_seconds=milliseconds["operator_idle_ms"],
            receipt_seconds=milliseconds["receipt_timeout_ms"],
            proof_seconds=milliseconds["proof_timeout_ms"],
        ),
        hold_limit=timedelta(minutes=float(settings.get(connection, "hold_limit_minutes"))),
        wording=templates.wording(connection, agent_id),
        several_lines=str(settings.get(connection, "several_lines_programs")),
    )


def refusal(message: Message, subject: Subject, text: str) -> Outcome | None:
    """Why this text cannot go to this target at all, before anything is looked at."""
    target = subject.target
    status, coordinates = DeliveryStatus.HELD, CoordinateStatus.BLOCKED
    if target is None:
        reason = Reason(
            ReasonCode.NO_TARGET, f"{message.to_agent} has no target.", "Calibrate it by sight."
        )
    elif target.status is TargetStatus.UNVERIFIED:
        reason, coordinates = unverified(target), CoordinateStatus.UNVERIFIED
    elif len(text) > target.longest_paste:
        status = DeliveryStatus.FAILED
        reason = Reason(
            ReasonCode.TOO_LONG,
            f"The text has {len(text):,} characters; this target takes {target.longest_paste:,}.",
            "Send it in parts or to the inbox.",
        )
    elif "\n" in text and not subject.reach.lines:
        status = DeliveryStatus.FAILED
        why = refusal_of_lines(message.to_agent, target.terminal_program)
        reason = Reason(ReasonCode.SEVERAL_LINES, f"{why[:1].upper()}{why[1:]}.")
    else:
        return None
    return Outcome(status, Evidence.NONE, reason, coordinates, delivery_time_ms=0)
