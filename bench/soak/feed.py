"""What is sent in a soak: a steady stream, most of it queued, some by `send --wait` processes."""

from __future__ import annotations

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench.clerk import Clerk
from bench.processes import run_panel
from bench.soak.faults import Steps
from panel.core.errors import PanelError
from panel.core.message import Draft, Priority

_LETTERS = "abcdefghijklmnoprstuvwxy"  # without the person's
_MOST_WAITING = 30
_PRIORITIES = (Priority.NORMAL,) * 6 + (Priority.HIGH, Priority.LOW, Priority.URGENT)
_WAIT_SECONDS = 15
_CLI_SHARE = 0.06


class Feed:
    """Queues for these agents until `stop`; `ids` are those that the panel said were queued."""

    def __init__(
        self, clerk: Clerk, agents: list[str], chance: random.Random, every: float
    ) -> None:
        self._clerk = clerk
        self._agents = agents
        self._chance = chance
        self._every = every
        self._calls = ThreadPoolExecutor(2, thread_name_prefix="feed")
        self._stopped = False
        self.ids: set[str] = set()
        self.contents: dict[str, str] = {}
        """The agent that each text is for."""
        self.refused = 0
        """Texts that the panel said it had not taken, as when the disk was full."""
        self.waits: Counter[int] = Counter()
        """Exit codes of `send --wait`."""

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        self._calls.shutdown()

    def runs(self) -> Steps:
        number = 0
        while not self._stopped:
            yield self._chance.uniform(0.4, 1.6) * self._every
            if self._clerk.waiting() >= _MOST_WAITING:
                continue
            number += 1
            agent = self._chance.choice(self._agents)
            content = self._content(number)
            self.contents[content] = agent
            priority = self._chance.choice(_PRIORITIES)
            if self._chance.random() < _CLI_SHARE:
                self._calls.submit(self._send, agent, content, priority)
                continue
            try:
                self.ids.update(self._clerk.queue([Draft(agent, content, priority=priority)]))
            except PanelError:
                self.refused += 1

    def _content(self, number: int) -> str:
        count = 200 if self._chance.random() < 0.03 else self._chance.randrange(2, 20)
        words = (
            "".join(self._chance.choices(_LETTERS, k=self._chance.randrange(2, 9)))
            for _ in range(count)
        )
        return f"soak {number:05} {' '.join(words)} end{number:05}"

    def _send(self, agent: str, content: str, priority: Priority) -> None:
        words = ["send", "--to", agent, "--priority", priority, "--wait", str(_WAIT_SECONDS)]
        done = run_panel(*words, content, seconds=_WAIT_SECONDS + 60)
        self.waits[done.returncode] += 1
        try:
            rows = json.loads(done.stdout)
            self.ids.update(row["message_id"] for row in rows if row["message_id"])
        except (ValueError, TypeError, KeyError):
            self.refused += 1
