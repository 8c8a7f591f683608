"""The operator's own work comes first: nothing is even claimed while they are at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from panel.commands import courtesy
from panel.core import clock
from panel.core.dispatching import Hands, Standing
from panel.core.message import DeliveryStatus, Method
from tests.desktop.chromium import ChromiumAgent
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.event_loop import Aio
from tests.unit.screen.test_session_lock import Bus

S = DeliveryStatus
FAR = (700, 880)


@asynccontextmanager
async def working(operator: Operator) -> AsyncIterator[None]:
    """The operator's pointer goes to and fro meanwhile, ten times a second."""

    async def work() -> None:
        while True:
            for x in (FAR[0], FAR[0] + 40):
                operator.move(x, FAR[1])
                await asyncio.sleep(0.1)

    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def dispatching(swarm: Swarm) -> AsyncIterator[list[Standing]]:
    """The dispatcher runs; what is yielded grows by each of its standings."""
    seen: list[Standing] = []
    unwatch = swarm.dispatcher.watch(seen.append)
    task = asyncio.ensure_future(swarm.dispatcher.run())
    try:
        yield seen
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        unwatch()


@pytest.fixture
def become(swarm: Swarm, aio: Aio) -> Callable[[str, DeliveryStatus], Awaitable[None]]:
    async def wait(message_id: str, status: DeliveryStatus) -> None:
        limit = aio.loop.time() + 20
        while (found := await swarm.message(message_id)).delivery_status is not status:
            assert aio.loop.time() < limit, f"{found.delivery_status}: {found.reason}"
            await asyncio.sleep(0.02)

    return wait


async def ready(swarm: Swarm, chat: ChromiumAgent, **settings: int) -> None:
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    for name, value in settings.items():
        await swarm.set(name, value)


async def test_nothing_is_claimed_while_they_work(
    aio: Aio,
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=500, countdown_seconds=0)
    async with dispatching(swarm) as seen:
        async with working(operator):
            one, _two, three = await swarm.queue("Agent-1", "one", "two", "three")
            await aio.until(lambda: Standing(Hands.WORKING, waiting=3) in seen, "the standing")
            # Longer than the half second after which it used to make the next attempt.
            end = aio.loop.time() + 1.5
            await aio.until(lambda: aio.loop.time() > end)
            message = await swarm.message(one)
            assert (message.delivery_status, message.evidence) == (S.PENDING, "none")
            assert message.reason == "You are working. Sent when you pause."
            assert await swarm.attempts(one) == []
            assert chat.untouched
        await become(three, S.DELIVERED)
    assert chat.await_submitted(3) == ["[C2A] one", "[C2A] two", "[C2A] three"]
    assert [len(await swarm.attempts(one))] == [1]
    assert seen[-1] == Standing()


async def test_after_the_longest_wait_it_is_on_hold_and_sent_in_the_first_quiet_moment(
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=500, operator_wait_seconds=1, countdown_seconds=0)
    (one,) = await swarm.queue("Agent-1", "patience")
    async with dispatching(swarm):
        async with working(operator):
            await become(one, S.HELD)
            held = await swarm.message(one)
            assert "You are working" in held.reason
            assert held.held_since is not None
            assert held.held_since <= clock.now() - timedelta(seconds=1)
            assert await swarm.attempts(one) == []
            assert chat.untouched
        await become(one, S.DELIVERED)


async def test_a_drain_ends_once_what_waits_is_on_hold(
    swarm: Swarm, open_chat: OpenChat, operator: Operator
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=500, operator_wait_seconds=1)
    await swarm.queue("Agent-1", "patience")
    async with working(operator):
        assert (await swarm.drain()).held == 1
    assert chat.untouched


async def test_it_counts_down_before_it_takes_the_pointer(
    aio: Aio,
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=200, countdown_seconds=2)
    async with dispatching(swarm) as seen:
        operator.move(*FAR)
        moved = clock.now()
        (one,) = await swarm.queue("Agent-1", "hello")
        await aio.until(lambda: any(each.hands is Hands.COUNTDOWN for each in seen), "a countdown")
        counting = next(each for each in seen if each.hands is Hands.COUNTDOWN)
        assert counting.until is not None
        assert abs(counting.until - moved - timedelta(seconds=2)) < timedelta(seconds=0.25)
        await become(one, S.DELIVERED)
        assert clock.now() - moved >= timedelta(seconds=1.9)
    assert Standing(Hands.SENDING, "Agent-1") in seen


async def test_postponed_it_waits_and_send_now_ends_that(
    aio: Aio,
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=200, countdown_seconds=30)
    async with dispatching(swarm) as seen:
        until = await courtesy.postpone(swarm.context, timedelta(minutes=1))
        operator.move(*FAR)
        one, two = await swarm.queue("Agent-1", "one", "two")
        wanted = Standing(Hands.POSTPONED, until=until, waiting=2)
        await aio.until(lambda: wanted in seen, "the postponement")
        assert (await swarm.message(one)).reason == "", "their own wish is no fault"
        await courtesy.postpone(swarm.context, None)
        await aio.until(lambda: seen[-1].hands is Hands.COUNTDOWN, "the countdown")
        assert await courtesy.send_now(swarm.context) == [one, two]
        await become(two, S.DELIVERED)
        # Once: the next one waits again.
        (three,) = await swarm.queue("Agent-1", "three")
        await aio.until(lambda: seen[-1].hands is Hands.COUNTDOWN, "the next countdown")
        assert (await swarm.message(three)).delivery_status is S.PENDING
    assert chat.await_submitted(2) == ["[C2A] one", "[C2A] two"]


async def test_send_now_waits_for_held_keys(
    aio: Aio,
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=30_000)
    async with dispatching(swarm) as seen:
        with operator.holding("shift"):
            (one,) = await swarm.queue("Agent-1", "not shifted")
            assert await courtesy.send_now(swarm.context, [one]) == [one]
            held = Standing(Hands.KEYS_DOWN, keys=("Shift",), waiting=1)
            await aio.until(lambda: held in seen, "the keys")
            assert await swarm.attempts(one) == []
        await become(one, S.DELIVERED)
    assert chat.await_submitted(1) == ["[C2A] not shifted"]


async def test_files_go_to_inboxes_meanwhile(
    swarm: Swarm,
    open_chat: OpenChat,
    operator: Operator,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    await ready(swarm, chat, operator_idle_ms=30_000)
    operator.move(*FAR)
    async with dispatching(swarm):
        (file,) = await swarm.queue("Agent-1", "a file", method=Method.INBOX)
        await become(file, S.DELIVERED)
    assert chat.untouched


@pytest.fixture
def locker(panel_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A screen saver on a bus of this test's own; before the swarm, which listens to it."""
    with ExitStack() as stack:
        bus = Bus(stack)
        tell = bus.serve("org.freedesktop.ScreenSaver,locked")
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield tell


async def test_a_locked_screen_is_waited_for(
    locker: Callable[[str], None],
    swarm: Swarm,
    open_chat: OpenChat,
    become: Callable[[str, DeliveryStatus], Awaitable[None]],
) -> None:
    chat = open_chat("Agent-1")
    locker("saver off")
    await ready(swarm, chat)
    locker("saver on")
    async with dispatching(swarm) as seen:
        (one,) = await swarm.queue("Agent-1", "good morning")
        while Standing(Hands.LOCKED, waiting=1) not in seen:
            await asyncio.sleep(0.01)
        assert await courtesy.send_now(swarm.context) == [one]
        assert await swarm.attempts(one) == []
        assert chat.untouched
        locker("saver off")
        await become(one, S.DELIVERED)
