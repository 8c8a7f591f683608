"""One message into one window, step by step, with the evidence of each step.

Until the paste key is pressed everything can be taken back: a "no" is a hold. From then on nothing
is repeated: whatever goes wrong leaves the message uncertain, for a person to decide.
"""

from __future__ import annotations

import logging
import time
from functools import partial

from panel.core.clipboard import NotKept, Saved
from panel.core.evidence import Step
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Priority
from panel.core.target import Proof, Reason, ReasonCode, Target
from panel.dispatch.aim import Aim, Hold
from panel.dispatch.course import Course, Doubt, Outcome, Record, Stopped
from panel.dispatch.film import Film
from panel.dispatch.receipts import ClipboardOffer, Receipt
from panel.dispatch.tools import Limits, Tools

log = logging.getLogger(__name__)


class Delivery:
    """Delivers one text. `film` gets the pictures of what was seen on the way."""

    def __init__(  # noqa: PLR0913 - what it delivers, with what, and who watches
        self,
        target: Target,
        text: str,
        priority: Priority,
        tools: Tools,
        limits: Limits,
        record: Record,
        others: frozenset[int],
        *,
        film: Film,
    ) -> None:
        self._target = target
        self._text = text
        self._tools = tools
        self._limits = limits
        self._record = record
        self._aim = Aim(target, tools, limits, others)
        urgent = target.urgent_submit_key if priority is Priority.URGENT else None
        self._submit_key = urgent or target.submit_key
        self._evidence = Evidence.NONE
        self._course = Course(tools.thread, self._aim, film)
        self._pasting = False
        self._lost: NotKept | None = None

    async def run(self) -> Outcome:
        """The way from the claim to the outcome. Gives focus, pointer and clipboard back."""
        run = self._tools.thread.run
        before = await run(self._aim.remember)
        try:
            return await self._deliver()
        except Hold as hold:
            self._course.coordinates = hold.coordinates
            await self._course.picture(Step.HELD)
            return self._outcome(DeliveryStatus.HELD, hold.reason)
        except Stopped:
            stopped = Reason(ReasonCode.STOPPED, "Stopped before it was typed.")
            if self._pasting:
                stopped = Reason(
                    ReasonCode.STOPPED, "Stopped: its text stands in the box and was not sent."
                )
                await self._course.picture(Step.AFTER)
                return self._outcome(DeliveryStatus.UNCERTAIN, stopped)
            return self._outcome(DeliveryStatus.PENDING, stopped)
        except Doubt as doubt:
            await self._course.picture(Step.AFTER)
            return self._outcome(DeliveryStatus.UNCERTAIN, doubt.reason)
        except Exception as fault:
            if not self._pasting:
                raise
            reason = Reason(ReasonCode.FAULT, f"A fault after the paste: {fault}.")
            await self._course.picture(Step.AFTER)
            return self._outcome(DeliveryStatus.UNCERTAIN, reason)
        finally:
            await self._course.give_back(before)

    async def _deliver(self) -> Outcome:
        run = self._tools.thread.run
        saved = await self._tools.save_clipboard()
        await run(self._aim.make_ready)
        await self._course.picture(Step.READY)
        self._course.note("ready")
        self._course.coordinates = CoordinateStatus.VALID
        await run(self._aim.click)
        self._reached(Evidence.FOCUSED)
        offer = self._tools.offer
        try:
            await self._paste(offer)
            await self._submit()
            self._reached(Evidence.SUBMITTED)
            await self._course.picture(Step.AFTER)
        finally:
            await self._withdraw(saved)
        return self._outcome(DeliveryStatus.DELIVERED, self._aim.warning)

    async def _withdraw(self, saved: Saved) -> None:
        try:
            if self._pasting and self._evidence is not Evidence.SUBMITTED:
                await self._tools.offer.quiet()
            self._lost = await self._tools.offer.withdraw(saved)
        except Exception:
            log.exception("the operator's clipboard could not be given back")

    async def _paste(self, offer: ClipboardOffer) -> None:
        if not await offer.place(self._text):
            raise Hold(
                Reason(ReasonCode.FAULT, "Another program would not let go of the clipboard.")
            )
        run = self._tools.thread.run
        if not await self._record.advance("pasting", self._target.paste_key, self._evidence):
            raise Stopped
        pressed_at = time.monotonic()
        try:
            refused = await self._record.strike(partial(self._aim.press, self._target.paste_key))
        finally:
            # Also after a fault in pressing it, which may have pressed it.
            self._pasting = self._aim.struck
        if refused is not None:
            raise Hold(refused)

        def counts(receipt: Receipt) -> bool:
            return receipt.at >= pressed_at and self._aim.asked_by_target(receipt.requestor)

        receipt = await offer.receipt(counts, self._limits.receipt_seconds)
        if receipt is None:
            foreign = any(receipt.at >= pressed_at for receipt in offer.receipts)
            raise Doubt(
                Reason(
                    ReasonCode.NO_RECEIPT,
                    "Another program took the text, its own did not."
                    if foreign
                    else "Its program did not take the text.",
                    "Look at its box and decide.",
                )
            )
        self._reached(Evidence.PASTED)
        if not await run(self._aim.wait_visible):
            raise Doubt(
                Reason(
                    ReasonCode.NOT_VISIBLE,
                    "Its program took the text, but it was not seen in the box.",
                    "Look at its box and decide.",
                )
            )
        self._reached(Evidence.VISIBLE)
        await self._course.picture(Step.PASTED)

    async def _submit(self) -> None:
        if not await self._record.advance("submitting", self._submit_key, self._evidence):
            raise Stopped
        run = self._tools.thread.run
        refused = await self._record.strike(partial(self._aim.press, self._submit_key))
        if refused is not None:
            raise Doubt(
                Reason(refused.code, f"{refused.text} Its text stands in the box.", refused.fix)
            )
        self._course.note("enter")
        if not await run(self._aim.wait_submitted):
            what = (
                "the box did not empty"
                if self._target.proof is Proof.COMPOSER
                else "the screen did not change"
            )
            raise Doubt(
                Reason(
                    ReasonCode.NO_PROOF,
                    f"After {self._submit_key} {what}.",
                    "Look at its box and decide.",
                )
            )

    def _reached(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._course.note(evidence.value)

    def _outcome(self, status: DeliveryStatus, reason: Reason | None) -> Outcome:
        if self._lost is not None:
            reason = _with_loss(reason, self._lost)
        return self._course.outcome(status, self._evidence, reason)


def _with_loss(reason: Reason | None, lost: NotKept) -> Reason:
    """Who loses what they had copied is told."""
    words = f"Your clipboard could not be kept: {lost.why}."
    if reason is None:
        return Reason(ReasonCode.CLIPBOARD_LOST, words)
    return Reason(reason.code, f"{reason.text} {words}", reason.fix)
