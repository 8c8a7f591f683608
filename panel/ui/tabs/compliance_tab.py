"""The compliance of the agents' code: audits with their scores and findings."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from panel.ui.actions import Actions
from panel.ui.controls import Button
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage, ListSpec
from panel.ui.models.column import Row
from panel.ui.models.compliance import findings_of
from panel.ui.models.lists import compliance_model
from panel.ui.services import Workbench
from panel.ui.times import exact, moment
from panel.ui.toolbar import Filter
from panel.ui.words import compliance_chip


class AuditDetail(DetailPane):
    """One audited file: its score and what was found."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(bench.theme, "compliance", _word("Choose a file to see its findings."))
        self._bench = bench
        self._actions = actions
        self._facts = Facts(bench.theme)
        self._findings = Facts(bench.theme, names=0)
        self._section = Section(bench.theme, _word("Findings"), self._findings)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._section)

    def fill(self, row: Row) -> None:
        score, name = row.get("compliance_score"), str(row["component_name"])
        points = f"{score:.0f}" if isinstance(score, (int, float)) else ""
        findings = findings_of(row)
        self.set_head(name, _word("Score {0} of 100").format(points), [compliance_chip(score)])
        text = (
            _word("Please mend in {0}:").format(name)
            + "\n"
            + "\n".join(f"- {finding}" for finding in findings)
        )
        assign = Button(
            self._bench.theme,
            _word("Assign…"),
            icon="edit",
            on_click=lambda: self._actions.compose([], text),
        )
        self.set_buttons([assign] if findings else [])
        self._facts.show_facts(
            [
                (_word("Audited by"), str(row.get("auditor_agent") or "")),
                (_word("When"), exact(moment(row.get("audit_timestamp")))),
                (
                    _word("Refactor"),
                    str(row.get("refactoring_priority") or "")
                    if row.get("refactoring_required")
                    else "",
                ),
            ]
        )
        self._findings.show_facts([(str(n), text) for n, text in enumerate(findings, 1)])
        self._section.setVisible(bool(findings))


class ComplianceTab(ListPage):
    """v2_compliance_audit."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__(
            bench,
            ListSpec(
                name="compliance_tab",
                table="compliance_table",
                title=_word("Compliance"),
                tables=("v2_compliance_audit", "file_compliance"),
                search=_word("Search files"),
                filters=(Filter("refactoring_required", ("1",), _word("To refactor")),),
            ),
            model=compliance_model(bench.reading, bench.tasks),
            detail=AuditDetail(bench, actions),
            empty=EmptyState(
                bench.theme,
                "compliance",
                _word("No audits yet."),
                _word("Choose a project folder. Code is read, never run."),
            ),
        )


def _word(text: str) -> str:
    return QCoreApplication.translate("compliance", text)
