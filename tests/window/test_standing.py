"""While our own text still stands in its box, Enter and "remove it" are offered, and asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from panel.core.target import Reason, ReasonCode
from panel.ui.models.attempts import picture_folder
from panel.ui.needs.card import NeedCard
from panel.ui.steps import Step
from panel.ui.theme import Theme
from tests.event_loop import Aio
from tests.window.conftest import Opened
from tests.window.evidence import leave_pictures
from tests.window.fake_desktop import FakeDesktop, opened_on, target_in, window

pytestmark = pytest.mark.window
MESSAGE = "msg_new_006"


async def card_of(aio: Aio, opened: Opened) -> NeedCard:
    await opened.window.idle()
    opened.window.show_drawer(True)
    await aio.until(opened.window.drawer.cards, "the cards")
    card = next(c for c in opened.window.drawer.cards() if c.need.message_id == MESSAGE)
    await aio.until(lambda: Step.PRESS in card.buttons.steps, "the look at its box")
    return card


async def wanted(opened: Opened) -> object:
    return await opened.store.read(
        lambda c: c.value("SELECT wanted FROM agent_messages WHERE message_id = ?", MESSAGE)
    )


@pytest.mark.parametrize(("step", "asked"), [(Step.PRESS, "submit"), (Step.REMOVE, "remove")])
async def test_what_stands_can_be_sent_or_removed(
    aio: Aio, tmp_path: Path, theme: Theme, step: Step, asked: str
) -> None:
    info = window(1)
    targets = [target_in(f"Agent-{number}", info) for number in range(1, 9)]
    async with opened_on(tmp_path, theme, FakeDesktop([info]), targets) as opened:
        leave_pictures(picture_folder(opened.store.location))
        card = await card_of(aio, opened)
        button = card.buttons.button(step)
        assert button is not None and button.isEnabled()

        button.click()
        await opened.window.idle()

        assert await wanted(opened) == asked
        await aio.until(lambda: card.need.wanted == asked, "the card's word")
        assert not button.isEnabled()
        assert "Working on it" in button.toolTip()


async def test_what_does_not_stand_cannot(aio: Aio, tmp_path: Path, theme: Theme) -> None:
    info = window(1)
    targets = [target_in(f"Agent-{number}", info) for number in range(1, 9)]
    why = Reason(ReasonCode.TEXT_GONE, "Its box no longer looks as it did after the paste.")
    desktop = FakeDesktop([info], gone={f"Agent-{number}": why for number in range(1, 9)})
    async with opened_on(tmp_path, theme, desktop, targets) as opened:
        leave_pictures(picture_folder(opened.store.location))
        card = await card_of(aio, opened)
        for step in (Step.PRESS, Step.REMOVE):
            button = card.buttons.button(step)
            assert button is not None and not button.isEnabled()
            assert button.toolTip() == why.text
        for step in (Step.ARRIVED, Step.AGAIN, Step.GIVE_UP):
            button = card.buttons.button(step)
            assert button is not None and button.isEnabled()
