"""Each attempt leaves pictures of what was seen, for the user alone, and none does harm."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest

from panel.core import clock
from panel.core.evidence import Step
from panel.core.message import DeliveryStatus
from panel.dispatch.evidence import EvidenceFolder
from panel.screen.fingerprint import Pixels, decode_png
from panel.store import attempts
from panel.store.connection import Row
from panel.store.location import evidence_folder
from tests.desktop.conftest import OpenChat, OpenXterm
from tests.desktop.delivery.conftest import Swarm


def folder_of(swarm: Swarm) -> Path:
    return evidence_folder(swarm.store.location)


def pictures_of(swarm: Swarm, attempt: Row) -> dict[str, Pixels]:
    """The files that a row names, decoded; each has to be there, for the user alone."""
    folder = folder_of(swarm)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    found = {}
    for step, name in json.loads(str(attempt["pictures"] or "{}")).items():
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        found[step] = decode_png((folder / name).read_bytes())
    return found


async def test_delivery_leaves_three_pictures(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    target = await swarm.calibrate("Agent-1", chat.point)
    assert target.composer is not None

    message = await swarm.send("Agent-1", "seen on the way")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    (attempt,) = await swarm.attempts(message.message_id)
    seen = pictures_of(swarm, attempt)
    assert set(seen) == {Step.READY, Step.PASTED, Step.AFTER}
    before, pasted, after = (seen[step] for step in (Step.READY, Step.PASTED, Step.AFTER))
    assert before.shape == pasted.shape == after.shape
    assert before.shape[1] >= target.composer.width
    assert not np.array_equal(before, pasted)
    assert not np.array_equal(pasted, after)
    assert sorted(folder_of(swarm).iterdir()) == sorted(
        folder_of(swarm) / name for name in json.loads(str(attempt["pictures"])).values()
    )


async def test_unconfirmed_one_shows_its_text_still_there(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1", submits="never")
    await swarm.calibrate("Agent-1", chat.point)
    await swarm.set("proof_timeout_ms", 300)

    message = await swarm.send("Agent-1", "it stays in the box")

    assert message.delivery_status is DeliveryStatus.UNCERTAIN
    (attempt,) = await swarm.attempts(message.message_id)
    seen = pictures_of(swarm, attempt)
    assert set(seen) == {Step.READY, Step.PASTED, Step.AFTER}
    assert np.count_nonzero((seen[Step.READY] != seen[Step.AFTER]).any(axis=2)) > 50


async def test_terminal_leaves_pictures_too(swarm: Swarm, open_xterm: OpenXterm) -> None:
    terminal = open_xterm("Agent-1")
    await swarm.calibrate("Agent-1", terminal.centre)

    message = await swarm.send("Agent-1", "into the terminal")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    (attempt,) = await swarm.attempts(message.message_id)
    assert set(pictures_of(swarm, attempt)) == {Step.READY, Step.PASTED, Step.AFTER}


async def test_held_one_keeps_its_latest_picture_only(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.tell("draft", "I was just writing")

    (message_id,) = await swarm.queue("Agent-1", "later")
    await swarm.drain(3.5)

    looks = await swarm.attempts(message_id)
    assert len(looks) >= 2
    assert [look["pictures"] is not None for look in looks] == [False] * (len(looks) - 1) + [True]
    assert set(pictures_of(swarm, looks[-1])) == {Step.HELD}
    assert len(list(folder_of(swarm).iterdir())) == 1

    chat.tell("draft", "")
    assert (await swarm.drain(30)).delivered == 1
    last = (await swarm.attempts(message_id))[-1]
    assert set(pictures_of(swarm, last)) == {Step.READY, Step.PASTED, Step.AFTER}


async def test_window_that_is_gone_leaves_none(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.close()

    message = await swarm.send("Agent-1", "to nobody")

    assert message.delivery_status is DeliveryStatus.HELD
    (attempt,) = await swarm.attempts(message.message_id)
    assert attempt["pictures"] is None


async def test_folder_that_cannot_be_written_harms_nothing(
    swarm: Swarm, open_chat: OpenChat, caplog: pytest.LogCaptureFixture
) -> None:
    folder_of(swarm).write_text("a file stands where the folder should be")
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    ids = await swarm.queue("Agent-1", "one", "two")
    await swarm.drain()

    assert [(await swarm.message(one)).delivery_status for one in ids] == [
        DeliveryStatus.DELIVERED
    ] * 2
    assert chat.await_submitted(2) == ["[C2A] one", "[C2A] two"]
    told = [record for record in caplog.records if "cannot be kept" in record.getMessage()]
    assert len(told) == 1


async def test_camera_that_fails_harms_nothing(
    swarm: Swarm, open_chat: OpenChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    def broken(*_parts: object) -> bool:
        raise RuntimeError("no memory left")

    monkeypatch.setattr(EvidenceFolder, "keep", broken)

    message = await swarm.send("Agent-1", "all the same")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    (attempt,) = await swarm.attempts(message.message_id)
    assert attempt["pictures"] is None


async def test_what_a_dead_dispatcher_photographed_is_noted(
    swarm: Swarm, open_chat: OpenChat
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    (message_id,) = await swarm.queue("Agent-1", "interrupted")
    dead = json.dumps(swarm.dispatcher._identity.about() | {"pid": 1, "started": -1})
    claim = await swarm.store.write(
        lambda tx: attempts.claim_next(tx, now=clock.now(), dispatcher=dead)
    )
    assert claim is not None
    await swarm.store.write(
        lambda tx: attempts.advance(tx, claim.attempt_id, "pasting", keys="ctrl+v")
    )
    its_own = EvidenceFolder(folder_of(swarm))
    its_own.open()
    assert its_own.keep(claim.attempt_id, Step.READY, np.zeros((20, 30, 3), np.uint8))
    await its_own.close()

    await swarm.drain()

    (attempt,) = await swarm.attempts(message_id)
    assert attempt["outcome"] == DeliveryStatus.UNCERTAIN
    assert set(pictures_of(swarm, attempt)) == {Step.READY}
