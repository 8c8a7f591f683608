"""Where the pictures of deliveries come from: read and decoded off the window's thread."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from panel.commands import evidence, targets
from panel.commands.evidence import Standing
from panel.core.errors import CommandError, EnvironmentFault
from panel.ui.calibrate.pictures import box_only, decoded
from panel.ui.models.attempts import picture_folder, read_attempts
from panel.ui.models.column import Row
from panel.ui.models.targets import read_target
from panel.ui.services import Workbench

STEPS = ("ready", "pasted", "after", "held", "emptied")
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture with its caption; a null image says in `missing` why there is none."""

    caption: str
    image: QImage = field(default_factory=QImage)
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures to be compared: before and after, or how it should be and how it is."""

    before: Shot
    after: Shot

    @property
    def empty(self) -> bool:
        return self.before.image.isNull() and self.after.image.isNull()


def caption(step: str) -> str:
    """What a picture of that step shows, in a word."""
    words = {
        "ready": _tr("Before"),
        "pasted": _tr("Pasted"),
        "after": _tr("After"),
        "held": _tr("On hold"),
        "emptied": _tr("Later, empty"),
    }
    return words.get(step, step)


def names_of(attempt: Row) -> dict[str, str]:
    """The picture files of an attempt by step, in the order of the steps."""
    value = attempt.get("pictures")
    found = json.loads(value) if isinstance(value, str) and value else value
    if not isinstance(found, Mapping):
        return {}
    return {step: str(found[step]) for step in STEPS if found.get(step)}


def names_of_delivery(attempts: Sequence[Row]) -> dict[str, str]:
    """Of each step the newest picture, back to the last attempt that was to deliver it.

    What a person asked for afterwards (Enter, removing it) adds to that delivery's pictures.
    """
    found: dict[str, str] = {}
    for row in reversed(attempts):
        found = {**names_of(row), **found}
        if found and row.get("kind") == "deliver":
            break
    return found


class EvidenceBook:
    """Pictures by attempt, and of boxes as they are now. Nothing is clicked or raised."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._folder = picture_folder(bench.context.location)

    async def of_attempt(self, attempt: Row) -> dict[str, QImage]:
        """The pictures of one attempt by step; null where the file is gone."""
        return await self._images(names_of(attempt))

    async def _images(self, names: Mapping[str, str]) -> dict[str, QImage]:
        if not names:
            return {}
        folder = self._folder
        return await self._bench.reading.read(
            lambda _c: {step: decoded(_content(folder, name)) for step, name in names.items()}
        )

    async def of_message(self, message_id: str, agent_id: str) -> Pair | None:
        """Before and after of a message's delivery; while it is on hold, the empty box and now."""
        attempts = await self._bench.reading.read(lambda c: read_attempts(c, message_id))
        pictures = await self._images(names_of_delivery(attempts))
        if "ready" in pictures or not pictures:
            return pair_of(pictures)
        # Nothing was typed: what stands there is compared with how the empty box looked.
        target = await self._bench.reading.read(lambda c: read_target(c, agent_id))
        kept = target.looks[0] if target is not None and target.looks else None
        look = await self._bench.reading.read(lambda _c: decoded(kept.png if kept else None))
        pair = pair_of(pictures)
        if pair is None:
            return None
        empty = Shot(_tr("When empty"), look, _tr("No picture was kept."))
        return replace(pair, before=empty)

    async def standing(self, message_id: str) -> Standing | None:
        """Whether the text of an unconfirmed message stands in its box as it was pasted."""
        try:
            return await evidence.standing(self._bench.context, message_id)
        except (EnvironmentFault, CommandError):
            return None

    async def of_box(self, agent_id: str) -> Pair | None:
        """How the agent's empty box was shown to look, and how it looks now."""
        target = await self._bench.reading.read(lambda c: read_target(c, agent_id))
        if target is None or not (target.looks or target.anchor):
            return None
        missing = _tr("Not in sight")
        try:
            (png,) = await targets.snapshots(self._bench.context, [target])
        except (EnvironmentFault, CommandError):
            png = None
        kept = target.looks[0] if target.looks else target.anchor
        assert kept is not None

        def work(_connection: object) -> Pair:
            now = decoded(png)
            if target.looks and not now.isNull():
                now = box_only(now, target)
            then = Shot(_tr("When calibrated"), decoded(kept.png))
            return Pair(then, Shot(_tr("Now"), now, missing))

        return await self._bench.reading.read(work)


def pair_of(pictures: Mapping[str, QImage]) -> Pair | None:
    """The two pictures of an attempt that tell most."""
    if not pictures:
        return None
    last = next((step for step in ("after", "held", "pasted") if step in pictures), "after")
    missing = _tr("No picture was kept.")
    nothing = QImage()
    return Pair(
        Shot(caption("ready"), pictures.get("ready", nothing), missing),
        Shot(caption(last), pictures.get(last, nothing), missing),
    )


def _content(folder: Path, name: str) -> bytes | None:
    if Path(name).name != name:  # a name from the database never leads elsewhere
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _tr(text: str) -> str:
    return QCoreApplication.translate("evidence", text)
