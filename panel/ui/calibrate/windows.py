"""Windows to choose from, as tiles with their pictures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from panel.core.desktop import Desktop
from panel.core.geometry import Rect
from panel.core.target import Target, WindowInfo
from panel.ui.calibrate.pictures import decoded, paint_picture
from panel.ui.flow import FlowLayout
from panel.ui.services import Workbench
from panel.ui.theme import Theme

TILE = QSize(216, 172)
PICTURE = (200, 112)
_SMALLEST = (120, 60)
_HIDDEN = 0.9
_SETTLE_LOOKS = 8
_SETTLE_SECONDS = 0.08


@dataclass(frozen=True, slots=True)
class SeenWindow:
    """A window with a small picture of what the screen shows of it.

    `veiled` are the parts of the picture that other windows cover, `hidden` the covered share;
    `owner` is the agent whose window it is already.
    """

    info: WindowInfo
    image: QImage
    veiled: tuple[Rect, ...] = ()
    hidden: float = 0.0
    owner: str = ""

    @property
    def title(self) -> str:
        identity = self.info.identity
        return identity.title or identity.window_class or _tr("Untitled window")

    @property
    def program(self) -> str:
        return self.info.identity.window_class or self.info.program

    def state(self) -> str:
        """What keeps it from being seen; empty when it is seen."""
        if self.info.minimised:
            return _tr("Minimised")
        return _tr("Behind other windows") if self.hidden > _HIDDEN else ""


def fit_to_screen(window: QWidget, width: int, height: int) -> None:
    """Gives a window this size, or less where the screen is smaller."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width() - 16), min(height, room.height() - 48))


def owners(targets: Sequence[Target]) -> dict[int, str]:
    """Whose each bound window is."""
    return {
        target.window.window_id: target.agent_id for target in targets if target.window is not None
    }


def can_be_chosen(info: WindowInfo) -> bool:
    """No window of this program, no menu, nothing too small to type into."""
    large = info.rect.width >= _SMALLEST[0] and info.rect.height >= _SMALLEST[1]
    return large and info.identity.pid != os.getpid() and not info.override_redirect


def covered_parts(index: int, windows: Sequence[WindowInfo]) -> tuple[tuple[Rect, ...], float]:
    """Which parts of a window the ones above it cover, relative to it, and the share of all."""
    rect = windows[index].rect
    region = QRegion()
    for above in windows[:index]:
        part = rect.intersection(above.rect)
        if not above.minimised and not part.empty:
            at = part.top_left - rect.top_left
            region = region.united(QRegion(at.x, at.y, part.width, part.height))
    pieces: list[QRect] = list(region)  # type: ignore[call-overload]
    parts = tuple(Rect(each.x(), each.y(), each.width(), each.height()) for each in pieces)
    share = sum(part.width * part.height for part in parts) / max(1, rect.width * rect.height)
    return parts, share


async def seen_windows(bench: Workbench, owned: Mapping[int, str]) -> list[SeenWindow]:
    """All windows that could be an agent's, topmost first, with their pictures."""
    desktop = bench.context.desktop
    windows = await desktop.windows()
    found = []
    for index, info in enumerate(windows):
        if can_be_chosen(info):
            found.append(await _seen(bench, info, covered_parts(index, windows), owned))
    return found


async def _seen(
    bench: Workbench,
    info: WindowInfo,
    covered: tuple[tuple[Rect, ...], float],
    owned: Mapping[int, str],
) -> SeenWindow:
    parts, share = covered
    owner = owned.get(info.identity.window_id, "")
    png = None
    if not info.minimised and share <= _HIDDEN:
        png = await bench.context.desktop.picture(info.identity.window_id)
    if png is None:
        return SeenWindow(info, QImage(), hidden=max(share, 1.0), owner=owner)
    image = await bench.reading.read(lambda _c: decoded(png, PICTURE))
    scale = image.width() / max(1, info.rect.width)
    veiled = tuple(
        Rect(
            round(part.x * scale),
            round(part.y * scale),
            round(part.width * scale),
            round(part.height * scale),
        )
        for part in parts
    )
    return SeenWindow(info, image, veiled, share, owner)


async def uncovered(bench: Workbench, seen: SeenWindow) -> SeenWindow:
    """Raises a window and looks at it again; it stays raised."""
    desktop, window_id = bench.context.desktop, seen.info.identity.window_id
    if not await desktop.activate(window_id):
        return seen
    png = await settled_picture(desktop, window_id)
    image = await bench.reading.read(lambda _c: decoded(png, PICTURE))
    return seen if image.isNull() else replace(seen, image=image, veiled=(), hidden=0.0)


async def settled_picture(desktop: Desktop, window_id: int) -> bytes | None:
    """A picture of a window that was just raised, once it has painted what was covered."""
    before = await desktop.picture(window_id)
    for _look in range(_SETTLE_LOOKS):
        await asyncio.sleep(_SETTLE_SECONDS)
        now = await desktop.picture(window_id)
        if now == before:
            break
        before = now
    return before


class WindowTile(QAbstractButton):
    """One window: picture, title, program, and whose it is. Enter and Space choose it."""

    def __init__(self, theme: Theme, seen: SeenWindow) -> None:
        super().__init__()
        self._theme = theme
        self.seen = seen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(TILE)
        self.setToolTip(seen.title)
        said = [seen.title, seen.program, seen.state()]
        if seen.owner:
            said.append(_tr("already {0}'s").format(seen.owner))
        self.setAccessibleName(", ".join(part for part in said if part))
        theme.changed.connect(self.update)

    def show_seen(self, seen: SeenWindow) -> None:
        """Another look at the same window."""
        self.seen = seen
        self.update()

    def sizeHint(self) -> QSize:
        return TILE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, seen = self._theme, self.seen
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked() or self.hasFocus()
        pen = QPen(theme.colour("accent" if lit else "border"), 2 if lit else 1)
        painter.setPen(pen)
        ground = "selection" if self.isChecked() else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 6, 6)
        room = QRect(8, 8, *PICTURE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_picture(painter, room, seen.image, theme, veiled=seen.veiled, text=seen.state())
        line = painter.fontMetrics().height()
        top = room.bottom() + 6
        self._paint_line(painter, top, line, seen.title, "text", bold=True)
        second = _tr("{0}'s already").format(seen.owner) if seen.owner else seen.program
        hue = "amber" if seen.owner else "secondary"
        self._paint_line(painter, top + line + 2, line, second, hue)
        painter.end()

    def _paint_line(
        self, painter: QPainter, top: int, height: int, text: str, colour: str, bold: bool = False
    ) -> None:
        font = self._theme.font(bold=bold)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        width = TILE.width() - 20
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(QRect(10, top, width, height), Qt.AlignmentFlag.AlignLeft, shown)


class WindowTiles(QWidget):
    """A flow of tiles. With `marks` a chosen tile stays marked, else a click is all."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, *, marks: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._marks = marks
        self._group = QButtonGroup(self)
        self._group.setExclusive(marks)
        self._group.buttonClicked.connect(lambda tile: self.chosen.emit(tile.seen))
        self._flow = FlowLayout(self, spacing=8)

    def show_windows(self, seen: Sequence[SeenWindow]) -> None:
        """These instead of the ones before."""
        for tile in self.tiles():
            self._group.removeButton(tile)
        self._flow.clear()
        for each in seen:
            tile = WindowTile(self._theme, each)
            tile.setCheckable(self._marks)
            self._group.addButton(tile)
            self._flow.addWidget(tile)
            tile.show()

    def tiles(self) -> list[WindowTile]:
        """The tiles in order."""
        items = (self._flow.itemAt(number) for number in range(self._flow.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, WindowTile)]

    def show_again(self, seen: SeenWindow) -> None:
        """Another look at one of them."""
        for tile in self.tiles():
            if tile.seen.info.identity == seen.info.identity:
                tile.show_seen(seen)

    def checked(self) -> SeenWindow | None:
        """The marked one."""
        return next((tile.seen for tile in self.tiles() if tile.isChecked()), None)


def _tr(text: str) -> str:
    return QCoreApplication.translate("windows", text)
