"""Questions before what cannot be taken back. They never block the loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_removal(parent: QWidget, agent_id: str, yes: Callable[[], object]) -> None:
    """Asks whether an agent is to be removed; `yes` is called when it is."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("removal_question")
    box.setWindowTitle(_tr("Remove agent"))
    box.setText(_tr("Remove {0}?").format(agent_id))
    box.setInformativeText(
        _tr(
            "Its targets are forgotten and its waiting messages are cancelled. "
            "What was sent stays in the history."
        )
    )
    remove = box.addButton(_tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(_tr("Keep"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.buttonClicked.connect(lambda button: yes() if button is remove else None)
    box.open()


def ask_discard(parent: QWidget, yes: Callable[[], object]) -> None:
    """Asks whether a written message may be thrown away; `yes` is called when it may."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("discard_question")
    box.setWindowTitle(_tr("Discard message"))
    box.setText(_tr("Discard this message?"))
    box.setInformativeText(_tr("It was not sent, and its text is not kept."))
    discard = box.addButton(_tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(_tr("Keep writing"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.buttonClicked.connect(lambda button: yes() if button is discard else None)
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("questions", text)
