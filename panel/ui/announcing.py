"""What is said aloud to those who do not see the window: trouble at once, deliveries summed up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from panel.core.message import DeliveryStatus
from panel.ui.controls import counted
from panel.ui.models.needs import FAILED, UNCERTAIN
from panel.ui.models.overview import Overview

SUMMARY_MS = 4000
Announce = Callable[[str, bool], None]
"""Says a text; at once (True) or when the reader is done with what it says (False)."""


def announced_by(window: QWidget) -> Announce:
    """Hands texts to the screen reader in the name of a window."""

    def announce(text: str, at_once: bool) -> None:
        event = QAccessibleAnnouncementEvent(window, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if at_once else politeness.Polite)
        QAccessible.updateAccessibility(event)

    return announce


class Announcer(QObject):
    """Follows the overview. What was so when the window opened is not announced."""

    def __init__(self, announce: Announce, parent: QObject) -> None:
        super().__init__(parent)
        self._announce = announce
        self._known: dict[str, int] | None = None
        self._delivered: int | None = None
        self._summary = QTimer(self)
        self._summary.setSingleShot(True)
        self._summary.setInterval(SUMMARY_MS)
        self._summary.timeout.connect(self._on_summary_due)
        self._told = 0

    def show_overview(self, overview: Overview) -> None:
        """Announces what is new in it."""
        trouble = {
            need.key: need.number for need in overview.needs if need.kind in (UNCERTAIN, FAILED)
        }
        if self._known is not None:
            for need in overview.needs:
                # One that was decided and makes way for the next is no news: the number fell.
                if trouble.get(need.key, 0) > self._known.get(need.key, 0):
                    self._announce(f"{need.agent_id}, {need.chip.word}: {need.sentence}", True)
        self._known = trouble
        self._note_deliveries(overview.count(DeliveryStatus.DELIVERED))

    def _note_deliveries(self, delivered: int) -> None:
        if self._delivered is None:
            self._told = delivered
        elif delivered > self._delivered and not self._summary.isActive():
            self._summary.start()
        self._delivered = delivered

    def _on_summary_due(self) -> None:
        assert self._delivered is not None
        new = self._delivered - self._told
        self._told = self._delivered
        if new > 0:
            text = counted(
                new, self.tr("{0} message delivered."), self.tr("{0} messages delivered.")
            )
            self._announce(text, False)
