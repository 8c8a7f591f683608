"""The check board, the review of a new place, the questions by sight, the ring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from panel.commands import layouts
from panel.core.desktop import Finding
from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import Reason, ReasonCode, Target, TargetCheck, TargetKind, TargetStatus
from panel.picker.ring import LARGEST, SMALLEST, Ring
from panel.store import targets as stored
from panel.ui.calibrate.layouts import LayoutsDialog
from panel.ui.calibrate.pictures import beside, box_only, decoded, encoded, picture_origin, point_in
from panel.ui.calibrate.review import ReviewDialog
from panel.ui.calibrate.sight import ConfirmDialog, EmptyBoxDialog
from panel.ui.models.column import CHIP_ROLE
from panel.ui.models.target_board import PICTURE_ROLE, Part, TargetBoardModel
from panel.ui.models.targets import BoardRow, Fix, fix_of
from panel.ui.tabs.agent_targets import AgentTargets
from panel.ui.tabs.target_table import FixButtons
from panel.ui.theme import Theme
from tests.event_loop import Aio
from tests.window.conftest import Opened
from tests.window.fake_desktop import (
    BOX,
    OFFSET,
    FakeDesktop,
    opened_on,
    target_in,
    window,
)
from tests.window.swarm import picture

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]

CHAT = TargetKind.CHAT
MOVED = Reason(
    ReasonCode.RESIZED,
    "The window was 400x300 when it was calibrated and is 500x400 now.",
    "Review its new place, or give it its old size.",
)


@pytest.fixture
def desktop() -> FakeDesktop:
    return FakeDesktop([window(number) for number in range(1, 5)])


@pytest.fixture
def board(aio: Aio, tmp_path: Path, theme: Theme, desktop: FakeDesktop) -> Iterator[Opened]:
    """Agent-1 to Agent-3 have targets; Agent-3's was imported."""
    ready = [target_in(f"Agent-{n}", info) for n, info in enumerate(desktop.listed[:2], 1)]
    imported = Target(
        "Agent-3", CHAT, desktop.listed[2].rect.top_left + OFFSET, TargetStatus.UNVERIFIED
    )
    context = opened_on(tmp_path, theme, desktop, [*ready, imported])
    made = aio.run(context.__aenter__())
    yield made
    aio.run(context.__aexit__(None, None, None))


async def shown(aio: Aio, opened: Opened) -> AgentTargets:
    page = opened.window.agents
    await aio.until(lambda: page.model.ready, "the agents")
    page.show_page("targets")
    await aio.until(lambda: page.targets.model.rowCount() == 8, "the board")
    await aio.until(page.targets.table.fixes, "the fixes")
    await opened.window.idle()
    return page.targets


def words(buttons: FixButtons) -> list[str]:
    return [each.text() for each in buttons.findChildren(QPushButton) if each.isVisibleTo(buttons)]


async def kept(opened: Opened, agent_id: str) -> Target:
    target = await opened.store.read(lambda c: stored.get(c, agent_id, CHAT))
    assert target is not None
    return target


# the board -----------------------------------------------------------------------------


async def test_each_line_says_what_is_so_and_what_mends_it(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    desktop.wrong["Agent-2"] = MOVED
    targets = await shown(aio, board)
    targets.check_button.click()
    await aio.until(lambda: targets.model.fix(1) is Fix.REVIEW, "the verdict")
    await board.window.idle()
    model = targets.model
    chips = [model.index(number, Part.VERDICT).data(CHIP_ROLE).word for number in range(4)]
    assert chips == ["Ready", "Moved", "Not confirmed", "None"]
    fixes = [words(buttons) for buttons in targets.table.fixes()[:4]]
    assert fixes == [
        ["Calibrate"],
        ["Review new place"],
        ["Confirm by sight"],
        ["Calibrate"],
    ]
    names = [each.accessibleName() for each in targets.table.fixes()[1].findChildren(QPushButton)]
    assert names[-1] == "Review new place Agent-2"


async def test_pictures_are_fetched_for_visible_rows_only(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    board.window.resize(1000, 600)
    assert desktop.looked_at == []
    targets = await shown(aio, board)
    model = targets.model
    await aio.until(lambda: model.index(0, Part.NOW).data(PICTURE_ROLE), "the pictures")
    then, current = (model.index(0, part).data(PICTURE_ROLE) for part in (Part.THEN, Part.NOW))
    assert not then.isNull() and not current.isNull()
    # An imported point has no picture, and no agent without a target is looked at.
    assert set(desktop.looked_at) == {"Agent-1", "Agent-2"}
    assert model.index(2, Part.NOW).data() == "Not in sight"


async def test_a_covered_box_is_not_photographed(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    over = window(9, at=(desktop.listed[0].rect.x, desktop.listed[0].rect.y))
    desktop.listed.insert(0, over)
    targets = await shown(aio, board)
    targets.check_button.click()
    await aio.until(lambda: targets.model.index(0, Part.NOW).data() == "Covered", "the word")
    assert "Agent-1" not in desktop.looked_at


async def test_lines_keep_their_place_when_only_contents_change(qapp: QApplication) -> None:
    model = TargetBoardModel(qapp)
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    rows = [BoardRow("Agent-1", CHAT, "confirmed"), BoardRow("Agent-2", CHAT, "none")]
    model.show_rows(rows)
    model.show_rows([replace(rows[0], code="ready"), rows[1]])
    assert len(resets) == 1
    model.show_rows(rows[:1])
    assert len(resets) == 2
    model.deleteLater()


async def test_show_where_raises_moves_and_flashes_without_a_click(
    aio: Aio, board: Opened, desktop: FakeDesktop, qapp: QApplication
) -> None:
    over = window(9, at=(desktop.listed[0].rect.x, desktop.listed[0].rect.y))
    desktop.listed.insert(0, over)
    targets = await shown(aio, board)
    targets.table.selectRow(0)
    targets.show_button.click()
    ring = await aio.until(
        lambda: [each for each in qapp.topLevelWidgets() if isinstance(each, Ring)], "the ring"
    )
    assert desktop.pointed == ["Agent-1", "Agent-1"] and desktop.activated == [1]
    at = desktop.listed[0].rect.top_left + OFFSET
    middle = ring[0].geometry().center()
    assert abs(middle.x() - at.x) <= 1 and abs(middle.y() - at.y) <= 1
    assert "Nothing was clicked" in board.window.status.said.text
    ring[0].close()


async def test_show_where_says_why_not(aio: Aio, board: Opened, desktop: FakeDesktop) -> None:
    desktop.wrong["Agent-1"] = MOVED
    targets = await shown(aio, board)
    targets.table.selectRow(0)
    targets.show_button.click()
    await aio.until(lambda: "500x400" in board.window.status.said.text, "the reason")
    targets.table.selectRow(2)
    assert not targets.show_button.isEnabled()


async def test_enter_mends_the_chosen_line(aio: Aio, board: Opened) -> None:
    targets = await shown(aio, board)
    targets.table.selectRow(4)
    targets.table.setFocus()
    QTest.keyClick(targets.table, Qt.Key.Key_Return)
    await board.window.idle()
    assert board.outside.calibrated == [("Agent-5", CHAT)]


# what mends ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [ReasonCode.RESIZED, ReasonCode.SCALE_CHANGED])
def test_another_process_code_says_what_mends(code: ReasonCode) -> None:
    row = BoardRow("Agent-1", CHAT, "confirmed", "Words in any language.", code)
    assert fix_of(row) is Fix.REVIEW
    assert fix_of(replace(row, code=ReasonCode.WINDOW_GONE)) is Fix.FIND


def test_the_check_of_this_window_has_the_first_word() -> None:
    row = BoardRow("Agent-1", CHAT, "confirmed", verdict="It is closed.", code="window_gone")
    assert fix_of(row) is Fix.FIND
    well = TargetCheck("Agent-1", CHAT, True, True)
    assert fix_of(row, well) is Fix.AGAIN
    assert (
        fix_of(replace(row, verdict="", code="ready", held="There is text in its box."), well)
        is Fix.EMPTY
    )
    assert fix_of(BoardRow("Agent-1", CHAT, "none")) is Fix.CALIBRATE


def finding(desktop: FakeDesktop, target: Target) -> Finding:
    info = desktop.listed[1]
    offset = OFFSET + Point(0, 12)
    moved = replace(
        target,
        offset=offset,
        point=info.rect.top_left + offset,
        composer=BOX.moved(Point(0, 12)),
    )
    png = picture("Agent-2", BOX.width, BOX.height)
    return Finding(moved, info, moved.point, 12.0, png, png)


@pytest.mark.parametrize(("button", "stays"), [("use_button", False), ("keep_button", True)])
async def test_a_new_place_is_kept_only_when_a_person_says_so(
    aio: Aio, board: Opened, desktop: FakeDesktop, button: str, stays: bool
) -> None:
    targets = await shown(aio, board)
    before = await kept(board, "Agent-2")
    desktop.found["Agent-2"] = finding(desktop, before)
    targets.mend(("Agent-2", CHAT), Fix.REVIEW)
    dialog = board.window.findChild(ReviewDialog)
    assert dialog is not None and not dialog.use_button.isEnabled()
    await aio.until(dialog.use_button.isEnabled, "both pictures")
    assert dialog.then_view.mark == dialog.now_view.mark == OFFSET - BOX.top_left
    assert await kept(board, "Agent-2") == before
    getattr(dialog, button).click()
    await aio.until(lambda: dialog.closed, "the end")
    await board.window.idle()
    assert (await kept(board, "Agent-2") == before) is stays


async def test_a_place_that_is_not_found_can_be_calibrated(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    targets.mend(("Agent-2", CHAT), Fix.REVIEW)
    dialog = board.window.findChild(ReviewDialog)
    assert dialog is not None
    await aio.until(lambda: "was not found" in dialog.headline.text(), "the words")
    dialog.calibrate_button.click()
    await board.window.idle()
    assert board.outside.calibrated == [("Agent-2", CHAT)]


async def test_a_place_that_was_calibrated_meanwhile_is_not_overwritten(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    desktop.found["Agent-2"] = finding(desktop, await kept(board, "Agent-2"))
    targets.mend(("Agent-2", CHAT), Fix.REVIEW)
    dialog = board.window.findChild(ReviewDialog)
    assert dialog is not None
    await aio.until(dialog.use_button.isEnabled, "both pictures")
    anew = target_in("Agent-2", desktop.listed[1])
    await board.store.write(lambda tx: stored.save(tx, anew))
    dialog.use_button.click()
    await aio.until(lambda: "calibrated meanwhile" in dialog.problem.text(), "the refusal")
    assert (await kept(board, "Agent-2")).offset == OFFSET
    dialog.close()


async def test_an_imported_point_is_confirmed_in_the_window_that_is_there(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    targets.mend(("Agent-3", CHAT), Fix.CONFIRM)
    dialog = board.window.findChild(ConfirmDialog)
    assert dialog is not None
    await aio.until(dialog.yes_button.isEnabled, "the picture")
    assert dialog.view.mark == OFFSET and desktop.requests == []
    dialog.yes_button.click()
    await aio.until(lambda: dialog.closed, "the end")
    assert desktop.requests[0].window_id == 3
    assert (await kept(board, "Agent-3")).status is TargetStatus.CONFIRMED


async def test_an_imported_point_on_the_bare_desktop_cannot_be_confirmed(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    desktop.listed.clear()
    targets.mend(("Agent-3", CHAT), Fix.CONFIRM)
    dialog = board.window.findChild(ConfirmDialog)
    assert dialog is not None
    await aio.until(lambda: dialog.problem.text().startswith("No window is at"), "the reason")
    assert not dialog.yes_button.isVisible()
    dialog.close()


async def test_another_empty_look_is_remembered(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    targets.mend(("Agent-1", CHAT), Fix.EMPTY)
    dialog = board.window.findChild(EmptyBoxDialog)
    assert dialog is not None
    await aio.until(dialog.yes_button.isEnabled, "the picture")
    dialog.yes_button.click()
    await aio.until(lambda: dialog.closed, "the end")
    looks = (await kept(board, "Agent-1")).looks
    assert len(looks) == 2 and looks[1].rect == BOX
    assert (decoded(looks[1].png).width(), decoded(looks[1].png).height()) == (280, 40)


# pictures ------------------------------------------------------------------------------


def test_a_picture_of_a_box_tells_where_it_begins() -> None:
    target = target_in("Agent-1", window(1))
    assert picture_origin(target, (BOX.width, BOX.height)) == BOX.top_left
    around = QImage(376, 108, QImage.Format.Format_RGB32)
    assert picture_origin(target, (around.width(), around.height())) == Point(12, 192)
    assert point_in(target, around) == OFFSET - Point(12, 192)
    cut = box_only(around, target)
    assert (cut.width(), cut.height()) == (BOX.width, BOX.height)
    assert picture_origin(target, (7, 7)) is None


def test_two_pictures_are_laid_mark_upon_mark() -> None:
    small, large = (QImage(side, side, QImage.Format.Format_RGB32) for side in (10, 40))
    small.fill(Qt.GlobalColor.red)
    laid = beside(small, Point(5, 5), large, Point(20, 20))
    assert laid.size() == large.size()
    assert laid.pixelColor(0, 0).alpha() == 0 and laid.pixelColor(20, 20).alpha() == 255
    assert beside(small, None, large, Point(20, 20)) is small
    assert decoded(encoded(small)).size() == small.size()


# the ring ------------------------------------------------------------------------------


@pytest.mark.parametrize("still", [False, True])
async def test_the_ring_goes_away_by_itself(aio: Aio, qapp: QApplication, still: bool) -> None:
    ring = Ring(QPointF(300, 300), still=still)
    gone: list[None] = []
    ring.destroyed.connect(lambda: gone.append(None))
    assert ring.radius == (SMALLEST if still else LARGEST)
    assert not ring.mask().contains(ring.rect().center())
    assert ring.windowFlags() & Qt.WindowType.WindowTransparentForInput
    focused = qapp.activeWindow()
    ring.flash()
    await aio.until(lambda: gone, "the end")
    assert qapp.activeWindow() is focused


# screen layouts ------------------------------------------------------------------------


async def test_the_layout_in_use_is_named_and_renamed(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    context = board.window._bench.context
    await layouts.arrange(context)
    page = await shown(aio, board)
    await aio.until(lambda: page.layout_button.text() == "Screens: One screen", "the name")
    desktop.screens = ScreenLayout(
        (*desktop.screens.screens, Screen("two", Rect(1600, 0, 1920, 1080)))
    )
    board.window.show_arranged(await layouts.arrange(context))
    await aio.until(lambda: page.layout_button.text() == "Screens: Two screens", "the new one")
    assert board.window.status.said.text == (
        "New screens: “Two screens”. 3 targets go along with their windows."
    )
    page.layout_button.click()
    dialog = board.window.findChild(LayoutsDialog)
    assert dialog is not None
    rows = await aio.until(dialog.rows, "the layouts")
    assert [row.name_field.text() for row in rows] == ["Two screens", "One screen"]
    assert [row.remove_button.isVisibleTo(row) for row in rows] == [False, True]
    rows[0].name_field.setText("One screen")
    QTest.keyClick(rows[0].name_field, Qt.Key.Key_Return)
    await aio.until(lambda: "takes a name of its own" in rows[0].problem.text(), "the refusal")
    rows[0].name_field.setText("docked")
    rows[0].rename_button.click()
    await aio.until(lambda: page.layout_button.text() == "Screens: docked", "the name in use")
    await aio.until(lambda: [r.name_field.text() for r in dialog.rows()][:1] == ["docked"])
    dialog.rows()[1].remove_button.click()
    await aio.until(lambda: len(dialog.rows()) == 1, "the end of the other one")
    assert [each.name for each in await layouts.every(context)] == ["docked"]
    dialog.close()


# test click ----------------------------------------------------------------------------


async def test_a_test_click_says_what_got_the_focus(
    aio: Aio, board: Opened, desktop: FakeDesktop
) -> None:
    targets = await shown(aio, board)
    targets.table.selectRow(0)
    targets.click_button.click()
    await aio.until(lambda: "is being sent" in board.window.status.said.text, "the refusal")
    assert desktop.clicked == [], "the pointer belongs to the message"
    sent = "UPDATE agent_messages SET delivery_status = 'failed' WHERE delivery_status = 'sending'"
    await board.store.write(lambda tx: tx.execute(sent))
    targets.click_button.click()
    await aio.until(lambda: "took the focus" in board.window.status.said.text, "the answer")
    assert desktop.clicked == ["Agent-1"]
    desktop.wrong["Agent-2"] = MOVED
    targets.table.selectRow(1)
    targets.click_button.click()
    await aio.until(lambda: "500x400" in board.window.status.said.text, "the reason")
    assert targets.model.fix(1) is Fix.REVIEW
    targets.table.selectRow(2)
    assert not targets.click_button.isEnabled()
