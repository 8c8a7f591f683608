"""The pane of one message: state and reason, what mends it, pictures, text, what was tried."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent

from panel.commands.evidence import Standing
from panel.core.message import DeliveryStatus, Message
from panel.ui.actions import Actions
from panel.ui.controls import Button, label
from panel.ui.conversation import Conversation
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.evidence.book import EvidenceBook, Pair
from panel.ui.evidence.compare import CompareDialog
from panel.ui.evidence.standing import decisions, working
from panel.ui.evidence.thumbnail import PairView
from panel.ui.evidence.timeline import Timeline
from panel.ui.mending import Mender
from panel.ui.models.answers import is_incoming, other_side
from panel.ui.models.attempts import read_attempts
from panel.ui.models.column import Row
from panel.ui.models.messages import answer_word, proof_of, state_chip, tags_of
from panel.ui.models.sent import read_group
from panel.ui.services import Workbench
from panel.ui.step_buttons import StepButtons
from panel.ui.steps import Step, Subject, note_of, steps_for
from panel.ui.tabs.message_group import GroupSection
from panel.ui.times import duration, exact, moment
from panel.ui.words import priority_chip

_TEXT = (40, 260)
_TEXT_FRAME = 22  # border, padding and the document's own margin, above and below
_TROUBLED = (DeliveryStatus.UNCERTAIN, DeliveryStatus.FAILED, DeliveryStatus.HELD)
_LOOK_AGAIN_SECONDS = 5.0


class MessageDetail(DetailPane):
    """Chip and reason, fix, before and after, text, broadcast, facts, attempts.

    Between the text and the broadcast is the place of the conversation. `message_asked` leads to
    another message, of the same broadcast.
    """

    message_asked = Signal(str)

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(
            bench.theme, "message", self.tr("Choose a message to see what happened to it.")
        )
        self._bench = bench
        self._actions = actions
        self._mender = Mender(bench, actions)
        self._book = EvidenceBook(bench)
        self._standing: Standing | None = None
        self._filled = ""
        self._looked: tuple[str, float] = ("", 0.0)
        theme = bench.theme
        self._reason = label("", theme)
        self._reason.setWordWrap(True)
        self._note = label("", theme, role="secondary")
        self._note.setWordWrap(True)
        self._use_text = Button(theme, self.tr("Use text"), kind="link")
        self._use_text.clicked.connect(
            lambda: self._actions.compose([], str((self.row or {}).get("content") or ""))
        )
        self.steps = StepButtons(theme, self, icons=True, links=(self._use_text,))
        self.pictures = PairView(theme)
        self._text = self.read_only_text("message_text")
        self._text.setAccessibleName(self.tr("Text of the message"))
        self.conversation = Conversation(bench)
        self.group = GroupSection(theme)
        self._facts = Facts(theme)
        self.timeline = Timeline(theme)
        self._tried_section = Section(theme, self.tr("Attempts"), self.timeline)
        for part in (
            self._reason,
            self._note,
            self.steps,
            self.pictures,
            self._text,
            self.conversation,
            self.group,
            self._facts,
            self._tried_section,
        ):
            self.body.addWidget(part)
        self._tried_section.hide()
        self.steps.chosen.connect(self._on_step_chosen)
        self.pictures.opened.connect(lambda: self._compare(self.pictures.pair))
        self.timeline.opened.connect(self._compare)
        self.group.rest_asked.connect(actions.send_to_rest)
        self.group.message_asked.connect(self.message_asked)
        self.conversation.message_asked.connect(self.message_asked)

    def fill(self, row: Row) -> None:
        status, message_id = str(row["delivery_status"]), str(row["message_id"])
        sent = exact(moment(row.get("sent_at")))
        self.set_head(
            *self._head(row, sent),
            [
                state_chip(row),
                proof_of(row),
                priority_chip(row["priority"]) if row["priority"] != "normal" else None,
            ],
        )
        reason = str(row.get("reason") or "")
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        if message_id != self._filled:
            self._filled = message_id
            self._standing = None
            self.pictures.show_pair(None, "")
        self._use_text.setVisible(status != DeliveryStatus.PENDING)
        self._offer(row)
        content = str(row.get("content") or "")
        if self._text.toPlainText() != content:
            self._text.setPlainText(content)
        self._fit_text()
        self._show_facts(row)
        self.conversation.show_row(row)
        self._bench.tasks.start(self._look(row))

    def _head(self, row: Row, sent: str) -> tuple[str, str]:
        if is_incoming(row):
            return (
                self.tr("From {0}").format(row["from_agent"]),
                self.tr("To {0}, {1}").format(row["to_agent"], sent),
            )
        return (
            self.tr("To {0}").format(row["to_agent"]),
            self.tr("From {0}, {1}").format(row.get("from_agent") or "", sent),
        )

    def _show_facts(self, row: Row) -> None:
        self._facts.show_facts(
            [
                (self.tr("Took"), duration(row.get("delivery_time_ms"))),
                (self.tr("Settled"), exact(moment(row.get("processed_at")))),
                (self.tr("Answer"), answer_word(row)),
                (self.tr("Tags"), ", ".join(tags_of(row))),
                (self.tr("Expires"), exact(moment(row.get("expires_at")))),
                (self.tr("On hold since"), exact(moment(row.get("held_since")))),
                (self.tr("Next look"), exact(moment(row.get("next_attempt_at")))),
                (self.tr("ID"), str(row["message_id"])),
            ]
        )

    # what can be done --------------------------------------------------------------

    def _offer(self, row: Row) -> None:
        status, code = str(row["delivery_status"]), str(row.get("reason_code") or "")
        if is_incoming(row):
            self._note.hide()
            self.steps.show_steps([Step.GOTO])
            return
        steps = list(steps_for(status, code))
        barred: Mapping[Step, str] = {}
        note = note_of(code) if status in _TROUBLED else ""
        if status == DeliveryStatus.UNCERTAIN:
            wanted = str(row.get("wanted") or "")
            own, barred = decisions(self._standing, wanted)
            steps = list(own)
            if wanted:
                note = working(wanted)
            elif self._standing is not None:
                note = self._standing.why
        elif status == DeliveryStatus.HELD:
            looks = [] if Step.SEND_NOW in steps or Step.TRY_NOW in steps else [Step.TRY_NOW]
            steps[-1:-1] = [*looks, Step.EDIT]
        elif status == DeliveryStatus.PENDING:
            steps = [Step.EDIT, Step.WITHDRAW]
        elif not steps:
            again = status in (DeliveryStatus.CANCELLED, DeliveryStatus.EXPIRED)
            steps = [Step.RESEND if again else Step.MESSAGE]
        if Step.FIND not in steps:
            steps.append(Step.GOTO)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.steps.show_steps(steps, barred=barred)

    def _on_step_chosen(self, step: Step) -> None:
        row = self.row
        if row is not None:
            code = str(row.get("reason_code") or "")
            agent = other_side(row)
            self._mender.do(step, Subject(agent, str(row["message_id"]), "", code), self)

    # what was seen -----------------------------------------------------------------

    async def _look(self, row: Row) -> None:
        """Attempts and pictures of a message; whether its text still stands in its box."""
        message_id, agent = str(row["message_id"]), str(row["to_agent"])
        group_id = str(row.get("group_id") or "")
        attempts, group = await self._bench.reading.read(
            lambda c: (read_attempts(c, message_id), read_group(c, group_id) if group_id else [])
        )
        if not self._shows(message_id):
            return
        self.timeline.show_attempts(attempts, str(row.get("reason") or ""))
        self._tried_section.setVisible(bool(attempts))
        self.group.show_group(group_id, group if len(group) > 1 else _NOBODY)
        for attempt in self.timeline.pictured():
            pictures = await self._book.of_attempt(attempt)
            if not self._shows(message_id):
                return
            self.timeline.show_pictures(attempt, pictures, agent)
        status = row["delivery_status"]
        troubled = status in _TROUBLED
        pair = await self._book.of_message(message_id, agent) if troubled else None
        if not self._shows(message_id):
            return
        if pair != self.pictures.pair:
            self.pictures.show_pair(pair, agent)
        if status == DeliveryStatus.UNCERTAIN:
            await self._look_at_box(message_id)

    async def _look_at_box(self, message_id: str) -> None:
        known, at = self._looked
        if known == message_id and time.monotonic() - at < _LOOK_AGAIN_SECONDS:
            return
        self._looked = message_id, time.monotonic()
        standing = await self._book.standing(message_id)
        if self._shows(message_id) and self.row is not None:
            self._standing = standing
            self._offer(self.row)

    def _shows(self, message_id: str) -> bool:
        return self.row is not None and self.row["message_id"] == message_id

    def _compare(self, pair: Pair | None) -> None:
        if pair is not None and self.row is not None:
            title = self.tr("{0}: {1} and {2}").format(
                self.row["to_agent"], pair.before.caption.lower(), pair.after.caption.lower()
            )
            CompareDialog(self._bench, self.window(), pair, title).show()

    # sizes -------------------------------------------------------------------------

    def _fit_text(self) -> None:
        """As high as the text needs, within bounds."""
        width = max(120, self._text.viewport().width() - 8)
        metrics = self._text.fontMetrics()
        flags = Qt.TextFlag.TextWordWrap.value
        need = metrics.boundingRect(0, 0, width, 10_000, flags, self._text.toPlainText()).height()
        height = need + _TEXT_FRAME
        self._text.setFixedHeight(min(max(height, _TEXT[0]), _TEXT[1]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text()


_NOBODY: list[Message] = []
