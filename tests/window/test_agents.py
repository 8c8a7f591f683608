"""The agents: cards, table, targets, the form, the actions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QMessageBox, QPushButton

from panel.core.target import TargetKind
from panel.store import agents, control
from panel.ui.agent_form import AgentForm
from panel.ui.calibrate.run import CalibrateRun
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


async def ready(aio: Aio, opened: Opened) -> None:
    window = opened.window
    window.activateWindow()
    await aio.until(window.isActiveWindow, "the window")
    await aio.until(lambda: len(window.agents.cards.cards()) == 8, "the cards")
    await aio.until(lambda: bool(window._overview.now.agents), "the overview")
    await window.idle()


def line(form: AgentForm, name: str) -> QLineEdit:
    found = form.findChild(QLineEdit, name)
    assert found is not None
    return found


def button(parent: object, text: str) -> QPushButton:
    assert isinstance(parent, QMessageBox | AgentForm)
    return next(b for b in parent.findChildren(QPushButton) if b.text() == text)


async def test_cards_are_the_first_view_and_say_what_is_so(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    said = [card.accessibleName() for card in panel_window.window.agents.cards.cards()]
    assert said == [
        "Agent-1, Working, Ready",
        "Agent-2, Working, Covered",
        "Agent-3, Waiting, Ready",
        "Agent-4, Stuck, Not ready",
        "Agent-5, Idle, None",
        "Agent-6, Done, Not confirmed",
        "Agent-7, Blocked, Not found",
        "Agent-8, No report, None",
    ]


async def test_a_chosen_card_shows_its_details(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    page = panel_window.window.agents
    page.cards.cards()[3].setFocus()
    assert page.detail.row is not None and page.detail.row["agent_id"] == "Agent-4"
    await aio.until(lambda: page.detail.findChildren(QPushButton), "its buttons")


async def test_missing_targets_are_the_first_thing_to_do(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    page = panel_window.window.agents
    assert page._primary.text() == "Calibrate all"
    page._primary.click()
    run = panel_window.window.findChild(CalibrateRun)
    assert run is not None
    assert [stop.agent_id for stop in run.plan.stops] == ["Agent-5", "Agent-8"]
    await panel_window.window.idle()
    run.close()


async def test_calibrating_has_a_key(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    window = panel_window.window
    window.agents.cards.cards()[2].setFocus()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_C, held)
    await window.idle()
    assert panel_window.outside.calibrated == [("Agent-3", TargetKind.CHAT)]


async def test_an_agent_is_held_and_resumed(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    store, card = panel_window.store, panel_window.window.agents.cards.cards()[0]
    card._hold.click()
    await aio.until(lambda: card._hold.toolTip() == "Resume", "the hold")
    assert (await store.read(control.state)).paused_agents == ("Agent-1",)
    card._hold.click()
    await aio.until(lambda: card._hold.toolTip() == "Hold its messages", "the end of it")
    assert (await store.read(control.state)).paused_agents == ()


async def test_the_menu_of_a_row_offers_its_actions(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    page = panel_window.window.agents
    page.show_page("table")
    page.table.pick(0)
    page.open_menu(page.mapToGlobal(page.rect().center()))
    menu = page.findChild(QMenu)
    assert menu is not None
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[:5] == ["Calibrate…", "Message", "Go to window", "Hold", "Check target"]
    menu.close()


async def test_the_targets_page_has_a_line_for_every_agent(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    page = panel_window.window.agents
    page.show_page("targets")
    await panel_window.window.idle()
    board = page.targets.model
    await aio.until(lambda: board.rowCount() == 8, "the lines")
    rows = [row for number in range(8) if (row := board.board_row(number))]
    assert [row.agent_id for row in rows] == [f"Agent-{n}" for n in range(1, 9)]
    assert not page.detail.isVisible()


async def test_an_agent_is_added_after_its_errors_are_mended(
    aio: Aio, panel_window: Opened
) -> None:
    await ready(aio, panel_window)
    window = panel_window.window
    window.agents._add.click()
    form = window.findChild(AgentForm)
    assert form is not None
    form.save_button.click()
    await window.idle()
    assert form._fields["agent_id"].error.startswith("Takes 1 to 64 characters")
    QTest.keyClicks(line(form, "agent_id_field"), "Agent-1")
    form.save_button.click()
    await window.idle()
    assert "Agent-1 already" in form._fields["agent_id"].error
    line(form, "agent_id_field").setText("Agent-9")
    line(form, "team_field").setText("ops")
    form.save_button.click()
    await aio.until(lambda: window.agents.model.rowCount() == 9, "the new agent")
    added = await panel_window.store.read(lambda c: agents.get(c, "Agent-9"))
    assert added is not None and added.team == "ops" and added.active


async def test_an_agent_is_changed(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    window = panel_window.window
    window._actions.edit_agent("Agent-2")
    form = window.findChild(AgentForm)
    assert form is not None
    assert not line(form, "agent_id_field").isEnabled()
    line(form, "current_focus_field").setText("Something else")
    form.save_button.click()
    await window.idle()
    changed = await panel_window.store.read(lambda c: agents.get(c, "Agent-2"))
    assert changed is not None and changed.current_focus == "Something else"
    assert changed.team == "core"


async def test_removing_asks_first(aio: Aio, panel_window: Opened) -> None:
    await ready(aio, panel_window)
    window = panel_window.window
    window._actions.remove_agent("Agent-8")
    box = window.findChild(QMessageBox, "removal_question")
    assert box is not None
    button(box, "Remove").click()
    await aio.until(lambda: window.agents.model.rowCount() == 7, "the removal")
