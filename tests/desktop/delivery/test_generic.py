"""The generic adapter, by choice on X11: no window is known, so the landmark decides everything."""

from __future__ import annotations

import pytest

from panel.core.desktop import CalibrationRequest
from panel.core.errors import CommandError
from panel.core.geometry import Point
from panel.core.message import DeliveryStatus
from panel.core.target import AnchorPolicy, Proof, TargetKind
from tests.desktop.conftest import OpenChat, OpenWindow
from tests.desktop.delivery.conftest import Swarm


@pytest.fixture(autouse=True)
def generic_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPTAIN_PANEL_ADAPTER", "generic")


def wish(policy: AnchorPolicy | None = None, proof: Proof | None = None) -> CalibrationRequest:
    return CalibrationRequest("", TargetKind.CHAT, Point(0, 0), policy=policy, proof=proof)


async def test_delivers_by_sight(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)

    message = await swarm.send("Agent-1", "by sight alone")

    assert message.delivery_status is DeliveryStatus.DELIVERED, message.reason
    assert chat.await_submitted(1) == ["[C2A] by sight alone"]


async def test_nothing_is_clicked_when_the_place_looks_different(
    swarm: Swarm, open_chat: OpenChat, open_window: OpenWindow
) -> None:
    chat = open_chat("Agent-1")
    await swarm.calibrate("Agent-1", chat.point)
    chat.forget()
    cover = open_window("Cover", geometry=(60, 40, 600, 640))

    message = await swarm.send("Agent-1", "not here")

    assert message.delivery_status is DeliveryStatus.HELD
    assert chat.untouched
    assert cover.untouched


async def test_nothing_weaker_than_the_strict_landmark(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    with pytest.raises(CommandError, match="strict") as refused:
        await swarm.calibrate("Agent-1", chat.point, wish(policy=AnchorPolicy.OFF))
    assert refused.value.field == "policy"


async def test_no_terminal_proof(swarm: Swarm, open_chat: OpenChat) -> None:
    chat = open_chat("Agent-1")
    with pytest.raises(CommandError, match="composer") as refused:
        await swarm.calibrate("Agent-1", chat.point, wish(proof=Proof.TERMINAL))
    assert refused.value.field == "proof"
