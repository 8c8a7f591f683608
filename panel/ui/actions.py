"""What a person can do from several places of the window, each once: button, menu and key share it.

Everything is written by a function of panel.commands; what it did is said in the status bar.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from panel.commands import (
    agents,
    answers,
    backlog,
    courtesy,
    dispatching,
    editing,
    messages,
    targets,
)
from panel.core.settings import setting
from panel.core.target import TargetCheck, TargetKind
from panel.ui.controls import counted
from panel.ui.services import Said, Workbench
from panel.ui.stopping import stop_in_words


class Actions(QObject):
    """Bound to one window. Dialogs are opened by the window, which listens to the `…_wanted`."""

    compose_wanted = Signal(object, str)
    edit_wanted = Signal(str)
    agent_form_wanted = Signal(object)
    needs_you_wanted = Signal()
    replies_wanted = Signal(str)
    removal_wanted = Signal(str)
    import_wanted = Signal()
    export_wanted = Signal()
    run_wanted = Signal(object)
    reconnect_wanted = Signal()
    checked = Signal(object)
    stopped = Signal(object)

    def __init__(self, bench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.stop_key = str(setting("stop_key").default)
        """How the key that stops all is written."""
        self._demo: asyncio.Future[Any] | None = None

    # messages ----------------------------------------------------------------------

    def compose(self, to: Sequence[str] = (), content: str = "") -> None:
        """Opens the compose dialog, filled as far as it is known."""
        self.compose_wanted.emit(list(to), content)

    def decide(self, message_id: str, decision: str) -> None:
        """Settles an unconfirmed message: arrived, send_again, give_up, press_enter or remove."""
        said = {
            "arrived": self.tr("Noted: it arrived."),
            "send_again": self.tr("Queued again."),
            "give_up": self.tr("Given up. It is not sent again."),
            "press_enter": self.tr("Enter is pressed as soon as its window is ready."),
            "remove": self.tr("It is removed as soon as its window is ready."),
        }[decision]
        self._do(messages.decide(self._bench.context, message_id, decision), said)

    def retry(self, message_ids: Sequence[str]) -> None:
        """Queues failed, cancelled or held messages again."""
        ids = list(message_ids)
        self._do(
            messages.retry(self._bench.context, ids),
            counted(
                len(ids),
                self.tr("{0} message queued again."),
                self.tr("{0} messages queued again."),
            ),
        )

    def send_once_more(self, ids: Sequence[str]) -> None:
        """Queues the texts of settled messages as new ones; an id may be a broadcast's."""
        wanted = list(ids)

        def words(queued: Sequence[str]) -> Said:
            return Said(
                counted(
                    len(queued), self.tr("{0} message queued."), self.tr("{0} messages queued.")
                )
            )

        # Asked for by a button that says so: the question about the same text is answered.
        self._do_asking(
            lambda: editing.resend(self._bench.context, wanted, allow_duplicate=True), words
        )

    def send_to_rest(self, group_id: str) -> None:
        """Sends a broadcast once more to those it has not reached."""
        self.send_once_more([group_id])

    def send_now(self, message_ids: Sequence[str]) -> None:
        """Sends what waits for the person at work without waiting for quiet."""
        ids = list(message_ids)

        def words(chosen: Sequence[str]) -> Said:
            if not chosen:
                return Said(self.tr("It does not wait for you any more."))
            return Said(
                counted(
                    len(chosen),
                    self.tr("{0} message is sent now."),
                    self.tr("{0} messages are sent now."),
                )
            )

        self._do_asking(lambda: courtesy.send_now(self._bench.context, ids), words)

    def send_what_waits(self) -> None:
        """Sends what waits for the person to pause."""
        self._do_asking(
            lambda: courtesy.send_now(self._bench.context),
            lambda chosen: Said(
                counted(
                    len(chosen),
                    self.tr("{0} message goes out now."),
                    self.tr("{0} messages go out now."),
                )
            ),
        )

    def postpone(self, postponed: bool) -> None:
        """Leaves the pointer alone for a while, or no longer."""
        context = self._bench.context
        self._do(
            courtesy.postpone(context, courtesy.POSTPONED if postponed else None),
            self.tr("The pointer is yours for 5 minutes.")
            if postponed
            else self.tr("Sending goes on."),
            lambda: courtesy.postpone(context, None if postponed else courtesy.POSTPONED),
        )

    def cancel(self, message_ids: Sequence[str]) -> None:
        """Takes queued messages back; Undo queues them again."""
        ids = list(message_ids)
        self._do(
            messages.cancel(self._bench.context, ids),
            counted(
                len(ids), self.tr("{0} message cancelled."), self.tr("{0} messages cancelled.")
            ),
            undo=lambda: messages.restore(self._bench.context, ids),
        )

    def mark_seen(self, message_ids: Sequence[str]) -> None:
        """Marks what agents said as seen."""
        ids = list(message_ids)
        self._do(answers.see(self._bench.context, ids), self.tr("Marked as seen."))

    def edit(self, message_id: str) -> None:
        """Opens a waiting message in the compose dialog; it keeps its place."""
        self.edit_wanted.emit(message_id)

    def resend(self, message_ids: Sequence[str]) -> None:
        """Sends what is settled once more, as new messages linked to the old."""
        self._do_asking(
            lambda: editing.resend(self._bench.context, list(message_ids)),
            lambda made: Said(
                counted(
                    len(made),
                    self.tr("{0} message is sent again."),
                    self.tr("{0} messages are sent again."),
                ),
                undo=lambda: messages.cancel(self._bench.context, made),
            ),
        )

    def release_backlog(self, agent_ids: Sequence[str] | None) -> None:
        """Sends the old messages (to these agents) after all."""
        self._do_asking(
            lambda: backlog.release(self._bench.context, agent_ids),
            lambda ids: Said(
                counted(
                    len(ids),
                    self.tr("{0} old message goes out now."),
                    self.tr("{0} old messages go out now."),
                )
            ),
        )

    def cancel_backlog(self, agent_ids: Sequence[str] | None) -> None:
        """Cancels the old messages (to these agents); Undo asks about them again."""
        self._do_asking(
            lambda: backlog.cancel(self._bench.context, agent_ids),
            lambda ids: Said(
                counted(
                    len(ids),
                    self.tr("{0} old message cancelled."),
                    self.tr("{0} old messages cancelled."),
                ),
                undo=lambda: messages.restore(self._bench.context, ids),
            ),
        )

    # agents --------------------------------------------------------------------------

    def add_agent(self) -> None:
        """Opens the form for a new agent."""
        self.agent_form_wanted.emit(None)

    def import_agents(self) -> None:
        """Opens the dialog that brings in agents and their points from files."""
        self.import_wanted.emit()

    def export_agents(self) -> None:
        """Asks for the file to which all agents and their points are written."""
        self.export_wanted.emit()

    def edit_agent(self, agent_id: str) -> None:
        """Opens the form of an agent."""
        self.agent_form_wanted.emit(agent_id)

    def remove_agent(self, agent_id: str) -> None:
        """Asks, then removes an agent; its messages stay in the history."""
        self.removal_wanted.emit(agent_id)

    def hold(self, agent_ids: Sequence[str], hold: bool) -> None:
        """Holds agents back, or lets their messages go again."""
        ids = list(agent_ids)
        context = self._bench.context
        names = ", ".join(ids)
        if hold:
            self._do(
                dispatching.pause(context, ids),
                self.tr("{0} on hold; its messages wait.").format(names),
                undo=lambda: dispatching.resume(context, ids),
            )
        else:
            self._do(dispatching.resume(context, ids), self.tr("{0} resumed.").format(names))

    def goto(self, agent_id: str) -> None:
        """Brings the agent's window to the front."""
        self._do(
            agents.goto(self._bench.context, agent_id),
            self.tr("{0} is in front.").format(agent_id),
        )

    def calibrate(self, agent_ids: Sequence[str], kind: TargetKind = TargetKind.CHAT) -> None:
        """Opens the picker for one agent; for several the run that leads through all of them."""
        if len(agent_ids) > 1:
            self.calibrate_all(agent_ids)
        elif agent_ids:
            self._bench.tasks.start(self._calibrate(agent_ids[0], kind))

    def calibrate_all(self, agent_ids: Sequence[str]) -> None:
        """Opens the run through these agents."""
        self.run_wanted.emit(list(agent_ids))

    def reconnect(self) -> None:
        """Opens the board of targets whose windows have to be recognised again."""
        self.reconnect_wanted.emit()

    @property
    def has_demo(self) -> bool:
        """Whether there is a demo swarm to try."""
        return self._bench.services.try_demo is not None

    def try_demo(self) -> None:
        """Opens demo agents in windows of their own, ready to be written to."""
        if self._demo is None or self._demo.done():
            self._demo = self._bench.tasks.start(self._try_demo())

    async def _try_demo(self) -> None:
        demo = self._bench.services.try_demo
        assert demo is not None
        self._bench.say(Said(self.tr("Opening the demo agents and learning their boxes…")))
        await demo()
        self._bench.say(Said(self.tr("The demo agents are ready. Write to them with Ctrl+N.")))

    async def _calibrate(self, agent_id: str, kind: TargetKind) -> None:
        if await self._bench.services.calibrate(agent_id, kind) is not None:
            self._bench.say(Said(self.tr("{0} is calibrated.").format(agent_id)))

    def check(self, agent_ids: Sequence[str]) -> None:
        """Looks at the targets of these agents (all when empty) without clicking anything."""

        def words(checks: Sequence[TargetCheck]) -> Said:
            bad = [check for check in checks if not check.valid]
            if not checks:
                return Said(self.tr("No targets to check."))
            if not bad:
                return Said(
                    counted(
                        len(checks), self.tr("{0} target ready."), self.tr("{0} targets ready.")
                    )
                )
            first = bad[0]
            why = str(first.reasons[0]) if first.reasons else self.tr("not valid")
            more = self.tr(" And {0} more.").format(len(bad) - 1) if len(bad) > 1 else ""
            return Said(f"{first.agent_id}: {why}{more}", trouble=True)

        async def look() -> list[TargetCheck]:
            checks = await targets.check(self._bench.context, list(agent_ids))
            self.checked.emit(checks)
            return checks

        self._do_asking(look, words)

    def remove(self, agent_id: str) -> None:
        """Removes an agent at once with what waits for it (the question was answered)."""
        self._do(
            agents.remove(self._bench.context, agent_id, cancel_waiting=True),
            self.tr("{0} removed. Its messages stay in the history.").format(agent_id),
        )

    # sending -------------------------------------------------------------------------

    def pause_all(self, pause: bool) -> None:
        """Holds all sending back, or lets it go on."""
        context = self._bench.context
        if pause:
            self._do(
                dispatching.pause(context, None),
                self.tr("Paused. Messages are kept and wait."),
                undo=lambda: dispatching.resume(context, None),
            )
        else:
            self._do(dispatching.resume(context, None), self.tr("Sending goes on."))

    def stop_all(self) -> None:
        """Stops what is being typed now, pauses, keeps the queue."""
        self._bench.tasks.start(self.stopping_all())

    async def stopping_all(self, cause: str = "") -> None:
        """Does so, and says how it went; `cause` begins what is said."""

        said = stop_in_words(await dispatching.stop_all(self._bench.context), cause)
        self._bench.say(said)
        self.stopped.emit(said)

    # how -----------------------------------------------------------------------------

    def _do(
        self,
        work: Coroutine[Any, Any, object],
        said: str,
        undo: Callable[[], Coroutine[Any, Any, object]] | None = None,
    ) -> None:
        async def run() -> None:
            await work
            self._bench.say(Said(said, undo=undo))

        self._bench.tasks.start(run())

    def _do_asking(self, ask: Callable[[], Awaitable[Any]], words: Callable[[Any], Said]) -> None:
        async def run() -> None:
            self._bench.say(words(await ask()))

        self._bench.tasks.start(run())


def action(text: str, call: Callable[[], object], *, enabled: bool = True) -> QAction:
    """A menu entry that calls a function."""
    made = QAction(text)
    made.setEnabled(enabled)
    made.triggered.connect(lambda _checked=False: call())
    return made
