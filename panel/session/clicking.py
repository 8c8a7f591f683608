"""A click at a target after all checks of a delivery, without typing: does it take the focus?"""

from __future__ import annotations

from panel.core.target import Reason, ReasonCode, Target, TargetCheck
from panel.dispatch.aim import Aim, Hold
from panel.dispatch.tools import Limits, Tools


class TryClick:
    """Runs in the driver's thread. The operator's window and pointer are given back."""

    def __init__(self, tools: Tools, limits: Limits | None = None) -> None:
        self._tools = tools
        # Who asks for it has just used the mouse or the keyboard.
        self._limits = limits or Limits(quiet_seconds=0.0)

    def __call__(self, target: Target, others: frozenset[int]) -> TargetCheck:
        """`valid` when the click was made and the target's window has the focus; its window is the
        one that took it. The reasons say at which check it ended, or what else got the focus."""
        if self._tools.lock.locked():
            return self._refused(target, Reason(ReasonCode.LOCKED, "The screen is locked."))
        aim = Aim(target, self._tools, self._limits, others)
        before = aim.remember()
        try:
            aim.make_ready()
            aim.click()
        except Hold as hold:
            return self._refused(target, self._with_focus(hold.reason), aim)
        finally:
            aim.give_back(before)
        reasons = () if aim.warning is None else (aim.warning,)
        return TargetCheck(target.agent_id, target.kind, True, True, reasons, aim.window, aim.point)

    def _with_focus(self, reason: Reason) -> Reason:
        """What has the focus instead, where that is what is wrong."""
        if reason.code is not ReasonCode.NO_FOCUS:
            return reason
        focused = self._tools.system.focused_window()
        window = None if focused is None else self._tools.system.describe(focused)
        name = "nothing" if window is None else f"“{window.identity.title}”"
        return Reason(reason.code, f"{reason.text} The focus is in {name}.", reason.fix)

    @staticmethod
    def _refused(target: Target, reason: Reason, aim: Aim | None = None) -> TargetCheck:
        window, point = (None, None) if aim is None else (aim.window, aim.point)
        return TargetCheck(target.agent_id, target.kind, False, False, (reason,), window, point)
