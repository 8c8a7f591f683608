"""From the ready picture to Enter: any event of somebody else, a pop-up or a stop ends it."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from panel.core.geometry import Point
from panel.core.message import DeliveryStatus
from panel.core.target import Reason
from panel.dispatch.aim import Aim
from panel.dispatch.driver import PyAutoGuiDriver
from panel.dispatch.handling import AttemptRecord
from panel.screen.x11 import connect
from panel.screen.x11_input import InputListener
from panel.store import control
from panel.store.connection import Connection, Transaction
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.waiting import until


def before(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, act: Callable[[], object]
) -> None:
    """Calls `act` once, right before that method runs."""
    original = getattr(owner, name)
    left = [act]

    def wrapped(*given: Any) -> Any:
        while left:
            left.pop()()
        return original(*given)

    monkeypatch.setattr(owner, name, wrapped)


# ---------------------------------------------------------------- who made an event


def test_own_events_are_told_from_others(swarm: Swarm, operator: Operator) -> None:
    heard: list[float] = []
    run = swarm.desk.thread.run_and_wait
    listener = run(InputListener, connect, lambda at, _place: heard.append(at))
    assert listener.hears
    driver = swarm.desk.tools.driver
    assert hasattr(driver, "announce_to")
    driver.announce_to(listener)
    try:
        run(listener.listen)
        run(driver.move, Point(40, 40))
        run(driver.click)
        run(driver.press, "shift+insert")
        operator.display.sync()
        assert heard == []

        # A foreign key that one of ours follows at once: the idle counter would not tell of it.
        operator.press("F9")
        run(driver.press, "shift")
        until(lambda: len(heard) == 2, "press and release of F9")

        operator.move(41, 40)
        until(lambda: len(heard) == 3, "the pointer")
        run(listener.rest)
        operator.press("F9")
        run(listener.listen)
        run(driver.move, Point(40, 40))
        operator.press("shift")
        until(lambda: len(heard) == 5, "a key that we press too, once more than announced")
    finally:
        run(listener.close)


# ---------------------------------------------------------------- the operator


async def test_a_key_between_the_look_and_the_click_holds(
    swarm: Swarm, open_chat: OpenChat, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own click follows at once, which hides the key from the idle counter: it is heard."""
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    before(monkeypatch, PyAutoGuiDriver, "move", lambda: operator.press("F9"))

    message = await swarm.send("Agent-1", "not now")

    assert message.delivery_status is DeliveryStatus.HELD
    assert message.reason.startswith("You typed")
    assert chat.text == ""
    assert (await swarm.drain(20)).delivered == 1
    assert chat.await_submitted(1) == ["[C2A] not now"]


async def test_a_key_between_the_paste_and_enter_leaves_it_unconfirmed(
    swarm: Swarm, open_chat: OpenChat, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    before(monkeypatch, Aim, "wait_visible", lambda: operator.press("F9"))

    message = await swarm.send("Agent-1", "half way")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert "typed or clicked" in message.reason
    assert chat.submitted == []
    assert chat.text == "[C2A] half way"


@pytest.mark.parametrize("wanted", [True, False], ids=["corner stops", "switched off"])
async def test_the_pointer_in_a_corner_stops_all(
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    monkeypatch: pytest.MonkeyPatch,
    wanted: bool,
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("corner_stop", wanted)
    before(monkeypatch, Aim, "wait_visible", lambda: operator.move(1, 0))

    message = await swarm.send("Agent-1", "half way")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert chat.submitted == []
    state = await swarm.store.read(control.state)
    if wanted:
        while not state.paused:
            await asyncio.sleep(0.01)
            state = await swarm.store.read(control.state)
    assert state.paused is wanted


# ---------------------------------------------------------------- pop-ups


async def test_a_list_that_opens_with_the_paste_gets_no_enter(
    swarm: Swarm, open_chat: OpenChat, operator: Operator
) -> None:
    chat = open_chat("Agent-1", opens_list=True)
    await swarm.calibrate("Agent-1", chat.point)

    message = await swarm.send("Agent-1", "with a list")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    assert chat.submitted == []
    assert "menu or list of its program opened" in message.reason
    operator.press("esc")


# ---------------------------------------------------------------- stop


def stop_all(swarm: Swarm) -> None:
    """As another process does: over a connection of its own, committed when this returns."""
    connection = Connection.writing(swarm.store.location.path)
    connection.execute("BEGIN IMMEDIATE")
    control.stop(Transaction(connection))
    connection.execute("COMMIT")
    connection.close()


@pytest.mark.parametrize(
    ("keys", "status", "text"),
    [
        (0, DeliveryStatus.PENDING, ""),
        (1, DeliveryStatus.UNCERTAIN, "[C2A] stop"),
    ],
    ids=["before the paste", "before Enter"],
)
async def test_a_stop_after_the_phase_was_written_still_stops_the_key(
    swarm: Swarm,
    open_chat: OpenChat,
    monkeypatch: pytest.MonkeyPatch,
    keys: int,
    status: DeliveryStatus,
    text: str,
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    original = AttemptRecord.strike
    struck: list[Callable[[], Reason | None]] = []

    async def strike(self: AttemptRecord, press: Callable[[], Reason | None]) -> Reason | None:
        if len(struck) == keys:
            stop_all(swarm)
        struck.append(press)
        return await original(self, press)

    monkeypatch.setattr(AttemptRecord, "strike", strike)

    message = await swarm.send("Agent-1", "stop")

    assert message.delivery_status is status
    assert chat.submitted == []
    assert chat.text == text


@pytest.mark.slow
async def test_after_a_committed_stop_no_key_is_pressed(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stops from a connection of their own, at random moments of a delivery."""
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    pressed: list[tuple[float, str]] = []
    driver = type(swarm.desk.tools.driver)
    original = driver.press

    def noted(self: Any, chord: str) -> None:
        pressed.append((time.monotonic(), chord))
        original(self, chord)

    monkeypatch.setattr(driver, "press", noted)
    stops: list[tuple[float, float]] = []
    states: Counter[DeliveryStatus] = Counter()
    chance = random.Random(7)

    def stopper(delay: float) -> None:
        time.sleep(delay)  # the random moment is the point of this test
        stop_all(swarm)
        stops.append((time.monotonic(), 0.0))

    for number in range(14):
        (message_id,) = await swarm.queue("Agent-1", f"text {number}")
        thread = threading.Thread(target=stopper, args=(chance.uniform(0.0, 0.09),))
        thread.start()
        await swarm.drain()
        await asyncio.to_thread(thread.join)
        stops[-1] = (stops[-1][0], time.monotonic())
        message = await swarm.message(message_id)
        states[message.delivery_status] += 1
        if message.delivery_status is DeliveryStatus.UNCERTAIN:
            chat.tell("draft", "")
            await swarm.store.write(lambda tx, one=message_id: _drop(tx, one))  # type: ignore[misc]
        await swarm.store.write(lambda tx: control.resume(tx, None))
        await swarm.drain()

    assert len(stops) == 14
    for committed, over in stops:
        assert [chord for at, chord in pressed if committed < at < over] == []
    # A stop came before the end of several of them: else nothing was tried.
    assert states[DeliveryStatus.PENDING] + states[DeliveryStatus.UNCERTAIN] >= 3, states


def _drop(tx: Transaction, message_id: str) -> None:
    from panel.store import messages

    messages.decide(tx, message_id, "give_up")


def test_a_listener_that_lost_its_connection_is_deaf_and_says_so(
    swarm: Swarm, caplog: pytest.LogCaptureFixture
) -> None:
    run = swarm.desk.thread.run_and_wait
    listener = run(InputListener, connect, lambda _at, _place: None)
    listener._data.display.socket.close()
    run(listener.listen)
    assert not listener.hears
    assert "not heard" in caplog.text
    started = time.monotonic()
    run(listener.listen)
    run(listener.rest)
    assert time.monotonic() - started < 0.5
    run(listener.close)
