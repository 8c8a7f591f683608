"""Lets an agent's next messages go once the box of an uncertain one is seen empty.

Looks only: nothing is clicked or raised. The uncertain message stays with the person.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from panel.core.evidence import Step
from panel.core.target import Proof
from panel.dispatch.evidence import EvidenceFolder
from panel.dispatch.subject import Subject, read_subject
from panel.dispatch.tools import Tools
from panel.screen.check import check_target
from panel.screen.composer import Look, looks_empty
from panel.screen.fingerprint import Pixels
from panel.screen.standing import view
from panel.store import evidence, wanted
from panel.store.connection import Transaction
from panel.store.database import Store

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 30.0


@dataclass
class _Turn:
    """When an agent's box is looked at next (time.monotonic()), and how long it was waited for."""

    due: float
    wait: float = FIRST_SECONDS


class Followers:
    """One for each dispatcher. Looks at the box of each agent that is held up, each 1 … 30 s."""

    def __init__(self, store: Store, tools: Tools, pictures: EvidenceFolder) -> None:
        self._store = store
        self._tools = tools
        self._pictures = pictures
        self._turns: dict[str, _Turn] = {}

    async def look(self, only: Collection[str] | None) -> float | None:
        """Looks where it is time to; in how many seconds it is time again, None for never."""
        held_up = await self._store.read(lambda c: wanted.holding_up(c, only))
        present = time.monotonic()
        self._turns = {
            agent: self._turns.get(agent) or _Turn(present + FIRST_SECONDS) for agent in held_up
        }
        for agent, turn in tuple(self._turns.items()):
            if turn.due > present:
                continue
            turn.wait = min(2 * turn.wait, LONGEST_SECONDS)
            turn.due = present + turn.wait
            if await self._let_go(agent, held_up[agent]):
                del self._turns[agent]
        if not self._turns:
            return None
        return max(0.0, min(turn.due for turn in self._turns.values()) - time.monotonic())

    async def _let_go(self, agent: str, message_ids: list[str]) -> bool:
        subject = await self._store.read(lambda c: read_subject(c, agent))
        picture = await self._tools.thread.run(self._seen_empty, subject)
        if picture is None:
            return False

        def work(tx: Transaction) -> None:
            for message_id in wanted.note_emptied(tx, message_ids):
                attempt = wanted.last_paste(tx, message_id)
                if attempt and self._pictures.keep(attempt, Step.EMPTIED, picture):
                    evidence.add(tx, attempt, [Step.EMPTIED])

        await self._store.write(work)
        return True

    def _seen_empty(self, subject: Subject) -> Pixels | None:
        """The picture that shows it, where the window is recognised and shows at the point."""
        target = subject.target
        if target is None or target.composer is None or target.proof is not Proof.COMPOSER:
            return None
        tools = self._tools
        verdict = check_target(
            target,
            tools.system,
            tools.camera,
            tools.camera.desktop,
            subject.others,
            layout=tools.layout(),
            locked=tools.lock.locked(),
        )
        if not (verdict.valid and verdict.visible) or verdict.window is None:
            return None
        window = verdict.window.rect
        pixels = tools.camera.grab(target.composer.moved(window.top_left))
        if not looks_empty(pixels, [Look.of(one) for one in target.looks]):
            return None
        return tools.camera.grab(view(target.composer, window))
