"""The strip above the tabs: sending or paused, stop all, what waits, the systems' state."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from panel.commands.health import Look
from panel.core.agent import AgentStatus
from panel.core.clock import now
from panel.core.health import RAISE_AT, SystemStatus
from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.controls import Button, ElidedLabel, counted, restyle
from panel.ui.models.overview import Overview
from panel.ui.services import DispatcherView
from panel.ui.theme import STRIP_HEIGHT, Theme
from panel.ui.times import moment
from panel.ui.turn import Turn
from panel.ui.words import is_stuck

_NARROW, _WIDE = 1180, 1340


class SystemsStrip(QFrame):
    """Counts lead to their lists through the `…_asked` signals."""

    queued_asked = Signal()
    held_asked = Signal()
    needs_asked = Signal()
    agents_asked = Signal()

    def __init__(self, theme: Theme, actions: Actions, menu: QMenu) -> None:
        super().__init__()
        self._actions = actions
        self._paused = False
        self._dispatcher = DispatcherView(running=False, text="")
        self._look: Look | None = None
        self.setObjectName("systems_strip")
        self.setAccessibleName(self.tr("Systems"))
        self.setFixedHeight(STRIP_HEIGHT)
        self.pause_button = Button(
            theme, self.tr("Sending"), icon="play", kind="sending", name="pause_button"
        )
        self.pause_button.setMinimumWidth(92)
        self.pause_button.clicked.connect(lambda: actions.pause_all(not self._paused))
        self.stop_button = Button(
            theme,
            self.tr("Stop all"),
            icon="stop",
            kind="danger",
            name="stop_all_button",
            on_click=actions.stop_all,
        )
        self._stop_key = QShortcut(QKeySequence(), self, actions.stop_all)
        self.show_stop_key(actions.stop_key, everywhere=False)
        count = {"kind": "count"}
        self.queued = Button(theme, icon="clock", on_click=self.queued_asked.emit, **count)
        self.held = Button(theme, icon="pause", on_click=self.held_asked.emit, **count)
        self.needs = Button(
            theme,
            icon="bell",
            on_click=self.needs_asked.emit,
            tip=self.tr("What waits for you (F8: next)"),
            **count,
        )
        self.agents = Button(theme, icon="agents", on_click=self.agents_asked.emit, **count)
        self.worst = ElidedLabel()
        self.worst.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.worst.setProperty("role", "secondary")
        self.new_button = Button(
            theme,
            self.tr("New message"),
            icon="edit",
            tip=self.tr("Write a message (Ctrl+N)"),
            on_click=actions.compose,
        )
        self.menu_button = Button(theme, icon="menu", kind="flat", tip=self.tr("Menu"))
        self.menu_button.clicked.connect(
            lambda: menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        )
        self.turn = Turn(theme, actions)
        self.turn.shown.connect(lambda _shown: self._fit())
        self._lay_out()
        self.show_overview(Overview())

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self.pause_button)
        layout.addWidget(self.stop_button)
        layout.addSpacing(12)
        for button in (self.queued, self.held, self.needs, self.agents):
            layout.addWidget(button)
        layout.addWidget(self.turn, 1)
        layout.addSpacing(4)
        layout.addWidget(self.worst, 1)
        layout.addWidget(self.new_button)
        layout.addWidget(self.menu_button)

    def show_overview(self, overview: Overview) -> None:
        """Puts the counts and the pause into words."""
        self._paused = overview.paused
        self.pause_button.set_text(self.tr("Paused") if overview.paused else self.tr("Sending"))
        self.pause_button.set_icon("pause" if overview.paused else "play")
        self.pause_button.set_kind("paused" if overview.paused else "sending")
        self.pause_button.setToolTip(
            self.tr("Nothing is sent. Click to send.")
            if overview.paused
            else self.tr("Messages go out as they come. Click to pause.")
        )
        queued = overview.count(DeliveryStatus.PENDING, DeliveryStatus.SENDING)
        self.queued.set_text(self.tr("Queued {0}").format(f"{queued:,}"))
        self.held.set_text(
            self.tr("On hold {0}").format(f"{overview.count(DeliveryStatus.HELD):,}")
        )
        needs = len(overview.needs)
        self.needs.set_text(
            self.tr("Needs you {0}").format(f"{needs:,}") if needs else self.tr("Needs you 0")
        )
        self.needs.set_kind("alert" if needs else "count")
        self.agents.set_text(_agents_in_words(self, overview))

    def show_dispatcher(self, view: DispatcherView) -> None:
        """Who sends, and whose turn it is."""
        self._dispatcher = view
        self._show_worst()
        self.turn.show_standing(view.standing)

    def show_look(self, look: Look) -> None:
        """What the last look at the systems found."""
        self._look = look
        self._show_worst()

    def _show_worst(self) -> None:
        """The worst system in words; a fault of sending itself comes first."""
        text, tip = self._dispatcher.text, ""
        if self._dispatcher.healthy and self._look is not None:
            text, tip = self._systems_in_words(self._look)
        trouble = bool(tip) or not self._dispatcher.healthy
        restyle(self.worst, "role", "error" if trouble else "secondary")
        self.worst.set_full(text)
        if tip:
            self.worst.setToolTip(f"{text}\n{tip}")

    def _systems_in_words(self, look: Look) -> tuple[str, str]:
        """The sentence, and what to do about it where something is wrong."""
        told = [
            (finding.points, health.system.title, finding)
            for health in look.healths
            if health.status is not SystemStatus.MAINTENANCE
            for finding in health.findings
            if finding.way >= RAISE_AT
        ]
        if told:
            _points, title, finding = max(told, key=lambda each: each[0])
            return self.tr("{0}: {1}").format(title, finding.text), finding.measure.fix
        resting = [
            health.system.title
            for health in look.healths
            if health.status is SystemStatus.MAINTENANCE
        ]
        if resting:
            return self.tr("In maintenance: {0}").format(", ".join(resting)), ""
        return self.tr("All systems work"), ""

    def show_stop_key(self, key: str, *, everywhere: bool) -> None:
        """The key that does what Stop all does; `everywhere` when other programs' windows count."""
        self._actions.stop_key = key
        has_one = key != "none"
        # Qt calls the Super key Meta.
        self._stop_key.setKey(QKeySequence(key.replace("Super", "Meta") if has_one else ""))
        tip = self.tr("Stops what is being typed and pauses; the queue is kept")
        if has_one:
            where = self.tr("{0} in any program") if everywhere else self.tr("{0} in this window")
            tip += "\n" + where.format(key)
        self.stop_button.setToolTip(tip)

    def regions(self) -> list[QWidget]:
        """Where F6 enters the strip."""
        return [self.pause_button]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow, turn = self.width() < _NARROW, not self.turn.isHidden()
        self.new_button.set_text("" if narrow else self.tr("New message"))
        # Whose turn it is matters more for as long as it has something to say.
        self.worst.setVisible(not turn)
        self.agents.setVisible(not turn or self.width() >= _WIDE)


def _agents_in_words(strip: SystemsStrip, overview: Overview) -> str:
    present = now()
    words: Counter[str] = Counter()
    for row in overview.agents:
        if not row.get("active", True):
            continue
        if is_stuck(row.get("status"), moment(row.get("last_updated")), present):
            words["stuck"] += 1
        else:
            words[str(row.get("status"))] += 1
    total = sum(words.values())
    if not total:
        return strip.tr("No agents")
    parts = []
    for key, text in (
        (AgentStatus.ACTIVE.value, strip.tr("{0} working")),
        (AgentStatus.BLOCKED.value, strip.tr("{0} blocked")),
        ("stuck", strip.tr("{0} stuck")),
    ):
        if words[key]:
            parts.append(text.format(words[key]))
    return (
        ", ".join(parts) if parts else counted(total, strip.tr("{0} agent"), strip.tr("{0} agents"))
    )
