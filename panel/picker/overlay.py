"""One screen's overlay: it paints the session over the frozen picture and passes input on."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from panel.core.geometry import Point, Rect
from panel.picker import palette
from panel.picker.frames import Frame
from panel.picker.frozen import FrozenDesk, FrozenScreen
from panel.picker.loupe import paint_loupe, source_of
from panel.picker.painting import (
    line_weight,
    outline,
    paint_crosshair,
    paint_frame,
    paint_outline,
    paint_snaps,
    paint_spot,
    paint_suggestion,
    qrect,
)
from panel.picker.placing import PanelPlace
from panel.picker.scene import Scene, Stage
from panel.picker.session import Session, Step
from panel.picker.side_panel import SidePanel

MARGIN = 24
_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    # The window manager must neither move it off panels and docks nor squeeze it between them.
    | Qt.WindowType.X11BypassWindowManagerHint
    | Qt.WindowType.NoDropShadowWindowHint
)

# An empty mask would be none; a window has to stay somewhere to keep the pointer.
_DOT = QRegion(0, 0, 1, 1)


class Overlay(QWidget):
    """Covers one screen. Signals carry native points of the desktop."""

    pointer_moved = Signal(object)
    pressed = Signal(object)
    released = Signal(object)
    went_back = Signal()
    wheel_turned = Signal(int)
    key_pressed = Signal(QKeyEvent)
    key_released = Signal(QKeyEvent)
    closed = Signal()

    def __init__(self, desk: FrozenDesk, shown: FrozenScreen, session: Session) -> None:
        super().__init__(None, _FLAGS)
        self._desk, self._shown, self._session = desk, shown, session
        self.setObjectName("picker_overlay")
        self.setWindowTitle(f"Choose a point: {session.request.title}")
        self.setAccessibleName(f"Choose a point: {session.request.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setScreen(shown.qt)
        self.setGeometry(shown.qt.geometry())
        self.panel = SidePanel(self)
        self.panel.hide()
        self._panel_place = PanelPlace()
        self._stage = Stage(shown.screen)
        self._scene = Scene()
        self._lit: tuple[object, ...] = ()
        self._aside = False

    @property
    def _rect(self) -> Rect:
        return self._shown.screen.rect

    @property
    def _scale(self) -> float:
        return self._shown.screen.scale

    def _local(self, rect: Rect) -> Rect:
        return rect.moved(Point(-self._rect.x, -self._rect.y))

    def _logical(self, rect: Rect) -> QRect:
        """The logical rectangle that covers a local native one."""
        scale = self._scale
        left, top = math.floor(rect.x / scale), math.floor(rect.y / scale)
        right, bottom = math.ceil(rect.right / scale), math.ceil(rect.bottom / scale)
        return QRect(left - 1, top - 1, right - left + 2, bottom - top + 2)

    # What is shown.

    def refresh(self) -> None:
        """Repaints what the session changed, and only that: a 4K screen is a lot to paint."""
        here = self._rect.contains(self._session.cursor.at)
        self._place_panel(here)
        before, self._scene = self._scene, self._arranged(here)
        lit = self._lit_now()
        if lit != self._lit or self._session.step is Step.FRAMES:
            self.update()
        else:
            self.update(self._covered(before) | self._covered(self._scene))
        self._lit = lit
        self._set_shape(here)
        self._set_pointer_shape()

    def _lit_now(self) -> tuple[object, ...]:
        session, verdict = self._session, self._session.verdict
        picture = self._shown.picture.cacheKey()
        return (verdict.window, verdict.valid, session.step, session.live, picture)

    def _place_panel(self, here: bool) -> None:
        session = self._session
        # Only its buttons are for the pointer; every pixel behind it can be taken.
        self.panel.setAttribute(
            Qt.WidgetAttribute.WA_TransparentForMouseEvents, session.step is not Step.FRAMES
        )
        if not here:
            self.panel.hide()
            return
        pictures: list[QImage | None] = []
        for frame in (Frame.COMPOSER, Frame.LANDMARK):
            rect = session.frame_on_desktop(frame)
            pictures.append(None if rect is None else self._desk.crop(rect))
        self.panel.present(session, *pictures, room=self.height())
        cursor, clear = self._to_keep_clear()
        place = self._panel_at(cursor, clear)
        if cursor is not None and place.contains(cursor):
            # On a screen too small to flee on, the smaller panel without its keys may still do.
            self.panel.present(session, *pictures, room=0)
            place = self._panel_at(cursor, clear)
        self.panel.move(place.x, place.y)
        # The pixel aimed at matters more than its description.
        self.panel.setVisible(cursor is None or not place.contains(cursor))

    def _to_keep_clear(self) -> tuple[Point | None, list[Rect]]:
        """What the panel must not lie over (None in the second step: nothing moves there), and
        what it should not; logical.
        """
        session = self._session
        if session.step is Step.FRAMES:
            frames = [session.frame_on_desktop(frame) for frame in Frame]
            frames.append(session.suggested_on_desktop)
            return None, [self._shrunk(self._local(rect)) for rect in frames if rect is not None]
        at, window = session.cursor.at - self._rect.top_left, session.verdict.window
        clear = [] if window is None else [self._shrunk(self._local(window.rect))]
        return Point(int(at.x / self._scale), int(at.y / self._scale)), clear

    def _panel_at(self, cursor: Point | None, clear: list[Rect]) -> Rect:
        size = (self.panel.width(), self.panel.height())
        whole = Rect(0, 0, self.width(), self.height())
        return self._panel_place.at(cursor, size, MARGIN, whole, clear)

    def _shrunk(self, rect: Rect) -> Rect:
        cover = self._logical(rect)
        return Rect(cover.x(), cover.y(), cover.width(), cover.height())

    def _arranged(self, here: bool) -> Scene:
        panel, scale = self.panel.geometry(), self._scale
        taken = Rect(
            round(panel.x() * scale),
            round(panel.y() * scale),
            round(panel.width() * scale),
            round(panel.height() * scale),
        )
        return self._stage.arranged(self._session, taken, here=here)

    def _covered(self, scene: Scene) -> QRegion:
        region = QRegion()
        for part in self._stage.parts(scene):
            region |= self._logical(part)
        return region

    def _set_shape(self, here: bool) -> None:
        """Live mode: the window is only as large as what it paints, the desktop shows round it."""
        if self._aside:
            self.setMask(_DOT)
            return
        if not self._session.live:
            self.clearMask()
            return
        region = QRegion(_DOT)
        if here:
            region = self._covered(self._scene) | self.panel.geometry()
        if self._scene.window is not None:
            frame = QRegion()
            for strip in outline(self._scene.window, 3 * line_weight(self._rect, self._scale)):
                if not strip.empty:
                    frame |= self._logical(strip)
            region |= frame & self._visible_part(self._logical)
        self.setMask(region & QRegion(self.rect()))

    def _set_pointer_shape(self) -> None:
        """The crosshair is the pointer in the first step; frames are drawn with a visible one."""
        shape = {
            Step.POINT: Qt.CursorShape.BlankCursor,
            Step.LOOKING: Qt.CursorShape.WaitCursor,
            Step.FRAMES: Qt.CursorShape.CrossCursor,
        }[self._session.step]
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def let_go(self) -> None:
        """Gives back the pointer and the keyboard, if it holds them."""
        if QWidget.mouseGrabber() is self:
            self.releaseMouse()
        if QWidget.keyboardGrabber() is self:
            self.releaseKeyboard()

    def step_aside(self, aside: bool) -> None:
        """Shrinks to a dot, so that the screen can be photographed, until it is told otherwise."""
        self._aside = aside
        self._set_shape(here=False)

    # Painting: everything in native pixels.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.scale(1 / self._scale, 1 / self._scale)
        # Qt clips to the event's region, so this copies only what has to be painted.
        cover = self._native_cover(event.rect())
        painter.drawImage(cover, self._shown.picture, cover)
        self._paint_window(painter, cover)
        if self._session.step is Step.FRAMES:
            self._paint_frames(painter)
        elif self._session.step is Step.LOOKING:
            self._paint_spot(painter)
        else:
            self._paint_aim(painter)
        painter.end()

    def _native_cover(self, rect: QRect) -> QRect:
        scale = self._scale
        left, top = math.floor(rect.x() * scale), math.floor(rect.y() * scale)
        right = math.ceil((rect.x() + rect.width()) * scale)
        bottom = math.ceil((rect.y() + rect.height()) * scale)
        return QRect(left, top, right - left, bottom - top) & self._shown.picture.rect()

    def _paint_window(self, painter: QPainter, cover: QRect) -> None:
        """Lights up what is visible of the window under the point: the rest is dimmed."""
        whole = self._local(self._rect)
        lit = self._visible_part(qrect)
        painter.save()
        painter.setClipRegion(QRegion(qrect(whole)) - lit)
        painter.fillRect(cover, palette.DIM)
        if self._scene.window is not None:
            colour = palette.BLUE if self._session.verdict.valid else palette.RED
            painter.setClipRegion(lit)
            weight = line_weight(self._rect, self._scale)
            paint_outline(painter, self._scene.window, colour, weight)
        painter.restore()

    def _visible_part(self, place: Callable[[Rect], QRect]) -> QRegion:
        """What no other window covers of the one under the point, in the unit of `place`."""
        chosen = self._session.verdict.window
        if chosen is None:
            return QRegion()
        visible = QRegion(place(self._local(chosen.rect)))
        for window in self._session.judge.windows:
            if window == chosen:
                break
            visible -= QRegion(place(self._local(window.rect)))
        return visible

    def _paint_aim(self, painter: QPainter) -> None:
        scene, session = self._scene, self._session
        paint_snaps(painter, scene.snaps, scene.box, line_weight(self._rect, self._scale))
        paint_crosshair(painter, scene.strips, line_weight(self._rect, self._scale))
        if scene.loupe is None or scene.shape is None:
            return
        at = session.cursor.at
        pixels = self._desk.crop(source_of(at, session.cells), live=session.live)
        caption = f"{at.x}, {at.y}"
        paint_loupe(painter, scene.loupe, scene.shape, pixels, caption, session.verdict.valid)

    def _paint_frames(self, painter: QPainter) -> None:
        session = self._session
        colours = {Frame.COMPOSER: palette.GREEN, Frame.LANDMARK: palette.BLUE}
        for frame in (Frame.COMPOSER, Frame.LANDMARK):
            rect = session.frame_on_desktop(frame)
            if rect is not None and session.editor is not None:
                active = session.editor.active is frame
                colour = colours[frame]
                if frame is Frame.LANDMARK and session.framing and session.framing.refused:
                    colour = palette.RED
                paint_frame(painter, self._local(rect), frame.value, colour, self._scale, active)
        suggested = session.suggested_on_desktop
        if suggested is not None:
            paint_suggestion(painter, self._local(suggested), "Better here: Space", self._scale)
        self._paint_spot(painter)

    def _paint_spot(self, painter: QPainter) -> None:
        at = self._session.verdict.point
        paint_spot(painter, at - self._rect.top_left, self._scale)

    # Input: passed on as it comes, the positions as native points.

    def native_at(self, position: QPointF) -> Point:
        """Exact: Qt divides the native position by this window's scale and keeps the fraction."""
        return self._desk.native(self._shown, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer_moved.emit(self.native_at(event.position()))

    def enterEvent(self, event: QEnterEvent) -> None:
        # The pointer may have moved before the overlay stood under it.
        self.pointer_moved.emit(self.native_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activateWindow()
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(self.native_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit(self.native_at(event.position()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.went_back.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.wheel_turned.emit(1 if turned > 0 else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key_pressed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.key_released.emit(event)

    def event(self, event: QEvent) -> bool:
        # Tab would otherwise be taken for moving the focus.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def reach(self) -> int:
        """How near to a frame's edge counts as on it, native."""
        return round(7 * self._scale)
