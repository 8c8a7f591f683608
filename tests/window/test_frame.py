"""The frame: names that others rely on, keys, counts, empty states, sizes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from panel.core.message import DeliveryStatus
from panel.store import control, messages
from panel.ui.list_page import ListPage
from panel.ui.theme import Mode
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window

NAMES = (
    "tabs",
    "agents_tab",
    "messages_tab",
    "discord_tab",
    "compliance_tab",
    "tests_tab",
    "agents_table",
    "messages_table",
    "discord_table",
    "compliance_table",
    "tests_table",
    "pause_button",
    "stop_all_button",
    "search_field",
    "systems_strip",
    "needs_you_drawer",
    "detail_pane",
)


# Parts of Qt's own controls, which those speak for.
OF_QT = ("QToolButton", "QLineEditIconButton", "QHeaderView", "QTableCornerButton")


def press(widget: QWidget, keys: str) -> None:
    """Presses a chord such as Ctrl+Shift+C on a widget."""
    *modifiers, key = keys.split("+")
    held = Qt.KeyboardModifier.NoModifier
    for name in modifiers:
        held |= {
            "Ctrl": Qt.KeyboardModifier.ControlModifier,
            "Shift": Qt.KeyboardModifier.ShiftModifier,
            "Alt": Qt.KeyboardModifier.AltModifier,
        }[name]
    QTest.keyClick(widget, getattr(Qt.Key, f"Key_{key}"), held)


async def active(aio: Aio, opened: Opened) -> None:
    opened.window.activateWindow()
    await aio.until(opened.window.isActiveWindow, "the window's activation")


async def rows_of(aio: Aio, page: ListPage) -> None:
    await aio.until(lambda: page.model.ready, "its rows")


async def focus_in(aio: Aio, widget: QWidget) -> None:
    def there() -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is widget or widget.isAncestorOf(focused))

    await aio.until(there, f"the focus in {widget.objectName()}")


async def ready(aio: Aio, opened: Opened) -> None:
    await aio.until(lambda: opened.window.agents.model.ready, "the agents")
    await opened.window.idle()


def test_widgets_are_found_by_their_names(panel_window: Opened) -> None:
    window = panel_window.window
    assert window.objectName() == "main_window"
    assert [name for name in NAMES if window.findChild(QWidget, name) is None] == []


async def test_the_tabs_are_reached_by_number(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await active(aio, panel_window)
    for number in (2, 3, 4, 5, 1):
        press(window, f"Ctrl+{number}")
        assert window.tabs.currentIndex() == number - 1
        page = window.pages[number - 1]
        await rows_of(aio, page)
        assert page.model.rowCount() > 0
        await focus_in(aio, page.list_widget())


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


async def test_the_window_does_not_begin_on_the_pause_button(
    aio: Aio, panel_window: Opened
) -> None:
    await active(aio, panel_window)
    await ready(aio, panel_window)
    await aio.until(
        lambda: panel_window.window.agents.cards.isAncestorOf(focus()), "the first card"
    )


async def test_search_and_detail_have_keys(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await active(aio, panel_window)
    press(window, "Ctrl+2")
    page = window.messages
    await aio.until(lambda: page.model.ready, "the messages")
    press(window, "Ctrl+F")
    assert focus() is page.toolbar.search
    QTest.keyClicks(page.toolbar.search, "flaky")
    await aio.until(
        lambda: page.model.query.search == "flaky" and page.model.filtered, "the search"
    )
    await aio.until(lambda: 0 < page.model.rowCount() < page.model.total, "fewer rows")
    assert page.detail.isVisible()
    press(window, "Ctrl+I")
    assert not page.detail.isVisible()
    press(window, "Ctrl+I")
    assert page.detail.isVisible()


async def test_no_matches_offers_to_clear_the_filters(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    window.tabs.setCurrentIndex(1)
    page = window.messages
    await aio.until(lambda: page.model.ready, "the messages")
    page.toolbar.search.setText("there is no such text")
    await aio.until(lambda: page.stack.currentWidget() is page._no_match, "the empty state")
    button = next(b for b in page._no_match.findChildren(QAbstractButton))
    assert button.text() == "Clear filters"
    button.click()
    await aio.until(lambda: page.stack.currentWidget() is page.table, "the rows")
    assert page.model.rowCount() == page.model.total
    assert page.toolbar.search.text() == ""


async def test_f6_goes_round_the_regions(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await active(aio, panel_window)
    press(window, "Ctrl+2")
    await aio.until(lambda: window.messages.model.ready, "the messages")
    await aio.until(lambda: focus() is window.messages.table, "the list")
    seen = []
    for _step in range(5):
        press(window, "F6")
        seen.append(focus())
    assert window.strip.pause_button in seen
    assert window.messages.view_list in seen
    assert window.messages.toolbar.search in seen
    assert seen[-1] is window.messages.table
    assert any(window.messages.detail.isAncestorOf(widget) for widget in seen)


async def test_the_strip_counts_and_leads_to_the_list(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await aio.until(lambda: window.strip.queued.text() == "Queued 6", "the counts")
    assert window.strip.held.text() == "On hold 1"
    assert window.strip.agents.text() == "2 working, 1 blocked, 1 stuck"
    window.strip.held.click()
    assert window.tabs.currentWidget() is window.messages
    await aio.until(lambda: window.messages.model.rowCount() == 1, "the one on hold")
    row = window.messages.model.row(0)
    assert row is not None and row["delivery_status"] == DeliveryStatus.HELD


async def test_pausing_is_written_and_can_be_undone(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    await aio.until(lambda: window.strip.queued.text() == "Queued 6", "the counts")
    window.strip.pause_button.click()
    await aio.until(lambda: window.strip.pause_button.text() == "Paused", "the pause")
    assert (await store.read(control.state)).paused
    assert window.status.text.full() == "Paused. Messages are kept and wait."
    window.status.undo_button.click()
    await aio.until(lambda: window.strip.pause_button.text() == "Sending", "the undo")
    assert not (await store.read(control.state)).paused


async def test_stop_all_is_pressed_by_its_key(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    await active(aio, panel_window)
    await ready(aio, panel_window)
    press(window, "Ctrl+Alt+Shift+S")
    await aio.until(lambda: window.strip.pause_button.text() == "Paused", "the stop")
    assert (await store.read(control.state)).stop_counter == 1


async def test_a_corner_stops_and_says_so(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    await ready(aio, panel_window)
    await window.stop_by_corner()
    assert (await store.read(control.state)).stop_counter == 1
    said = window.status.said.text
    # The swarm's one message on its way has no dispatcher.
    assert said.startswith("The pointer went into a corner. Nobody answered for Agent-")
    assert window.status.said.trouble


async def test_the_stop_key_is_the_one_that_is_set(aio: Aio, panel_window: Opened) -> None:
    window, store = panel_window.window, panel_window.store
    await active(aio, panel_window)
    await ready(aio, panel_window)
    window.strip.show_stop_key("F9", everywhere=True)
    assert window.strip.stop_button.toolTip().endswith("F9 in any program")
    press(window, "Ctrl+Alt+Shift+S")
    press(window, "F9")
    await aio.until(lambda: window.strip.pause_button.text() == "Paused", "the stop")
    assert (await store.read(control.state)).stop_counter == 1
    window.strip.show_stop_key("none", everywhere=False)
    press(window, "F9")
    await window.idle()
    assert (await store.read(control.state)).stop_counter == 1
    assert "F9" not in window.strip.stop_button.toolTip()


async def test_another_writer_is_seen_and_a_hidden_tab_only_becomes_stale(
    aio: Aio, panel_window: Opened
) -> None:
    window, store = panel_window.window, panel_window.store
    window.tabs.setCurrentIndex(1)
    await aio.until(lambda: window.messages.model.ready, "the messages")
    before = window.messages.model.rowCount()
    window.tabs.setCurrentIndex(0)
    await window.idle()
    row = window.messages.model.row(3)
    assert row is not None
    await store.write(lambda tx: messages.cancel(tx, str(row["message_id"])))
    assert (window.messages.stale, window.agents.stale) == (True, False)
    window.tabs.setCurrentIndex(1)
    await aio.until(lambda: not window.messages.stale, "the second look")
    await window.idle()
    assert window.messages.model.rowCount() == before


@pytest.mark.parametrize(
    ("number", "title", "buttons"),
    [
        (0, "No agents yet.", ["Add an agent", "Import files…", "Try the demo swarm"]),
        (1, "Nothing sent yet.", ["New message"]),
        (2, "Run your swarm from your phone.", []),
        (3, "No audits yet.", []),
        (4, "No test results yet.", []),
    ],
)
async def test_an_empty_page_says_what_to_do(
    aio: Aio, empty_window: Opened, number: int, title: str, buttons: list[str]
) -> None:
    window = empty_window.window
    window.tabs.setCurrentIndex(number)
    page = window.pages[number]
    await aio.until(lambda: page.stack.currentWidget() is page.empty, "the empty state")
    assert page.empty.title.text() == title
    assert [b.text() for b in page.empty.findChildren(QAbstractButton)] == buttons
    assert not page.detail.isVisible()


async def test_every_control_has_an_accessible_name(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    for number in range(5):
        window.tabs.setCurrentIndex(number)
        await rows_of(aio, window.pages[number])
    window.show_drawer(True)
    await window.idle()
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for kind in kinds
        for widget in window.findChildren(kind)
        if not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
        and type(widget).__name__ not in OF_QT
    ]
    assert nameless == []


@pytest.mark.parametrize("size", [(1024, 640), (1200, 700), (1440, 900)])
async def test_nothing_is_cut_off(aio: Aio, panel_window: Opened, size: tuple[int, int]) -> None:
    window = panel_window.window
    window.resize(*size)
    window.agents.show_page("table")
    for number in range(5):
        window.tabs.setCurrentIndex(number)
        await rows_of(aio, window.pages[number])
        await window.idle()
        QApplication.processEvents()
        page = window.pages[number]
        assert page.width() <= window.width()
        assert page.table.horizontalScrollBar().maximum() == 0, page.objectName()
        for button in window.findChildren(QAbstractButton):
            if button.isVisible() and button.objectName() != "qt_toolbar_ext_button":
                right = button.mapTo(window, button.rect().topRight()).x()
                assert right <= window.width(), button.text()
                assert min(button.width(), button.height()) >= 16, button.text()


async def test_the_theme_changes_at_once_and_is_kept(aio: Aio, panel_window: Opened) -> None:
    window, theme = panel_window.window, panel_window.theme
    try:
        window._on_theme_chosen(Mode.DARK)
        await aio.until(lambda: panel_window.outside.themes == [Mode.DARK], "the setting")
        assert theme.dark
        assert window.palette().window().color().lightness() < 60
    finally:
        theme.set_mode(Mode.LIGHT)
    assert window.palette().window().color().lightness() > 200


async def test_closing_is_asked_for_first(aio: Aio, panel_window: Opened) -> None:
    asked = []
    panel_window.window.close_asked.connect(lambda: asked.append(True))
    panel_window.window.close()
    assert asked == [True]
    assert panel_window.window.isVisible()
