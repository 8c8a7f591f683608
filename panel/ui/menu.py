"""The menu at the right end of the strip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from panel.ui.actions import Actions
from panel.ui.theme import Mode, Theme


def make_menu(
    window: QWidget, theme: Theme, actions: Actions, choose_theme: Callable[[Mode], None]
) -> QMenu:
    """Add, import and export agents, check targets, theme, keys, quit."""
    menu = QMenu(window)
    menu.addAction(_tr("Add agent…"), actions.add_agent)
    menu.addAction(_tr("Import agents…"), actions.import_agents)
    menu.addAction(_tr("Export agents…"), actions.export_agents)
    menu.addAction(_tr("Check all targets"), lambda: actions.check([]))
    if actions.has_demo:
        menu.addAction(_tr("Try the demo swarm"), actions.try_demo)
    menu.addSeparator()
    themes = menu.addMenu(_tr("Theme"))
    group = QActionGroup(themes)
    words = {
        Mode.SYSTEM: _tr("Like the system"),
        Mode.LIGHT: _tr("Light"),
        Mode.DARK: _tr("Dark"),
    }
    for mode, word in words.items():
        action = themes.addAction(word)
        action.setCheckable(True)
        action.setChecked(theme.mode is mode)
        action.setData(mode.value)
        action.triggered.connect(lambda _checked=False, mode=mode: choose_theme(mode))
        group.addAction(action)
    menu.addAction(_tr("Keys…"), lambda: show_keys(window, actions.stop_key))
    menu.addSeparator()
    menu.addAction(_tr("Quit"), window.close)
    return menu


def show_keys(window: QWidget, stop_key: str) -> None:
    """The keys of the window; `stop_key` is the one that is a setting."""
    keys = (
        ("Ctrl+1 … Ctrl+5", _tr("the tabs")),
        ("Ctrl+N", _tr("new message")),
        ("Ctrl+F", _tr("search")),
        ("Ctrl+I", _tr("details")),
        ("Ctrl+Shift+C", _tr("calibrate")),
        (stop_key, _tr("stop all")),
        ("F6", _tr("next region")),
        ("F8", _tr("next that needs you")),
    )
    rows = "".join(
        f"<tr><td style='padding-right:16px'><b>{key}</b></td><td>{what}</td></tr>"
        for key, what in keys
    )
    box = QMessageBox(window)
    box.setObjectName("keys_dialog")
    box.setWindowTitle(_tr("Keys"))
    box.setText(f"<table cellspacing='4'>{rows}</table>")
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("menu", text)
