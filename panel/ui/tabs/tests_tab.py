"""The test results of the agents' projects."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from panel.ui.actions import Actions
from panel.ui.controls import Button
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage
from panel.ui.models.column import Row
from panel.ui.models.lists import tests_model
from panel.ui.services import Desk
from panel.ui.times import duration, exact, moment
from panel.ui.toolbar import Filter
from panel.ui.words import test_chip

_BAD = ("FAIL", "ERROR", "CRASH", "TIMEOUT")


class TestDetail(DetailPane):
    """One result: what was expected and what came."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__(desk.theme, "tests", _word("Choose a test to see its result."))
        self._desk = desk
        self._actions = actions
        self._facts = Facts(desk.theme)
        self._output = self.read_only_text("test_output")
        self._output.setAccessibleName(_word("Result"))
        self._output.setFont(desk.theme.font(mono=True))
        self._output.setMinimumHeight(96)
        self._section = Section(desk.theme, _word("Result"), self._output)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._section)

    def fill(self, row: Row) -> None:
        status, name = str(row.get("test_status")), str(row["test_name"])
        self.set_head(name, str(row.get("integration_component") or ""), [test_chip(status)])
        result = str(row.get("actual_result") or "")
        text = _word("{0} does not pass.").format(name) + ("\n" + result if result else "")
        assign = Button(
            self._desk.theme,
            _word("Assign…"),
            icon="edit",
            on_click=lambda: self._actions.compose([], text[:10_000]),
        )
        self.set_buttons([assign] if status in _BAD else [])
        self._facts.show_facts(
            [
                (_word("Took"), duration(row.get("test_duration_ms"))),
                (_word("Run"), exact(moment(row.get("executed_at")))),
                (_word("By"), str(row.get("test_agent") or "")),
                (_word("Kind"), str(row.get("test_type") or "")),
                (_word("Expected"), str(row.get("expected_result") or "")),
            ]
        )
        self._output.setPlainText(result)
        self._section.setVisible(bool(result))


class TestsTab(ListPage):
    """integration_tests."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__(
            desk,
            name="tests_tab",
            model=tests_model(desk.context.store, desk.tasks),
            table=("tests_table", _word("Tests")),
            detail=TestDetail(desk, actions),
            empty=EmptyState(
                desk.theme,
                "tests",
                _word("No test results yet."),
                _word("Choose a project with pytest tests."),
            ),
            tables=("integration_tests",),
            search=_word("Search tests"),
            filters=[
                Filter("test_status", _BAD, _word("Failed")),
                Filter("test_status", ("PASS",), _word("Passed")),
                Filter("test_status", ("SKIP",), _word("Skipped")),
            ],
        )


def _word(text: str) -> str:
    return QCoreApplication.translate("tests", text)
