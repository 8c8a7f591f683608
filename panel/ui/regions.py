"""Going round the regions of the window with F6."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def go_round(regions: Sequence[QWidget], focus: QWidget | None, step: int) -> None:
    """Puts the focus into the region after (step 1) or before (-1) the one that has it."""
    here = [
        number
        for number, region in enumerate(regions)
        if focus is not None and (region is focus or region.isAncestorOf(focus))
    ]
    start = here[-1] if here else (-1 if step > 0 else 0)
    regions[(start + step) % len(regions)].setFocus(Qt.FocusReason.TabFocusReason)
