"""What was done to whom, and when: the soak's own log of its faults."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Incident:
    """One fault; `agents` is None when it concerns the whole desktop. Times are time.time()."""

    kind: str
    agents: set[str] | None
    began: float
    ended: float | None = None
    note: str = ""

    def overlaps(self, agent: str, began: float, ended: float) -> bool:
        """Whether it was going on for this agent at some time from `began` to `ended`."""
        if self.agents is not None and agent not in self.agents:
            return False
        return self.began <= ended and (self.ended is None or self.ended >= began)


class Log:
    """All incidents. Used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.incidents: list[Incident] = []
        self.missed: Counter[str] = Counter()
        """Faults that could not be injected, by kind: what they were for had gone just then."""

    @contextlib.contextmanager
    def going_on(self, kind: str, agent: str | None = None, note: str = "") -> Iterator[Incident]:
        """An incident that is over when the body is left in whatever way."""
        incident = Incident(kind, None if agent is None else {agent}, time.time(), note=note)
        with self._lock:
            self.incidents.append(incident)
        try:
            yield incident
        finally:
            incident.ended = time.time()

    def counts(self) -> Counter[str]:
        """How many of each kind there were."""
        return Counter(incident.kind for incident in list(self.incidents))

    def concerned(self, agent: str, began: float, ended: float) -> list[Incident]:
        """What was going on for this agent meanwhile."""
        return [each for each in list(self.incidents) if each.overlaps(agent, began, ended)]
