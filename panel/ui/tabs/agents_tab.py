"""The agents: as cards, as a table, and their targets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from panel.ui.actions import Actions, action
from panel.ui.controls import Button
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage, ListSpec
from panel.ui.models.agents import target_ready
from panel.ui.models.column import Row
from panel.ui.models.lists import agents_model
from panel.ui.models.overview import Overview
from panel.ui.services import Workbench
from panel.ui.tabs.agent_cards import AgentCards
from panel.ui.tabs.agent_detail import AgentDetail
from panel.ui.tabs.agent_targets import AgentTargets
from panel.ui.toolbar import Filter

CARDS_UP_TO = 12


class AgentsTab(ListPage):
    """Cards by default up to 12 agents, then the table, until the person chooses."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        self._actions = actions
        theme = bench.theme
        model = agents_model(bench.reading, bench.tasks)
        self._pages = _PageSwitch(bench)
        self._add = Button(theme, _word("Add agent"), icon="plus", on_click=actions.add_agent)
        self._primary = Button(theme, _word("New message"), icon="edit", kind="primary")
        self._without_target: list[str] = []
        super().__init__(
            bench,
            ListSpec(
                name="agents_tab",
                table="agents_table",
                title=_word("Agents"),
                tables=("agent_workspaces", "click_targets", "agent_messages", "screen_layouts"),
                search=_word("Search agents"),
                filters=(
                    Filter("status", ("ACTIVE",), _word("Working")),
                    Filter("status", ("IDLE",), _word("Idle")),
                    Filter("status", ("WAITING",), _word("Waiting")),
                    Filter("status", ("BLOCKED",), _word("Blocked")),
                    Filter("status", ("COMPLETE",), _word("Done")),
                ),
                front=(self._pages,),
                primary=(
                    self._add,
                    self._primary,
                ),
            ),
            model=model,
            detail=AgentDetail(bench, actions),
            empty=self._make_empty(bench, actions),
        )
        self.cards = AgentCards(bench, actions)
        self.targets = AgentTargets(bench, actions)
        self.stack.addWidget(self.cards)
        self.stack.addWidget(self.targets)
        self._chosen_page = ""
        self._primary.clicked.connect(self._on_primary_clicked)
        self._pages.chosen.idClicked.connect(self._on_page_clicked)
        self.cards.chosen.connect(self._on_card_chosen)
        self.cards.opened.connect(lambda _agent: self._on_row_opened())
        self.cards.menu_wanted.connect(lambda _agent, place: self._on_menu_wanted(place))
        self.model.loaded.connect(self._on_rows_loaded)

    @staticmethod
    def _make_empty(bench: Workbench, actions: Actions) -> EmptyState:
        theme = bench.theme
        buttons = [
            Button(
                theme,
                _word("Add an agent"),
                icon="plus",
                kind="primary",
                on_click=actions.add_agent,
            ),
            Button(
                theme,
                _word("Import files…"),
                icon="import",
                on_click=actions.import_agents,
            ),
        ]
        if actions.has_demo:
            buttons.append(
                Button(
                    theme,
                    _word("Try the demo swarm"),
                    icon="sparkles",
                    on_click=actions.try_demo,
                )
            )
        text = (
            _word("Import coordinate files, add an agent, or try the demo swarm.")
            if actions.has_demo
            else _word(
                "Add an agent or import coordinate files, then confirm where each takes text."
            )
        )
        return EmptyState(theme, "agents", _word("No agents yet."), text, buttons)

    # pages -----------------------------------------------------------------------

    @property
    def page(self) -> str:
        """cards, table or targets."""
        if self._chosen_page:
            return self._chosen_page
        return "cards" if self.model.rowCount() <= CARDS_UP_TO else "table"

    def show_page(self, page: str) -> None:
        """Shows the agents this way from now on."""
        self._chosen_page = page
        self._on_model_loaded()
        self._on_rows_loaded()

    def list_widget(self) -> QWidget:
        pages: dict[str, QWidget] = {
            "cards": self.cards,
            "table": self.table,
            "targets": self.targets,
        }
        return pages[self.page]

    def has_detail(self) -> bool:
        return super().has_detail() and self.page != "targets"

    def _on_page_clicked(self, number: int) -> None:
        self.show_page(_PageSwitch.PAGES[number])

    def _on_rows_loaded(self) -> None:
        self._pages.mark(self.page)
        rows = [row for n in range(self.model.rowCount()) if (row := self.model.row(n)) is not None]
        if self.page == "cards":
            self.cards.show_rows(rows)
        elif self.page == "targets":
            self.targets.show_rows(rows)
        self._pages.setVisible(self.model.total > 0)
        self.toolbar.detail_button.setVisible(self.page != "targets" and self.model.total > 0)

    def _on_row_picked(self, row: Row | None) -> None:
        super()._on_row_picked(row)
        self.cards.set_current(str(row["agent_id"]) if row is not None else "")

    def _on_card_chosen(self, agent_id: str) -> None:
        for number in self.model.cached_rows():
            if self.model.key(number) == agent_id:
                self.table.pick(number)

    # the primary button ------------------------------------------------------------

    def show_overview(self, overview: Overview) -> None:
        """`Calibrate all` as long as an agent has no target, else `New message`."""
        self._without_target = overview.without_target
        missing = bool(self._without_target)
        self._primary.set_text(_word("Calibrate all") if missing else _word("New message"))
        self._primary.set_icon("target" if missing else "edit")
        self._primary.setVisible(bool(overview.agents))
        self._primary.setToolTip(", ".join(self._without_target))

    def _on_primary_clicked(self) -> None:
        if self._without_target:
            self._actions.calibrate_all(self._without_target)
        else:
            self._actions.compose()

    def calibrate_chosen(self) -> None:
        """Ctrl+Shift+C: the chosen agents, else those without a target."""
        self._actions.calibrate(self.table.selected_keys() or self._without_target)

    def row_actions(self, row: Row) -> Sequence[QAction | None]:
        actions, agent = self._actions, str(row["agent_id"])
        several = self.table.selected_keys() or [agent]
        paused = bool(row.get("paused"))
        ready = target_ready(row)
        hold = _word("Resume") if paused else _word("Hold")
        return [
            action(_word("Calibrate…"), lambda: actions.calibrate(several)),
            action(_word("Message"), lambda: actions.compose(several)),
            action(_word("Go to window"), lambda: actions.goto(agent), enabled=ready),
            action(hold, lambda: actions.hold(several, not paused)),
            action(_word("Check target"), lambda: actions.check(several), enabled=ready),
            None,
            action(_word("Edit…"), lambda: actions.edit_agent(agent)),
            action(_word("Remove…"), lambda: actions.remove_agent(agent)),
        ]

    def open_menu(self, place: QPoint) -> None:
        """The current row's menu at a place on the screen."""
        self._on_menu_wanted(place)


class _PageSwitch(QWidget):
    """Cards, Table, Targets as one control of three parts."""

    PAGES = ("cards", "table", "targets")

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.chosen = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        words = (_word("Cards"), _word("Table"), _word("Targets"))
        ends = ("first", "", "last")
        for number, (word, end) in enumerate(zip(words, ends, strict=True)):
            button = Button(bench.theme, word, kind="segment")
            button.setProperty("end", end)
            button.setCheckable(True)
            self.chosen.addButton(button, number)
            layout.addWidget(button)

    def mark(self, page: str) -> None:
        """Shows which page is on, without telling anybody."""
        self.chosen.button(self.PAGES.index(page)).setChecked(True)


def _word(text: str) -> str:
    return QCoreApplication.translate("agents", text)
