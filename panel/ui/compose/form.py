"""The form of the compose dialog: receivers with their readiness, text, and what is folded away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from panel.core import clock
from panel.core.agent import DEFAULT_CAPTAIN
from panel.core.errors import CommandError, PanelError
from panel.core.message import MAX_CONTENT, Priority, check_content
from panel.ui.actions import Actions
from panel.ui.compose.recipients import Recipients, parse_recipients
from panel.ui.compose.to_field import ToField
from panel.ui.controls import Button, Field, TextArea, label, restyle, row
from panel.ui.models.column import Row
from panel.ui.services import Workbench
from panel.ui.words import priority_chip

_ICONS = {Priority.URGENT: "urgent", Priority.HIGH: "high", Priority.LOW: "low"}


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
        column.addWidget(self._more)
        column.addWidget(self._problem)
        self.to_field.textChanged.connect(lambda _text: self._on_to_changed())
        self.content_field.textChanged.connect(self._on_content_changed)
        # From the receivers straight to the text: a sentence that is typed after Tab would press
        # the buttons between them with its first space.
        QWidget.setTabOrder(self.to_field, self.content_field)
        QWidget.setTabOrder(self.content_field, self._calibrate)
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
        self._counter = label("", theme, role="secondary")
        self._counter.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._text_box = QWidget()
        column = QVBoxLayout(self._text_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._text, 1)
        column.addWidget(self._counter)

    def _make_more(self) -> None:
        theme = self._bench.theme
        self._more_button = Button(
            theme, self.tr("More"), icon="chevron-right", kind="flat", name="more_button"
        )
        self._more_button.setCheckable(True)
        self._more_button.toggled.connect(self.show_more)
        self.priority_field = QComboBox()
        self.priority_field.setObjectName("priority_field")
        for priority in Priority:
            self.priority_field.addItem(priority_chip(priority).word, priority.value)
        self.priority_field.setCurrentIndex(list(Priority).index(Priority.NORMAL))
        self.tags_field = QLineEdit()
        self.tags_field.setObjectName("tags_field")
        self.tags_field.setPlaceholderText(self.tr("task, review"))
        self.expires_field = QLineEdit()
        self.expires_field.setObjectName("expires_field")
        self.expires_field.setPlaceholderText(self.tr("never, or 2h"))
        self._priority = Field(theme, self.tr("Priority"), self.priority_field)
        self._tags = Field(theme, self.tr("Tags"), self.tags_field)
        self._expires = Field(theme, self.tr("Expires after"), self.expires_field)
        self._more = QFrame()
        line = QHBoxLayout(self._more)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(self._priority, 1, top)
        line.addWidget(self._tags, 2, top)
        line.addWidget(self._expires, 1, top)
        self._more.hide()

    # values ------------------------------------------------------------------------

    @property
    def content(self) -> str:
        return self.content_field.toPlainText()

    @property
    def priority(self) -> Priority:
        return Priority(self.priority_field.currentData())

    @property
    def tags(self) -> tuple[str, ...]:
        parts = (part.strip() for part in self.tags_field.text().split(","))
        return tuple(part for part in parts if part)

    def expires_at(self) -> datetime | None:
        """When it expires; CommandError("expires") for a text that is no length of time."""
        text = self.expires_field.text().strip()
        if not text:
            return None
        try:
            return clock.now() + clock.parse_duration(text)
        except (ValueError, OverflowError) as error:
            raise CommandError("expires", str(error)) from None

    def read_only_area(self, name: str) -> TextArea:
        """A field like the text's, for looking only."""
        area = TextArea(name)
        area.setReadOnly(True)
        area.setProperty("flat", "true")
        area.setFont(self._bench.theme.font(mono=True))
        area.setAccessibleName(self.tr("Preview"))
        return area

    # filling -----------------------------------------------------------------------

    def fill(self, to: Sequence[str], content: str) -> None:
        """Puts receivers and text in place and the focus where the person goes on."""
        if to:
            self.to_field.set_names(to)
        if content:
            self.content_field.setPlainText(content)
            self.content_field.moveCursor(QTextCursor.MoveOperation.End)
        (self.content_field if self.to_field.text() else self.to_field).setFocus()

    def set_agents(self, agents: Sequence[Row]) -> None:
        """Whom one can write to, with their targets as they are now."""
        self._agents = tuple(agents)
        self.to_field.set_agents(agents)
        self._on_to_changed(keep_error=True)

    def show_more(self, shown: bool) -> None:
        """Unfolds priority, tags and expiry."""
        self._more.setVisible(shown)
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
        except CommandError as error:
            empty = not self.content.strip()
            text = self.tr("Write what the agent should do.") if empty else _sentence(error)
            errors.append((self._text, text))
        try:
            self.expires_at()
        except CommandError as error:
            errors.append((self._expires, _sentence(error)))
        for field in (self._to, self._text, self._expires, self._tags, self._priority):
            field.set_error(next((text for wrong, text in errors if wrong is field), ""))
        if errors:
            self._go_to(errors[0][0])
        return not errors

    def show_error(self, error: PanelError) -> None:
        """Shows an error of the command below the field that it names, else at the foot."""
        fields = {
            "to": self._to,
            "content": self._text,
            "priority": self._priority,
            "tags": self._tags,
            "expires": self._expires,
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
        if field in (self._priority, self._tags, self._expires):
            self.show_more(True)
        field.control.setFocus()

    def _on_to_changed(self, *, keep_error: bool = False) -> None:
        self.recipients = parse_recipients(self.to_field.text(), self._agents)
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
        self.changed.emit()


def _sentence(error: CommandError) -> str:
    text = error.message
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
