"""The pictures of one attempt: taken in the driver's thread, kept by the folder's own."""

from __future__ import annotations

import logging

from panel.core.evidence import Step
from panel.core.target import Target, WindowInfo
from panel.dispatch.evidence import EvidenceFolder
from panel.screen.grab import Camera
from panel.screen.standing import view

log = logging.getLogger(__name__)


class Film:
    """`taken` names the steps that there are pictures of."""

    def __init__(
        self, camera: Camera, target: Target | None, attempt_id: str, folder: EvidenceFolder
    ) -> None:
        self._camera = camera
        self._composer = None if target is None else target.composer
        self._attempt_id = attempt_id
        self._folder = folder
        self.taken: set[Step] = set()

    def take(self, step: Step, window: WindowInfo | None) -> None:
        """What stands there now, whoever's it is; nothing where no window was found. Never fails:
        a picture is worth no message."""
        if window is None or window.minimised or self._composer is None:
            return
        try:
            pixels = self._camera.grab(view(self._composer, window.rect))
            if self._folder.keep(self._attempt_id, step, pixels):
                self.taken.add(step)
        except Exception:
            log.exception("no picture of %s could be taken", step)
