"""What a stop did, in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from panel.commands.dispatching import StopReport
from panel.core.message import DeliveryStatus, Message
from panel.ui.services import Said


def stop_in_words(report: StopReport, cause: str = "") -> Said:
    """What was stopped, what had been done by then, and for what nobody answered; after `cause`."""
    done = [m for m in report.not_stopped if m.delivery_status is DeliveryStatus.DELIVERED]
    silent = [m for m in report.not_stopped if m not in done]
    parts = [cause] if cause else []
    if report.stopped:
        parts.append(_tr("Stopped: {0}.").format(_names(report.stopped)))
    if done:
        parts.append(_tr("Delivered already: {0}.").format(_names(done)))
    if silent:
        words = _tr("Nobody answered for {0}: look at its window.")
        parts.append(words.format(_names(silent)))
    if not report.stopped and not report.not_stopped:
        parts.append(_tr("Nothing was on its way."))
    parts.append(_tr("Paused; the queue is kept."))
    return Said(" ".join(parts), trouble=bool(silent))


def _names(messages: Sequence[Message]) -> str:
    return ", ".join(message.to_agent for message in messages)


def _tr(text: str) -> str:
    return QCoreApplication.translate("stopping", text)
