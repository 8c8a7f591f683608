"""One pick as plain state: what the keys and the pointer did so far. No Qt, no painting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from panel.core.geometry import Point, Rect
from panel.core.target import Reason, WindowInfo
from panel.picker.cursor import ENTRY_CHARACTERS, Cursor, parse_entry
from panel.picker.frames import Frame, FrameEditor
from panel.picker.framing import Framing
from panel.picker.history import History, Moment
from panel.picker.snapping import Candidate, Walk, candidates
from panel.picker.values import JudgeAnchor, PickRequest, PickResult, Proposal, Sight
from panel.picker.verdict import Judge, Verdict

# Native pixels across the loupe: odd, so that one is in the middle.
ZOOMS = (7, 11, 21, 33, 77)
USUAL_ZOOM = 2
LONGEST_ENTRY = 16


class Step(Enum):
    """Where in the pick we are."""

    POINT = "point"
    LOOKING = "looking"
    FRAMES = "frames"


class Session:
    """The state of one pick; every method is one thing that a person did."""

    def __init__(
        self,
        request: PickRequest,
        judge: Judge,
        pointer: Point,
        judge_anchor: JudgeAnchor | None = None,
    ) -> None:
        """`pointer`: where the pointer rests, native; the cursor starts there or at the request's
        own place.
        """
        self.request = request
        self.judge = judge
        if request.start is None:
            self.cursor = Cursor(judge.layout, pointer)
        else:
            self.cursor = Cursor(judge.layout, request.start, pointer)
        self.step = Step.POINT
        self.live = False
        self.entry = ""
        self.notice = ""
        self.framing: Framing | None = None
        self.walk: Walk | None = None
        self._zoom = USUAL_ZOOM
        self._judge_anchor = judge_anchor
        self._history = History()
        self._pressed: Moment | None = None
        self.verdict: Verdict = judge.verdict(self.cursor.at)

    @property
    def cells(self) -> int:
        """How many native pixels the loupe shows in a row."""
        return ZOOMS[self._zoom]

    def zoom(self, steps: int) -> None:
        """Positive: nearer."""
        self._zoom = min(max(self._zoom - steps, 0), len(ZOOMS) - 1)

    # The first step: the point.

    def follow(self, pointer: Point) -> None:
        """The pointer moved there."""
        if self.step is Step.POINT:
            before = self.cursor.at
            self.cursor.follow(pointer)
            if self.cursor.at != before:
                self._moved()

    def nudge(self, dx: int, dy: int, *, held: bool = False) -> None:
        """Arrow keys: the cursor, or in the second step the active frame. `held`: the key repeats
        itself.
        """
        with self._change(joins=held):
            if self.step is Step.POINT:
                self.cursor.step(dx, dy)
                self._moved()
            elif self.editor is not None and self.step is Step.FRAMES:
                self.editor.nudge(dx, dy)
                self._judge_again()

    def type(self, text: str) -> bool:
        """Characters of "1200, 640"; False when they mean nothing here."""
        if self.step is not Step.POINT or not set(text) <= ENTRY_CHARACTERS:
            return False
        if not (self.entry or text.strip()):
            return False
        self.notice = ""
        self.entry = (self.entry + text)[:LONGEST_ENTRY]
        return True

    def erase(self) -> None:
        self.entry = self.entry[:-1]
        self.notice = ""

    def go(self) -> bool:
        """To the typed point; stays, with a notice, when that is not one on a screen."""
        point = parse_entry(self.entry)
        if point is None:
            self.notice = "Type two numbers, such as 1200, 640."
            return False
        with self._change():
            if not self.cursor.jump(point):
                self.notice = f"No screen shows {point.x}, {point.y}."
                return False
            self.entry = ""
            self._moved()
        return True

    def snap(self, by: int, window: WindowInfo, boxes: Sequence[Rect]) -> None:
        """Tab: on to the next (1) or the one before (-1) of the window's places.

        `boxes` are those that are drawn in it, native, of the desktop.
        """
        if self.step is not Step.POINT or self.entry:
            return
        walk = self.walk
        if walk is None:
            found = candidates(
                window.rect, boxes, self.cursor.at, lambda at: self._shows(window, at)
            )
            if not found:
                self.notice = "No place of this window can be snapped to."
                return
            walk = Walk(found)
        place = walk.step(by)
        with self._change():
            self.cursor.jump(place.point)
            self._moved()
        self.walk = walk

    @property
    def snapped(self) -> Candidate | None:
        """Where Tab brought the cursor, while it stands there."""
        return None if self.walk is None else self.walk.current

    def _shows(self, window: WindowInfo, at: Point) -> bool:
        there = self.judge.verdict(at).window
        return there is not None and there.identity.window_id == window.identity.window_id

    def look_again(self) -> None:
        """The windows or the pixels changed under the cursor (live mode)."""
        self.verdict = self.judge.verdict(self.cursor.at)

    def picture_changed(self) -> None:
        """The screens were photographed anew: frames over the old picture are worth nothing."""
        self._history.forget_frames()
        self.walk = None

    def take(self) -> bool:
        """Whether the point is taken; if not, `notice` says why."""
        self.look_again()
        self.notice = "" if self.verdict.valid else f"Not taken. {self.verdict.reason}"
        if self.verdict.valid:
            self.entry = ""
            self.walk = None
            self.step = Step.LOOKING
        return self.verdict.valid

    def refuse(self, why: str) -> None:
        """Back to the point, with what was wrong with it."""
        self.step = Step.POINT
        self.notice = why

    def _moved(self) -> None:
        self.notice = ""
        self.walk = None
        self.look_again()

    # The second step: the frames.

    @property
    def editor(self) -> FrameEditor | None:
        return None if self.framing is None else self.framing.editor

    @property
    def sight(self) -> Sight | None:
        return None if self.framing is None else self.framing.sight

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks against the frames; see also `Framing.refused`."""
        return () if self.framing is None else self.framing.reasons

    def show(self, sight: Sight, proposal: Proposal) -> None:
        """The proposed frames, to be agreed to or drawn anew."""
        rect = sight.window.rect
        seen = [screen.rect.intersection(rect) for screen in self.judge.layout.screens]
        shown = [part for part in seen if not part.empty]
        left, top = min(part.x for part in shown), min(part.y for part in shown)
        right, bottom = max(part.right for part in shown), max(part.bottom for part in shown)
        bounds = Rect(left - rect.x, top - rect.y, right - left, bottom - top)
        with self._change():
            self.framing = Framing(sight, proposal, bounds, self._judge_anchor)
            self.step = Step.FRAMES

    def press(self, point: Point, reach: int) -> None:
        if self.framing is not None:
            self._pressed = self._moment()
            self.framing.press(self._in_window(point), reach)

    def drag(self, point: Point) -> None:
        if self.editor is not None:
            self.editor.drag(self._in_window(point))

    def release(self) -> None:
        before, self._pressed = self._pressed, None
        if self.editor is not None:
            self.editor.release()
            self._judge_again()
            if before is not None:
                self._history.note(before, self._moment())

    def grow(self, dx: int, dy: int, *, held: bool = False) -> None:
        if self.editor is not None:
            with self._change(joins=held):
                self.editor.grow(dx, dy)
                self._judge_again()

    def switch(self) -> None:
        """Tab in the second step: the other frame is the one that keys change."""
        if self.editor is not None:
            with self._change():
                self.editor.switch()

    def take_suggested(self) -> None:
        """The place that is proposed instead of a refused landmark."""
        if self.framing is not None and not self.framing.editor.dragging:
            with self._change():
                self.framing.take_suggested()
                self.notice = ""

    def may_be_kept(self) -> bool:
        """Whether the frames can be answered; if not, `notice` says why."""
        hindrance = "" if self.framing is None else self.framing.hindrance
        self.notice = f"Not kept. {hindrance}" if hindrance else ""
        return not hindrance

    def frame_on_desktop(self, frame: Frame) -> Rect | None:
        """A frame in native pixels of the desktop."""
        return None if self.framing is None else self.framing.on_desktop(self.framing.editor[frame])

    @property
    def suggested_on_desktop(self) -> Rect | None:
        """What is proposed instead of a refused landmark, in native pixels of the desktop."""
        return None if self.framing is None else self.framing.on_desktop(self.framing.suggested)

    def result(self, confirmed_empty: bool) -> PickResult:
        """The answer as it stands."""
        window = self.verdict.window
        assert window is not None, "only a valid point is answered"
        anchor = composer = None
        if self.editor is not None:
            anchor, composer = self.editor[Frame.LANDMARK], self.editor[Frame.COMPOSER]
        confirmed = confirmed_empty and composer is not None
        return PickResult(self.verdict.point, window, anchor, composer, confirmed)

    def _in_window(self, point: Point) -> Point:
        assert self.sight is not None
        return point - self.sight.window.rect.top_left

    def _judge_again(self) -> None:
        """What is wrong with the landmark now that a frame is another one."""
        self.notice = ""
        if self.framing is not None:
            self.framing.judge()

    # Both.

    def back(self) -> bool:
        """One step back; False when there is none left."""
        if self.entry:
            self.entry = ""
            self.notice = ""
        elif self.editor is not None and self.editor.dragging:
            self._pressed = None
            self.editor.cancel()
            self._judge_again()
        elif self.step is not Step.POINT:
            with self._change():
                self.step = Step.POINT
                self.framing = None
            self.notice = ""
        else:
            return False
        return True

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo(self._moment())

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo

    def undo(self) -> None:
        """Takes back the last change; a half typed place or a drag first."""
        if self.entry or (self.editor is not None and self.editor.dragging):
            self.back()
            return
        moment = self._history.undo(self._moment())
        if moment is not None:
            self._restore(moment)

    def redo(self) -> None:
        """Makes a change again that was taken back."""
        if self.entry or (self.editor is not None and self.editor.dragging):
            return
        moment = self._history.redo()
        if moment is not None:
            self._restore(moment)

    @contextmanager
    def _change(self, *, joins: bool = False) -> Iterator[None]:
        before = self._moment()
        yield
        self._history.note(before, self._moment(), joins=joins)

    def _moment(self) -> Moment:
        at, framing = self.cursor.at, self.framing
        if framing is None:
            return Moment(at)
        editor = framing.editor
        return Moment(at, framing, editor[Frame.LANDMARK], editor[Frame.COMPOSER], editor.active)

    def _restore(self, moment: Moment) -> None:
        self.cursor.jump(moment.point)
        self._moved()
        self.framing = moment.framing
        self.step = Step.POINT if moment.framing is None else Step.FRAMES
        if moment.framing is not None and moment.active is not None:
            editor = moment.framing.editor
            editor.put(Frame.LANDMARK, moment.landmark)
            editor.put(Frame.COMPOSER, moment.composer)
            editor.active = moment.active
            moment.framing.judge()
