"""A stop is told as it went."""

from __future__ import annotations

from dataclasses import replace

from panel.commands.dispatching import StopReport
from panel.core.clock import now
from panel.core.message import DeliveryStatus, Message, Priority
from panel.ui.services import Said
from panel.ui.stopping import stop_in_words

ONE = Message("m", "captain", "Agent-1", Priority.NORMAL, "hello", now())


def to(agent: str, status: DeliveryStatus) -> Message:
    return replace(ONE, to_agent=agent, delivery_status=status)


def test_what_was_stopped_what_was_done_and_who_did_not_answer() -> None:
    back = to("Agent-1", DeliveryStatus.PENDING)
    done = to("Agent-2", DeliveryStatus.DELIVERED)
    silent = to("Agent-3", DeliveryStatus.SENDING)
    assert stop_in_words(StopReport(True)) == Said(
        "Nothing was on its way. Paused; the queue is kept."
    )
    assert stop_in_words(StopReport(True, (back,), (done, silent)), "By the corner.") == Said(
        "By the corner. Stopped: Agent-1. Delivered already: Agent-2. Nobody answered for Agent-3: "
        "look at its window. Paused; the queue is kept.",
        trouble=True,
    )
    assert not stop_in_words(StopReport(True, (), (done,))).trouble
