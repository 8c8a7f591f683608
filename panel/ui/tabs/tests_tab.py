"""The test results of the agents' projects."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication

from panel.ui.actions import Actions
from panel.ui.controls import Button
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage, ListSpec
from panel.ui.models.column import Row
from panel.ui.models.lists import tests_model
from panel.ui.services import Workbench
from panel.ui.times import duration, exact, moment
from panel.ui.toolbar import Filter
from panel.ui.words import test_chip

_BAD = ("FAIL", "ERROR", "CRASH", "TIMEOUT")


class TestDetail(DetailPane):
    """One result: what was expected and what came."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(bench.theme, "tests", _word("Choose a test to see its result."))
        self._bench = bench
        self._actions = actions
        self._facts = Facts(bench.theme)
        self._output = self.read_only_text("test_output")
        self._output.setAccessibleName(_word("Result"))
        self._output.setFont(bench.theme.font(mono=True))
        self._output.setMinimumHeight(96)
        self._section = Section(bench.theme, _word("Result"), self._output)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._section)

    def fill(self, row: Row) -> None:
        status, name = str(row.get("test_status")), str(row["test_name"])
        self.set_head(name, str(row.get("integration_component") or ""), [test_chip(status)])
        result = _readable(row.get("actual_result"))
        text = _word("{0} does not pass.").format(name) + ("\n" + result if result else "")
        assign = Button(
            self._bench.theme,
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
                (_word("Expected"), _readable(row.get("expected_result"))),
            ]
        )
        self._output.setPlainText(result)
        self._section.setVisible(bool(result))


class TestsTab(ListPage):
    """integration_tests."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(
            bench,
            ListSpec(
                name="tests_tab",
                table="tests_table",
                title=_word("Tests"),
                tables=("integration_tests",),
                search=_word("Search tests"),
                filters=(
                    Filter("test_status", _BAD, _word("Failed")),
                    Filter("test_status", ("PASS",), _word("Passed")),
                    Filter("test_status", ("SKIP",), _word("Skipped")),
                ),
            ),
            model=tests_model(bench.reading, bench.tasks),
            detail=TestDetail(bench, actions),
            empty=EmptyState(
                bench.theme,
                "tests",
                _word("No test results yet."),
                _word("Choose a project with pytest tests."),
            ),
        )


def _readable(value: object) -> str:
    """A JSON column for people: texts without their quotes, nothing for nothing."""
    try:
        loaded = json.loads(str(value)) if value else None
    except ValueError:
        return str(value)
    if loaded in (None, {}, [], ""):
        return ""
    return loaded if isinstance(loaded, str) else json.dumps(loaded, indent=1, ensure_ascii=False)


def _word(text: str) -> str:
    return QCoreApplication.translate("tests", text)
