"""Which targets were recognised after a restart, and which windows could be the others'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from panel.commands import targets
from panel.core.target import ReasonCode, Target, TargetCheck, TargetStatus
from panel.ui.calibrate.pictures import decoded
from panel.ui.calibrate.windows import SeenWindow, seen_windows
from panel.ui.controls import counted
from panel.ui.models.targets import Key
from panel.ui.services import Workbench

LOST = frozenset({ReasonCode.WINDOW_GONE, ReasonCode.AMBIGUOUS, ReasonCode.WRONG_WINDOW})


@dataclass(frozen=True, slots=True)
class Lost:
    """A target without its window, and the windows that could be it."""

    target: Target
    why: str
    then: QImage
    candidates: tuple[SeenWindow, ...]

    @property
    def key(self) -> Key:
        return self.target.agent_id, self.target.kind


@dataclass(frozen=True, slots=True)
class Recognition:
    """How many targets can be used, and which ones are lost."""

    recognised: int
    lost: tuple[Lost, ...]

    @property
    def to_decide(self) -> bool:
        """Whether looking at it is of any use: some window is there to be recognised."""
        return any(each.candidates for each in self.lost)

    def summary(self) -> str:
        """`6 recognised, 2 need your eyes`."""
        return _tr("{0} recognised, {1}").format(
            self.recognised,
            counted(len(self.lost), _tr("{0} needs your eyes"), _tr("{0} need your eyes")),
        )


def is_lost(check: TargetCheck) -> bool:
    """Whether a target's window is not known."""
    return any(reason.code in LOST for reason in check.reasons)


async def recognise(bench: Workbench, only: Key | None = None) -> Recognition:
    """Checks all targets; clicks and raises nothing. `only` is listed in any case."""
    checks = await targets.check(bench.context)
    known = {(each.agent_id, each.kind): each for each in await targets.of(bench.context)}
    wanted = [
        check
        for check in checks
        if (only is None and is_lost(check)) or (check.agent_id, check.kind) == only
    ]
    lost: list[Lost] = []
    if wanted:
        seen = await seen_windows(bench, _bound(checks))
        for check in wanted:
            target = known[check.agent_id, check.kind]
            if target.status is TargetStatus.CONFIRMED:
                lost.append(await _lost(bench, target, check, seen))
    return Recognition(sum(check.valid for check in checks), tuple(lost))


def _bound(checks: Sequence[TargetCheck]) -> dict[int, str]:
    """Whose windows those are that belong to somebody already."""
    return {
        check.window.identity.window_id: check.agent_id
        for check in checks
        if check.window is not None
    }


async def _lost(
    bench: Workbench, target: Target, check: TargetCheck, seen: Sequence[SeenWindow]
) -> Lost:
    wanted = target.window.window_class if target.window else ""
    title = target.window.title if target.window else ""
    candidates = [
        each
        for each in seen
        if each.info.identity.window_class == wanted and each.owner in ("", target.agent_id)
    ]
    # The likely ones first; which one it is, only eyes can say.
    candidates.sort(key=lambda each: (each.title != title, target.agent_id not in each.title))
    landmark = target.anchor or (target.looks[0] if target.looks else None)
    then = await bench.reading.read(lambda _c: decoded(landmark.png if landmark else None))
    return Lost(target, " ".join(str(reason) for reason in check.reasons), then, tuple(candidates))


def _tr(text: str) -> str:
    return QCoreApplication.translate("reconnect", text)
