"""The store's table modules, imported when one is first used.

Qt's database costs a tenth of a second; `captain-panel --help` needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from panel.store import agents as agents
    from panel.store import alerts as alerts
    from panel.store import answers as answers
    from panel.store import attempts as attempts
    from panel.store import backlog as backlog
    from panel.store import broadcasts as broadcasts
    from panel.store import control as control
    from panel.store import courtesy as courtesy
    from panel.store import duplicates as duplicates
    from panel.store import evidence as evidence
    from panel.store import layouts as layouts
    from panel.store import messages as messages
    from panel.store import metrics as metrics
    from panel.store import queue as queue
    from panel.store import settings as settings
    from panel.store import slow as slow
    from panel.store import systems as systems
    from panel.store import targets as targets
    from panel.store import templates as templates
    from panel.store import wanted as wanted
    from panel.store.connection import Connection as Connection
    from panel.store.connection import Row as Row
    from panel.store.connection import Transaction as Transaction
else:
    from importlib import import_module

    _MODULES = frozenset(
        {
            "agents",
            "alerts",
            "answers",
            "attempts",
            "backlog",
            "broadcasts",
            "control",
            "courtesy",
            "duplicates",
            "evidence",
            "layouts",
            "messages",
            "metrics",
            "queue",
            "settings",
            "slow",
            "systems",
            "targets",
            "templates",
            "wanted",
        }
    )

    def __getattr__(name):
        if name in _MODULES:
            return import_module(f"panel.store.{name}")
        raise AttributeError(name)
