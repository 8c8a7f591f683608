"""The check board: where each agent takes text, then and now, what is wrong, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from panel.commands import targets
from panel.core.errors import EnvironmentFault
from panel.core.geometry import Point
from panel.core.target import Target, TargetCheck
from panel.picker.ring import Ring
from panel.screen import pixels
from panel.ui.actions import Actions, action
from panel.ui.calibrate.layouts import LayoutsDialog
from panel.ui.calibrate.pictures import box_only, decoded, reduced
from panel.ui.calibrate.reconnect import ReconnectDialog
from panel.ui.calibrate.review import ReviewDialog
from panel.ui.calibrate.sight import ConfirmDialog, EmptyBoxDialog
from panel.ui.controls import Button
from panel.ui.models.column import Row
from panel.ui.models.target_board import TargetBoardModel
from panel.ui.models.targets import BoardRow, Fix, Key, layout_in_use, read_board, read_some
from panel.ui.services import Said, Workbench
from panel.ui.tabs.target_table import THUMBNAIL, TargetTable
from panel.ui.words import kind_word

# Twice as large as drawn, for screens with a scale of 2.
_LONGEST_NAME = 180
_SHARP = (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2)


class AgentTargets(QWidget):
    """One line a box; agents without a target stand there too, with the button that mends it."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        super().__init__()
        self._bench = bench
        self._actions = actions
        self.setAccessibleName(self.tr("Targets"))
        self.model = TargetBoardModel(self)
        self.table = TargetTable(bench.theme, self.model)
        self.setFocusProxy(self.table)
        self.check_button = Button(
            bench.theme,
            self.tr("Check all"),
            icon="refresh",
            tip=self.tr("Looks at every target and clicks nothing"),
            on_click=lambda: actions.check([]),
        )
        self.show_button = Button(
            bench.theme,
            self.tr("Show where"),
            icon="target",
            tip=self.tr("Moves the pointer to the place of the chosen line and clicks nothing"),
            on_click=self._on_show_asked,
        )
        self.click_button = Button(
            bench.theme,
            self.tr("Test click"),
            icon="bolt",
            tip=self.tr("Clicks the box of the chosen line as a message would, and types nothing"),
            on_click=self._on_click_asked,
        )
        self.reconnect_button = Button(
            bench.theme,
            self.tr("Recognise windows…"),
            icon="window",
            tip=self.tr("After agents' programs were started again"),
            on_click=actions.reconnect,
        )
        self.layout_button = Button(
            bench.theme,
            self.tr("Screens"),
            icon="screen",
            tip=self.tr("Names of screen layouts; each keeps targets of its own"),
            on_click=self._on_layouts_asked,
        )
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        for part in (
            self.check_button,
            self.show_button,
            self.click_button,
            self.reconnect_button,
        ):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.layout_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        for before, after in (
            (self.check_button, self.show_button),
            (self.show_button, self.click_button),
            (self.click_button, self.reconnect_button),
            (self.reconnect_button, self.layout_button),
            (self.layout_button, self.table),
        ):
            QWidget.setTabOrder(before, after)
        self._looking = False
        self._look_again: tuple[int, int, bool] | None = None
        self._on_row_picked(None)
        self.table.picked.connect(self._on_row_picked)
        self.table.look_wanted.connect(self._look)
        self.table.fix_asked.connect(self.mend)
        self.table.menu_wanted.connect(self._on_menu_wanted)
        actions.checked.connect(self._on_checked)

    # rows and pictures ---------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Reads the targets of these agents and shows them."""
        self._bench.tasks.start(self._read([str(row["agent_id"]) for row in rows]))

    async def _read(self, agent_ids: list[str]) -> None:
        board, layout = await self._bench.reading.read(
            lambda c: (read_board(c, agent_ids), layout_in_use(c))
        )
        self.model.show_rows(board)
        self._show_layout(layout)
        self._on_row_picked(self.table.current_row())
        self._look(*self.table.visible_rows())

    def _look(self, first: int, last: int, *, again: bool = False) -> None:
        """Fetches the pictures of visible rows; never two looks at once."""
        if not self.isVisible() or not self.model.without_pictures(first, last, again=again):
            return
        if self._looking:
            self._look_again = (first, last, again)
            return
        self._looking = True
        self._bench.tasks.start(self._fetch(first, last, again))

    async def _fetch(self, first: int, last: int, again: bool) -> None:
        try:
            rows = self.model.without_pictures(first, last, again=again)
            reading = self._bench.reading
            found = await reading.read(lambda c: read_some(c, [row.key for row in rows]))
            try:
                seen = await targets.snapshots(self._bench.context, found)
            except EnvironmentFault:
                seen = [None] * len(found)
            then, current = await reading.read(lambda _c: _thumbnails(found, seen))
            self.model.set_pictures(then, current)
        finally:
            self._looking = False
        if self._look_again is not None:
            wanted, self._look_again = self._look_again, None
            self._look(wanted[0], wanted[1], again=wanted[2])

    def _on_checked(self, checks: list[TargetCheck]) -> None:
        self.model.note_checks(checks)
        self._look(*self.table.visible_rows(), again=True)

    def _on_row_picked(self, row: BoardRow | None) -> None:
        ready = row is not None and row.status == "confirmed"
        self.show_button.setEnabled(ready)
        self.click_button.setEnabled(ready)

    # screen layouts --------------------------------------------------------------------

    def _show_layout(self, name: str) -> None:
        cut = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _LONGEST_NAME)
        self.layout_button.set_text(self.tr("Screens: {0}").format(cut) if name else "")
        self.layout_button.setVisible(bool(name))

    def _on_layouts_asked(self) -> None:
        LayoutsDialog(self._bench, self.window()).show()

    # what mends ------------------------------------------------------------------------

    def mend(self, key: Key, fix: Fix) -> None:
        """Starts what the button of a line says."""
        agent_id, kind = key
        bench, window = self._bench, self.window()
        match fix:
            case Fix.CALIBRATE | Fix.AGAIN:
                self._actions.calibrate([agent_id], kind)
            case Fix.CONFIRM:
                ConfirmDialog(bench, self._actions, key, window).show()
            case Fix.FIND:
                ReconnectDialog(bench, self._actions, window, only=key).show()
            case Fix.REVIEW:
                ReviewDialog(bench, self._actions, key, window).show()
            case Fix.GOTO:
                self._actions.goto(agent_id)
            case Fix.EMPTY:
                EmptyBoxDialog(bench, self._actions, key, window).show()

    def _on_menu_wanted(self, row: BoardRow, place: QPoint) -> None:
        key, ready = row.key, row.status == "confirmed"
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = (
            action(self.tr("Calibrate…"), lambda: self.mend(key, Fix.CALIBRATE)),
            action(self.tr("Check"), lambda: self._actions.check([key[0]]), enabled=row.set),
            action(self.tr("Show where"), self._on_show_asked, enabled=ready),
            action(self.tr("Test click"), self._on_click_asked, enabled=ready),
            action(self.tr("Go to window"), lambda: self.mend(key, Fix.GOTO), enabled=ready),
            action(self.tr("Review new place…"), lambda: self.mend(key, Fix.REVIEW), enabled=ready),
            action(self.tr("Find window…"), lambda: self.mend(key, Fix.FIND), enabled=ready),
            action(
                self.tr("This is empty, remember…"),
                lambda: self.mend(key, Fix.EMPTY),
                enabled=ready,
            ),
        )
        for entry in entries:
            entry.setParent(menu)
            menu.addAction(entry)
        menu.popup(place)

    # show where ------------------------------------------------------------------------

    def _on_show_asked(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._bench.tasks.start(self._show_where(row))

    async def _show_where(self, row: BoardRow) -> None:
        context = self._bench.context
        verdict = await targets.point_at(context, row.agent_id, row.kind)
        if verdict.valid and not verdict.visible and verdict.window is not None:
            # As a delivery does: a ring over the window that covers the box would be a lie.
            await context.desktop.activate(verdict.window.identity.window_id)
            verdict = await targets.point_at(context, row.agent_id, row.kind)
        self.model.note_checks([verdict])
        if not verdict.valid or verdict.point is None:
            why = str(verdict.reasons[0]) if verdict.reasons else self.tr("It was not found.")
            self._bench.say(Said(f"{row.agent_id}: {why}", trouble=True))
            return
        flash_at(verdict.point)
        said = self.tr("The pointer is in {0}'s {1}. Nothing was clicked.")
        self._bench.say(Said(said.format(row.agent_id, kind_word(row.kind).lower())))

    # test click ------------------------------------------------------------------------

    def _on_click_asked(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._bench.tasks.start(self._try_click(row))

    async def _try_click(self, row: BoardRow) -> None:
        verdict = await targets.try_click(self._bench.context, row.agent_id, row.kind)
        self.model.note_checks([verdict])
        if not verdict.valid or verdict.window is None:
            self._bench.say(Said(f"{row.agent_id}: {verdict.words}", trouble=True))
            return
        said = self.tr("“{0}” took the focus. Nothing was typed.")
        self._bench.say(Said(said.format(verdict.window.identity.title)))


def flash_at(point: Point) -> None:
    """A ring around a native pixel."""
    for screen in QGuiApplication.screens():
        if pixels.describe(screen).rect.contains(point):
            Ring(pixels.to_logical(screen, point)).flash()


def _thumbnails(
    found: Sequence[Target], seen: Sequence[bytes | None]
) -> tuple[dict[Key, QImage], dict[Key, QImage]]:
    """Small pictures of then and now; both show the same part. For the reader's thread."""
    then: dict[Key, QImage] = {}
    current: dict[Key, QImage] = {}
    for target, png in zip(found, seen, strict=True):
        key = (target.agent_id, target.kind)
        kept = target.looks[0] if target.looks else target.anchor
        then[key] = decoded(kept.png if kept else None, _SHARP)
        now = decoded(png)
        if not now.isNull() and target.looks:
            now = box_only(now, target)
        current[key] = reduced(now, _SHARP)
    return then, current
