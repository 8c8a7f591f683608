"""Writing a message: to whom, what, and then what became of it. Not modal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from panel.commands import messages, settings, templates
from panel.core.changes import Changes
from panel.core.errors import CommandError, PanelError
from panel.core.identifiers import new_id
from panel.core.message import Draft
from panel.ui.actions import Actions
from panel.ui.compose.form import ComposeForm
from panel.ui.compose.results import SendingResults
from panel.ui.controls import Button, counted, label
from panel.ui.models.overview import Overview
from panel.ui.questions import ask_discard
from panel.ui.services import Said, Workbench

SIZE = (640, 520)
_CLOSE_MS = 1200
_SECONDS_EACH = 0.25


class ComposeDialog(QDialog):
    """Stays open with the text as long as something is wrong with it.

    A written text is never thrown away without a question.
    """

    closed = Signal()

    def __init__(self, bench: Workbench, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._actions = actions
        self._may_close = False
        self.setObjectName("compose_dialog")
        self.setAccessibleName(self.tr("New message"))
        self.setWindowTitle(self.tr("New message"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(*SIZE)
        self.form = ComposeForm(bench, actions)
        self.results = SendingResults(bench)
        self.preview = self._make_preview()
        self.pages = QStackedWidget()
        for page in (self.form, self.preview, self.results):
            self.pages.addWidget(page)
        self._make_foot()
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.addWidget(self.pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(self._foot)
        self.form.changed.connect(self._on_form_changed)
        self.results.finished.connect(self._on_results_finished)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.send_button.click)
        self._closing = QTimer(self)
        self._closing.setSingleShot(True)
        self._closing.setInterval(_CLOSE_MS)
        self._closing.timeout.connect(self.close)
        self._on_form_changed()
        bench.tasks.start(self._learn_sender())

    async def _learn_sender(self) -> None:
        found = await settings.values(self._bench.context)
        self.form.from_agent = str(found["sender_name"])

    def _make_preview(self) -> QFrame:
        page = QFrame()
        self._preview_text = self.form.read_only_area("preview_text")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._preview_title = label("", self._bench.theme, role="section")
        column.addWidget(self._preview_title)
        column.addWidget(self._preview_text, 1)
        return page

    def _make_foot(self) -> None:
        theme = self._bench.theme
        self._foot = QFrame()
        self._foot.setObjectName("foot")
        self.preview_button = Button(theme, self.tr("Preview"), icon="eye", kind="flat")
        self.preview_button.setCheckable(True)
        self.preview_button.toggled.connect(self._on_preview_toggled)
        self._hint = label("", theme, role="secondary")
        self.cancel_button = Button(theme, self.tr("Cancel"), on_click=self.close)
        self.send_button = Button(
            theme, self.tr("Send"), icon="send", kind="primary", name="send_button"
        )
        self.send_button.setToolTip(self.tr("Ctrl+Enter"))
        self.send_button.clicked.connect(self._on_send_clicked)
        layout = QHBoxLayout(self._foot)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(8)
        layout.addWidget(self.preview_button)
        layout.addWidget(self._hint)
        layout.addStretch(1)
        layout.addWidget(self.cancel_button)
        layout.addWidget(self.send_button)

    # from outside ----------------------------------------------------------------

    def fill(self, to: Sequence[str], content: str) -> None:
        """Puts receivers and text in place and the focus where the person goes on."""
        self.form.fill(to, content)

    def show_overview(self, overview: Overview) -> None:
        """Agents and their targets as they are now."""
        self.form.set_agents(overview.agents)

    def note_changes(self, changes: Changes) -> None:
        """Follows the messages that were sent from here."""
        if changes.touches("agent_messages"):
            self.results.look()

    # the form ----------------------------------------------------------------------

    def _on_form_changed(self) -> None:
        if self.pages.currentWidget() is self.results:
            return
        count = self.form.recipients.count
        self.send_button.set_text(
            self.tr("Send to {0}").format(count) if count else self.tr("Send")
        )
        seconds = max(1, round(count * _SECONDS_EACH))
        self._hint.setText(self.tr("about {0} s hands-off").format(seconds) if count else "")

    def _on_preview_toggled(self, shown: bool) -> None:
        if not shown:
            self.pages.setCurrentWidget(self.form)
            return
        receivers = self.form.recipients.ready
        first = receivers[0] if receivers else ""
        self._preview_title.setText(
            self.tr("What will be typed into the window of {0}").format(first)
            if len(receivers) == 1
            else self.tr("What will be typed into each window")
        )
        try:
            drafts = self._drafts(receivers)[:1]
        except CommandError as error:
            self.form.show_error(error)
            drafts = []
        if not drafts:
            self.preview_button.setChecked(False)
            self.form.check()
            return
        self._bench.tasks.start(self._preview(drafts))

    async def _preview(self, drafts: list[Draft]) -> None:
        (text,) = await templates.typed(self._bench.context, drafts)
        self._preview_text.setPlainText(text)
        self.pages.setCurrentWidget(self.preview)

    # sending -----------------------------------------------------------------------

    def _on_send_clicked(self) -> None:
        if self.pages.currentWidget() is self.results or not self.send_button.isEnabled():
            return
        self.preview_button.setChecked(False)
        if not self.form.check():
            return
        receivers = self.form.recipients.ready
        try:
            drafts = self._drafts(receivers)
        except CommandError as error:
            self.form.show_error(error)
            return
        self.send_button.setEnabled(False)
        self._bench.tasks.start(self._send(drafts), self._on_send_failed)

    def _drafts(self, receivers: Sequence[str]) -> list[Draft]:
        group = new_id("grp") if len(receivers) > 1 else None
        return [
            Draft(
                to_agent=receiver,
                content=self.form.content,
                from_agent=self.form.from_agent,
                priority=self.form.priority,
                tags=self.form.tags,
                expires_at=self.form.expires_at(),
                group_id=group,
            ).validated(self.form.from_agent)
            for receiver in receivers
        ]

    async def _send(self, drafts: list[Draft]) -> None:
        ids = await messages.queue(self._bench.context, drafts)
        self.pages.setCurrentWidget(self.results)
        self.preview_button.hide()
        self.send_button.hide()
        self._hint.setText("")
        self.cancel_button.set_text(self.tr("Close"))
        self.cancel_button.setFocus()
        self.results.watch(ids, [draft.to_agent for draft in drafts])
        undo = lambda: messages.cancel(self._bench.context, list(ids))  # noqa: E731
        self._bench.say(
            Said(
                counted(len(ids), self.tr("{0} message queued."), self.tr("{0} messages queued.")),
                undo=undo,
            )
        )

    def _on_send_failed(self, error: PanelError) -> None:
        self.send_button.setEnabled(True)
        self.form.show_error(error)

    def _on_results_finished(self, all_delivered: bool) -> None:
        if all_delivered:
            self._closing.start()

    # closing -----------------------------------------------------------------------

    def _would_lose(self) -> bool:
        return self.pages.currentWidget() is not self.results and bool(self.form.content.strip())

    def discard(self) -> None:
        """Closes without a question."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._would_lose() and not self._may_close:
            event.ignore()
            ask_discard(self, self.discard)
            return
        self._closing.stop()
        event.accept()
        self.closed.emit()

    def reject(self) -> None:
        """Esc leaves the preview, then the dialog."""
        if self.pages.currentWidget() is self.preview:
            self.preview_button.setChecked(False)
        else:
            self.close()
