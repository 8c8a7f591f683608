"""The compliance of the agents' code: audits with their scores and findings."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from panel.ui.actions import Actions
from panel.ui.controls import Button
from panel.ui.detail import DetailPane, Facts, Section
from panel.ui.empty import EmptyState
from panel.ui.list_page import ListPage
from panel.ui.models.column import Row
from panel.ui.models.compliance import findings_of
from panel.ui.models.lists import compliance_model
from panel.ui.services import Desk
from panel.ui.times import exact, moment
from panel.ui.toolbar import Filter
from panel.ui.words import compliance_chip


class AuditDetail(DetailPane):
    """One audited file: its score and what was found."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__(desk.theme, "compliance", _word("Choose a file to see its findings."))
        self._desk = desk
        self._actions = actions
        self._facts = Facts(desk.theme)
        self._findings = Facts(desk.theme)
        self._section = Section(desk.theme, _word("Findings"), self._findings)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._section)

    def fill(self, row: Row) -> None:
        score, name = row.get("compliance_score"), str(row["component_name"])
        points = f"{score:.0f}" if isinstance(score, (int, float)) else ""
        findings = findings_of(row)
        self.set_head(name, _word("Score {0} of 100").format(points), [compliance_chip(score)])
        text = _word("Please mend in {0}:").format(name) + "\n" + "\n".join(
            f"- {finding}" for finding in findings
        )
        assign = Button(
            self._desk.theme,
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

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__(
            desk,
            name="compliance_tab",
            model=compliance_model(desk.context.store, desk.tasks),
            table=("compliance_table", _word("Compliance")),
            detail=AuditDetail(desk, actions),
            empty=EmptyState(
                desk.theme,
                "compliance",
                _word("No audits yet."),
                _word("Choose a project folder. Code is read, never run."),
            ),
            tables=("v2_compliance_audit", "file_compliance"),
            search=_word("Search files"),
            filters=[Filter("refactoring_required", ("1",), _word("To refactor"))],
        )


def _word(text: str) -> str:
    return QCoreApplication.translate("compliance", text)
