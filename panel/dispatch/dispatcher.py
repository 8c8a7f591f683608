"""The dispatcher of a display: claims one message at a time, delivers it, settles it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panel.core import clock
from panel.core.changes import Changes
from panel.core.dispatching import DrainResult, Standing
from panel.core.errors import EnvironmentFault
from panel.core.message import DeliveryStatus, Method
from panel.dispatch.ending import to_its_end
from panel.dispatch.errands import Errands
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.followers import Followers
from panel.dispatch.gate import LOOK_SECONDS, Gate, Passage, read_manners
from panel.dispatch.handling import Handler, InboxOf
from panel.dispatch.identity import Identity
from panel.dispatch.settling import recover
from panel.dispatch.tools import DisplayLock, Tools
from panel.screen.x11_owner import describe
from panel.store import attempts, backlog, control, messages, settings, wanted
from panel.store.attempts import Claim
from panel.store.connection import Connection, Transaction
from panel.store.database import Store

_LONGEST_WAIT = 5.0
_FINAL = frozenset(
    {DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.HELD}
)


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

    `lock` makes the display's lock, in the loop's thread. `inbox` names an agent's inbox folder,
    `evidence` keeps the pictures of what it did.
    """

    def __init__(
        self,
        store: Store,
        tools: Tools,
        identity: Identity,
        lock: Callable[[], DisplayLock],
        inbox: InboxOf,
        evidence: EvidenceFolder,
    ) -> None:
        self._store = store
        self._tools = tools
        self._identity = identity
        self._make_lock = lock
        self._evidence = evidence
        self._handler = Handler(store, tools, inbox, evidence)
        self._errands = Errands(store, tools, evidence)
        self._followers = Followers(store, tools, evidence)
        self._wake = asyncio.Event()
        self._sending: str | None = None
        self._begun = False
        self._watchers: list[Callable[[Standing], None]] = []
        self._gate = Gate(store, tools, self._tell)

    @property
    def sending(self) -> str | None:
        """The message_id that is being delivered now."""
        return self._sending

    @property
    def standing(self) -> Standing:
        """How it stands with the person at the desktop now."""
        return self._gate.standing

    def watch(self, told: Callable[[Standing], None]) -> Callable[[], None]:
        """Calls `told` in the loop's thread with each new standing; the answer ends that."""
        self._watchers.append(told)
        return lambda: self._watchers.remove(told)

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
            self._evidence.open()
            try:
                await recover(self._store, self._tools, self._identity, self._evidence)
                if not self._begun:
                    await self._store.write(lambda tx: _set_old_ones_aside(tx, scope.only))
                    self._begun = True
                return await self._loop(scope, lock)
            finally:
                self._gate.rest()
                unsubscribe()
                await to_its_end(self._evidence.close())

    def _tell(self, standing: Standing) -> None:
        for told in tuple(self._watchers):
            told(standing)

    def _on_store_changed(self, changes: Changes) -> None:
        if changes.touches("agent_messages", "dispatch_control", "agent_workspaces"):
            self._wake.set()

    async def _loop(self, scope: _Scope, lock: DisplayLock) -> DrainResult:
        ended: Counter[DeliveryStatus] = Counter()
        who = json.dumps(self._identity.about())
        while scope.limit is None or sum(ended.values()) < scope.limit:
            self._wake.clear()
            state, manners, asked = await self._store.read(
                lambda c: (control.state(c), read_manners(c), wanted.any_wanted(c, scope.only))
            )
            await self._acknowledge_stop(state)
            if scope.seconds_left() <= 0:
                break
            if not lock.held:
                raise EnvironmentFault("Another program took the right to send on this display.")
            if asked and await self._gate.free(state, manners):
                status = await to_its_end(self._run_errand(who, scope.only))
                if status in _FINAL:
                    ended[status] += 1
                continue
            passage = await self._gate.ask(scope.only, state, manners)
            if asked:
                passage = replace(passage, look_again=LOOK_SECONDS, patient=True)
            look_again = await self._followers.look(scope.only)
            claim = await self._claim(who, passage.only)
            self._evidence.sweep_now_and_then(self._store)
            if claim is None:
                due = await self._store.read(lambda c: attempts.next_due(c, scope.only))
                finished = scope.until_empty and not passage.patient
                if finished and await self._finished(scope, due):
                    break
                await self._rest(due, scope, passage, look_again)
                continue
            hurried = claim.message.message_id in passage.hurried
            status = await to_its_end(self._handle(claim, hurried=hurried))
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

    async def _claim(self, who: str, only: Collection[str] | None) -> Claim | None:
        """The next message. One that is claimed while the dispatcher ends goes back at once."""
        claiming = asyncio.ensure_future(
            self._store.write(
                lambda tx: attempts.claim_next(tx, now=clock.now(), dispatcher=who, only=only)
            )
        )
        try:
            return await to_its_end(claiming)
        except asyncio.CancelledError:
            if not claiming.cancelled() and claiming.exception() is None:
                claim = claiming.result()
                if claim is not None:
                    await to_its_end(self._handler.put_back(claim))
            raise

    async def _rest(
        self, due: datetime | None, scope: _Scope, passage: Passage, look_again: float | None
    ) -> None:
        wait = min(_LONGEST_WAIT, max(0.0, scope.seconds_left()))
        if look_again is not None:
            wait = min(wait, look_again)
        if passage.look_again is not None:
            wait = min(wait, passage.look_again)
        if due is not None:
            wait = min(wait, max(0.0, (due - clock.now()).total_seconds()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), wait)

    async def _acknowledge_stop(self, state: control.ControlState) -> None:
        if state.stop_counter > state.stop_acknowledged:
            await self._store.write(lambda tx: control.acknowledge_stop(tx, state.stop_counter))

    async def _run_errand(self, who: str, only: Collection[str] | None) -> DeliveryStatus | None:
        errand = await self._errands.claim(who, only)
        if errand is None:
            return None
        self._sending = errand.claim.message.message_id
        self._gate.note_sending(errand.claim.message.to_agent)
        try:
            return await self._errands.do(errand)
        finally:
            self._sending = None
            self._gate.note_sending(None)

    async def _handle(self, claim: Claim, *, hurried: bool) -> DeliveryStatus:
        self._sending = claim.message.message_id
        by_hand = claim.message.delivery_method is Method.PYAUTOGUI
        self._gate.note_sending(claim.message.to_agent if by_hand else None)
        try:
            return await self._handler.handle(claim, hurried=hurried)
        finally:
            self._sending = None
            self._gate.note_sending(None)


def _set_old_ones_aside(tx: Transaction, only: Collection[str] | None) -> None:
    """Old messages wait behind a question. Once a dispatcher: what grows old while it runs does not
    come as a surprise, also when it has to begin again after a fault.
    """
    older_than = timedelta(minutes=float(settings.get(tx, "backlog_minutes")))
    backlog.set_aside(tx, clock.now(), older_than, but=only or ())


def _held(connection: Connection, only: Collection[str] | None) -> int:
    if only is None:
        return messages.counts(connection)[DeliveryStatus.HELD]
    found = (messages.get(connection, message_id) for message_id in only)
    return sum(m is not None and m.delivery_status is DeliveryStatus.HELD for m in found)
