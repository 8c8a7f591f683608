"""The main window: strip, five tabs, drawer, status bar, and the keys for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from panel.commands.context import Context
from panel.core.changes import Changes
from panel.core.errors import CommandError, EnvironmentFault, PanelError
from panel.core.layouts import Arranged
from panel.core.message import DeliveryStatus
from panel.ui.actions import Actions
from panel.ui.agent_form import AgentForm
from panel.ui.announcing import Announcer, announced_by
from panel.ui.backlog_bar import BacklogBar
from panel.ui.calibrate.layouts import arranged_sentence
from panel.ui.calibrate.recognition import recognise
from panel.ui.calibrate.reconnect import ReconnectDialog
from panel.ui.calibrate.run import CalibrateRun
from panel.ui.compose.dialog import ComposeDialog
from panel.ui.icons import program_icon
from panel.ui.import_dialog import ImportDialog, ask_export
from panel.ui.list_page import ListPage
from panel.ui.menu import make_menu
from panel.ui.models.overview import Overview, OverviewModel
from panel.ui.models.reading import Reading
from panel.ui.needs.drawer import NeedsYouDrawer
from panel.ui.questions import ask_removal
from panel.ui.regions import go_round
from panel.ui.services import Said, WindowServices, Workbench
from panel.ui.status import ResultBar
from panel.ui.strip import SystemsStrip
from panel.ui.tabs.agents_tab import AgentsTab
from panel.ui.tabs.compliance_tab import ComplianceTab
from panel.ui.tabs.discord_tab import DiscordTab
from panel.ui.tabs.messages_tab import MessagesTab
from panel.ui.tabs.tests_tab import TestsTab
from panel.ui.tasks import Tasks
from panel.ui.theme import Mode, Theme
from panel.ui.tray import Tray

SIZE = (1280, 800)
SMALLEST = (960, 600)
_TICK_MS = 1000
_OVERVIEW_TICKS = 30


class MainWindow(QMainWindow):
    """`close_asked` is sent when the person closes it; panel.app tidies up, then calls `shut`."""

    close_asked = Signal()

    def __init__(self, context: Context, theme: Theme, services: WindowServices) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(self.tr("Captain Panel"))
        self.setAccessibleName(self.tr("Captain Panel"))
        self.setWindowIcon(program_icon())
        self._may_close = self._shown_before = False
        self._ticks = 0
        self._tasks = Tasks(self._on_task_failed)
        reading = Reading(context.store)
        self._bench = Workbench(context, theme, self._tasks, reading, services, self.say)
        self._actions = Actions(self._bench, self)
        self._overview = OverviewModel(reading, self._tasks, self)
        self._announcer = Announcer(announced_by(self), self)
        self._composing: list[ComposeDialog] = []
        self.status = ResultBar(theme, self._tasks, services.database, self)
        self.setStatusBar(self.status)
        self._make_parts()
        self.tray = Tray(theme, self._actions, self.come_forward, self)
        self._connect()
        self._make_keys()
        self._unsubscribe = context.store.subscribe(self._on_store_changed)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_tick)
        self._clock.start()
        self.setMinimumSize(*SMALLEST)
        self._fit_to_screen()
        self._overview.refresh()
        self._on_tick()
        self._tasks.start(self._recognise_windows())

    def _make_parts(self) -> None:
        theme, actions = self._bench.theme, self._actions
        menu = make_menu(self, theme, actions, self._on_theme_chosen)
        self.strip = SystemsStrip(theme, actions, menu)
        self.backlog_bar = BacklogBar(theme, actions)
        self.agents = AgentsTab(self._bench, actions)
        self.messages = MessagesTab(self._bench, actions)
        pages: tuple[tuple[ListPage, str, str], ...] = (
            (self.agents, self.tr("Agents"), "agents"),
            (self.messages, self.tr("Messages"), "message"),
            (DiscordTab(self._bench), self.tr("Discord"), "chat"),
            (ComplianceTab(self._bench, actions), self.tr("Compliance"), "compliance"),
            (TestsTab(self._bench, actions), self.tr("Tests"), "tests"),
        )
        self.pages = [page for page, _title, _icon in pages]
        self._icons = [icon for _page, _title, icon in pages]
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tabs")
        self.tabs.setAccessibleName(self.tr("Pages"))
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.setIconSize(QSize(16, 16))
        for number, (page, title, _icon) in enumerate(pages, 1):
            self.tabs.addTab(page, title)
            self.tabs.setTabToolTip(number - 1, f"{title} (Ctrl+{number})")
        self.drawer = NeedsYouDrawer(self._bench, actions)
        self.drawer.hide()
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.tabs, 1)
        middle.addWidget(self.drawer)
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.backlog_bar)
        column.addLayout(middle, 1)
        self.setCentralWidget(frame)
        self._on_theme_changed()

    def _connect(self) -> None:
        self._overview.changed.connect(self._on_overview_changed)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self._bench.theme.changed.connect(self._on_theme_changed)
        self.strip.queued_asked.connect(
            lambda: self._show_states(DeliveryStatus.PENDING, DeliveryStatus.SENDING)
        )
        self.strip.held_asked.connect(lambda: self._show_states(DeliveryStatus.HELD))
        self.strip.needs_asked.connect(self._on_needs_asked)
        self.strip.agents_asked.connect(lambda: self.tabs.setCurrentWidget(self.agents))
        self.drawer.closed.connect(lambda: self.show_drawer(False))
        self.drawer.message_asked.connect(self._on_message_asked)
        self.drawer.states_asked.connect(self._on_states_asked)
        self._actions.needs_you_wanted.connect(self._on_next_need_asked)
        self._actions.replies_wanted.connect(self._on_replies_asked)
        self.backlog_bar.agent_asked.connect(self._on_old_ones_asked)
        self._actions.compose_wanted.connect(self._on_compose_wanted)
        self._actions.edit_wanted.connect(self._on_edit_wanted)
        self._actions.agent_form_wanted.connect(self._on_agent_form_wanted)
        self._actions.import_wanted.connect(lambda: ImportDialog(self._bench, self).show())
        self._actions.export_wanted.connect(lambda: ask_export(self._bench, self))
        self._actions.run_wanted.connect(self._on_run_wanted)
        self._actions.reconnect_wanted.connect(self._on_reconnect_wanted)
        self._actions.removal_wanted.connect(
            lambda agent: ask_removal(self, agent, lambda: self._actions.remove(agent))
        )

    def _make_keys(self) -> None:
        actions = self._actions
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": actions.compose,
            "Ctrl+F": self._on_search_asked,
            "Ctrl+I": lambda: self._page().toggle_detail(),
            "Ctrl+Shift+C": self.agents.calibrate_chosen,
            "Ctrl+Q": self.close,
            "F5": lambda: self._page().refresh(),
            "F6": lambda: self._go_round(1),
            "Shift+F6": lambda: self._go_round(-1),
            "F8": self._on_next_need_asked,
        }
        for number in range(self.tabs.count()):
            keys[f"Ctrl+{number + 1}"] = partial(self.tabs.setCurrentIndex, number)
        for text, call in keys.items():
            QShortcut(QKeySequence(text), self, call)

    def _fit_to_screen(self) -> None:
        room = self.screen().availableGeometry()
        self.setMinimumSize(min(SMALLEST[0], room.width()), min(SMALLEST[1], room.height()) - 40)
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height() - 40))

    # what happens ----------------------------------------------------------------

    def _on_store_changed(self, changes: Changes) -> None:
        for page in self.pages:
            page.note_changes(changes)
        for dialog in self._composing:
            dialog.note_changes(changes)
        if changes.touches(
            "agent_workspaces", "agent_messages", "click_targets", "dispatch_control"
        ):
            self._overview.refresh()

    def _on_overview_changed(self) -> None:
        overview = self._overview.now
        self.strip.show_overview(overview)
        self.tray.show_overview(overview)
        self.backlog_bar.show_backlog(overview.backlog)
        self.drawer.show_needs(overview.needs)
        self._announcer.show_overview(overview)
        self.agents.show_overview(overview)
        self.messages.show_overview(overview)
        for dialog in self._composing:
            dialog.show_overview(overview)

    @property
    def overview(self) -> Overview:
        """What strip and drawer show now."""
        return self._overview.now

    def _on_tick(self) -> None:
        self.strip.show_dispatcher(self._bench.services.dispatcher())
        self._ticks += 1
        if self._ticks % _OVERVIEW_TICKS == 0:  # ages turn into needs without any write
            self._overview.refresh()

    def _on_tab_changed(self, _number: int) -> None:
        # Walking along the tabs with the arrow keys stays there.
        if not self.tabs.tabBar().hasFocus():
            self._page().focus_list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown_before:  # a window that was hidden meanwhile keeps its focus
            self._shown_before = True
            # Not on the pause button, which a stray space would press.
            QTimer.singleShot(0, self, self._page().focus_list)

    def _on_theme_changed(self) -> None:
        for number, icon in enumerate(self._icons):
            self.tabs.setTabIcon(number, self._bench.theme.icon(icon, "secondary"))

    def _on_theme_chosen(self, mode: Mode) -> None:
        self._bench.theme.set_mode(mode)
        remember = self._bench.services.remember_theme
        if remember is not None:

            async def keep() -> None:
                await remember(mode)

            self._tasks.start(keep())

    def show_arranged(self, done: Arranged) -> None:
        """Other screens are plugged in: says whose targets are in place now."""
        self.say(Said(arranged_sentence(done)))

    def come_forward(self) -> None:
        """Shows the window before all others."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    async def stop_by_corner(self) -> None:
        """The pointer went into a screen's corner while something was typed."""
        await self._actions.stopping_all(self.tr("The pointer went into a corner."))

    def say(self, said: Said) -> None:
        """Shows a result in the status bar."""
        self.status.show_said(said)

    def _on_task_failed(self, error: PanelError) -> None:
        text = error.message if isinstance(error, CommandError) else str(error)
        self.say(Said(text[:1].upper() + text[1:], trouble=True))

    # going places ------------------------------------------------------------------

    def _page(self) -> ListPage:
        return self.pages[self.tabs.currentIndex()]

    def _show_states(self, *states: DeliveryStatus) -> None:
        self.tabs.setCurrentWidget(self.messages)
        self.messages.show_states(*(state.value for state in states))

    def show_drawer(self, shown: bool) -> None:
        """Opens or closes the drawer of what needs the person."""
        if not shown and self.drawer.isAncestorOf(QApplication.focusWidget() or self):
            self._page().list_widget().setFocus()
        self.drawer.setVisible(shown)

    def _on_needs_asked(self) -> None:
        self.show_drawer(not self.drawer.isVisible())
        if self.drawer.isVisible():
            self.drawer.focus_next()

    def _on_next_need_asked(self) -> None:
        self.show_drawer(True)
        self.drawer.focus_next()

    def _on_message_asked(self, message_id: str) -> None:
        self.tabs.setCurrentWidget(self.messages)
        self.messages.show_message(message_id)

    def _on_states_asked(self, states: Sequence[str], agent_id: str) -> None:
        self.tabs.setCurrentWidget(self.messages)
        self.messages.show_states(*states, search=agent_id)

    def _on_replies_asked(self, agent_id: str) -> None:
        self.tabs.setCurrentWidget(self.messages)
        self.messages.show_view("replies", search=agent_id)

    def _on_search_asked(self) -> None:
        self._page().toolbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_round(self, step: int) -> None:
        regions = [*self.strip.regions(), *self.backlog_bar.regions(), *self._page().regions()]
        if self.drawer.isVisible():
            regions += self.drawer.cards()[:1]
        go_round(regions, QApplication.focusWidget(), step)

    # dialogs -----------------------------------------------------------------------

    @property
    def composing(self) -> list[ComposeDialog]:
        """The compose dialogs that are open."""
        return list(self._composing)

    def compose(self, to: Sequence[str] = (), content: str = "") -> None:
        """Opens a compose dialog, filled as far as it is known."""
        self._actions.compose(to, content)

    def _on_compose_wanted(self, to: list[str], content: str) -> None:
        dialog = ComposeDialog(self._bench, self._actions, self)
        dialog.show_overview(self._overview.now)
        self._composing.append(dialog)
        dialog.closed.connect(lambda: self._composing.remove(dialog))
        dialog.show()
        dialog.fill(to, content)

    def _on_edit_wanted(self, message_id: str) -> None:
        self._on_compose_wanted([], "")
        self._composing[-1].edit(message_id)

    def _on_old_ones_asked(self, agent_id: str) -> None:
        self._show_states(DeliveryStatus.HELD)
        self.messages.toolbar.search.setText(agent_id)

    def _on_agent_form_wanted(self, agent_id: str | None) -> None:
        row = None
        if agent_id is not None:
            rows = self._overview.now.agents
            row = next((row for row in rows if row["agent_id"] == agent_id), None)
        AgentForm(self._bench, self, row).show()

    def _on_run_wanted(self, agent_ids: list[str]) -> None:
        open_one = self.findChild(CalibrateRun)
        if open_one is not None and not open_one.closed:
            open_one.in_front()
            return
        CalibrateRun(self._bench, self._actions, agent_ids, self).show()

    def _on_reconnect_wanted(self) -> None:
        ReconnectDialog(self._bench, self._actions, self).show()

    async def _recognise_windows(self) -> None:
        """At the start: whose windows are gone? Asks only where there is something to decide."""
        try:
            found = await recognise(self._bench)
        except EnvironmentFault:
            return  # no display: what needs one says so when it is asked for
        if found.lost:
            self.say(Said(found.summary(), trouble=True))
        if found.to_decide:
            dialog = ReconnectDialog(self._bench, self._actions, self, found=found)
            dialog.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            dialog.show()

    # the end -----------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        # Closing while tasks run would cut them off: the application tidies up first.
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_asked.emit()

    async def idle(self) -> None:
        """Waits until all that the window started has ended."""
        await self._tasks.idle()

    async def shut(self) -> None:
        """Ends the window's tasks and dialogs and closes it."""
        self._unsubscribe()
        self._clock.stop()
        self.tray.close()
        await self._tasks.close()
        for dialog in list(self._composing):
            dialog.discard()
        self._may_close = True
        self.close()
