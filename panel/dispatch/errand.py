"""What a person wants done about a text of ours that still stands in its box: Enter, or removed.

All the looks of a delivery are made again; the box has to look as it did after our paste instead of
empty. Whatever is not seen leaves the message uncertain, with the reason.
"""

from __future__ import annotations

import logging
from functools import partial

from panel.core.evidence import Step
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message, Priority, Wanted
from panel.core.target import Reason, ReasonCode, Target
from panel.dispatch.aim import Aim, Hold
from panel.dispatch.course import Course, Doubt, Outcome, Record, Stopped
from panel.dispatch.courtesy import Surroundings
from panel.dispatch.film import Film
from panel.dispatch.tools import Limits, Tools
from panel.screen.standing import Pasted, stands

log = logging.getLogger(__name__)
SELECT_KEY, REMOVE_KEY = "ctrl+a", "delete"
_DECIDE = "Look at its box and decide."


class StandingAim(Aim):
    """Aims at a box in which our text stands."""

    def __init__(
        self, target: Target, tools: Tools, limits: Limits, others: frozenset[int], kept: Pasted
    ) -> None:
        super().__init__(target, tools, limits, others)
        self._kept = kept
        self._clicked = False

    def click(self) -> None:
        self._clicked = True
        super().click()

    def _require_empty(self) -> None:
        assert self.window is not None
        reason = stands(
            self._target,
            self.window.rect,
            self._tools.camera,
            self._kept,
            focused=self._clicked,
        )
        if reason is not None:
            raise Hold(reason, CoordinateStatus.VALID)


class TextErrand:
    """Presses Enter on it, or removes it. `run` never raises: nothing of it is tried again."""

    def __init__(
        self,
        wanted: Wanted,
        message: Message,
        target: Target,
        tools: Tools,
        record: Record,
        film: Film,
        aim: StandingAim,
    ) -> None:
        self._wanted = wanted
        self._known = message.evidence
        self._tools = tools
        self._record = record
        self._aim = aim
        urgent = target.urgent_submit_key if message.priority is Priority.URGENT else None
        self._submit_key = urgent or target.submit_key
        self._course = Course(tools.thread, aim, film)

    async def run(self) -> Outcome:
        """The outcome: delivered, cancelled (removed), or uncertain again."""
        run = self._tools.thread.run
        before: Surroundings | None = None
        try:
            before = await run(self._aim.remember)
            return await self._do()
        except Hold as hold:
            self._course.coordinates = hold.coordinates
            return await self._uncertain(hold.reason)
        except Doubt as doubt:
            return await self._uncertain(doubt.reason)
        except Stopped:
            return await self._uncertain(Reason(ReasonCode.STOPPED, "A stop came first."))
        except Exception as fault:
            log.exception("a fault while a text was to be %s", self._wanted)
            return await self._uncertain(Reason(ReasonCode.FAULT, f"A fault: {fault}."))
        finally:
            if before is not None:
                await self._course.give_back(before)

    async def _do(self) -> Outcome:
        run = self._tools.thread.run
        await run(self._aim.make_ready)
        self._course.coordinates = CoordinateStatus.VALID
        await run(self._aim.click)
        await self._course.picture(Step.READY)
        self._course.note("ready")
        if self._wanted is Wanted.SUBMIT:
            await self._press("submitting", self._submit_key)
            self._course.note("enter")
        else:
            await self._press("pasting", SELECT_KEY)
            await self._press("submitting", REMOVE_KEY)
        if not await run(self._aim.wait_submitted):
            key = self._submit_key if self._wanted is Wanted.SUBMIT else REMOVE_KEY
            raise Doubt(Reason(ReasonCode.NO_PROOF, f"After {key} its box did not empty.", _DECIDE))
        await self._course.picture(Step.AFTER)
        if self._wanted is Wanted.REMOVE:
            self._course.note("removed")
            return self._course.outcome(DeliveryStatus.CANCELLED, self._known, None)
        self._course.note(Evidence.SUBMITTED)
        return self._course.outcome(DeliveryStatus.DELIVERED, Evidence.SUBMITTED, self._aim.warning)

    async def _press(self, phase: str, chord: str) -> None:
        if not await self._record.advance(phase, chord, self._known):
            raise Stopped
        refused = await self._record.strike(partial(self._aim.press, chord))
        if refused is not None:
            raise Doubt(Reason(refused.code, f"{refused.text} Its text stands in the box."))

    async def _uncertain(self, why: Reason) -> Outcome:
        await self._course.picture(Step.AFTER if self._aim.struck else Step.HELD)
        not_done = "" if self._aim.struck else f"{not_done_words(self._wanted)} "
        reason = Reason(why.code, f"{not_done}{why.text}", why.fix or _DECIDE)
        return self._course.outcome(DeliveryStatus.UNCERTAIN, self._known, reason)


def not_done_words(wanted: Wanted) -> str:
    """That nothing was done, for the beginning of a reason."""
    return "Enter was not pressed." if wanted is Wanted.SUBMIT else "It was not removed."
