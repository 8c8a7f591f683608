"""What becomes of a message that was just sent: one line a receiver, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from panel.core.message import DeliveryStatus, Message
from panel.ui.chips import ChipLabel
from panel.ui.controls import ElidedLabel, label
from panel.ui.models.sent import read_messages
from panel.ui.services import Workbench
from panel.ui.theme import Theme
from panel.ui.times import duration
from panel.ui.words import delivery_chip, proof_chip

_SETTLED = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNCERTAIN,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.EXPIRED,
    }
)


class _Line(QFrame):
    def __init__(self, theme: Theme, agent: str) -> None:
        super().__init__()
        self._chip = ChipLabel(theme, delivery_chip(DeliveryStatus.PENDING))
        self._proof = ChipLabel(theme)
        self._text = ElidedLabel()
        self._text.setProperty("role", "secondary")
        name = label(agent, theme, bold=True)
        name.setMinimumWidth(120)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(name)
        layout.addWidget(self._chip)
        layout.addWidget(self._proof)
        layout.addWidget(self._text, 1)
        self.setMinimumHeight(32)

    def show_message(self, message: Message) -> None:
        self._chip.set_chip(delivery_chip(message.delivery_status))
        waiting = message.delivery_status in (DeliveryStatus.PENDING, DeliveryStatus.HELD)
        self._proof.set_chip(None if waiting else proof_chip(message.evidence))
        self._text.set_full(message.reason or duration(message.delivery_time_ms))


class SendingResults(QWidget):
    """`finished(all_delivered)` once every message is settled."""

    finished = Signal(bool)

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._ids: tuple[str, ...] = ()
        self._lines: dict[str, _Line] = {}
        self._done = False
        self.summary = label("", bench.theme, step=1, bold=True)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        inner = QWidget()
        inner.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.summary)
        column.addWidget(scroll, 1)

    def watch(self, message_ids: Sequence[str], receivers: Sequence[str]) -> None:
        """Begins with these messages, one a receiver."""
        self._ids = tuple(message_ids)
        for message_id, agent in zip(message_ids, receivers, strict=True):
            self._lines[message_id] = _Line(self._bench.theme, agent)
            self._list.addWidget(self._lines[message_id])
        self._list.addStretch(1)
        self.summary.setText(self.tr("0 of {0} delivered").format(len(self._ids)))
        self.look()

    @property
    def watching(self) -> bool:
        return bool(self._ids) and not self._done

    def look(self) -> None:
        """Reads the messages again."""
        if self._ids:
            self._bench.tasks.start(self._look())

    async def _look(self) -> None:
        ids = self._ids
        found: Mapping[str, Message] = await self._bench.reading.read(
            lambda connection: read_messages(connection, ids)
        )
        for message_id, message in found.items():
            self._lines[message_id].show_message(message)
        states = [message.delivery_status for message in found.values()]
        delivered = states.count(DeliveryStatus.DELIVERED)
        self.summary.setText(self.tr("{0} of {1} delivered").format(delivered, len(ids)))
        if not self._done and len(states) == len(ids) and all(s in _SETTLED for s in states):
            self._done = True
            self.finished.emit(delivered == len(ids))
