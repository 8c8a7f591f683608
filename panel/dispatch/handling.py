"""What one claim comes to: delivered into its window, deposited as a file, or refused."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from panel.core import clock
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Method
from panel.core.target import Reason, ReasonCode
from panel.core.typed import typed_text, window_text
from panel.dispatch.course import Outcome, Stopped
from panel.dispatch.delivery import Delivery
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.film import Film
from panel.dispatch.inbox import deposit, withdraw
from panel.dispatch.plan import Settlement, after_fault, plan
from panel.dispatch.settling import settle
from panel.dispatch.subject import Subject, read_subject, refusal
from panel.dispatch.tools import Tools
from panel.screen.worker import DesktopThread
from panel.store import answers, attempts
from panel.store.attempts import Claim
from panel.store.connection import Transaction
from panel.store.database import Store

log = logging.getLogger(__name__)
_UNTOLD = (DeliveryStatus.HELD, DeliveryStatus.PENDING, DeliveryStatus.FAILED)
InboxOf = Callable[[str], Awaitable[Path]]
"""Names an agent's inbox folder."""


class Handler:
    """Takes claims to their ends. One for each dispatcher."""

    def __init__(
        self, store: Store, tools: Tools, inbox: InboxOf, evidence: EvidenceFolder
    ) -> None:
        self._store = store
        self._tools = tools
        self._inbox = inbox
        self._evidence = evidence

    async def handle(self, claim: Claim, *, hurried: bool = False) -> DeliveryStatus:
        """Delivers and settles; the state that the message has then. `hurried` does not wait for
        the person at work to be quiet."""
        message = claim.message
        subject = await self._store.read(lambda c: read_subject(c, message.to_agent))
        if hurried:
            subject = replace(subject, limits=replace(subject.limits, quiet_seconds=0.0))
        film = Film(self._tools.camera, subject.target, claim.attempt_id, self._evidence)
        try:
            outcome = await self._deliver(claim, subject, film)
            settlement = plan(message, outcome, clock.now(), subject.hold_limit)
            settlement = await self._instead(claim, subject, settlement)
        except Exception as fault:
            log.exception("a fault before the paste of %s", message.message_id)
            settlement = after_fault(message, fault, clock.now())
        gone = await self._store.write(
            lambda tx: settle(tx, claim, settlement, subject.target, film.taken)
        )
        self._evidence.drop(gone)
        return settlement.outcome.status

    async def put_back(self, claim: Claim) -> None:
        """Ends a claim that nothing was done with."""
        nothing = Outcome(DeliveryStatus.PENDING, Evidence.NONE, None, CoordinateStatus.PENDING, 0)
        await self._store.write(lambda tx: settle(tx, claim, Settlement(nothing), None))

    async def _deliver(self, claim: Claim, subject: Subject, film: Film) -> Outcome:
        message = claim.message
        if message.delivery_method is Method.INBOX:
            return await self._deposit(claim, typed_text(message, subject.wording))
        text = window_text(message, subject.wording, subject.reach)
        if text:
            return await self._into_window(claim, subject, text, film)
        told_before = await self._store.read(
            lambda c: answers.may_have_arrived(c, message.message_id)
        )
        file = await self._file(claim, typed_text(message, subject.wording))
        text = window_text(message, subject.wording, subject.reach, str(file))
        outcome = await self._into_window(claim, subject, text, film)
        if outcome.status in _UNTOLD and not told_before:
            await self._tools.thread.run(withdraw, file)
        if outcome.status is not DeliveryStatus.DELIVERED:
            return outcome
        told = Reason(ReasonCode.BY_FILE, f"A line was typed that points to {file}.")
        return replace(outcome, reason=outcome.reason or told)

    async def _into_window(self, claim: Claim, subject: Subject, text: str, film: Film) -> Outcome:
        message, target = claim.message, subject.target
        refused = refusal(message, subject, text)
        if refused is not None:
            return refused
        assert target is not None
        record = AttemptRecord(self._store, self._tools.thread, claim.attempt_id)
        delivery = Delivery(
            target,
            text,
            message.priority,
            self._tools,
            subject.limits,
            record,
            subject.others,
            film=film,
        )
        return await delivery.run()

    async def _deposit(self, claim: Claim, text: str) -> Outcome:
        started = time.monotonic()
        await self._file(claim, text)
        took = round((time.monotonic() - started) * 1000)
        return Outcome(
            DeliveryStatus.DELIVERED, Evidence.SUBMITTED, None, CoordinateStatus.PENDING, took
        )

    async def _file(self, claim: Claim, text: str) -> Path:
        folder = await self._inbox(claim.message.to_agent)
        return await self._tools.thread.run(deposit, claim.message, text, folder)

    async def _instead(self, claim: Claim, subject: Subject, settlement: Settlement) -> Settlement:
        """A file in the inbox folder for what would fail because its window stays blocked, where
        the agent's settings say so."""
        failed = settlement.outcome
        wanted = subject.agent is not None and subject.agent.inbox_fallback
        if not wanted or failed.status is not DeliveryStatus.FAILED:
            return settlement
        if failed.evidence not in (Evidence.NONE, Evidence.FOCUSED):
            return settlement
        why = failed.reason.text if failed.reason is not None else ""
        try:
            file = await self._file(claim, typed_text(claim.message, subject.wording))
        except OSError as error:
            log.warning("%s: no file in the inbox: %s", claim.message.message_id, error)
            also = f"Its inbox could not be written either: {error.strerror or error}."
            both = Reason(ReasonCode.BY_FILE, f"{why} {also}".strip())
            return replace(settlement, outcome=replace(failed, reason=both))
        told = Reason(ReasonCode.BY_FILE, f"{why} It lies in its inbox: {file}.".strip())
        done = replace(
            failed, status=DeliveryStatus.DELIVERED, evidence=Evidence.SUBMITTED, reason=told
        )
        return Settlement(replace(done, window=None, point=None), by_file=True)


class AttemptRecord:
    """dispatch.delivery.Record over the attempt's row."""

    def __init__(self, store: Store, thread: DesktopThread, attempt_id: str) -> None:
        self._store = store
        self._thread = thread
        self._attempt_id = attempt_id

    async def advance(self, phase: str, keys: str | None, evidence: Evidence | None) -> bool:
        return await self._store.write(
            lambda tx: attempts.advance(tx, self._attempt_id, phase, keys=keys, evidence=evidence)
        )

    async def strike(self, press: Callable[[], Reason | None]) -> Reason | None:
        def work(tx: Transaction) -> Reason | None:
            # While this transaction lasts nobody can commit a stop, and what was committed before
            # is seen: after a committed stop no key is pressed.
            if not attempts.going(tx, self._attempt_id):
                raise Stopped
            return self._thread.run_and_wait(press)

        return await self._store.write(work)
