"""Screens come and go under a real agent: its targets follow, and messages still arrive."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator

import pytest

from panel.commands import layouts, targets
from panel.core.layouts import Arranged
from panel.core.message import DeliveryStatus
from panel.core.target import Target, TargetKind
from panel.session.arranging import Arranging
from panel.store import targets as stored
from tests.desktop.conftest import OpenChat
from tests.desktop.delivery.conftest import Swarm
from tests.desktop.hands import Operator
from tests.event_loop import Aio

SIZES = {"left": "800/254x900/285+0+0", "right": "800/254x900/285+800+0"}


def plug_in() -> None:
    for (name, place), output in zip(SIZES.items(), ("screen", "none"), strict=True):
        subprocess.run(["xrandr", "--setmonitor", name, place, output], check=True)


def unplug() -> None:
    for name in reversed(SIZES):
        subprocess.run(["xrandr", "--delmonitor", name], check=False, stderr=subprocess.DEVNULL)


@pytest.fixture
def cables(aio: Aio, swarm: Swarm) -> Iterator[None]:
    yield
    unplug()
    aio.run(aio.until(lambda: len(swarm.desk.screens.now.screens) == 1, "one screen again"))


async def kept(swarm: Swarm) -> Target:
    target = await swarm.store.read(lambda c: stored.get(c, "Agent-1", TargetKind.CHAT))
    assert target is not None
    return target


@pytest.mark.slow
async def test_targets_follow_the_screens(
    aio: Aio, swarm: Swarm, open_chat: OpenChat, operator: Operator, cables: None
) -> None:
    chat = open_chat("Agent-1", geometry=(100, 60, 420, 560))
    first = await swarm.calibrate("Agent-1", chat.point)
    await layouts.arrange(swarm.context)
    told: list[Arranged] = []
    following = asyncio.ensure_future(
        Arranging(swarm.context, swarm.desk.screens, told.append).run()
    )
    try:
        plug_in()
        await aio.until(lambda: told, "the second screen")
        assert (told[0].is_new, told[0].layout.name) == (True, "Two screens")
        operator.place(chat.window, (1000, 80, 420, 560))
        (found,) = await targets.check(swarm.context, ["Agent-1"])
        assert found.valid and found.moved_to is not None and found.moved_to.x > 800
        sent = await swarm.send("Agent-1", "on the second screen")
        assert sent.delivery_status is DeliveryStatus.DELIVERED, sent.reason

        await layouts.rename(swarm.context, "Two screens", "docked")
        operator.place(chat.window, (900, 80, 600, 700))
        (found,) = await targets.check(swarm.context, ["Agent-1"])
        assert not found.valid, "another size is not guessed"
        docked = await swarm.calibrate_again("Agent-1", chat.point)
        sent = await swarm.send("Agent-1", "calibrated at the dock")
        assert sent.delivery_status is DeliveryStatus.DELIVERED, sent.reason

        unplug()
        await aio.until(lambda: len(told) == 2, "the first screen alone")
        assert (told[1].layout.name, told[1].restored) == ("One screen", 1)
        back = await kept(swarm)
        assert (back.offset, back.window_size) == (first.offset, first.window_size)
        assert back.anchor == first.anchor and back.looks == first.looks
        operator.place(chat.window, (200, 100, 420, 560))
        sent = await swarm.send("Agent-1", "back at the desk")
        assert sent.delivery_status is DeliveryStatus.DELIVERED, sent.reason

        plug_in()
        await aio.until(lambda: len(told) == 3, "the dock again")
        assert told[2].layout.name == "docked"
        assert (await kept(swarm)).offset == docked.offset
        texts = [text.split("] ", 1)[-1] for text in chat.submitted]
        assert texts == ["on the second screen", "calibrated at the dock", "back at the desk"]
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
