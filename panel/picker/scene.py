"""Where the things that a screen's overlay paints in the first step stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from panel.core.geometry import Point, Rect, Screen
from panel.picker.loupe import SIDE, LoupeShape, shape_for
from panel.picker.painting import crosshair_strips, line_weight
from panel.picker.placing import LoupePlace, inflated
from panel.picker.session import Session, Step

LOUPE_AWAY = 34
GAP = 13
# Of the screen's shorter side.
LARGEST_LOUPE = 0.36
SNAP_REACH = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """Native pixels relative to the screen's corner. `snaps` are the marks of the places that Tab
    goes through, `box` is the box that it stands in.
    """

    strips: tuple[Rect, ...] = ()
    loupe: Rect | None = None
    shape: LoupeShape | None = None
    window: Rect | None = None
    snaps: tuple[Rect, ...] = ()
    box: Rect | None = None


class Stage:
    """One screen; it remembers on which side of the cursor the loupe is."""

    def __init__(self, screen: Screen) -> None:
        self._rect, self._scale = screen.rect, screen.scale
        self._weight = line_weight(screen.rect, screen.scale)
        self._loupe_place = LoupePlace()

    def arranged(self, session: Session, panel: Rect, *, here: bool) -> Scene:
        """`panel` is where the side panel stands; `here`: the cursor is on this screen."""
        window = session.verdict.window
        lit = None if window is None else self._local(window.rect)
        if not here or session.step is not Step.POINT:
            return Scene(window=lit)
        at = session.cursor.at - self._rect.top_left
        whole = self._local(self._rect)
        # In live mode the loupe looks past the arms, which must not lie over what it shows.
        gap = max(round(GAP * self._scale), session.cells // 2 + 2 if session.live else 0)
        # On a large unscaled screen a loupe of the usual size would be lost; on a small one it
        # must leave room for the cursor.
        room = min(whole.width, whole.height) * LARGEST_LOUPE / SIDE
        shape = shape_for(session.cells, min(max(self._scale, self._weight), room))
        away = max(round(LOUPE_AWAY * self._scale), gap + 4)
        place = self._loupe_place.at(at, shape.size, away, whole, [panel])
        strips = crosshair_strips(at, whole, self._weight, gap)
        return Scene(strips, place, shape, lit, *self._snaps(session))

    def parts(self, scene: Scene) -> Iterator[Rect]:
        """Every rectangle that is painted over, the window's own frame apart."""
        yield from (strip for strip in scene.strips if not strip.empty)
        if scene.loupe is not None:
            yield scene.loupe
        yield from scene.snaps
        if scene.box is not None:
            yield inflated(scene.box, 4 * self._weight)

    def _snaps(self, session: Session) -> tuple[tuple[Rect, ...], Rect | None]:
        walk, snapped = session.walk, session.snapped
        if walk is None or snapped is None or session.live:
            return (), None
        reach = round(SNAP_REACH * max(self._scale, self._weight))
        marks = tuple(
            self._local(inflated(Rect(place.point.x, place.point.y, 1, 1), reach))
            for place in walk.places
            if place is not snapped
        )
        return marks, None if snapped.box is None else self._local(snapped.box)

    def _local(self, rect: Rect) -> Rect:
        return rect.moved(Point(-self._rect.x, -self._rect.y))
