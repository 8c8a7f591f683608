"""The compose dialog under a real keyboard and mouse, at a speed that no person reaches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint

from panel.store import messages
from panel.ui.compose.dialog import ComposeDialog
from panel.ui.compose.offers import matching
from tests.desktop.hands import Operator
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window


@pytest.fixture
def operator() -> Iterator[Operator]:
    person = Operator()
    yield person
    person.release_all()
    person.close()


@pytest.fixture
def dialog(aio: Aio, panel_window: Opened, operator: Operator) -> ComposeDialog:
    """An empty dialog that has the keyboard."""

    async def opened() -> ComposeDialog:
        window = panel_window.window
        await aio.until(lambda: bool(window._overview.now.agents), "the overview")
        window.compose()
        (made,) = window.composing
        await aio.until(made.isActiveWindow, "the dialog")
        return made

    return aio.run(opened())


def offered(dialog: ComposeDialog) -> list[str]:
    """The names below the field, top first."""
    offers = dialog.form.to_field.offers
    rows = [offers.item(row).text() for row in range(offers.count())]
    return rows if offers.isVisible() else []


async def test_names_tab_text_and_off_it_goes(
    aio: Aio, panel_window: Opened, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("agent-1\thello from a person")
    operator.press("ctrl+enter")
    await aio.until(lambda: dialog.results.watching, "the results")
    (newest,) = await panel_window.store.read(lambda c: messages.find(c, limit=1))
    assert (newest.to_agent, newest.content) == ("Agent-1", "hello from a person")
    dialog.discard()


async def test_tab_takes_the_only_offer(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("agent-2, nt-1\tx")
    await aio.until(lambda: dialog.form.content == "x", "the text")
    assert dialog.form.to_field.text() == "agent-2, Agent-1"
    operator.press("shift+tab")
    await aio.until(dialog.form.to_field.hasFocus, "the way back")
    dialog.discard()


async def test_ctrl_enter_sends_also_while_names_are_offered(
    aio: Aio, panel_window: Opened, dialog: ComposeDialog, operator: Operator
) -> None:
    dialog.form.content_field.setPlainText("already written")
    operator.type("nt-1")
    await aio.until(lambda: offered(dialog) == ["Agent-1"], "the offers")
    operator.press("ctrl+enter")
    await aio.until(lambda: dialog.results.watching, "the results")
    (newest,) = await panel_window.store.read(lambda c: messages.find(c, limit=1))
    assert (newest.to_agent, newest.content) == ("Agent-1", "already written")
    dialog.discard()


async def test_one_click_leaves_the_offers_for_the_text(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("Agent-")
    await aio.until(lambda: offered(dialog), "the offers")
    text = dialog.form.content_field
    operator.click(*_native(dialog, text.mapToGlobal(text.rect().bottomRight() - QPoint(9, 9))))
    await aio.until(text.hasFocus, "the text")
    assert not offered(dialog)
    operator.type("x")
    await aio.until(lambda: dialog.form.content == "x", "the letter")
    dialog.discard()


async def test_one_click_beside_the_offers_presses_a_button(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("Agent-")
    await aio.until(lambda: offered(dialog), "the offers")
    button = dialog.preview_button
    presses: list[bool] = []
    button.clicked.connect(lambda _checked: presses.append(True))
    operator.click(*_native(dialog, button.mapToGlobal(button.rect().center())))
    await aio.until(lambda: presses == [True], "the button")
    assert dialog.form._to.error, "there is no preview for nobody"
    assert not button.isDown()
    dialog.discard()


async def test_a_click_takes_an_offer(aio: Aio, dialog: ComposeDialog, operator: Operator) -> None:
    operator.type("nobody, Agent-")
    await aio.until(lambda: len(offered(dialog)) == 8, "the offers")
    offers = dialog.form.to_field.offers
    second = offers.visualItemRect(offers.item(1)).center()
    operator.click(*_native(dialog, offers.viewport().mapToGlobal(second)))
    await aio.until(lambda: dialog.form.to_field.text() == "nobody, Agent-2", "the name")
    assert dialog.form.to_field.hasFocus() and not offered(dialog)
    dialog.discard()


async def test_arrows_and_enter_take_an_offer(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("agent-1, AG")
    await aio.until(lambda: len(offered(dialog)) == 7, "all others")
    for key in ("down", "down", "down", "up", "enter"):
        operator.press(key)
    await aio.until(lambda: not offered(dialog), "the choice")
    assert dialog.form.to_field.text() == "agent-1, Agent-3"
    dialog.discard()


async def test_of_several_names_tab_takes_none(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("age\tx")
    await aio.until(lambda: dialog.form.content == "x", "the text")
    assert dialog.form.to_field.text() == "age"
    dialog.discard()


def test_a_whole_name_is_offered_no_more() -> None:
    names = ["All", "Team web", "Agent-10", "Agent-1"]
    assert matching("AG", names, []) == ["Agent-10", "Agent-1"]
    assert matching("agent-1", names, []) == ["Agent-1", "Agent-10"]
    assert matching("agent-10", names, []) == []
    assert matching("e", names, ["agent-1"]) == ["Team web", "Agent-10"]
    assert matching("", names, []) == []


async def test_escape_closes_the_offers_first(
    aio: Aio, dialog: ComposeDialog, operator: Operator
) -> None:
    operator.type("Agent-")
    await aio.until(lambda: offered(dialog), "the offers")
    operator.press("esc")
    await aio.until(lambda: not offered(dialog), "their end")
    assert dialog.isVisible() and dialog.form.to_field.text() == "Agent-"
    dialog.discard()


def _native(dialog: ComposeDialog, place: QPoint) -> tuple[int, int]:
    assert dialog.devicePixelRatio() == 1
    return place.x(), place.y()
