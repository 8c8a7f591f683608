"""The pane of one message: its state and the reason, the fix, the text, what was tried."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.controls import Button, label
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.models.attempts import read_attempts
from panel.ui.models.column import Row
from panel.ui.models.messages import answer_word, proof_of, tags_of
from panel.ui.services import Workbench
from panel.ui.times import duration, exact, moment
from panel.ui.words import delivery_chip, kind_word, priority_chip, proof_chip

_TEXT = (40, 260)
_TEXT_FRAME = 22  # border, padding and the document's own margin, above and below


class MessageDetail(DetailPane):
    """Chip and reason, fix, text, facts, attempts."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(
            bench.theme, "message", self.tr("Choose a message to see what happened to it.")
        )
        self._bench = bench
        self._actions = actions
        self._offered: tuple[object, ...] = ()
        self._reason = label("", bench.theme)
        self._reason.setWordWrap(True)
        self._text = self.read_only_text("message_text")
        self._text.setAccessibleName(self.tr("Text of the message"))
        self._facts = Facts(bench.theme)
        self._attempts = Facts(bench.theme, names=0)
        self._tried_section = Section(bench.theme, self.tr("Attempts"), self._attempts)
        self.body.addWidget(self._reason)
        self.body.addWidget(self._text)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._tried_section)
        self._tried_section.hide()

    def fill(self, row: Row) -> None:
        status = str(row["delivery_status"])
        sent = exact(moment(row.get("sent_at")))
        self.set_head(
            self.tr("To {0}").format(row["to_agent"]),
            self.tr("From {0}, {1}").format(row.get("from_agent") or "", sent),
            [
                delivery_chip(status),
                proof_of(row),
                priority_chip(row["priority"]) if row["priority"] != "normal" else None,
            ],
        )
        reason = str(row.get("reason") or "")
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        offered = (row["message_id"], status)
        if offered != self._offered:
            self._offered = offered
            self.set_buttons(self._make_buttons(row, status))
        content = str(row.get("content") or "")
        if self._text.toPlainText() != content:
            self._text.setPlainText(content)
        self._fit_text()
        expires = moment(row.get("expires_at"))
        self._facts.show_facts(
            [
                (self.tr("Took"), duration(row.get("delivery_time_ms"))),
                (self.tr("Settled"), exact(moment(row.get("processed_at")))),
                (self.tr("Answer"), answer_word(row)),
                (self.tr("Tags"), ", ".join(tags_of(row))),
                (self.tr("Expires"), exact(expires)),
                (self.tr("On hold since"), exact(moment(row.get("held_since")))),
                (self.tr("Next look"), exact(moment(row.get("next_attempt_at")))),
                (self.tr("ID"), str(row["message_id"])),
            ]
        )
        self._bench.tasks.start(self._show_attempts(str(row["message_id"])))

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

    def _make_buttons(self, row: Row, status: str) -> list[Button]:
        theme, actions = self._bench.theme, self._actions
        message, agent = str(row["message_id"]), str(row["to_agent"])
        content = str(row.get("content") or "")
        buttons: list[Button] = []

        def add(text: str, call: object, icon: str = "", kind: str = "plain") -> None:
            assert callable(call)
            buttons.append(Button(theme, text, icon=icon, kind=kind, on_click=call))

        if status == DeliveryStatus.UNCERTAIN:
            add(self.tr("It arrived"), lambda: actions.decide(message, "arrived"), "tick")
            add(self.tr("Send again"), lambda: actions.decide(message, "send_again"), "refresh")
            add(self.tr("Give up"), lambda: actions.decide(message, "give_up"), "close")
        elif status in (DeliveryStatus.FAILED, DeliveryStatus.CANCELLED):
            add(self.tr("Send again"), lambda: actions.retry([message]), "refresh")
        elif status == DeliveryStatus.HELD:
            add(self.tr("Try now"), lambda: actions.retry([message]), "refresh")
            add(self.tr("Change text"), lambda: actions.edit(message), "edit")
            add(self.tr("Give up"), lambda: actions.cancel([message]), "close")
        elif status == DeliveryStatus.PENDING:
            add(self.tr("Change text"), lambda: actions.edit(message), "edit")
            add(self.tr("Cancel"), lambda: actions.cancel([message]), "close")
        else:
            add(self.tr("New message"), lambda: actions.compose([agent]), "edit")
        add(self.tr("Go to window"), lambda: actions.goto(agent), "window")
        if status != DeliveryStatus.PENDING:
            add(self.tr("Use text"), lambda: actions.compose([], content), "copy")
        return buttons

    async def _show_attempts(self, message_id: str) -> None:
        rows = await self._bench.reading.read(lambda c: read_attempts(c, message_id))
        if self.row is None or self.row["message_id"] != message_id:
            return
        self._attempts.show_facts([self._attempt(row) for row in rows])
        self._tried_section.setVisible(bool(rows))

    def _attempt(self, row: Row) -> tuple[str, str]:
        chip = proof_chip(row.get("evidence"))
        outcome = row.get("outcome")
        parts = [
            exact(moment(row.get("started_at"))),
            delivery_chip(outcome).word if outcome else kind_word(row.get("phase")),
            chip.word if chip else "",
            str(row.get("reason") or ""),
        ]
        number = str(row.get("attempt_number") or "")
        return number, "\n".join(
            part for part in (", ".join(p for p in parts[:3] if p), parts[3]) if part
        )
