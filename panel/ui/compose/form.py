"""The form of the compose dialog: receivers with their readiness, text, and what is folded away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from panel.commands.templates import Template
from panel.core.agent import DEFAULT_CAPTAIN
from panel.core.errors import CommandError, PanelError
from panel.core.message import MAX_CONTENT, Method, check_content
from panel.core.templates import FIELDS, fields_of, fill
from panel.ui.actions import Actions
from panel.ui.compose.more import MoreFields
from panel.ui.compose.recipients import Recipients, parse_recipients
from panel.ui.compose.template_choice import TemplateButton, TemplateLine, tag_of
from panel.ui.compose.to_field import ToField
from panel.ui.controls import Button, Field, TextArea, label, restyle, row
from panel.ui.models.column import Row
from panel.ui.questions import ask_replace
from panel.ui.services import Workbench
from panel.ui.theme import Theme


class ComposeForm(QWidget):
    """`changed` follows every change that the buttons below have to know."""

    changed = Signal()

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._actions = actions
        self._agents: tuple[Row, ...] = ()
        self.from_agent = DEFAULT_CAPTAIN
        self.recipients = Recipients()
        self._template: Template | None = None
        self._make_to()
        self._make_text()
        self._make_more()
        self._problem = label("", bench.theme, role="error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._to_box)
        column.addWidget(self._text_box, 1)
        column.addLayout(row(self._more_button, None))
        column.addWidget(self.more)
        column.addWidget(self._problem)
        self.to_field.textChanged.connect(lambda _text: self._on_to_changed())
        self.content_field.textChanged.connect(self._on_content_changed)
        # From the receivers straight to the text: a sentence that is typed after Tab would press
        # the buttons between them with its first space.
        QWidget.setTabOrder(self.to_field, self.content_field)
        QWidget.setTabOrder(self.content_field, self.template_button)
        QWidget.setTabOrder(self.template_button, self._calibrate)
        self._on_to_changed()
        self._on_content_changed()

    def _make_to(self) -> None:
        theme = self._bench.theme
        self.to_field = ToField()
        self._choose = Button(
            theme, self.tr("Choose"), icon="people", on_click=self.to_field.choose
        )
        self._choose.setToolTip(self.tr("Down arrow in the field"))
        self._choose.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.to_field, 1)
        layout.addWidget(self._choose)
        line.setFocusProxy(self.to_field)
        line.setAccessibleName(self.tr("To"))
        self._to = Field(theme, self.tr("To"), line)
        self._ready = label("", theme, role="secondary")
        self._calibrate = Button(theme, self.tr("Calibrate"), kind="link")
        self._calibrate.clicked.connect(lambda: self._actions.calibrate(self.recipients.unready))
        readiness = row(self._ready, self._calibrate, None, spacing=4)
        self._to_box = QWidget()
        column = QVBoxLayout(self._to_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._to)
        column.addLayout(readiness)

    def _make_text(self) -> None:
        theme = self._bench.theme
        self.content_field = TextArea("content_field")
        self.content_field.setPlaceholderText(self.tr("What the agent should do or know"))
        self.content_field.setMinimumHeight(80)
        self._text = Field(theme, self.tr("Text"), self.content_field)
        self.template_button = TemplateButton(self._bench)
        self.template_button.chosen.connect(self._on_template_chosen)
        self.template_line = TemplateLine(self._bench)
        self.template_line.left.connect(self._leave_template)
        self._counter = label("", theme, role="secondary")
        self._counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._text_box = QWidget()
        column = QVBoxLayout(self._text_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._text, 1)
        foot = row(self.template_button, spacing=4)
        foot.addWidget(self.template_line, 1)
        foot.addStretch(0)
        foot.addWidget(self._counter)
        column.addLayout(foot)

    def _make_more(self) -> None:
        theme = self._bench.theme
        self._more_button = Button(
            theme, self.tr("More"), icon="chevron-right", kind="flat", name="more_button"
        )
        self._more_button.setCheckable(True)
        self._more_button.toggled.connect(self.show_more)
        self.more = MoreFields(theme)
        self.more.changed.connect(self._on_to_changed)
        self.more.hide()

    # values ------------------------------------------------------------------------

    @property
    def content(self) -> str:
        return self.content_field.toPlainText()

    @property
    def is_template(self) -> bool:
        """Whether the text is a template, of which each receiver gets its own."""
        return self._template is not None

    # filling -----------------------------------------------------------------------

    def fill(self, to: Sequence[str], content: str) -> None:
        """Puts receivers and text in place and the focus where the person goes on.

        The text is nobody's template, whatever stands in it.
        """
        if to:
            self.to_field.set_names(to)
        if content:
            self._leave_template()
            self.content_field.setPlainText(content)
            self.content_field.moveCursor(QTextCursor.MoveOperation.End)
        (self.content_field if self.to_field.text() else self.to_field).setFocus()

    def lock_to(self, to_agent: str) -> None:
        """Only the text can be changed."""
        self.to_field.set_names([to_agent])
        self.to_field.setReadOnly(True)
        for part in (self._choose, self._more_button, self.template_button):
            part.hide()

    def set_agents(self, agents: Sequence[Row]) -> None:
        """Whom one can write to, with their targets as they are now."""
        self._agents = tuple(agents)
        self.to_field.set_agents(agents)
        self._on_to_changed(keep_error=True)

    def show_more(self, shown: bool) -> None:
        """Unfolds priority, tags, expiry and the way it travels."""
        self.more.setVisible(shown)
        self._more_button.set_icon("chevron-down" if shown else "chevron-right")
        self._more_button.setChecked(shown)

    # what is wrong -------------------------------------------------------------------

    def check(self) -> bool:
        """Shows what is wrong below each field, with the focus on the first; True if nothing is."""
        self._problem.hide()
        self.to_field.settle()
        errors: list[tuple[Field, str]] = []
        if self.recipients.wrong:
            errors.append((self._to, self.recipients.wrong))
        try:
            check_content(self.content)
            if self.is_template:
                fill(self.content, dict.fromkeys(FIELDS, ""), field="content")
        except CommandError as error:
            empty = not self.content.strip()
            text = self.tr("Write what the agent should do.") if empty else _sentence(error)
            errors.append((self._text, text))
        try:
            self.more.expires_at()
        except CommandError as error:
            errors.append((self.more.expires_box, _sentence(error)))
        for field in (self._to, self._text, *self._folded):
            field.set_error(next((text for wrong, text in errors if wrong is field), ""))
        if errors:
            self._go_to(errors[0][0])
        return not errors

    def show_error(self, error: PanelError) -> None:
        """Shows an error of the command below the field that it names, else at the foot."""
        fields = {
            "to": self._to,
            "content": self._text,
            "priority": self.more.priority_box,
            "tags": self.more.tags_box,
            "expires": self.more.expires_box,
        }
        field = fields.get(error.field) if isinstance(error, CommandError) else None
        if field is None:
            self._problem.setText(str(error))
            self._problem.show()
            return
        assert isinstance(error, CommandError)
        field.set_error(_sentence(error))
        self._go_to(field)

    def _go_to(self, field: Field) -> None:
        if field in self._folded:
            self.show_more(True)
        field.control.setFocus()

    @property
    def _folded(self) -> tuple[Field, ...]:
        more = self.more
        return (more.priority_box, more.tags_box, more.expires_box, more.method_box)

    # templates -----------------------------------------------------------------------

    def _on_template_chosen(self, template: Template) -> None:
        written = self.content.strip()
        if written and (self._template is None or written != self._template.body.strip()):
            ask_replace(self, lambda: self.use_template(template))
        else:
            self.use_template(template)

    def use_template(self, template: Template) -> None:
        """Puts a template in place of the text; its fields are filled in for each receiver."""
        old = tag_of(self._template.name) if self._template is not None else ""
        self._template = None
        self.content_field.setPlainText(template.body)
        self._template = template
        self.more.exchange_tag(old, tag_of(template.name))
        self._on_content_changed()
        self.content_field.moveCursor(QTextCursor.MoveOperation.Start)
        blank = self.content_field.document().find("\n\n\n")
        self.content_field.setFocus()
        if not blank.isNull():
            self.content_field.setTextCursor(blank)

    def _leave_template(self) -> None:
        self._template = None
        self.template_line.hide()
        self.changed.emit()

    def _show_template(self) -> None:
        if self._template is None:
            return
        fields = [name for name in fields_of(self.content) if name in FIELDS]
        if not self.content.strip():
            self._leave_template()
        elif fields:
            self.template_line.show_fields(fields)
        else:
            self.template_line.hide()

    # receivers and text --------------------------------------------------------------

    def _on_to_changed(self, *, keep_error: bool = False) -> None:
        inbox = self.more.method is Method.INBOX
        self.recipients = parse_recipients(self.to_field.text(), self._agents, inbox=inbox)
        if not keep_error or not self.recipients.wrong:
            self._to.set_error("")
        self._ready.setText(self.recipients.readiness)
        self._ready.setVisible(bool(self.recipients.readiness))
        self._calibrate.setVisible(bool(self.recipients.unready))
        self.changed.emit()

    def _on_content_changed(self) -> None:
        length = len(self.content)
        self._counter.setText(f"{length:,} / {MAX_CONTENT:,}")
        restyle(self._counter, "role", "error" if length > MAX_CONTENT else "secondary")
        if self._text.error:
            self._text.set_error("")
        self._show_template()
        self.changed.emit()


def read_only_area(theme: Theme, name: str, title: str) -> TextArea:
    """A field like the text's, for looking only."""
    area = TextArea(name)
    area.setReadOnly(True)
    area.setProperty("flat", "true")
    area.setFont(theme.font(mono=True))
    area.setAccessibleName(title)
    return area


def _sentence(error: CommandError) -> str:
    text = error.message
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
