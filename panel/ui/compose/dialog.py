"""Writing a message: to whom, what, and then what became of it. Not modal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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

from panel.commands import editing, messages, settings, templates
from panel.core.changes import Changes
from panel.core.errors import DuplicateError, PanelError
from panel.core.identifiers import new_id
from panel.core.message import Draft, Message, Method
from panel.ui.actions import Actions
from panel.ui.compose.duplicate import DuplicateBar
from panel.ui.compose.form import ComposeForm
from panel.ui.compose.preview import PreviewPage
from panel.ui.compose.results import SendingResults
from panel.ui.compose.template_editor import TemplateEditor
from panel.ui.controls import Button, counted, label
from panel.ui.models.overview import Overview
from panel.ui.models.sent import read_message
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
        self._may_close = self._gone = False
        self.setObjectName("compose_dialog")
        self.setAccessibleName(self.tr("New message"))
        self.setWindowTitle(self.tr("New message"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(*SIZE)
        self.form = ComposeForm(bench, actions)
        self.results = SendingResults(bench, actions)
        self.preview = PreviewPage(bench.theme)
        self.preview.asked.connect(lambda _agent: self._show_preview())
        self.duplicate = DuplicateBar(bench.theme)
        self._editing: Message | None = None
        self._group = new_id("grp")
        self._message_ids: dict[str, str] = {}
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
        column.addWidget(self.duplicate)
        column.addWidget(self._foot)
        self.duplicate.again.connect(lambda: self._begin(allow_duplicate=True))
        self.duplicate.others.connect(lambda agents: self._begin(but=agents))
        self.form.template_button.editor_asked.connect(self._on_editor_asked)
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
        if self._gone:
            return
        self.form.from_agent = str(found["sender_name"])

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

    def edit(self, message_id: str) -> None:
        """Opens a message that waits, to change its text; it keeps its place."""
        self._bench.tasks.start(self._load(message_id))

    async def _load(self, message_id: str) -> None:
        message = await self._bench.reading.read(lambda c: read_message(c, message_id))
        if message is None:
            self.close()
            return
        self._editing = message
        self.setWindowTitle(self.tr("Change a message"))
        self.setAccessibleName(self.windowTitle())
        self.form.lock_to(message.to_agent)
        self.form.fill([], message.content)
        self._on_form_changed()

    def show_overview(self, overview: Overview) -> None:
        """Agents and their targets as they are now."""
        self.form.set_agents(overview.agents)

    def note_changes(self, changes: Changes) -> None:
        """Follows the messages that were sent from here."""
        if changes.touches("agent_messages"):
            self.results.look()

    # the form ----------------------------------------------------------------------

    def _on_form_changed(self) -> None:
        self.duplicate.hide()
        if self.pages.currentWidget() is self.results:
            return
        if self._editing is not None:
            self.send_button.set_text(self.tr("Save"))
            self.send_button.set_icon("tick")
            self._hint.setText(self.tr("It keeps its place."))
            return
        count = self.form.recipients.count
        self.send_button.set_text(
            self.tr("Send to {0}").format(count) if count else self.tr("Send")
        )
        if self.form.more.method is Method.INBOX:
            self._hint.setText(self.tr("nothing is typed"))
            return
        seconds = max(1, round(count * _SECONDS_EACH))
        self._hint.setText(self.tr("about {0} s hands-off").format(seconds) if count else "")

    def _on_preview_toggled(self, shown: bool) -> None:
        if not shown:
            self.pages.setCurrentWidget(self.form)
        elif self.form.check():
            method = self._editing.delivery_method if self._editing else self.form.more.method
            self.preview.offer(self._receivers(), method)
            self._show_preview()
        else:
            self.preview_button.setChecked(False)

    def _show_preview(self) -> None:
        receiver = self.preview.receiver
        drafts = [d for d in self._drafts(self._receivers()) if d.to_agent == receiver]
        work = self._look_at(drafts, self.form.is_template)
        self._bench.tasks.start(work, self._on_preview_failed)

    async def _look_at(self, drafts: Sequence[Draft], is_template: bool) -> None:
        filled = await self._filled(drafts, is_template)
        (text,) = await templates.typed(self._bench.context, filled)
        if not self._gone and self.preview_button.isChecked():
            self.preview.show_typed(text, filled[0].content)
            self.pages.setCurrentWidget(self.preview)

    def _on_preview_failed(self, error: PanelError) -> None:
        if self._gone:
            return
        self.preview_button.setChecked(False)
        self.form.show_error(error)

    def _on_editor_asked(self) -> None:
        TemplateEditor(self._bench, self).show()

    # sending -----------------------------------------------------------------------

    def _on_send_clicked(self) -> None:
        if self.pages.currentWidget() is self.results or not self.send_button.isEnabled():
            return
        self.preview_button.setChecked(False)
        if self.form.check():
            self._begin()

    def _begin(self, *, allow_duplicate: bool = False, but: Sequence[str] = ()) -> None:
        self.duplicate.hide()
        self.send_button.setEnabled(False)
        # All of it is taken from the form now: it may be closed before the first write.
        if self._editing is not None:
            work = self._save(self._editing, self.form.content)
        else:
            receivers = [agent for agent in self._receivers() if agent not in but]
            work = self._send(self._drafts(receivers), self.form.is_template, allow_duplicate)
        self._bench.tasks.start(work, self._on_send_failed)

    def _receivers(self) -> Sequence[str]:
        return [self._editing.to_agent] if self._editing else self.form.recipients.ready

    def _drafts(self, receivers: Sequence[str]) -> list[Draft]:
        """What stands in the form, for each; with the ids to come, so that a preview is exact."""
        form, content, edited = self.form, self.form.content, self._editing
        if edited is not None:
            return [
                Draft(
                    to_agent=edited.to_agent,
                    content=content,
                    from_agent=edited.from_agent,
                    priority=edited.priority,
                    tags=edited.tags,
                    method=edited.delivery_method,
                    group_id=edited.group_id,
                    message_id=edited.message_id,
                )
            ]
        return [
            Draft(
                to_agent=receiver,
                content=content,
                from_agent=form.from_agent,
                priority=form.more.priority,
                tags=form.more.tags,
                method=form.more.method,
                expires_at=form.more.expires_at(),
                group_id=self._group if len(receivers) > 1 else None,
                message_id=self._message_ids.setdefault(receiver, new_id("msg")),
            )
            for receiver in receivers
        ]

    async def _filled(self, drafts: Sequence[Draft], is_template: bool) -> list[Draft]:
        """The drafts with their fields filled in, where their text is a template."""
        if not is_template or not drafts:
            return list(drafts)
        receivers = [draft.to_agent for draft in drafts]
        texts = await templates.filled(
            self._bench.context, drafts[0].content, receivers, drafts[0].from_agent
        )
        return [replace(draft, content=texts[draft.to_agent]) for draft in drafts]

    async def _send(
        self, written: Sequence[Draft], is_template: bool, allow_duplicate: bool
    ) -> None:
        drafts = await self._filled(written, is_template)
        ids = await messages.queue(self._bench.context, drafts, allow_duplicate=allow_duplicate)
        if not self._gone:
            self._show_results(ids, [draft.to_agent for draft in drafts])
        undo = lambda: messages.cancel(self._bench.context, list(ids))  # noqa: E731
        self._bench.say(
            Said(
                counted(len(ids), self.tr("{0} message queued."), self.tr("{0} messages queued.")),
                undo=undo,
            )
        )

    def _show_results(self, ids: Sequence[str], receivers: Sequence[str]) -> None:
        self.pages.setCurrentWidget(self.results)
        self.preview_button.hide()
        self.send_button.hide()
        self._hint.setText("")
        self.cancel_button.set_text(self.tr("Close"))
        self.cancel_button.setFocus()
        self.results.watch(ids, receivers)

    async def _save(self, edited: Message, content: str) -> None:
        context = self._bench.context
        await editing.edit(context, edited.message_id, content)
        undo = lambda: editing.edit(context, edited.message_id, edited.content)  # noqa: E731
        self._bench.say(Said(self.tr("The message has its new text."), undo=undo))
        if not self._gone:
            self.discard()

    def _on_send_failed(self, error: PanelError) -> None:
        if self._gone:
            self._bench.say(Said(str(error), trouble=True))
            return
        self.send_button.setEnabled(True)
        if isinstance(error, DuplicateError):
            self.duplicate.ask(error, self.form.recipients.count)
        else:
            self.form.show_error(error)

    def _on_results_finished(self, all_delivered: bool) -> None:
        if all_delivered:
            self._closing.start()

    # closing -----------------------------------------------------------------------

    def _would_lose(self) -> bool:
        if self._editing is not None:
            return self.form.content != self._editing.content
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
        self._gone = True
        self.results.leave()
        event.accept()
        self.closed.emit()

    def reject(self) -> None:
        """Esc leaves the preview, then the dialog."""
        if self.pages.currentWidget() is self.preview:
            self.preview_button.setChecked(False)
        else:
            self.close()
