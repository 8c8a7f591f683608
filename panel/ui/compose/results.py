"""What becomes of a message that was just sent: one line a receiver, live."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.chips import ChipLabel
from panel.ui.controls import label
from panel.ui.mending import Mender
from panel.ui.models.column import Row
from panel.ui.models.messages import proof_of
from panel.ui.models.sent import read_rows
from panel.ui.services import Workbench
from panel.ui.step_buttons import StepButtons
from panel.ui.steps import Step, Subject, note_of, steps_for
from panel.ui.times import duration
from panel.ui.words import delivery_chip

_SETTLED = frozenset(
    {
        DeliveryStatus.DELIVERED,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNCERTAIN,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.EXPIRED,
    }
)


class ResultLine(QFrame):
    """One receiver: state and proof, and where it is in trouble the reason and what mends it."""

    def __init__(self, bench: Workbench, mender: Mender, agent: str) -> None:
        super().__init__()
        self._agent = agent
        self._mender = mender
        self._row: Row = {}
        theme = bench.theme
        self._chip = ChipLabel(theme, delivery_chip(DeliveryStatus.PENDING))
        self._proof = ChipLabel(theme)
        self._took = label("", theme, role="secondary")
        self._reason = label("", theme, role="secondary")
        self._reason.setWordWrap(True)
        self._reason.hide()
        self.steps = StepButtons(theme, self)
        self.steps.hide()
        self.steps.chosen.connect(self._on_step_chosen)
        name = label(agent, theme, bold=True)
        name.setMinimumWidth(120)
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (name, self._chip, self._proof):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self._took)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 5, 4, 5)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._reason)
        column.addWidget(self.steps)

    def show_row(self, row: Row) -> None:
        """What has become of the message by now."""
        self._row = row
        status, code = str(row["delivery_status"]), str(row["reason_code"])
        self._chip.set_chip(delivery_chip(status))
        self._proof.set_chip(proof_of(row))
        self._took.setText(duration(row["delivery_time_ms"]))
        said = " ".join(part for part in (str(row["reason"]), note_of(code)) if part)
        self._reason.setText(said)
        self._reason.setVisible(bool(said))
        steps = steps_for(status, code)
        if status == DeliveryStatus.UNCERTAIN:  # with the pictures beside the buttons
            steps = (Step.DECIDE,)
        self.steps.show_steps(steps)

    def _on_step_chosen(self, step: Step) -> None:
        subject = Subject(
            self._agent, str(self._row["message_id"]), "", str(self._row["reason_code"])
        )
        self._mender.do(step, subject, self)


class SendingResults(QWidget):
    """`finished(all_delivered)` once every message is settled."""

    finished = Signal(bool)

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._mender = Mender(bench, actions)
        self._ids: tuple[str, ...] = ()
        self._lines: dict[str, ResultLine] = {}
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
            self._lines[message_id] = ResultLine(self._bench, self._mender, agent)
            self._list.addWidget(self._lines[message_id])
        self._list.addStretch(1)
        self.summary.setText(self.tr("0 of {0} delivered").format(len(self._ids)))
        self.look()

    @property
    def watching(self) -> bool:
        return bool(self._ids) and not self._done

    def lines(self) -> list[ResultLine]:
        """One line a receiver."""
        return list(self._lines.values())

    def look(self) -> None:
        """Reads the messages again."""
        if self._ids:
            self._bench.tasks.start(self._look())

    def leave(self) -> None:
        """Follows nothing any more: its dialog closes."""
        self._ids = ()

    async def _look(self) -> None:
        ids = self._ids
        found = await self._bench.reading.read(lambda connection: read_rows(connection, ids))
        if not ids or ids != self._ids:  # the dialog was closed meanwhile
            return
        for message_id, row in found.items():
            self._lines[message_id].show_row(row)
        states = [row["delivery_status"] for row in found.values()]
        delivered = states.count(DeliveryStatus.DELIVERED.value)
        self.summary.setText(self.tr("{0} of {1} delivered").format(delivered, len(ids)))
        settled = len(states) == len(ids) and all(state in _SETTLED for state in states)
        # What a person sent again from here is followed to its end too.
        if settled and not self._done:
            self.finished.emit(delivered == len(ids))
        self._done = settled
