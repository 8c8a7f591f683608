"""The pane of one agent: its state, its target, what waits for it, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from panel.core.target import Target
from panel.ui.actions import Actions
from panel.ui.controls import Button, counted
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.models.agents import reported, state_of, target_of, target_ready
from panel.ui.models.column import Row
from panel.ui.models.targets import read_target
from panel.ui.services import Workbench
from panel.ui.times import exact, moment
from panel.ui.words import kind_word


class AgentDetail(DetailPane):
    """Now, Target, Numbers; the landmark's picture beside the target."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(
            bench.theme, "agents", self.tr("Choose an agent to see its target and work.")
        )
        self._bench = bench
        self._actions = actions
        self._now = Facts(bench.theme)
        self._target = Facts(bench.theme)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._picture.setAccessibleName(self.tr("Picture of the landmark"))
        self._picture.hide()
        self._numbers = Facts(bench.theme)
        self.body.addWidget(Section(bench.theme, self.tr("Now"), self._now))
        self.body.addWidget(Section(bench.theme, self.tr("Target"), self._target))
        self.body.addWidget(self._picture)
        self.body.addWidget(Section(bench.theme, self.tr("Record"), self._numbers))
        self._offered: tuple[object, ...] = ()

    def fill(self, row: Row) -> None:
        agent = str(row["agent_id"])
        about = " · ".join(
            str(row.get(name) or "") for name in ("team", "specialization") if row.get(name)
        )
        self.set_head(agent, about, [state_of(row), target_of(row, alone=True)])
        offered = (agent, row.get("paused"), target_ready(row))
        if offered != self._offered:
            self._offered = offered
            self.set_buttons(self._make_buttons(row))
        self._now.show_facts(
            [
                (self.tr("Focus"), str(row.get("current_focus") or "")),
                (self.tr("Report"), reported(row)),
                (self.tr("Waiting"), self._waiting(row)),
                (self.tr("About"), str(row.get("description") or "")),
            ]
        )
        self._numbers.show_facts(
            [
                (self.tr("Captain"), str(row.get("captain") or "")),
                (self.tr("Cycles"), str(row.get("cycle_count") or "")),
                (self.tr("Tasks done"), str(row.get("tasks_completed") or "")),
                (self.tr("V2 score"), _rounded(row.get("v2_compliance"))),
                (self.tr("Coordination"), _rounded(row.get("coordination_efficiency"))),
            ]
        )
        self._bench.tasks.start(self._show_target(agent, row))

    def _waiting(self, row: Row) -> str:
        value = row.get("waiting")
        text = ""
        if isinstance(value, int) and value:
            text = counted(value, self.tr("{0} message"), self.tr("{0} messages"))
        if row.get("paused"):
            text = (text + " " if text else "") + self.tr("(held back by you)")
        return text

    def _make_buttons(self, row: Row) -> list[Button]:
        theme, actions, agent = self._bench.theme, self._actions, str(row["agent_id"])
        paused = bool(row.get("paused"))
        buttons = [
            Button(
                theme,
                self.tr("Message"),
                icon="message",
                kind="primary" if target_ready(row) else "plain",
                on_click=lambda: actions.compose([agent]),
            ),
            Button(
                theme,
                self.tr("Calibrate…"),
                icon="target",
                kind="plain" if target_ready(row) else "primary",
                on_click=lambda: actions.calibrate([agent]),
            ),
            Button(
                theme,
                self.tr("Resume") if paused else self.tr("Hold"),
                icon="play" if paused else "pause",
                on_click=lambda: actions.hold([agent], not paused),
            ),
            Button(
                theme, self.tr("Edit…"), icon="edit", on_click=lambda: actions.edit_agent(agent)
            ),
        ]
        if target_ready(row):
            buttons.insert(
                1,
                Button(
                    theme,
                    self.tr("Go to window"),
                    icon="window",
                    on_click=lambda: actions.goto(agent),
                ),
            )
        return buttons

    async def _show_target(self, agent: str, row: Row) -> None:
        target = await self._bench.reading.read(lambda c: read_target(c, agent))
        if self.row is None or self.row["agent_id"] != agent:
            return
        self._target.show_facts(self._target_facts(target, row))
        pixmap = QPixmap()
        if target is not None and target.anchor is not None:
            pixmap.loadFromData(target.anchor.png)
        if not pixmap.isNull() and pixmap.width() > 320:
            pixmap = pixmap.scaledToWidth(320, Qt.TransformationMode.SmoothTransformation)
        self._picture.setPixmap(pixmap)
        self._picture.setVisible(not pixmap.isNull())

    def _target_facts(self, target: Target | None, row: Row) -> list[tuple[str, str]]:
        if target is None:
            return [(self.tr("Chat box"), self.tr("Not calibrated. Nothing can be sent yet."))]
        window = target.window.title if target.window else ""
        proof = {
            "composer": self.tr("Sent when the box empties"),
            "terminal": self.tr("Sent when the screen changes"),
        }
        policy = {
            "strict": self.tr("hold"),
            "warn": self.tr("send and warn"),
            "off": self.tr("ignore"),
        }
        return [
            (kind_word(target.kind), f"{target.point.x}, {target.point.y}"),
            (self.tr("Window"), window),
            (self.tr("Last look"), str(row.get("target_verdict") or target_of(row).word)),
            (self.tr("Proof"), proof[target.proof.value]),
            (self.tr("If landmark differs"), policy[target.policy.value]),
            (self.tr("Keys"), f"{target.paste_key}, {target.submit_key}"),
            (self.tr("Calibrated"), exact(target.calibrated_at)),
            (self.tr("Last delivery"), exact(moment(row.get("last_success_at")))),
        ]


def _rounded(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, (int, float)) and value else ""
