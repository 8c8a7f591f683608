"""The picker: an overlay on every screen with which a person shows where an agent takes text."""

from panel.picker.picking import pick
from panel.picker.values import (
    PickRequest,
    PickResult,
    PickSources,
    Proposal,
    Sight,
    TakenPoint,
)

__all__ = [
    "PickRequest",
    "PickResult",
    "PickSources",
    "Proposal",
    "Sight",
    "TakenPoint",
    "pick",
]
