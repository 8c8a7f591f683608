"""Calibration by sight: the picker's answer becomes a target that is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QImage

from panel.commands import targets
from panel.commands.context import Context
from panel.core.desktop import CalibrationRequest
from panel.core.errors import NotDoneError
from panel.core.geometry import Point, Rect
from panel.core.target import Reason, Target, TargetKind
from panel.picker.picking import pick
from panel.picker.values import (
    PickRequest,
    PickSources,
    Proposal,
    Sight,
    TakenPoint,
)
from panel.screen import pixels
from panel.screen.boxes import boxes_in
from panel.screen.fingerprint import Pixels
from panel.screen.nearest import nearest
from panel.screen.proposal import frames_for, refused
from panel.session.desk import Desk
from panel.session.stepping_aside import aside


class Calibration:
    """Calibrates one agent at a time: a second picker would photograph the first."""

    def __init__(self, context: Context, desk: Desk) -> None:
        self._context = context
        self._desk = desk
        self._open = False

    async def by_sight(self, agent_id: str, kind: TargetKind) -> Target | None:
        """Asks for the point and the frames and stores the target; None when the person leaves.

        None also while another calibration is going on. Raises PanelError with the reason when the
        place cannot be a target.
        """
        if self._open:
            return None
        self._open = True
        try:
            # Our own windows may lie over the agents': a frozen picture of them would show nothing.
            async with aside(self._desk):
                return await self._calibrate(agent_id, kind)
        finally:
            self._open = False

    async def _calibrate(self, agent_id: str, kind: TargetKind) -> Target | None:
        pointer = await self._desk.thread.run(self._desk.windows.pointer)
        sources = PickSources(
            pixels=pixels,
            windows=self._desk.desktop.windows,
            taken=await _taken(self._context),
            propose=propose,
            judge_anchor=judge,
            suggest_anchor=suggest,
            boxes=boxes,
            pointer_position=lambda: pointer,
        )
        picked = await pick(PickRequest(agent_id, kind), sources)
        if picked is None:
            return None
        if not picked.confirmed_empty:
            raise NotDoneError(
                f"{agent_id} was not calibrated: its box has to be empty once, so that the panel "
                "learns how that looks. Empty it and calibrate again."
            )
        request = CalibrationRequest(
            agent_id,
            kind,
            picked.point,
            anchor_rect=picked.anchor,
            composer_rect=picked.composer,
            window_id=picked.window.identity.window_id,
        )
        return await targets.set_point(self._context, request)


async def _taken(context: Context) -> Sequence[TakenPoint]:
    return [
        TakenPoint(
            target.agent_id,
            target.kind,
            target.point,
            target.window.window_id if target.window else None,
        )
        for target in await targets.of(context)
    ]


async def propose(sight: Sight) -> Proposal:
    """The frames for a point, looked for while the window's thread goes on."""
    frames = await asyncio.to_thread(
        lambda: frames_for(_array(sight.picture), sight.window, _offset(sight))
    )
    return Proposal(
        frames.anchor, frames.composer, frames.reasons, frames.proof, frames.needs_anchor
    )


def judge(sight: Sight, rect: Rect, box: Rect | None) -> tuple[Reason, ...]:
    """What speaks against a drawn landmark. Only its own pixels are looked at: it is asked at
    every step of a key.
    """
    part = rect.intersection(Rect(0, 0, sight.picture.width(), sight.picture.height()))
    patch = sight.picture.copy(part.x, part.y, part.width, part.height)
    return refused(_array(patch), rect, box)


async def suggest(sight: Sight, rect: Rect, box: Rect | None) -> Rect | None:
    """A place near a refused landmark that would do."""
    return await asyncio.to_thread(lambda: nearest(_array(sight.picture), rect, box))


async def boxes(sight: Sight) -> Sequence[Rect]:
    """The boxes drawn in the window."""
    return await asyncio.to_thread(lambda: boxes_in(_array(sight.picture)))


def _offset(sight: Sight) -> Point:
    return sight.point - sight.window.rect.top_left


def _array(image: QImage) -> Pixels:
    """A picture as panel.screen.fingerprint has them, from Qt's."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    wide = rows[:, : plain.width() * 4].reshape(plain.height(), plain.width(), 4)
    return np.ascontiguousarray(wide[:, :, :3])
