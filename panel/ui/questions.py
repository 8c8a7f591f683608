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


def ask_replace(parent: QWidget, yes: Callable[[], object]) -> None:
    """Asks whether a template may take the place of what was written; `yes` is called if so."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("replace_question")
    box.setWindowTitle(_tr("Use a template"))
    box.setText(_tr("Replace what you wrote?"))
    box.setInformativeText(_tr("The template takes the place of your text, which is not kept."))
    replace = box.addButton(_tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(_tr("Keep mine"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.buttonClicked.connect(lambda button: yes() if button is replace else None)
    box.open()


def ask_discard(parent: QWidget, yes: Callable[[], object], *, templates: bool = False) -> None:
    """Asks whether a written message (changed templates) may be thrown away; `yes` if it may."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setObjectName("discard_question")
    if templates:
        box.setWindowTitle(_tr("Discard changes"))
        box.setText(_tr("Discard what you changed?"))
        box.setInformativeText(_tr("Some of the templates are not saved."))
    else:
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
