"""The import dialog: what it shows before anything is written, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from panel.commands import agents as agent_commands
from panel.core.agent import Agent
from panel.core.geometry import Point
from panel.core.target import TargetKind, TargetStatus
from panel.store import agents, targets
from panel.ui.import_dialog import ImportDialog
from panel.ui.models.importing import REPLACE
from tests.event_loop import Aio
from tests.unit.core.test_coordinates import BY_LAYOUT, MAIN
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


def written(folder: Path, value: object) -> Path:
    file = folder / "swarm.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


async def dialog_of(aio: Aio, opened: Opened) -> ImportDialog:
    """The import dialog of an active window, opened by its action."""
    window = opened.window
    await window.idle()
    window._actions.import_agents()
    dialog = window.findChild(ImportDialog, "import_dialog")
    assert dialog is not None
    await aio.until(dialog.isActiveWindow, "the dialog")
    return dialog


async def chosen(aio: Aio, opened: Opened, file: Path) -> ImportDialog:
    dialog = await dialog_of(aio, opened)
    dialog.choose(file)
    await opened.window.idle()
    return dialog


def shown(dialog: ImportDialog) -> list[tuple[str, str, str]]:
    lines = dialog.lines
    return [
        (
            line.item,
            str(lines.data(lines.index(row, 1), Qt.ItemDataRole.DisplayRole)),
            line.text,
        )
        for row, line in enumerate(lines.lines)
    ]


async def test_the_empty_swarm_offers_to_import(aio: Aio, empty_window: Opened) -> None:
    window = empty_window.window
    await window.idle()
    button = next(b for b in window.agents.findChildren(QPushButton) if b.text() == "Import files…")
    button.click()
    dialog = window.findChild(ImportDialog, "import_dialog")
    assert dialog is not None
    assert not dialog.import_button.isEnabled()
    dialog.close()


async def test_a_file_is_chosen_in_a_dialog(aio: Aio, empty_window: Opened, tmp_path: Path) -> None:
    file = written(tmp_path, MAIN)
    dialog = await dialog_of(aio, empty_window)
    first = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Choose file…")
    first.click()
    chooser = dialog.findChild(QFileDialog, "file_dialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(file))
    chooser.close()
    await empty_window.window.idle()
    assert dialog.summary.text() == "2 new agents, 0 changed."
    dialog.close()


async def test_nothing_is_written_before_import_is_pressed(
    aio: Aio, empty_window: Opened, tmp_path: Path
) -> None:
    dialog = await chosen(aio, empty_window, written(tmp_path, MAIN))
    assert shown(dialog) == [
        (
            "Agent-1",
            "New",
            "Chat box (-1269, 481); New-chat box (-1265, 171); note: Integration; active",
        ),
        (
            "Agent-3",
            "New",
            "Chat box (652, 421); New-chat box (698, 936); inactive: never written to",
        ),
    ]
    assert dialog.import_button.text() == "Import 2"
    assert await empty_window.store.read(agents.all) == []
    dialog.import_button.click()
    await empty_window.window.idle()
    await aio.until(lambda: empty_window.window.agents.model.rowCount() == 2, "the agents")
    found = await empty_window.store.read(targets.all)
    assert {target.status for target in found} == {TargetStatus.UNVERIFIED}
    assert empty_window.window.findChild(ImportDialog) is None
    assert "2 agents added" in empty_window.window.status.said.text


async def test_a_confirmed_point_is_replaced_only_where_it_was_ticked(
    aio: Aio, panel_window: Opened, tmp_path: Path
) -> None:
    store = panel_window.store
    before = {t.agent_id: t for t in await store.read(targets.all) if t.kind is TargetKind.CHAT}
    assert before["Agent-1"].status is before["Agent-2"].status is TargetStatus.CONFIRMED
    file = written(tmp_path, {"1": [11, 12], "2": [21, 22], "9": [31, 32]})
    dialog = await chosen(aio, panel_window, file)
    assert [line[:2] for line in shown(dialog)] == [
        ("Agent-1", "Stays"),
        ("Agent-2", "Stays"),
        ("Agent-9", "New"),
    ]
    assert shown(dialog)[0][2].endswith(", in the file (11, 12)")
    assert dialog.summary.text() == "1 new agent, 0 changed, 2 left as they are."
    dialog.table.setCurrentIndex(dialog.lines.index(1, 0))
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.lines.chosen == (("Agent-2", TargetKind.CHAT),)
    assert shown(dialog)[1][1] == "Changed"
    assert dialog.import_button.text() == "Import 2"
    dialog.import_button.click()
    await panel_window.window.idle()
    after = {t.agent_id: t for t in await store.read(targets.all) if t.kind is TargetKind.CHAT}
    assert after["Agent-1"] == before["Agent-1"]
    assert (after["Agent-2"].point, after["Agent-2"].status) == (
        Point(21, 22),
        TargetStatus.UNVERIFIED,
    )


async def test_all_confirmed_points_at_once(aio: Aio, panel_window: Opened, tmp_path: Path) -> None:
    dialog = await chosen(aio, panel_window, written(tmp_path, {"1": [11, 12], "2": [21, 22]}))
    assert not dialog.import_button.isEnabled()
    assert dialog.summary.text() == "Nothing would change."
    assert not dialog.table.isColumnHidden(REPLACE)
    dialog.replace_all.click()
    assert len(dialog.lines.chosen) == 2
    box = dialog.lines.index(0, REPLACE)
    assert dialog.lines.setData(box, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert not dialog.replace_all.isChecked()
    assert dialog.import_button.text() == "Import 1"
    dialog.close()


async def test_a_fault_is_named_and_another_file_can_follow(
    aio: Aio, empty_window: Opened, tmp_path: Path
) -> None:
    dialog = await chosen(aio, empty_window, written(tmp_path, {"1": [1, True]}))
    assert dialog.problem.isVisible()
    assert dialog.problem.text() == "1[1]: takes a whole number, not true"
    assert not dialog.import_button.isEnabled()
    dialog.choose(written(tmp_path, {"1": [1, 2]}))
    await empty_window.window.idle()
    assert not dialog.problem.isVisible()
    assert dialog.import_button.isEnabled()
    dialog.close()


async def test_a_layout_is_chosen_first(aio: Aio, empty_window: Opened, tmp_path: Path) -> None:
    dialog = await chosen(aio, empty_window, written(tmp_path, BY_LAYOUT))
    assert dialog.layouts.isVisible()
    assert not dialog.import_button.isEnabled()
    dialog.layouts.setCurrentIndex(2)
    dialog.layouts.activated.emit(2)
    await empty_window.window.idle()
    assert dialog.layouts.currentText() == "8-agent"
    assert dialog.summary.text() == "1 new agent, 0 changed."
    dialog.import_button.click()
    await empty_window.window.idle()
    assert len(await empty_window.store.read(targets.all)) == 2


async def test_a_preview_out_of_date_is_made_again(
    aio: Aio, panel_window: Opened, tmp_path: Path
) -> None:
    dialog = await chosen(aio, panel_window, written(tmp_path, {"9": [1, 2]}))
    await agent_commands.add(dialog._bench.context, Agent("Agent-9"))
    dialog.import_button.click()
    await panel_window.window.idle()
    assert dialog.isVisible()
    assert "look at it again" in dialog.problem.text()
    assert dialog.summary.text() == "0 new agents, 1 changed."
    assert dialog.import_button.isEnabled()
    dialog.close()


async def test_closing_while_it_reads_is_harmless(
    aio: Aio, empty_window: Opened, tmp_path: Path
) -> None:
    dialog = await dialog_of(aio, empty_window)
    dialog.choose(written(tmp_path, MAIN))
    dialog.close()
    await empty_window.window.idle()
    assert await empty_window.store.read(agents.all) == []


async def test_all_agents_are_exported(aio: Aio, panel_window: Opened, tmp_path: Path) -> None:
    window = panel_window.window
    await window.idle()
    window._actions.export_agents()
    chooser = window.findChild(QFileDialog, "export_dialog")
    assert chooser is not None
    file = tmp_path / "out.json"
    chooser.fileSelected.emit(str(file))
    chooser.close()
    await window.idle()
    assert len(json.loads(file.read_text(encoding="utf-8"))["agents"]) == 8
    assert "8 agents exported" in window.status.said.text
