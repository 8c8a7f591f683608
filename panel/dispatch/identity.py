"""Who dispatches: kept with every attempt, to tell a dead one's from a live one's."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from panel.screen.process import start_time


@dataclass(frozen=True, slots=True)
class Identity:
    """`started` is the process's start time in clock ticks since boot."""

    host: str
    pid: int
    started: int | None
    display: str
    database: str

    def about(self) -> dict[str, object]:
        """The same for JSON."""
        return asdict(self)

    def is_orphan(self, dispatcher: str) -> bool:
        """Whether the dispatcher of an attempt (JSON) is gone, when we hold the display.

        Whoever sent on this display is gone then; elsewhere it is if its process is.
        """
        about = json.loads(dispatcher)
        if about.get("host") != self.host:
            return False
        if about.get("display") == self.display:
            return True
        return bool(start_time(about.get("pid")) != about.get("started"))
