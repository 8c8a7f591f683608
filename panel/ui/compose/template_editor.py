"""A small dialog in which a person changes templates and headers, and makes their own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from panel.commands import templates
from panel.commands.templates import Template
from panel.core.errors import CommandError, PanelError
from panel.core.templates import FIELDS, HEADER_FIELDS, HEADER_PREFIX
from panel.ui.compose.template_choice import shown_name
from panel.ui.controls import Button, Field, TextArea, label
from panel.ui.questions import ask_discard
from panel.ui.services import Said, Workbench

SIZE = (680, 460)
_LIST_WIDTH = 216
_ROW_HEIGHT = 26
_NEW = ""
_NAME = Qt.ItemDataRole.UserRole


class TemplateEditor(QDialog):
    """What was typed for one template is kept while another one is looked at."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._found: dict[str, Template] = {}
        self._typed: dict[str, str] = {}
        self._may_close = self._filling = False
        self.setObjectName("template_dialog")
        self.setWindowTitle(self.tr("Templates and headers"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(*SIZE)
        self.list = QListWidget()
        self.list.setObjectName("template_list")
        self.list.setAccessibleName(self.tr("Templates and headers"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.currentItemChanged.connect(lambda *_items: self._on_chosen())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.list)
        middle.addLayout(self._make_side(), 1)
        column.addLayout(middle, 1)
        column.addWidget(self._make_foot())
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self, self.save_button.click)
        bench.tasks.start(self._load())

    def _make_side(self) -> QVBoxLayout:
        theme = self._bench.theme
        self.name_field = QLineEdit()
        self.name_field.setObjectName("template_name")
        self.name_field.setPlaceholderText(self.tr("What you call it, such as stand-up"))
        self._name = Field(theme, self.tr("Name"), self.name_field)
        self.text_field = TextArea("template_text")
        self.text_field.textChanged.connect(self._on_text_changed)
        self._text = Field(theme, self.tr("Text"), self.text_field)
        self._fields = label("", theme, role="secondary")
        self._fields.setWordWrap(True)
        side = QVBoxLayout()
        side.setContentsMargins(20, 16, 20, 16)
        side.setSpacing(12)
        side.addWidget(self._name)
        side.addWidget(self._text, 1)
        side.addWidget(self._fields)
        return side

    def _make_foot(self) -> QFrame:
        theme = self._bench.theme
        foot = QFrame()
        foot.setObjectName("foot")
        self.new_button = Button(theme, self.tr("New"), icon="plus", kind="flat")
        self.new_button.clicked.connect(lambda: self._choose(_NEW))
        self.reset_button = Button(theme, self.tr("As it was"), on_click=self._on_reset_clicked)
        close = Button(theme, self.tr("Close"), on_click=self.close)
        self.save_button = Button(
            theme, self.tr("Save"), kind="primary", name="template_save", tip="Ctrl+Enter"
        )
        self.save_button.clicked.connect(self._on_save_clicked)
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(8)
        layout.addWidget(self.new_button)
        layout.addWidget(self.reset_button)
        layout.addStretch(1)
        layout.addWidget(close)
        layout.addWidget(self.save_button)
        return foot

    # the list ----------------------------------------------------------------------

    async def _load(self, choose: str | None = None) -> None:
        found = await templates.all_templates(self._bench.context)
        self._found = {template.name: template for template in found}
        present = self._current() if choose is None else choose
        self._filling = True
        self.list.clear()
        for title, headers in ((self.tr("Messages"), False), (self.tr("Headers"), True)):
            self._add_heading(title)
            for template in found:
                if template.header is headers:
                    self._add_row(template)
        self._filling = False
        self._choose(present if present in self._found else found[0].name)

    def _add_heading(self, title: str) -> None:
        item = QListWidgetItem(title)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(self._bench.theme.font(bold=True))
        item.setSizeHint(QSize(0, _ROW_HEIGHT + 6))
        self.list.addItem(item)

    def _add_row(self, template: Template) -> None:
        shown = _shown(template)
        item = QListWidgetItem(self.tr("{0} (yours)").format(shown) if template.edited else shown)
        item.setData(_NAME, template.name)
        item.setToolTip(template.body if template.header else "")
        item.setSizeHint(QSize(0, _ROW_HEIGHT))
        self.list.addItem(item)

    def _current(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else _NEW

    def _choose(self, name: str) -> None:
        for number in range(self.list.count()):
            if self.list.item(number).data(_NAME) == name:
                self.list.setCurrentRow(number)
                return
        self.list.setCurrentRow(-1)
        self._on_chosen()
        self.name_field.setFocus()

    def _on_chosen(self) -> None:
        if self._filling:
            return
        name = self._current()
        template = self._found.get(name)
        self._name.set_error("")
        self._text.set_error("")
        self._filling = True
        self._name.setVisible(template is None)
        self.text_field.setPlainText(self._typed.get(name, template.body if template else ""))
        self._filling = False
        header = name.startswith(HEADER_PREFIX)
        words = ", ".join(f"{{{field}}}" for field in (HEADER_FIELDS if header else FIELDS))
        rule = (
            self.tr("One line before the text; it does not begin with / ! # or @.")
            if header
            else self.tr("Filled in for each receiver; {{ stands for a brace.")
        )
        self._fields.setText(f"{words}\n{rule}")
        own = template is not None and template.original is None
        self.reset_button.set_text(self.tr("Delete") if own else self.tr("As it was"))
        self.reset_button.setEnabled(template is not None and template.edited)

    def _on_text_changed(self) -> None:
        if self._filling:
            return
        name, text = self._current(), self.text_field.toPlainText()
        template = self._found.get(name)
        self._text.set_error("")
        if text == (template.body if template else ""):
            self._typed.pop(name, None)
        else:
            self._typed[name] = text

    # saving ------------------------------------------------------------------------

    def _on_save_clicked(self) -> None:
        name = self._current()
        wanted = name or self.name_field.text()
        if not name and wanted.strip() in self._found:
            self._name.set_error(self.tr("There is one of that name already."))
            self.name_field.setFocus()
            return
        self._bench.tasks.start(self._save(name, wanted), self._on_failed)

    async def _save(self, name: str, wanted: str) -> None:
        made = await templates.change(
            self._bench.context, wanted, self._typed.get(name, self.text_field.toPlainText())
        )
        self._typed.pop(name, None)
        self._bench.say(Said(self.tr("{0} is saved.").format(_shown(made))))
        await self._load(made.name)

    def _on_reset_clicked(self) -> None:
        self._bench.tasks.start(self._reset(self._found[self._current()]), self._on_failed)

    async def _reset(self, template: Template) -> None:
        context, name, body = self._bench.context, template.name, template.body
        await templates.reset(context, name)
        self._typed.pop(name, None)
        self._bench.say(
            Said(
                self.tr("{0} is as it was.").format(_shown(template))
                if template.original is not None
                else self.tr("{0} is deleted.").format(_shown(template)),
                undo=lambda: templates.change(context, name, body),
            )
        )
        await self._load()

    def _on_failed(self, error: PanelError) -> None:
        field = self._text
        if isinstance(error, CommandError) and error.field == "name":
            field = self._name
        text = error.message if isinstance(error, CommandError) else str(error)
        field.set_error(f"{text[:1].upper()}{text[1:].rstrip('.')}.")
        field.control.setFocus()

    def discard(self) -> None:
        """Closes without a question."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._typed and not self._may_close:
            event.ignore()
            ask_discard(self, self.discard, templates=True)
            return
        event.accept()

    def reject(self) -> None:
        """Esc closes, after the question."""
        self.close()


def _shown(template: Template) -> str:
    """`Captain to agent` for header-c2a, `Status request` for status-request."""
    name = template.name.removeprefix(HEADER_PREFIX)
    sender, to, receiver = name.partition("2")
    if not template.header or not to:
        return shown_name(name)
    people = {
        "c": _tr("captain"),
        "a": _tr("agent"),
        "d": _tr("Discord"),
        "s": _tr("system"),
        "h": _tr("operator"),
    }
    return shown_name(_tr("{0} to {1}").format(people[sender], people[receiver]))


def _tr(text: str) -> str:
    return QCoreApplication.translate("templates", text)
