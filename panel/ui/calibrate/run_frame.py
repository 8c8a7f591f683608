"""The frame of a calibration run: the checklist at the left, one page at a time, the buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from panel.core.target import TargetKind
from panel.ui.calibrate.plan import RunPlan, Stand, Stop
from panel.ui.calibrate.run_pages import SamePage, VerdictPage, WindowPage
from panel.ui.controls import Button, Field, label
from panel.ui.empty import EmptyState
from panel.ui.theme import Theme
from panel.ui.words import kind_word

_LIST_WIDTH = 188
_STANDS = {
    Stand.OPEN: ("dash", "secondary"),
    Stand.READY: ("tick", "green"),
    Stand.NOT_READY: ("triangle", "amber"),
    Stand.SKIPPED: ("slash", "secondary"),
}


class RunFrame(QDialog):
    """Shows a plan and the page of the step; knows nothing of how a step is done."""

    stop_chosen = Signal(int)
    kind_chosen = Signal(TargetKind)

    def __init__(self, theme: Theme, plan: RunPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.plan = plan
        self.closed = self.busy = False
        title = self.tr("Calibrate")
        self.setObjectName("calibrate_run")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(False)
        self.checklist = QListWidget()
        self.checklist.setObjectName("calibrate_checklist")
        self.checklist.setAccessibleName(self.tr("Agents"))
        self.checklist.setIconSize(QSize(16, 16))
        self.checklist.itemActivated.connect(
            lambda item: self.stop_chosen.emit(self.checklist.row(item))
        )
        self.checklist.itemClicked.connect(
            lambda item: self.stop_chosen.emit(self.checklist.row(item))
        )
        self.kinds = QComboBox()
        self.kinds.setObjectName("calibrate_kind_field")
        for kind in TargetKind:
            self.kinds.addItem(kind_word(kind), kind)
        self.kinds.activated.connect(
            lambda number: self.kind_chosen.emit(TargetKind(self.kinds.itemData(number)))
        )
        self.headline = label("", theme, step=2, bold=True)
        self.headline.setWordWrap(True)
        self.text = label("", theme, role="secondary")
        self.text.setWordWrap(True)
        self.problem = label("", theme, role="error")
        self.problem.setWordWrap(True)
        self.windows = WindowPage(theme)
        self.verdict = VerdictPage(theme)
        self.same = SamePage(theme)
        self.end = EmptyState(theme, "tick-hollow", self.tr("All done."))
        self._pages = QStackedWidget()
        for page in (self.windows, self.verdict, self.same, self.end):
            self._pages.addWidget(page)
        self._lay_out(theme)
        theme.changed.connect(self.show_plan)
        self.finished.connect(self._on_finished)
        self.problem.hide()

    def _lay_out(self, theme: Theme) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(12, 16, 0, 12)
        left.setSpacing(8)
        left.addWidget(self.checklist, 1)
        self._kind_field = Field(theme, self.tr("Which box"), self.kinds)
        left.addWidget(self._kind_field)
        right = QVBoxLayout()
        right.setContentsMargins(16, 16, 20, 12)
        right.setSpacing(8)
        right.addWidget(self.headline)
        right.addWidget(self.text)
        right.addWidget(self.problem)
        right.addWidget(self._pages, 1)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(_LIST_WIDTH)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(side)
        both.addLayout(right, 1)
        foot = QFrame()
        foot.setObjectName("foot")
        self.keys = label("", theme, role="secondary")
        self.back_button = Button(theme, self.tr("Back"))
        self.skip_button = Button(theme, self.tr("Skip"))
        self.primary_button = Button(
            theme, self.tr("Save and next"), kind="primary", name="save_and_next"
        )
        self.primary_button.setAutoDefault(True)
        self.primary_button.setDefault(True)
        ends = QHBoxLayout(foot)
        ends.setContentsMargins(20, 12, 20, 12)
        ends.setSpacing(8)
        ends.addWidget(self.keys)
        ends.addStretch(1)
        for button in (self.back_button, self.skip_button, self.primary_button):
            ends.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(both, 1)
        column.addWidget(foot)

    # pages -----------------------------------------------------------------------------

    @property
    def page(self) -> QWidget:
        """windows, verdict, same or end."""
        return self._pages.currentWidget() or self.end

    def show_windows(self, stop: Stop) -> None:
        """The step that chooses the window."""
        number, count = self.plan.position + 1, len(self.plan.stops)
        box = kind_word(stop.kind).lower()
        self.headline.setText(
            self.tr("{0}, {1}, {2} of {3}").format(stop.agent_id, box, number, count)
        )
        self.say_step(
            self.tr("Which window is it? It is brought to the front, then you point at the box.")
        )
        self._turn_to(self.windows, self.tr("Arrow keys choose, Enter takes, Esc closes"))
        self.back_button.setVisible(self.plan.position > 0)
        self.skip_button.set_text(self.tr("Skip"))
        self.skip_button.show()
        self.primary_button.hide()

    def show_verdict(self, stop: Stop) -> None:
        """The step that shows what was calibrated."""
        ready = stop.stand is Stand.READY
        self.headline.setText(
            self.tr("{0} is calibrated.").format(stop.agent_id)
            if ready
            else self.tr("{0} cannot be used like this.").format(stop.agent_id)
        )
        self.say_step(self.tr("This is what is compared before anything is typed."))
        self._turn_to(self.verdict, self.tr("Enter saves, Esc closes"))
        self.back_button.hide()
        self.skip_button.set_text(self.tr("Skip, do not save"))
        self.skip_button.show()
        last = not self.plan.left
        self.primary_button.set_text(self.tr("Save") if last else self.tr("Save and next"))
        self.primary_button.show()

    def show_same(self, title: str) -> None:
        """The step that asks whether a place fits another window."""
        self.headline.setText(self.tr("Is the box at the mark, and is it empty?"))
        self.say_step(self.tr("“{0}”. With Yes it is clicked once.").format(title))
        self._turn_to(self.same, self.tr("Enter: yes, Esc closes"))
        self.back_button.hide()
        self.skip_button.set_text(self.tr("No, not here"))
        self.skip_button.show()
        self.primary_button.set_text(self.tr("Yes, use it"))
        self.primary_button.show()

    def show_done(self) -> None:
        """The end, and what was left out."""
        stops = self.plan.stops
        left = [stop.agent_id for stop in stops if not stop.done]
        self.headline.setText(self.tr("{0} of {1} calibrated").format(self.plan.done, len(stops)))
        self.say_step("")
        self.end.title.setText(
            self.tr("Left out: {0}").format(", ".join(left)) if left else self.tr("All done.")
        )
        self._turn_to(self.end, self.tr("Enter closes"))
        self.back_button.hide()
        self.skip_button.hide()
        self.primary_button.set_text(self.tr("Close"))
        self.primary_button.show()
        self.primary_button.setFocus()

    def _turn_to(self, page: QWidget, keys: str) -> None:
        self._pages.setCurrentWidget(page)
        self._kind_field.setVisible(page is self.windows)
        self.keys.setText(keys)
        self.show_plan()

    def focus_page(self) -> None:
        """Puts the focus where the person goes on."""
        if self.page is self.windows:
            self.windows.focus_first()
        elif self.primary_button.isVisible():
            self.primary_button.setFocus()

    def show_plan(self) -> None:
        """The checklist as it stands."""
        words = {
            Stand.OPEN: self.tr("open"),
            Stand.READY: self.tr("calibrated"),
            Stand.NOT_READY: self.tr("not ready"),
            Stand.SKIPPED: self.tr("skipped"),
        }
        while self.checklist.count() < len(self.plan.stops):
            self.checklist.addItem(QListWidgetItem())
        for number, stop in enumerate(self.plan.stops):
            item = self.checklist.item(number)
            icon, colour = _STANDS[stop.stand]
            item.setText(stop.agent_id)
            item.setIcon(self._theme.icon(icon, colour))
            item.setToolTip(words[stop.stand])
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{stop.agent_id}, {words[stop.stand]}"
            )
        self.checklist.setCurrentRow(min(self.plan.position, len(self.plan.stops) - 1))

    # what is said ------------------------------------------------------------------------

    def say_step(self, text: str) -> None:
        """What to do now."""
        self.text.setText(text)
        self.text.setVisible(bool(text))

    def say_problem(self, text: str) -> None:
        """What went wrong; an empty text takes it back."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """While a step runs nothing else can be started."""
        self.busy = busy
        for part in (self.back_button, self.skip_button, self.primary_button, self.kinds):
            part.setEnabled(not busy)
        self._pages.setEnabled(not busy)

    def in_front(self) -> None:
        """Back over the window that was raised."""
        if not self.closed:
            self.raise_()
            self.activateWindow()

    def _on_finished(self) -> None:
        self.closed = True
        self.deleteLater()
