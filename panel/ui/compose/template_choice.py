"""The button above the text that offers templates, and the line below it that says one is used."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from panel.commands import templates
from panel.commands.templates import Template
from panel.core.templates import TAGS
from panel.ui.controls import Button, ElidedLabel
from panel.ui.services import Workbench


class TemplateButton(Button):
    """Reads the templates when it is pressed, then opens their menu."""

    chosen = Signal(object)
    editor_asked = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.theme, "", icon="checklist", kind="flat", name="template_button")
        self._bench = bench
        self.set_text(self.tr("Template"))
        self.setToolTip(self.tr("Begin with one of your templates"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda: bench.tasks.start(self._offer()))

    async def _offer(self) -> None:
        found = await templates.all_templates(self._bench.context)
        self.open_menu([each for each in found if not each.header])

    def open_menu(self, offered: Sequence[Template]) -> QMenu:
        """The menu with these templates and the way to change them."""
        menu = QMenu(self)
        menu.setObjectName("template_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for template in offered:
            entry = menu.addAction(shown_name(template.name))
            entry.triggered.connect(lambda _checked=False, one=template: self.chosen.emit(one))
        menu.addSeparator()
        menu.addAction(self.tr("Change templates and headers…")).triggered.connect(
            lambda _checked=False: self.editor_asked.emit()
        )
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        return menu


class TemplateLine(QWidget):
    """`Filled in: {agent}, {team}`, with the way out of it."""

    left = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._text = ElidedLabel()
        self._text.setProperty("role", "secondary")
        self._plain = Button(bench.theme, self.tr("Take it as it stands"), kind="link")
        self._plain.setToolTip(self.tr("Words in braces are sent as they are written"))
        self._plain.clicked.connect(self.left.emit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._plain)
        self.hide()

    def show_fields(self, fields: Sequence[str]) -> None:
        """Says what is filled in for each receiver."""
        words = ", ".join(f"{{{field}}}" for field in fields)
        self._text.set_full(self.tr("Filled in: {0}").format(words))
        self.show()


def shown_name(name: str) -> str:
    """`Status request` for status-request."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def tag_of(name: str) -> str:
    """The tag that a template brings along; empty for none."""
    return TAGS.get(name, "")
