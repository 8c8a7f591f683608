"""Writing down how an attempt ended, and what a dead dispatcher left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

from panel.core import clock
from panel.core.evidence import Step, picture_name
from panel.core.message import DeliveryStatus, Evidence, Method
from panel.core.target import Target
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.identity import Identity
from panel.dispatch.plan import Settlement, after_crash, after_crash_of_errand
from panel.dispatch.tools import Tools
from panel.store import attempts, evidence, messages, targets
from panel.store.attempts import Claim
from panel.store.connection import Transaction
from panel.store.database import Store


def settle(
    tx: Transaction,
    claim: Claim,
    settlement: Settlement,
    target: Target | None,
    steps: Collection[Step] = (),
) -> list[str]:
    """State, evidence, times and attempt in one transaction; a delivery also confirms its target
    and takes over the window that it was found in after a restart.

    `steps` are those there are pictures of. Returns the attempts whose pictures are needed no more.
    """
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
        pictures={str(step): picture_name(claim.attempt_id, step) for step in steps},
    )
    if settlement.by_file:
        messages.set_method(tx, claim.message.message_id, Method.INBOX)
    gone: list[str] = []
    if Step.HELD in steps:
        gone = evidence.drop_earlier_looks(tx, claim.attempt_id)
    if outcome.status is not DeliveryStatus.DELIVERED or target is None:
        return gone
    if outcome.window is None or outcome.point is None or target.window is None:
        return gone
    targets.note_success(tx, target.agent_id, target.kind, moment)
    if outcome.window.identity.window_id != target.window.window_id:
        found = replace(outcome.window.identity, title_rule=target.window.title_rule)
        targets.rebind_window(tx, target.agent_id, target.kind, found, outcome.point)
    return gone


async def recover(store: Store, tools: Tools, identity: Identity, pictures: EvidenceFolder) -> None:
    """Settles what a dead dispatcher left in `sending`, and releases the keys it named.

    What it had photographed by then is noted with the attempt.

    To be called by the dispatcher that holds the display, before its first claim.
    """
    for row in await store.read(attempts.unsettled):
        if not identity.is_orphan(str(row["dispatcher"])):
            continue
        attempt_id, keys = str(row["attempt_id"]), row["keys"]
        if keys:
            await tools.thread.run(tools.driver.release, str(keys))
        named = str(keys) if keys else None
        if row["kind"] == "deliver":
            outcome = after_crash(str(row["phase"]), named)
        else:
            outcome = after_crash_of_errand(named, Evidence(str(row["known"])))
        steps = await asyncio.to_thread(pictures.steps_of, attempt_id)

        def end(
            tx: Transaction,
            attempt_id: str = attempt_id,
            settlement: Settlement = Settlement(outcome),  # noqa: B008 - this row's
            steps: Collection[Step] = frozenset(steps),
        ) -> None:
            claim = attempts.claim_of(tx, attempt_id)
            if claim is not None:
                settle(tx, claim, settlement, None, steps)

        await store.write(end)
