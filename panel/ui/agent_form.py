"""The form for a new agent and for changing one. Errors stand below their fields."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from panel.commands import agents
from panel.core.agent import DEFAULT_CAPTAIN, DEFAULT_SPECIALIZATION, DEFAULT_TEAM, Agent
from panel.core.errors import CommandError, PanelError
from panel.ui.controls import Button, Field, label
from panel.ui.models.column import Row
from panel.ui.services import Said, Workbench


class AgentForm(QDialog):
    """Adds an agent, or changes the one whose row it was given."""

    def __init__(self, bench: Workbench, parent: QWidget, row: Row | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._row = row
        title = self.tr("Add agent") if row is None else self.tr("Edit {0}").format(row["agent_id"])
        self.setObjectName("agent_dialog")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.resize(440, 0)
        self._fields: dict[str, Field] = {}
        self._active = QCheckBox(self.tr("Active: messages may be written to it"))
        self._active.setObjectName("active_field")
        self._active.setChecked(row is None or bool(row.get("active", True)))
        self._fallback = QCheckBox(self.tr("What cannot be typed goes to its inbox folder"))
        self._fallback.setObjectName("inbox_fallback_field")
        self._fallback.setToolTip(
            self.tr("Instead of failing when its window stays blocked; the agent has to look there")
        )
        self._fallback.setChecked(row is not None and bool(row.get("inbox_fallback")))
        self._problem = label("", bench.theme, role="error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_body())
        column.addStretch(1)
        column.addWidget(self._make_foot())
        # Only now: shown before it lies in the form it would be a window for a moment.
        self._fields["current_focus"].setVisible(row is not None)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Return", "Enter"):
            QShortcut(QKeySequence(keys), self, self.save_button.click)
        first = self._control("agent_id" if row is None else "current_focus")
        first.setFocus()

    def _make_body(self) -> QVBoxLayout:
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(12)
        for name, title, default, hint in (
            ("agent_id", self.tr("Name"), "", self.tr("What the others call it, such as Agent-9")),
            ("team", self.tr("Team"), DEFAULT_TEAM, ""),
            ("specialization", self.tr("Specialization"), DEFAULT_SPECIALIZATION, ""),
            ("captain", self.tr("Captain"), DEFAULT_CAPTAIN, ""),
            ("current_focus", self.tr("Focus"), "", ""),
            ("description", self.tr("Note"), "", ""),
        ):
            control = QLineEdit()
            control.setObjectName(f"{name}_field")
            control.setText(str((self._row or {}).get(name) or "") if self._row else default)
            self._fields[name] = Field(self._bench.theme, title, control, hint=hint)
        if self._row is not None:
            self._control("agent_id").setEnabled(False)
        body.addWidget(self._fields["agent_id"])
        pair = QHBoxLayout()
        pair.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        pair.addWidget(self._fields["team"], 1, top)
        pair.addWidget(self._fields["specialization"], 1, top)
        body.addLayout(pair)
        body.addWidget(self._fields["captain"])
        body.addWidget(self._fields["current_focus"])
        body.addWidget(self._fields["description"])
        body.addWidget(self._active)
        body.addWidget(self._fallback)
        body.addWidget(self._problem)
        return body

    def _make_foot(self) -> QFrame:
        theme = self._bench.theme
        foot = QFrame()
        foot.setObjectName("foot")
        word = self.tr("Add agent") if self._row is None else self.tr("Save")
        self.save_button = Button(
            theme, word, kind="primary", name="save_button", on_click=self._on_save_clicked
        )
        cancel = Button(theme, self.tr("Cancel"), on_click=self.close)
        layout = QHBoxLayout(foot)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(cancel)
        layout.addWidget(self.save_button)
        return foot

    def _control(self, name: str) -> QLineEdit:
        control = self._fields[name].control
        assert isinstance(control, QLineEdit)
        return control

    def _text(self, name: str) -> str:
        return self._control(name).text().strip()

    def _on_save_clicked(self) -> None:
        if not self.save_button.isEnabled():
            return
        self._problem.hide()
        for field in self._fields.values():
            field.set_error("")
        self.save_button.setEnabled(False)
        self._bench.tasks.start(self._save(), self._on_save_failed)

    async def _save(self) -> None:
        name = self._text("agent_id")
        if self._row is None:
            agent = Agent(
                name,
                team=self._text("team"),
                specialization=self._text("specialization"),
                captain=self._text("captain"),
                description=self._text("description"),
                active=self._active.isChecked(),
                inbox_fallback=self._fallback.isChecked(),
            )
            await agents.add(self._bench.context, agent)
            text = self.tr("{0} added. Calibrate its window next.").format(name)
        else:
            await agents.change(self._bench.context, name, **self._changed(self._row))
            text = self.tr("{0} saved.").format(name)
        self._bench.say(Said(text))
        self.close()

    def _changed(self, row: Row) -> dict[str, object]:
        names = ("team", "specialization", "captain", "description")
        changed: dict[str, object] = {
            name: self._text(name) for name in names if self._text(name) != str(row.get(name) or "")
        }
        if self._text("current_focus") != str(row.get("current_focus") or ""):
            changed["current_focus"] = self._text("current_focus") or None
        if self._active.isChecked() != bool(row.get("active", True)):
            changed["active"] = self._active.isChecked()
        if self._fallback.isChecked() != bool(row.get("inbox_fallback")):
            changed["inbox_fallback"] = self._fallback.isChecked()
        return changed

    def _on_save_failed(self, error: PanelError) -> None:
        self.save_button.setEnabled(True)
        names = {"agent": "agent_id", "name": "agent_id"}
        if isinstance(error, CommandError):
            field = self._fields.get(names.get(error.field, error.field))
            if field is not None:
                field.set_error(error.message[:1].upper() + error.message[1:] + ".")
                field.control.setFocus()
                return
        self._problem.setText(str(error))
        self._problem.show()
