"""Takes what a person wants done about uncertain messages to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from panel.core import clock
from panel.core.evidence import Step
from panel.core.message import CoordinateStatus, DeliveryStatus, Wanted
from panel.core.target import Proof, Reason, ReasonCode
from panel.dispatch.course import Outcome
from panel.dispatch.errand import StandingAim, TextErrand, not_done_words
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.film import Film
from panel.dispatch.handling import AttemptRecord
from panel.dispatch.plan import Settlement
from panel.dispatch.settling import settle
from panel.dispatch.subject import Subject, read_subject
from panel.dispatch.tools import Tools
from panel.screen.standing import Pasted
from panel.store import evidence, wanted
from panel.store.database import Store
from panel.store.wanted import Errand


class Errands:
    """One for each dispatcher."""

    def __init__(self, store: Store, tools: Tools, pictures: EvidenceFolder) -> None:
        self._store = store
        self._tools = tools
        self._pictures = pictures

    async def claim(self, who: str, only: Collection[str] | None) -> Errand | None:
        """The oldest that can be done, which is this dispatcher's from now on."""
        return await self._store.write(
            lambda tx: wanted.claim_next(tx, now=clock.now(), dispatcher=who, only=only)
        )

    async def do(self, errand: Errand) -> DeliveryStatus:
        """Does it and settles; the state that the message has then."""
        claim = errand.claim
        agent, message_id = claim.message.to_agent, claim.message.message_id
        subject, names = await self._store.read(
            lambda c: (read_subject(c, agent), evidence.of_paste(c, message_id))
        )
        film = Film(self._tools.camera, subject.target, claim.attempt_id, self._pictures)
        kept = await asyncio.to_thread(self._kept, names)
        outcome = await self._outcome(errand, subject, film, kept)
        gone = await self._store.write(
            lambda tx: settle(tx, claim, Settlement(outcome), subject.target, film.taken)
        )
        self._pictures.drop(gone)
        return outcome.status

    async def _outcome(
        self, errand: Errand, subject: Subject, film: Film, kept: Pasted | None
    ) -> Outcome:
        target, message = subject.target, errand.claim.message
        why = ""
        if target is None or target.composer is None:
            why = "Its agent has no box any more."
        elif kept is None:
            why = "The picture of its text in the box is gone."
        elif target.proof is Proof.TERMINAL and errand.wanted is Wanted.REMOVE:
            why = "In a terminal the panel does not remove it."
        if why or target is None or kept is None:
            reason = Reason(ReasonCode.TEXT_GONE, f"{not_done_words(errand.wanted)} {why}")
            return Outcome(
                DeliveryStatus.UNCERTAIN, message.evidence, reason, CoordinateStatus.PENDING, 0
            )
        aim = StandingAim(target, self._tools, subject.limits, subject.others, kept)
        record = AttemptRecord(self._store, self._tools.thread, errand.claim.attempt_id)
        work = TextErrand(errand.wanted, message, target, self._tools, record, film, aim)
        return await work.run()

    def _kept(self, names: dict[Step, str]) -> Pasted | None:
        pasted = self._pictures.load(names.get(Step.PASTED, ""))
        if pasted is None:
            return None
        return Pasted(pasted, self._pictures.load(names.get(Step.READY, "")))
