"""One pick as plain state: what the keys and the pointer did so far. No Qt, no painting."""

from __future__ import annotations

from enum import Enum

from panel.core.geometry import Point, Rect
from panel.core.target import Reason
from panel.picker.cursor import ENTRY_CHARACTERS, Cursor, parse_entry
from panel.picker.frames import Frame, FrameEditor
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
        self.sight: Sight | None = None
        self.editor: FrameEditor | None = None
        self.reasons: tuple[Reason, ...] = ()
        self._zoom = USUAL_ZOOM
        self._judge_anchor = judge_anchor
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

    def nudge(self, dx: int, dy: int) -> None:
        """Arrow keys: the cursor, or in the second step the active frame."""
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
        if not self.cursor.jump(point):
            self.notice = f"No screen shows {point.x}, {point.y}."
            return False
        self.entry = ""
        self._moved()
        return True

    def look_again(self) -> None:
        """The windows or the pixels changed under the cursor (live mode)."""
        self.verdict = self.judge.verdict(self.cursor.at)

    def take(self) -> bool:
        """Whether the point is taken; if not, `notice` says why."""
        self.look_again()
        self.notice = "" if self.verdict.valid else f"Not taken. {self.verdict.reason}"
        if self.verdict.valid:
            self.entry = ""
            self.step = Step.LOOKING
        return self.verdict.valid

    def refuse(self, why: str) -> None:
        """Back to the point, with what was wrong with it."""
        self.step = Step.POINT
        self.notice = why

    def _moved(self) -> None:
        self.notice = ""
        self.look_again()

    # The second step: the frames.

    def show(self, sight: Sight, proposal: Proposal) -> None:
        """The proposed frames, to be agreed to or drawn anew."""
        rect = sight.window.rect
        seen = [screen.rect.intersection(rect) for screen in self.judge.layout.screens]
        shown = [part for part in seen if not part.empty]
        left, top = min(part.x for part in shown), min(part.y for part in shown)
        right, bottom = max(part.right for part in shown), max(part.bottom for part in shown)
        bounds = Rect(left - rect.x, top - rect.y, right - left, bottom - top)
        self.sight = sight
        self.editor = FrameEditor(bounds, proposal.anchor, proposal.composer)
        self.reasons = proposal.reasons
        self.step = Step.FRAMES

    def press(self, point: Point, reach: int) -> None:
        if self.editor is not None:
            self.editor.press(self._in_window(point), reach)

    def drag(self, point: Point) -> None:
        if self.editor is not None:
            self.editor.drag(self._in_window(point))

    def release(self) -> None:
        if self.editor is not None:
            self.editor.release()
            self._judge_again()

    def grow(self, dx: int, dy: int) -> None:
        if self.editor is not None:
            self.editor.grow(dx, dy)
            self._judge_again()

    def frame_on_desktop(self, frame: Frame) -> Rect | None:
        """A frame in native pixels of the desktop."""
        if self.editor is None or self.sight is None:
            return None
        rect = self.editor[frame]
        return None if rect is None else rect.moved(self.sight.window.rect.top_left)

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
        """What is wrong with the landmark now that it is another one."""
        if self.editor is None or self.sight is None or self._judge_anchor is None:
            return
        landmark = self.editor[Frame.LANDMARK]
        if landmark is not None:
            self.reasons = self._judge_anchor(self.sight, landmark)

    # Both.

    def back(self) -> bool:
        """One step back; False when there is none left."""
        if self.entry:
            self.entry = ""
            self.notice = ""
        elif self.editor is not None and self.editor.dragging:
            self.editor.cancel()
        elif self.step is not Step.POINT:
            self.step = Step.POINT
            self.sight = self.editor = None
            self.reasons = ()
        else:
            return False
        return True

    def spoken(self) -> str:
        """What a screen reader says of this moment."""
        if self.step is Step.LOOKING:
            return "Looking at the box."
        if self.step is Step.FRAMES:
            words = ["Is this box empty?", *(str(reason) for reason in self.reasons)]
            return " ".join([*words, "Enter remembers it, Escape goes back."])
        at, window = self.cursor.at, self.verdict.window
        words = [f"{at.x}, {at.y}."]
        if window is not None:
            words.append(f"{window.identity.title or window.identity.window_class}.")
        words.append(self.notice or self.verdict.reason or "Can be taken.")
        return " ".join(words)
