"""What a person did in one pick, to be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panel.core.geometry import Point, Rect
from panel.picker.frames import Frame

if TYPE_CHECKING:
    from panel.picker.framing import Framing

MOST = 200


@dataclass(frozen=True, slots=True)
class Moment:
    """One state of a pick: the point, and in the second step (`framing`) its frames as well."""

    point: Point
    framing: Framing | None = None
    landmark: Rect | None = None
    composer: Rect | None = None
    active: Frame | None = None


class History:
    """The moments between deliberate changes. Where the pointer only passed is none of them."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._at = -1

    def note(self, before: Moment, after: Moment, *, joins: bool = False) -> None:
        """A change was made. With `joins` (a key held down) it becomes one with the change before.

        What had been taken back is given up; a place where the pointer has meanwhile brought the
        point is kept as a moment of its own.
        """
        if before == after:
            return
        last = len(self._moments) - 1
        if joins and self._at == last > 0 and self._moments[last] == before:
            self._moments[last] = after
            return
        del self._moments[self._at + 1 :]
        if not self._moments or self._moments[-1] != before:
            self._moments.append(before)
        self._moments.append(after)
        del self._moments[:-MOST]
        self._at = len(self._moments) - 1

    def can_undo(self, present: Moment) -> bool:
        return self._at > 0 or (self._at == 0 and self._moments[0] != present)

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._moments)

    def undo(self, present: Moment) -> Moment | None:
        """The moment to go back to: the last deliberate one, when the pointer went on since."""
        if not self.can_undo(present):
            return None
        if self._moments[self._at] == present:
            self._at -= 1
        elif not self.can_redo:
            self._moments.append(present)
        return self._moments[self._at]

    def redo(self) -> Moment | None:
        if not self.can_redo:
            return None
        self._at += 1
        return self._moments[self._at]

    def forget_frames(self) -> None:
        """The picture under the frames is an old one: only the points are kept."""
        kept: list[Moment] = []
        at = -1
        for index, moment in enumerate(self._moments):
            if moment.framing is None and (not kept or kept[-1] != moment):
                kept.append(moment)
            if index == self._at:
                at = len(kept) - 1
        self._moments, self._at = kept, at
