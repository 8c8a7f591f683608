"""The targets page: where each agent is written to, how it looked, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from panel.core.clock import now
from panel.core.target import Target
from panel.ui.actions import Actions
from panel.ui.chips import ChipLabel
from panel.ui.controls import Button, label
from panel.ui.models.agents import target_of
from panel.ui.models.column import Row
from panel.ui.models.targets import read_targets
from panel.ui.services import Workbench
from panel.ui.times import age, exact
from panel.ui.words import kind_word, target_chip

_PICTURE = (132, 44)


class AgentTargets(QScrollArea):
    """One line an agent; agents without a target stand there too, with the button that mends it."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._actions = actions
        self._shown: object = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Targets"))
        check = Button(
            bench.theme, self.tr("Check all"), icon="refresh", on_click=lambda: actions.check([])
        )
        hint = label(
            self.tr("A check looks at each window and clicks nothing."),
            bench.theme,
            role="secondary",
        )
        self._card = QFrame()
        self._card.setProperty("card", "true")
        self._grid = QGridLayout(self._card)
        self._grid.setContentsMargins(14, 8, 14, 8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(4, 1)
        inner = QWidget()
        head = QHBoxLayout()
        head.addWidget(check)
        head.addWidget(hint)
        head.addStretch(1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._card)
        column.addStretch(1)
        self.setWidget(inner)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Reads the targets and shows them beside these agents."""
        self._bench.tasks.start(self._read(list(rows)))

    async def _read(self, rows: list[Row]) -> None:
        targets = await self._bench.reading.read(read_targets)
        shown = (
            [
                tuple(row.get(n) for n in ("agent_id", "target_status", "target_verdict"))
                for row in rows
            ],
            targets,
        )
        if shown == self._shown:
            return
        self._shown = shown
        self._rebuild(rows, targets)

    def _rebuild(self, rows: list[Row], targets: list[Target]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        titles = (
            self.tr("Agent"),
            self.tr("Box"),
            self.tr("Landmark"),
            self.tr("Verdict"),
            "",
            self.tr("Last success"),
            self.tr("Fix"),
        )
        for column, title in enumerate(titles):
            self._grid.addWidget(label(title, self._bench.theme, role="section"), 0, column)
        line = 1
        for row in rows:
            own = [target for target in targets if target.agent_id == row["agent_id"]]
            lines: list[Target | None] = [*own] or [None]
            for target in lines:
                self._add_line(line, row, target)
                line += 1

    def _add_line(self, line: int, row: Row, target: Target | None) -> None:
        theme, agent = self._bench.theme, str(row["agent_id"])
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(label(agent, theme, bold=True), line, 0, middle)
        self._grid.setRowMinimumHeight(line, 46)
        kind = kind_word(target.kind) if target else self.tr("Chat box")
        self._grid.addWidget(label(kind, theme, role="secondary"), line, 1, middle)
        self._grid.addWidget(_thumbnail(target), line, 2, middle)
        chat = target is None or target.kind.value == "chat"
        chip = target_of(row) if chat else target_chip(target.status if target else "none", "")
        self._grid.addWidget(ChipLabel(theme, chip), line, 3, middle)
        verdict = label(self._verdict(row, target, chat), theme, role="secondary")
        verdict.setWordWrap(True)
        self._grid.addWidget(verdict, line, 4, middle)
        success = label(
            age(target.last_success_at, now()) if target else "", theme, role="secondary"
        )
        success.setToolTip(exact(target.last_success_at) if target else "")
        self._grid.addWidget(success, line, 5, middle)
        fix = Button(
            theme,
            self.tr("Calibrate"),
            icon="target",
            kind="plain",
            on_click=lambda: self._actions.calibrate([agent]),
        )
        fix.setAccessibleName(self.tr("Calibrate {0}").format(agent))
        self._grid.addWidget(fix, line, 6, middle)

    def _verdict(self, row: Row, target: Target | None, chat: bool) -> str:
        if target is None:
            return self.tr("Not calibrated. Nothing can be sent yet.")
        said = str(row.get("target_verdict") or "")
        if chat and said not in ("", "ready", "covered"):
            return said
        return target.window.title if target.window else ""


def _thumbnail(target: Target | None) -> QLabel:
    made = QLabel()
    pixmap = QPixmap()
    if target is not None and target.anchor is not None:
        pixmap.loadFromData(target.anchor.png)
    if not pixmap.isNull():
        made.setPixmap(
            pixmap.scaled(
                *_PICTURE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
    made.setMinimumWidth(_PICTURE[0])
    return made
