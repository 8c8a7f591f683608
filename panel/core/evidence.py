"""Pictures of a delivery: what was seen at each of its steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path


class Step(StrEnum):
    """When a picture was taken. All show the box with what is around it; see dispatch.evidence."""

    READY = "ready"
    """Just before the click: the box as it was found."""
    PASTED = "pasted"
    """The text was seen in the box, the submit key was not pressed yet."""
    AFTER = "after"
    """At the end, when the proof was seen or was waited for in vain."""
    HELD = "held"
    """What stood there when the message was put on hold."""
    EMPTIED = "emptied"
    """Later, when an unconfirmed message's box was seen empty and the next ones could go on."""


Pictures = Mapping[Step, Path]
"""PNG files that exist, by step; the files are for this user alone."""

_NAME = re.compile(r"(?P<attempt>att_[A-Za-z0-9_]+)-(?P<step>[a-z]+)\.png")


def picture_name(attempt_id: str, step: Step) -> str:
    """The name of the file of one step of an attempt."""
    return f"{attempt_id}-{step}.png"


def named(name: str) -> tuple[str, Step] | None:
    """The attempt and the step that a file's name tells; None for a file of somebody else."""
    found = _NAME.fullmatch(name)
    if found is None or found["step"] not in set(Step):
        return None
    return found["attempt"], Step(found["step"])
