"""The gate before each claim: the pointer is not taken from a person who works.

While it is shut nothing is claimed, so that an hour of somebody's work leaves no attempts. A file
for an inbox needs no pointer and passes; so does what the person said to send now.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from panel.core import clock
from panel.core.dispatching import Hands, Standing
from panel.core.message import DeliveryStatus, Method
from panel.core.target import Reason, ReasonCode
from panel.dispatch.courtesy import Look, keys_down, working
from panel.dispatch.tools import Tools
from panel.store import control, courtesy, settings
from panel.store.connection import Connection, Transaction
from panel.store.control import ControlState
from panel.store.database import Store
from panel.store.queue import Head, ready_heads

LOOK_SECONDS = 0.25
_SAME = timedelta(seconds=0.2)
_TOLD = frozenset({*courtesy.OPERATORS_OWN, ReasonCode.LOCKED, ReasonCode.SEND_NOW})
_PASSABLE = frozenset({Hands.WORKING, Hands.COUNTDOWN})
_NO_REASON_TO_HOLD = frozenset({Hands.FREE, Hands.SENDING, Hands.POSTPONED})


@dataclass(frozen=True, slots=True)
class Manners:
    """The settings, in seconds. Without `quiet` nobody's work is waited for."""

    quiet: float
    countdown: float
    longest_wait: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What may be claimed: these messages (None: all). `hurried` go without waiting for quiet.

    `look_again` is in how many seconds the gate may stand otherwise, None while it is open;
    `patient` whether something waits that is not on hold.
    """

    only: Collection[str] | None
    hurried: frozenset[str] = frozenset()
    look_again: float | None = None
    patient: bool = False


class Gate:
    """One for each dispatcher; used on the loop's thread. `changed` hears of each new standing."""

    def __init__(self, store: Store, tools: Tools, changed: Callable[[Standing], None]) -> None:
        self._store = store
        self._tools = tools
        self._changed = changed
        self._shut_since: float | None = None
        self._words_left = True
        self.standing = Standing()

    async def ask(
        self, only: Collection[str] | None, state: ControlState, manners: Manners
    ) -> Passage:
        """Looks at the person's hands and says what may be claimed now."""
        if state.paused:
            self._open()
            return Passage(only)
        look = await self._tools.thread.run(self._tools.operator.look)
        locked = self._tools.lock.locked()
        standing = judge(look, manners, state.postponed_until, locked, clock.now())
        if standing.hands is Hands.FREE:
            self._open()
            return Passage(only)
        # With what was said since: nobody who has just postponed is told that they work.
        state, heads, waiting = await self._store.read(
            lambda c: (control.state(c), ready_heads(c, clock.now(), only), courtesy.waiting(c))
        )
        standing = judge(look, manners, state.postponed_until, locked, clock.now())
        if state.paused or standing.hands is Hands.FREE:
            self._open()
            return Passage(only)
        if not any(head.method is Method.PYAUTOGUI for head in heads):
            self._open(waits_for=standing if standing.hands is Hands.POSTPONED else None)
            # Not all that may come: what is queued this moment has to be asked for first.
            return Passage([head.message_id for head in heads])
        return await self._shut(replace(standing, waiting=waiting), heads, manners)

    async def free(self, state: ControlState, manners: Manners) -> bool:
        """Whether nothing speaks against taking the pointer now."""
        look = await self._tools.thread.run(self._tools.operator.look)
        locked = self._tools.lock.locked()
        standing = judge(look, manners, state.postponed_until, locked, clock.now())
        return standing.hands is Hands.FREE

    def note_sending(self, agent: str | None) -> None:
        """Whose window the panel writes into now; None when it has ended."""
        self._show(Standing(Hands.FREE if agent is None else Hands.SENDING, agent))

    def rest(self) -> None:
        """The dispatcher has ended."""
        self._open()

    def _open(self, waits_for: Standing | None = None) -> None:
        self._shut_since = None
        self._show(waits_for or Standing())

    async def _shut(self, standing: Standing, heads: list[Head], manners: Manners) -> Passage:
        hurried = [head for head in heads if head.reason_code == ReasonCode.SEND_NOW]
        files = [head.message_id for head in heads if head.method is Method.INBOX]
        if hurried and standing.hands in _PASSABLE:
            self._words_left = True
            chosen = frozenset(head.message_id for head in hurried)
            return Passage([*files, *chosen], chosen, look_again=LOOK_SECONDS, patient=True)
        if self._words_left and not hurried:
            self._words_left = await self._store.write(_drop_words)
        self._show(standing)
        patient = await self._tell(standing, heads, manners)
        left = LOOK_SECONDS
        if standing.hands is Hands.COUNTDOWN and standing.until is not None:
            left = min(left, max(0.01, (standing.until - clock.now()).total_seconds()))
        return Passage(files, look_again=left, patient=patient)

    async def _tell(self, standing: Standing, heads: list[Head], manners: Manners) -> bool:
        """Writes beside them why they wait, and after the longest wait puts them on hold."""
        pending = [
            head
            for head in heads
            if head.method is Method.PYAUTOGUI and head.status is DeliveryStatus.PENDING
        ]
        reason = why(standing)
        if reason is None:
            self._shut_since = None
            return bool(pending)
        if self._shut_since is None:
            self._shut_since = time.monotonic()
        ids = [head.message_id for head in pending]
        waited = time.monotonic() - self._shut_since
        if ids and waited >= manners.longest_wait:
            since = clock.now() - timedelta(seconds=waited)
            await self._store.write(lambda tx: courtesy.hold(tx, ids, reason, since))
            return False
        untold = [head.message_id for head in pending if head.reason_code not in _TOLD]
        if untold:
            await self._store.write(lambda tx: courtesy.note_wait(tx, untold, reason))
        return bool(pending)

    def _show(self, standing: Standing) -> None:
        if not _same(standing, self.standing):
            self.standing = standing
            self._changed(standing)


def judge(
    look: Look, manners: Manners, postponed: datetime | None, locked: bool, now: datetime
) -> Standing:
    """How it stands with the person: locked, keys down, postponed, at work, counting down, free."""
    if locked:
        return Standing(Hands.LOCKED)
    if look.down:
        return Standing(Hands.KEYS_DOWN, keys=look.down)
    if postponed is not None and postponed > now:
        return Standing(Hands.POSTPONED, until=postponed)
    if not manners.quiet or look.idle is None:
        return Standing()
    if look.idle < manners.quiet:
        return Standing(Hands.WORKING)
    left = max(manners.quiet, manners.countdown) - look.idle
    if left > 0:
        return Standing(Hands.COUNTDOWN, until=now + timedelta(seconds=left))
    return Standing()


def why(standing: Standing) -> Reason | None:
    """The reason as it is written beside a message; None where it is the person's own wish."""
    if standing.hands in _NO_REASON_TO_HOLD:
        return None
    if standing.hands is Hands.LOCKED:
        return Reason(ReasonCode.LOCKED, "The screen is locked.", "Continues when unlocked.")
    if standing.hands is Hands.KEYS_DOWN:
        return keys_down(standing.keys)
    return working()


def read_manners(connection: Connection) -> Manners:
    """As they are set now."""
    return Manners(
        quiet=float(settings.get(connection, "operator_idle_ms")) / 1000,
        countdown=float(settings.get(connection, "countdown_seconds")),
        longest_wait=float(settings.get(connection, "operator_wait_seconds")),
    )


def _drop_words(tx: Transaction) -> bool:
    """Forgets words for which it is too late; True when one has come that can be kept now."""
    if any(head.reason_code == ReasonCode.SEND_NOW for head in ready_heads(tx, clock.now())):
        return True
    courtesy.drop_words(tx)
    return False


def _same(one: Standing, other: Standing) -> bool:
    """The end of a countdown is computed anew at each look and comes out a little differently."""
    if one.until is not None and other.until is not None and abs(one.until - other.until) < _SAME:
        one = replace(one, until=other.until)
    return one == other
