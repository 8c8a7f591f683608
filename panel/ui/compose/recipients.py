"""Who a message goes to: names, teams or all, as they are typed into the To field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from panel.ui.models.agents import target_ready
from panel.ui.models.column import Row

ALL = "All"
TEAM = "Team "


@dataclass(frozen=True, slots=True)
class Recipients:
    """What the To field means. `ready` can be written to; `unready` have no target yet."""

    ready: tuple[str, ...] = ()
    unready: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    inactive: tuple[str, ...] = ()
    everybody: bool = False

    @property
    def count(self) -> int:
        return len(self.ready)

    @property
    def wrong(self) -> str:
        """What is wrong with the field in words; empty when it can be sent."""
        if self.unknown:
            return _tr("There is no agent or team {0}.").format(", ".join(self.unknown))
        if self.inactive:
            return _tr("{0} is inactive and is not written to.").format(", ".join(self.inactive))
        if self.ready:
            return ""
        if self.unready:
            return _tr("{0} has no target yet. Calibrate first.").format(", ".join(self.unready))
        return _tr("Say who gets it: agents, a team, or All.")

    @property
    def readiness(self) -> str:
        """`All: 7 ready; Agent-5 has no target.`"""
        parts = []
        if self.ready:
            parts.append(_tr("{0} ready").format(len(self.ready)))
        if self.unready:
            verb = _tr("has no target") if len(self.unready) == 1 else _tr("have no target")
            parts.append(f"{_shortened(self.unready)} {verb}")
        if not parts:
            return ""
        head = _tr("All: ") if self.everybody else ""
        return f"{head}{'; '.join(parts)}."


def parse_recipients(text: str, agents: Sequence[Row], *, inbox: bool = False) -> Recipients:
    """Names separated by commas; `All` and `Team NAME` stand for several. Case does not matter.

    An inbox takes messages also where there is no target.
    """
    active = [row for row in agents if row.get("active", True)]
    wanted: list[str] = []
    unknown: list[str] = []
    inactive: list[str] = []
    everybody = False
    for word in (part.strip() for part in text.split(",")):
        if not word:
            continue
        exact = [str(row["agent_id"]) for row in agents if _same(row["agent_id"], word)]
        if _same(word, ALL):
            everybody = True
            wanted += [str(row["agent_id"]) for row in active]
        elif exact:
            known = next(row for row in agents if row["agent_id"] == exact[0])
            (wanted if known.get("active", True) else inactive).append(exact[0])
        else:
            name = word[len(TEAM) :].strip() if word.lower().startswith(TEAM.lower()) else word
            team = [str(row["agent_id"]) for row in active if _same(row.get("team"), name)]
            wanted += team
            if not team:
                unknown.append(word)
    chosen = tuple(dict.fromkeys(wanted))
    able = {str(row["agent_id"]) for row in agents if inbox or target_ready(row)}
    return Recipients(
        ready=tuple(agent for agent in chosen if agent in able),
        unready=tuple(agent for agent in chosen if agent not in able),
        unknown=tuple(unknown),
        inactive=tuple(inactive),
        everybody=everybody,
    )


def choices(agents: Sequence[Row]) -> list[str]:
    """What the field offers: all, the teams, the agents."""
    active = [row for row in agents if row.get("active", True)]
    teams = sorted({str(row.get("team")) for row in active if row.get("team")})
    return [ALL, *(f"{TEAM}{team}" for team in teams), *(str(row["agent_id"]) for row in active)]


def _same(one: object, other: object) -> bool:
    return str(one).casefold() == str(other).casefold()


def _shortened(names: Sequence[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return _tr("{0} and {1} more").format(", ".join(names[:2]), len(names) - 2)


def _tr(text: str) -> str:
    return QCoreApplication.translate("compose", text)
