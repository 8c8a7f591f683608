"""Whether our text still stands in an agent's box: only then is there Enter to be pressed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from panel.commands.evidence import Standing
from panel.ui.steps import DECISIONS, STANDING, Step

Offered = tuple[tuple[Step, ...], Mapping[Step, str]]


def decisions(standing: Standing | None, wanted: str) -> Offered:
    """The decisions about an unconfirmed message, and why some cannot be made now.

    `wanted` is what a person asked for and the dispatcher is about to do.
    """
    steps = (*DECISIONS, *(() if standing is None else STANDING))
    if wanted:
        return steps, dict.fromkeys(steps, working(wanted))
    if standing is not None and not standing.stands:
        return steps, dict.fromkeys(STANDING, standing.why)
    if standing is not None and not standing.removable:
        return steps, {Step.REMOVE: standing.why_left}
    return steps, {}


def working(wanted: str) -> str:
    """What the dispatcher is doing about it, for the person who asked."""
    if wanted == "submit":
        return _tr("Working on it: Enter is pressed as soon as its window is ready.")
    return _tr("Working on it: the text is removed as soon as its window is ready.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("evidence", text)
