"""Arrangements of screens: which one is in use, what it is called, and which others are known."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.commands import layouts, targets
from panel.core.clock import now
from panel.core.errors import CommandError, PanelError
from panel.core.layouts import LONGEST_NAME, Arranged, NamedLayout, described
from panel.ui.calibrate.windows import fit_to_screen
from panel.ui.controls import Button, counted, label
from panel.ui.services import Workbench
from panel.ui.theme import Theme
from panel.ui.times import age


def arranged_sentence(done: Arranged) -> str:
    """What a change of screens did, for the status bar."""
    if done.is_new:
        text = _tr("New screens: “{0}”.").format(done.layout.name)
    else:
        text = _tr("Screens changed: “{0}” is in use.").format(done.layout.name)
    if done.restored:
        text += " " + counted(
            done.restored, _tr("{0} target of its own is back."), _tr("{0} targets are back.")
        )
    if done.carried:
        text += " " + counted(
            done.carried,
            _tr("{0} target goes along with its window."),
            _tr("{0} targets go along with their windows."),
        )
    return text


class LayoutRow(QFrame):
    """One arrangement: its name to change, its screens, and the button that forgets it."""

    rename_asked = Signal(str)
    remove_asked = Signal()

    def __init__(self, theme: Theme, layout: NamedLayout, count: int) -> None:
        super().__init__()
        self.layout_id = layout.layout_id
        self.setProperty("card", "true")
        self.setAccessibleName(layout.name)
        self.name_field = QLineEdit(layout.name)
        self.name_field.setMaxLength(LONGEST_NAME)
        self.name_field.setAccessibleName(self.tr("Name of “{0}”").format(layout.name))
        self.rename_button = Button(theme, self.tr("Rename"), on_click=self._on_rename)
        self.rename_button.setAccessibleName(self.tr("Rename “{0}”").format(layout.name))
        self.rename_button.setEnabled(False)
        self.remove_button = Button(theme, self.tr("Forget"), on_click=self.remove_asked.emit)
        self.remove_button.setAccessibleName(self.tr("Forget “{0}”").format(layout.name))
        self.remove_button.setVisible(not layout.in_use)
        self.problem = label("", theme, role="error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        known = self.tr("In use now") if layout.in_use else self.tr("Last used {0}")
        facts = [
            known.format(age(layout.last_seen_at, now())),
            counted(count, self.tr("{0} target"), self.tr("{0} targets")),
            described(layout.screens),
        ]
        about = label(" · ".join(facts), theme, role="secondary")
        about.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name_field, 1)
        line.addWidget(self.rename_button)
        line.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.problem)
        column.addWidget(about)
        self._was = layout.name
        self.name_field.textChanged.connect(self._on_name_changed)
        self.name_field.returnPressed.connect(self._on_rename)

    def say_problem(self, text: str) -> None:
        """Why the name cannot be."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _on_name_changed(self, text: str) -> None:
        self.say_problem("")
        self.rename_button.setEnabled(bool(text.strip()) and text.strip() != self._was)

    def _on_rename(self) -> None:
        if self.rename_button.isEnabled():
            self.rename_asked.emit(self.name_field.text())


class LayoutsDialog(QDialog):
    """All arrangements, the one in use first. Not modal."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.setObjectName("layouts_dialog")
        self.setWindowTitle(self.tr("Screen layouts"))
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit_to_screen(self, 620, 420)
        head = label(self.tr("Screen layouts"), bench.theme, step=2, bold=True)
        text = label(
            self.tr(
                "Each arrangement of screens keeps targets of its own. What is plugged in decides "
                "which one is in use."
            ),
            bench.theme,
            role="secondary",
        )
        text.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        inner = QWidget()
        inner.setLayout(self._rows)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        foot = QFrame()
        foot.setObjectName("foot")
        ending = QHBoxLayout(foot)
        ending.setContentsMargins(20, 12, 20, 12)
        ending.addStretch(1)
        ending.addWidget(Button(bench.theme, self.tr("Close"), on_click=self.close))
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(8)
        body.addWidget(head)
        body.addWidget(text)
        body.addWidget(scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(foot)
        self._closed = False
        self.finished.connect(self._on_finished)
        bench.tasks.start(self._read())

    def rows(self) -> list[LayoutRow]:
        """The arrangements, the one in use first."""
        items = (self._rows.itemAt(number) for number in range(self._rows.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, LayoutRow)]

    async def _read(self) -> None:
        known = await layouts.every(self._bench.context)
        in_use = len(await targets.of(self._bench.context))
        if not self._closed:
            self._show(known, in_use)

    def _show(self, known: Sequence[NamedLayout], in_use: int) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for layout in known:
            row = LayoutRow(self._bench.theme, layout, in_use if layout.in_use else layout.kept)
            row.rename_asked.connect(partial(self._on_rename_asked, row))
            row.remove_asked.connect(partial(self._on_remove_asked, row))
            self._rows.addWidget(row)
        self._rows.addStretch(1)

    def _on_rename_asked(self, row: LayoutRow, name: str) -> None:
        self._start(row, layouts.rename(self._bench.context, row.layout_id, name))

    def _on_remove_asked(self, row: LayoutRow) -> None:
        self._start(row, layouts.remove(self._bench.context, row.layout_id))

    def _start(self, row: LayoutRow, work: Coroutine[Any, Any, object]) -> None:
        async def run() -> None:
            await work
            await self._read()

        def on_failed(error: PanelError) -> None:
            text = error.message if isinstance(error, CommandError) else str(error)
            if not self._closed:
                row.say_problem(self.tr("The name {0}.").format(text))

        self._bench.tasks.start(run(), on_failed)

    def _on_finished(self) -> None:
        self._closed = True


def _tr(text: str) -> str:
    return QCoreApplication.translate("layouts", text)
