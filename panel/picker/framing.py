"""The second step: the two frames over what was seen, and what speaks against them."""

from __future__ import annotations

from panel.core.geometry import Point, Rect
from panel.core.target import Proof, Reason
from panel.picker.frames import Frame, FrameEditor
from panel.picker.values import JudgeAnchor, Proposal, Sight

NEEDED = "Draw a landmark first: the window is known by it."


Asked = tuple[Rect, Rect | None]
"""A refused landmark and the text box that a better one has to leave free."""


class Framing:
    """One taken point with its picture and its frames. Positions are relative to the window."""

    def __init__(
        self, sight: Sight, proposal: Proposal, bounds: Rect, judge_anchor: JudgeAnchor | None
    ) -> None:
        """`bounds`: the part of the window's client area that the screens show."""
        self.sight = sight
        self.proposal = proposal
        self.editor = FrameEditor(bounds, proposal.anchor, proposal.composer)
        self._judge_anchor = judge_anchor
        # None: as proposed, which is not judged; the proposal's reasons are warnings.
        self._against: tuple[Reason, ...] | None = None
        self._suggestion: tuple[Asked, Rect | None] | None = None

    @property
    def empties(self) -> bool:
        """Whether there is a text box that has to be empty now."""
        return self.proposal.proof is Proof.COMPOSER and self.editor[Frame.COMPOSER] is not None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks against the frames as they are."""
        return self.proposal.reasons if self._against is None else self._against

    @property
    def refused(self) -> bool:
        """Whether the landmark cannot be one."""
        return bool(self._against)

    @property
    def asks(self) -> Asked | None:
        """For what a better place is still to be looked for; None while nothing is refused."""
        asked = self._asked
        known = self._suggestion is not None and self._suggestion[0] == asked
        return None if known or self.editor.dragging else asked

    @property
    def suggested(self) -> Rect | None:
        """A landmark near the refused one that would do, once it was found."""
        suggestion, asked = self._suggestion, self._asked
        return suggestion[1] if suggestion is not None and suggestion[0] == asked else None

    def suggest(self, asked: Asked, found: Rect | None) -> None:
        """The answer to `asks`; shown as long as it is the same landmark that is refused."""
        self._suggestion = (asked, found)

    @property
    def _asked(self) -> Asked | None:
        landmark = self.editor[Frame.LANDMARK]
        return (landmark, self._avoid) if self.refused and landmark is not None else None

    @property
    def _avoid(self) -> Rect | None:
        return self.editor[Frame.COMPOSER] if self.empties else None

    @property
    def hindrance(self) -> str:
        """Why the frames cannot be kept; empty when they can."""
        if self.refused:
            return " ".join(str(reason) for reason in self.reasons)
        if self.proposal.needs_anchor and self.editor[Frame.LANDMARK] is None:
            return NEEDED
        return ""

    def judge(self) -> None:
        """Looks at the landmark again, now that a frame is another one."""
        landmark, composer = self.editor[Frame.LANDMARK], self.editor[Frame.COMPOSER]
        as_proposed = (landmark, composer) == (self.proposal.anchor, self.proposal.composer)
        if self._judge_anchor is None or landmark is None or as_proposed:
            self._against = None
            return
        self._against = self._judge_anchor(self.sight, landmark, self._avoid)

    def take_suggested(self) -> bool:
        """Makes the suggested place the landmark; False when there is none."""
        suggested = self.suggested
        if suggested is None:
            return False
        self.editor.put(Frame.LANDMARK, suggested)
        self.judge()
        return True

    def press(self, point: Point, reach: int) -> None:
        """A press on the suggested place takes it, and a drag then moves it."""
        suggested = self.suggested
        _, grip = self.editor.grip_at(point, reach)
        if suggested is not None and grip.draws and suggested.contains(point):
            self.take_suggested()
        self.editor.press(point, reach)

    def on_desktop(self, rect: Rect | None) -> Rect | None:
        """A rectangle of the window in native pixels of the desktop."""
        return None if rect is None else rect.moved(self.sight.window.rect.top_left)
