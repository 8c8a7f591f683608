"""A short help: how an agent answers, with the text for its instructions."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from panel.core.resources import resource
from panel.ui.controls import Button, Field, TextArea, label
from panel.ui.models.answers import agents_command
from panel.ui.services import Said, Workbench

_SIZE = (620, 440)


def instructions(agent: str, command: str = "captain-panel") -> str:
    """The text for the instructions of an agent of that name, which calls the panel so."""
    text = resource("resources", "agents", "instructions.txt").read_text(encoding="utf-8")
    values = {"{agent}": agent, "{name}": shlex.quote(agent), "{command}": command}
    for field, value in values.items():
        text = text.replace(field, value)
    return text


class HowAgentsAnswer(QDialog):
    """Not modal. `agents` are the names that can be chosen."""

    def __init__(self, bench: Workbench, parent: QWidget, agents: Sequence[str]) -> None:
        super().__init__(parent)
        self._bench = bench
        theme = bench.theme
        self.setObjectName("how_agents_answer")
        self.setWindowTitle(self.tr("How agents answer"))
        self.setAccessibleName(self.tr("How agents answer"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        told = label(
            self.tr(
                "Each message ends with its id and the command to answer it. An agent that can run"
                " commands answers with that; one that can only write files puts them into its"
                " outbox folder. Put this into the instructions of each agent:"
            ),
            theme,
        )
        told.setWordWrap(True)
        self.agent_field = QComboBox()
        self.agent_field.setObjectName("agent_field")
        self.agent_field.addItems(list(agents) or ["Agent-1"])
        self.agent_field.currentTextChanged.connect(self._on_agent_changed)
        self.text = TextArea("instructions")
        self.text.setReadOnly(True)
        self.text.setProperty("flat", "true")
        self.text.setAccessibleName(self.tr("Text for the agent's instructions"))
        self.copy_button = Button(
            theme, self.tr("Copy"), icon="copy", kind="primary", on_click=self._on_copy_clicked
        )
        close = Button(theme, self.tr("Close"), on_click=self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(told)
        column.addWidget(Field(theme, self.tr("Agent"), self.agent_field))
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self._on_agent_changed()

    def _on_agent_changed(self) -> None:
        command = agents_command(self._bench.context.location)
        self.text.setPlainText(instructions(self.agent_field.currentText(), command))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        agent = self.agent_field.currentText()
        self._bench.say(Said(self.tr("Copied the instructions for {0}.").format(agent)))
