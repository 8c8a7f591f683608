"""Does what a step says, wherever its button stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from panel.core.clock import now
from panel.core.target import TargetKind
from panel.ui.actions import Actions
from panel.ui.calibrate.reconnect import ReconnectDialog
from panel.ui.calibrate.review import ReviewDialog
from panel.ui.calibrate.sight import ConfirmDialog, EmptyBoxDialog
from panel.ui.models.needs import read_message_ids
from panel.ui.models.sent import read_content
from panel.ui.services import Workbench
from panel.ui.steps import DECISIONS, STANDING, Step, Subject


class Mender:
    """Messages go to an agent's chat box, so that is the box which is mended."""

    def __init__(self, bench: Workbench, actions: Actions) -> None:
        self._bench = bench
        self._actions = actions

    def do(self, step: Step, subject: Subject, beside: QWidget) -> None:
        """Starts the step; dialogs open over the window of `beside`."""
        if step in DECISIONS or step in STANDING:
            self._actions.decide(subject.message_id, step.value)
            return
        if step in _DIALOGS:
            key = (subject.agent_id, TargetKind.CHAT)
            _DIALOGS[step](self, key, beside.window())
            return
        simple: Mapping[Step, Callable[[], object]] = {
            Step.DECIDE: self._actions.needs_you_wanted.emit,
            Step.GOTO: lambda: self._actions.goto(subject.agent_id),
            Step.CALIBRATE: lambda: self._actions.calibrate([subject.agent_id]),
            Step.MESSAGE: lambda: self._actions.compose([subject.agent_id]),
            Step.READ: lambda: self._actions.replies_wanted.emit(subject.agent_id),
            Step.SEND_NOW: lambda: self._with_messages(subject, self._actions.send_now),
            Step.TRY_NOW: lambda: self._with_messages(subject, self._actions.retry),
            Step.RETRY: lambda: self._with_messages(subject, self._actions.retry),
            Step.CANCEL: lambda: self._with_messages(subject, self._actions.cancel),
            Step.EDIT: lambda: self._actions.edit(subject.message_id),
            Step.WITHDRAW: lambda: self._actions.cancel([subject.message_id]),
            Step.RESEND: lambda: self._actions.send_once_more([subject.message_id]),
            Step.USE_TEXT: lambda: self._bench.tasks.start(self._use_text(subject)),
        }
        simple[step]()

    def _with_messages(self, subject: Subject, call: Callable[[Sequence[str]], None]) -> None:
        if not subject.cause:
            call([subject.message_id])
            return

        async def all_of_them() -> None:
            # As they are at the click: some may have gone out since the card was drawn.
            call(
                await self._bench.reading.read(
                    lambda c: read_message_ids(
                        c, subject.cause, subject.agent_id, subject.reason_code, now()
                    )
                )
            )

        self._bench.tasks.start(all_of_them())

    async def _use_text(self, subject: Subject) -> None:
        content = await self._bench.reading.read(lambda c: read_content(c, subject.message_id))
        self._actions.compose([subject.agent_id], content)

    def _find(self, key: tuple[str, TargetKind], window: QWidget) -> None:
        ReconnectDialog(self._bench, self._actions, window, only=key).show()

    def _review(self, key: tuple[str, TargetKind], window: QWidget) -> None:
        ReviewDialog(self._bench, self._actions, key, window).show()

    def _confirm(self, key: tuple[str, TargetKind], window: QWidget) -> None:
        ConfirmDialog(self._bench, self._actions, key, window).show()

    def _empty(self, key: tuple[str, TargetKind], window: QWidget) -> None:
        EmptyBoxDialog(self._bench, self._actions, key, window).show()


_DIALOGS: Mapping[Step, Callable[[Mender, tuple[str, TargetKind], QWidget], None]] = {
    Step.FIND: Mender._find,
    Step.REVIEW: Mender._review,
    Step.CONFIRM: Mender._confirm,
    Step.EMPTY: Mender._empty,
}
