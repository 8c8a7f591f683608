"""What was done to whom, and when: the soak's own log of its faults."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass


@dataclass
class Incident:
    """One fault; `agent` is None when it concerns the whole desktop. Times are time.time()."""

    kind: str
    agent: str | None
    began: float
    ended: float | None = None
    note: str = ""

    def overlaps(self, agent: str, began: float, ended: float) -> bool:
        """Whether it was going on for this agent at some time from `began` to `ended`."""
        if self.agent is not None and self.agent != agent:
            return False
        return self.began <= ended and (self.ended is None or self.ended >= began)


class Log:
    """All incidents. Used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.incidents: list[Incident] = []
        self.missed: Counter[str] = Counter()
        """Faults that could not be injected, by kind: what they were for had gone just then."""

    def begin(self, kind: str, agent: str | None = None, note: str = "") -> Incident:
        incident = Incident(kind, agent, time.time(), note=note)
        with self._lock:
            self.incidents.append(incident)
        return incident

    def end(self, incident: Incident) -> None:
        incident.ended = time.time()

    def counts(self) -> Counter[str]:
        """How many of each kind there were."""
        return Counter(incident.kind for incident in list(self.incidents))

    def concerned(self, agent: str, began: float, ended: float) -> list[Incident]:
        """What was going on for this agent meanwhile."""
        return [each for each in list(self.incidents) if each.overlaps(agent, began, ended)]
