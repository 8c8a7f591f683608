"""The dispatcher of a display: claims one message at a time, delivers it, settles it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from panel.core import clock
from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.dispatching import DrainResult
from panel.core.errors import EnvironmentFault
from panel.core.message import CoordinateStatus, DeliveryStatus, Evidence, Message, Method
from panel.core.target import Reason, ReasonCode, Target, TargetKind, TargetStatus
from panel.core.typed import typed_text
from panel.dispatch.delivery import Delivery, Outcome
from panel.dispatch.inbox import deposit
from panel.dispatch.plan import Settlement, after_crash, after_fault, plan
from panel.dispatch.tools import DisplayLock, Limits, Tools
from panel.screen.check import unverified
from panel.screen.process import start_time
from panel.screen.x11_owner import describe
from panel.store import agents, attempts, control, messages, settings, targets
from panel.store.attempts import Claim
from panel.store.connection import Connection, Transaction
from panel.store.database import Store

T = TypeVar("T")
log = logging.getLogger(__name__)
_LONGEST_WAIT = 5.0
_FINAL = frozenset(
    {DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.HELD}
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who dispatches: kept with every attempt, to tell a dead one's from a live one's."""

    host: str
    pid: int
    started: int | None
    display: str
    database: str

    def about(self) -> dict[str, object]:
        return {
            "host": self.host,
            "pid": self.pid,
            "started": self.started,
            "display": self.display,
            "database": self.database,
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    """All that a delivery reads from the database, in one read."""

    agent: Agent | None
    target: Target | None
    others: frozenset[int]
    limits: Limits
    hold_limit: timedelta
    operator_name: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which messages a run is about and when it ends; `deadline` is time.monotonic()."""

    only: Collection[str] | None = None
    limit: int | None = None
    deadline: float | None = None
    until_empty: bool = False

    def seconds_left(self) -> float:
        return float("inf") if self.deadline is None else self.deadline - time.monotonic()


class Dispatcher:
    """core.dispatching.DispatchControl over a store and a display.

    `lock` makes the display's lock, in the loop's thread. `inbox` names an agent's inbox folder.
    """

    def __init__(
        self,
        store: Store,
        tools: Tools,
        identity: Identity,
        lock: Callable[[], DisplayLock],
        inbox: Callable[[str], Awaitable[Path]],
    ) -> None:
        self._store = store
        self._tools = tools
        self._identity = identity
        self._make_lock = lock
        self._inbox = inbox
        self._wake = asyncio.Event()
        self._sending: str | None = None

    @property
    def sending(self) -> str | None:
        """The message_id that is being delivered now."""
        return self._sending

    def holder(self) -> str | None:
        with self._make_lock() as lock:
            found = lock.holder()
        return describe(found) if found is not None else None

    async def drain(
        self,
        *,
        only: Collection[str] | None = None,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> DrainResult:
        deadline = None if timeout is None else time.monotonic() + timeout
        return await self._work(_Scope(only, limit, deadline, until_empty=True))

    async def run(self, *, limit: int | None = None) -> DrainResult:
        return await self._work(_Scope(limit=limit))

    async def _work(self, scope: _Scope) -> DrainResult:
        with self._make_lock() as lock:
            lock.take(self._identity.about())
            unsubscribe = self._store.subscribe(self._on_store_changed)
            try:
                await self._recover()
                return await self._loop(scope, lock)
            finally:
                unsubscribe()

    def _on_store_changed(self, changes: Changes) -> None:
        if changes.touches("agent_messages", "dispatch_control", "agent_workspaces"):
            self._wake.set()

    async def _loop(self, scope: _Scope, lock: DisplayLock) -> DrainResult:
        ended: Counter[DeliveryStatus] = Counter()
        who = json.dumps(self._identity.about())
        while scope.limit is None or sum(ended.values()) < scope.limit:
            self._wake.clear()
            await self._acknowledge_stop()
            if scope.seconds_left() <= 0:
                break
            if not lock.held:
                raise EnvironmentFault("Another program took the right to send on this display.")
            claim = await self._store.write(
                lambda tx: attempts.claim_next(tx, now=clock.now(), dispatcher=who, only=scope.only)
            )
            if claim is None:
                due = await self._store.read(attempts.next_due)
                if scope.until_empty and await self._finished(scope, due):
                    break
                await self._rest(due, scope)
                continue
            status = await _to_its_end(self._handle(claim))
            if status in _FINAL and (status is not DeliveryStatus.HELD or scope.until_empty):
                ended[status] += status is not DeliveryStatus.HELD
        held = await self._store.read(lambda c: _held(c, scope.only))
        return DrainResult(
            delivered=ended[DeliveryStatus.DELIVERED],
            failed=ended[DeliveryStatus.FAILED],
            uncertain=ended[DeliveryStatus.UNCERTAIN],
            held=held,
        )

    async def _finished(self, scope: _Scope, due: datetime | None) -> bool:
        """Whether nothing is left to wait for, when nothing can be claimed now.

        With a deadline everything that waits is waited for, without one only a retry that is due.
        """
        if scope.deadline is not None:
            return await self._store.read(lambda c: not attempts.any_waiting(c, scope.only))
        if due is None:
            return True
        return not await self._store.read(attempts.any_retry)

    async def _rest(self, due: datetime | None, scope: _Scope) -> None:
        wait = min(_LONGEST_WAIT, max(0.0, scope.seconds_left()))
        if due is not None:
            wait = min(wait, max(0.0, (due - clock.now()).total_seconds()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), wait)

    async def _acknowledge_stop(self) -> None:
        state = await self._store.read(control.state)
        if state.stop_counter > state.stop_acknowledged:
            await self._store.write(lambda tx: control.acknowledge_stop(tx, state.stop_counter))

    async def _handle(self, claim: Claim) -> DeliveryStatus:
        message = claim.message
        self._sending = message.message_id
        try:
            subject = await self._store.read(lambda c: _subject(c, message.to_agent))
            try:
                outcome = await self._deliver(claim, subject)
                settlement = plan(message, outcome, clock.now(), subject.hold_limit)
            except Exception as fault:
                log.exception("a fault before the paste of %s", message.message_id)
                settlement = after_fault(message, fault, clock.now())
            await self._store.write(lambda tx: self._settle(tx, claim, settlement, subject.target))
            return settlement.outcome.status
        finally:
            self._sending = None

    async def _deliver(self, claim: Claim, subject: _Subject) -> Outcome:
        message, target = claim.message, subject.target
        to_captain = subject.agent is not None and subject.agent.captain == message.to_agent
        text = typed_text(message, to_captain=to_captain, operator_name=subject.operator_name)
        if message.delivery_method is Method.INBOX:
            return await self._deposit(claim, text)
        refused = _refusal(message, target, text)
        if refused is not None:
            return refused
        assert target is not None

        async def advance(phase: str, keys: str | None, evidence: Evidence | None) -> bool:
            return await self._store.write(
                lambda tx: attempts.advance(
                    tx, claim.attempt_id, phase, keys=keys, evidence=evidence
                )
            )

        delivery = Delivery(
            target, text, message.priority, self._tools, subject.limits, advance, subject.others
        )
        return await delivery.run()

    async def _deposit(self, claim: Claim, text: str) -> Outcome:
        started = time.monotonic()
        folder = await self._inbox(claim.message.to_agent)
        await self._tools.thread.run(deposit, claim.message, text, folder)
        took = round((time.monotonic() - started) * 1000)
        return Outcome(
            DeliveryStatus.DELIVERED, Evidence.NONE, None, CoordinateStatus.PENDING, took
        )

    def _settle(
        self, tx: Transaction, claim: Claim, settlement: Settlement, target: Target | None
    ) -> None:
        outcome, moment = settlement.outcome, clock.now()
        where: dict[str, object] | None = None
        if outcome.point is not None:
            where = {"x": outcome.point.x, "y": outcome.point.y, "agent": claim.message.to_agent}
        attempts.settle(
            tx,
            claim=claim,
            status=outcome.status,
            evidence=outcome.evidence,
            reason=outcome.reason,
            coordinate_status=outcome.coordinate_status,
            delivery_time_ms=outcome.delivery_time_ms,
            timings=outcome.timings,
            next_attempt_at=settlement.next_attempt_at,
            count_retry=settlement.count_retry,
            now=moment,
            coordinates=where,
        )
        if outcome.status is not DeliveryStatus.DELIVERED or target is None:
            return
        if outcome.window is None or outcome.point is None or target.window is None:
            return
        targets.note_success(tx, target.agent_id, target.kind, moment)
        if outcome.window.identity.window_id != target.window.window_id:
            found = replace(outcome.window.identity, title_rule=target.window.title_rule)
            targets.rebind_window(tx, target.agent_id, target.kind, found, outcome.point)

    async def _recover(self) -> None:
        """Settles what a dead dispatcher left in `sending`, and releases the keys it named."""
        for row in await self._store.read(attempts.unsettled):
            if not self._is_orphan(str(row["dispatcher"])):
                continue
            attempt_id, keys = str(row["attempt_id"]), row["keys"]
            if keys:
                await self._tools.thread.run(self._tools.driver.release, str(keys))
            outcome = after_crash(str(row["phase"]), str(keys) if keys else None)

            def settle(
                tx: Transaction, attempt_id: str = attempt_id, outcome: Outcome = outcome
            ) -> None:
                claim = attempts.claim_of(tx, attempt_id)
                if claim is not None:
                    self._settle(tx, claim, Settlement(outcome), None)

            await self._store.write(settle)

    def _is_orphan(self, dispatcher: str) -> bool:
        """We hold the display, so whoever sent on it is gone; elsewhere, if its process is."""
        about = json.loads(dispatcher)
        if about.get("host") != self._identity.host:
            return False
        if about.get("display") == self._identity.display:
            return True
        return bool(start_time(about.get("pid")) != about.get("started"))


async def _to_its_end(work: Coroutine[None, None, T]) -> T:
    """Awaits `work`; a cancellation takes effect only when it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _subject(connection: Connection, agent_id: str) -> _Subject:
    others = frozenset(
        int(str(row["window_id"]))
        for row in targets.rows(connection)
        if row["window_id"] is not None and row["agent_id"] != agent_id
    )
    milliseconds = {
        name: float(settings.get(connection, name)) / 1000
        for name in ("operator_idle_ms", "receipt_timeout_ms", "proof_timeout_ms")
    }
    return _Subject(
        agent=agents.get(connection, agent_id),
        target=targets.get(connection, agent_id, TargetKind.CHAT),
        others=others,
        limits=Limits(
            quiet_seconds=milliseconds["operator_idle_ms"],
            receipt_seconds=milliseconds["receipt_timeout_ms"],
            proof_seconds=milliseconds["proof_timeout_ms"],
        ),
        hold_limit=timedelta(minutes=float(settings.get(connection, "hold_limit_minutes"))),
        operator_name=str(settings.get(connection, "sender_name")),
    )


def _refusal(message: Message, target: Target | None, text: str) -> Outcome | None:
    """Why this text cannot go to this target at all, before anything is looked at."""
    status, coordinates = DeliveryStatus.HELD, CoordinateStatus.BLOCKED
    if target is None:
        reason = Reason(
            ReasonCode.NO_TARGET, f"{message.to_agent} has no target.", "Calibrate it by sight."
        )
    elif target.status is TargetStatus.UNVERIFIED:
        reason, coordinates = unverified(target), CoordinateStatus.UNVERIFIED
    elif len(text) > target.longest_paste:
        status = DeliveryStatus.FAILED
        reason = Reason(
            ReasonCode.TOO_LONG,
            f"The text has {len(text):,} characters; this target takes {target.longest_paste:,}.",
            "Send it in parts or to the inbox.",
        )
    else:
        return None
    return Outcome(status, Evidence.NONE, reason, coordinates, delivery_time_ms=0)


def _held(connection: Connection, only: Collection[str] | None) -> int:
    if only is None:
        return messages.counts(connection)[DeliveryStatus.HELD]
    found = (messages.get(connection, message_id) for message_id in only)
    return sum(m is not None and m.delivery_status is DeliveryStatus.HELD for m in found)
