"""The drawer: one card a cause, and buttons that settle it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from panel.commands import answers
from panel.commands.context import Context
from panel.core.clock import now
from panel.core.message import DeliveryStatus, Evidence, Message, Priority
from panel.core.reply import Reply
from panel.store import messages
from panel.store.connection import Transaction
from panel.ui.evidence.compare import Arrangement, CompareDialog
from panel.ui.needs import later
from panel.ui.needs.card import NeedCard
from panel.ui.needs.drawer import MOST_CARDS
from panel.ui.steps import Step
from tests.event_loop import Aio
from tests.window.conftest import Opened

pytestmark = pytest.mark.window
Alt = Qt.KeyboardModifier.AltModifier


async def cards(aio: Aio, opened: Opened) -> list[NeedCard]:
    await opened.window.idle()  # the first list takes the focus when its rows arrive
    opened.window.show_drawer(True)
    return await aio.until(opened.window.drawer.cards, "the cards")


async def active(aio: Aio, opened: Opened) -> None:
    opened.window.activateWindow()
    await aio.until(opened.window.isActiveWindow, "the window's activation")


def button(card: NeedCard, text: str) -> QPushButton:
    return next(b for b in card.findChildren(QPushButton) if b.text() == text)


def kinds(opened: Opened) -> list[tuple[str, str]]:
    return [(card.need.kind, card.need.agent_id) for card in opened.window.drawer.cards()]


def uncertain(
    agent: str, count: int, *, minutes: float = 3, name: str = "more"
) -> Callable[[Transaction], None]:
    """Writes unconfirmed messages, the first one the oldest."""

    def work(tx: Transaction) -> None:
        for number in range(count):
            sent = now() - timedelta(minutes=minutes) + timedelta(milliseconds=number)
            text = f"number {number}"
            status = DeliveryStatus.UNCERTAIN
            messages.insert(
                tx,
                Message(
                    f"msg_{name}_{number:03}", "captain", agent, Priority.NORMAL, text, sent,
                    delivery_status=status, evidence=Evidence.VISIBLE, processed_at=sent,
                    reason="The box did not empty.",
                ),
            )  # fmt: skip

    return work


async def test_one_card_a_cause(aio: Aio, panel_window: Opened) -> None:
    found = await cards(aio, panel_window)
    assert kinds(panel_window) == [
        ("uncertain", "Agent-7"),
        ("failed", "Agent-5"),
        ("held", "Agent-4"),
        ("target", "Agent-6"),
        ("target", "Agent-7"),
        ("stuck", "Agent-4"),
    ]
    assert found[0].need.sentence.endswith("1 more waits behind it.")
    assert found[2].need.sentence.endswith("2 messages wait.")


async def test_the_fix_goes_by_the_reason(aio: Aio, panel_window: Opened) -> None:
    steps = [card.buttons.steps for card in await cards(aio, panel_window)]
    assert steps == [
        (Step.ARRIVED, Step.AGAIN, Step.GIVE_UP, Step.GOTO),
        (Step.FIND, Step.RETRY),
        (Step.GOTO, Step.EMPTY, Step.CANCEL),
        (Step.CONFIRM,),
        (Step.FIND,),
        (Step.GOTO, Step.MESSAGE),
    ]


@pytest.mark.parametrize(
    ("text", "key", "status", "evidence"),
    [
        ("It arrived", Qt.Key.Key_A, DeliveryStatus.DELIVERED, Evidence.OPERATOR),
        ("Send again", Qt.Key.Key_S, DeliveryStatus.PENDING, Evidence.NONE),
        ("Give up", Qt.Key.Key_G, DeliveryStatus.CANCELLED, Evidence.VISIBLE),
    ],
)
@pytest.mark.parametrize("by", ["click", "key"])
async def test_an_unconfirmed_message_is_decided(
    aio: Aio,
    panel_window: Opened,
    text: str,
    key: Qt.Key,
    status: DeliveryStatus,
    evidence: Evidence,
    by: str,
) -> None:
    first = (await cards(aio, panel_window))[0]
    message_id = first.need.message_id
    if by == "click":
        QTest.mouseClick(button(first, text), Qt.MouseButton.LeftButton)
    else:
        await active(aio, panel_window)
        first.setFocus()
        await aio.until(first.hasFocus, "the focus on the card")
        QTest.keyClick(first, key, Alt)
    await aio.until(
        lambda: "uncertain" not in {kind for kind, _agent in kinds(panel_window)}, "the decision"
    )
    message = await panel_window.store.read(lambda c: messages.get(c, message_id))
    assert message is not None
    assert (message.delivery_status, message.evidence) == (status, evidence)


async def test_a_plain_letter_decides_nothing(aio: Aio, panel_window: Opened) -> None:
    first = (await cards(aio, panel_window))[0]
    await active(aio, panel_window)
    first.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_G):
        QTest.keyClick(first, key)
    await panel_window.window.idle()
    assert kinds(panel_window)[0] == ("uncertain", "Agent-7")


async def test_later_puts_a_card_away(aio: Aio, panel_window: Opened) -> None:
    drawer = panel_window.window.drawer
    first = (await cards(aio, panel_window))[0]
    key = first.need.key
    button(first, "Later").click()
    assert key not in {card.need.key for card in drawer.cards()}
    assert drawer.away_button.text() == "1 for later"
    assert panel_window.window.strip.needs.text() == "Needs you 6"
    drawer.away_button.click()
    assert key in {card.need.key for card in drawer.cards()}
    assert not drawer.away_button.isVisible()


async def test_what_was_put_off_comes_back_changed(aio: Aio, panel_window: Opened) -> None:
    first = (await cards(aio, panel_window))[0]
    button(first, "Later").click()
    assert kinds(panel_window)[0] == ("failed", "Agent-5")
    await panel_window.store.write(uncertain("Agent-7", 1))
    await aio.until(lambda: ("uncertain", "Agent-7") in kinds(panel_window), "the card")


async def test_what_was_put_off_comes_back_after_a_time(
    aio: Aio, panel_window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "LATER", timedelta(milliseconds=1))
    first = (await cards(aio, panel_window))[0]
    button(first, "Later").click()
    drawer = panel_window.window.drawer

    def back() -> bool:
        drawer.show_needs(drawer.needs)
        return ("uncertain", "Agent-7") in kinds(panel_window)

    await aio.until(back, "the card")


async def test_f8_goes_to_the_next_card(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await active(aio, panel_window)
    await aio.until(lambda: window.strip.needs.text() == "Needs you 6", "the needs")
    for number in (0, 1, 2):
        QTest.keyClick(window, Qt.Key.Key_F8)
        await aio.until(window.drawer.cards()[number].hasFocus, f"card {number}")


async def test_tab_goes_through_the_card_in_reading_order(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    first = (await cards(aio, panel_window))[0]
    await aio.until(first.pictures.isVisible, "the pictures")
    await active(aio, panel_window)
    first.setFocus()
    await aio.until(first.hasFocus, "the focus on the card")
    passed = []
    for _key in range(8):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None and first.isAncestorOf(focused)
        passed.append(focused.accessibleName())
    assert passed == [
        "Later: Agent-7",
        "Before, Agent-7",
        "After, Agent-7",
        "It arrived",
        "Send again",
        "Give up",
        "Go to window",
        "Show",
    ]


async def test_a_refresh_leaves_the_card_and_the_focus_alone(
    aio: Aio, panel_window: Opened
) -> None:
    window = panel_window.window
    found = await cards(aio, panel_window)
    await active(aio, panel_window)
    held = button(found[2], "Go to window")
    held.setFocus()
    await aio.until(held.hasFocus, "the focus")
    await panel_window.store.write(uncertain("Agent-1", 2))
    await panel_window.store.write(
        lambda tx: tx.execute(
            "UPDATE agent_messages SET reason = 'Another one.' WHERE message_id = 'msg_new_006'"
        )
    )
    window._overview.refresh()
    await aio.until(lambda: found[0].need.sentence.startswith("Another"), "the new sentence")
    after = window.drawer.cards()
    assert after[: len(found)] == found  # the very same widgets, at their places
    assert held.hasFocus()
    # While a hand is on a card, a new one goes below the others.
    assert after[-1].need.agent_id == "Agent-1"


async def test_a_settled_card_gives_the_focus_to_the_next(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    found = await cards(aio, panel_window)
    await active(aio, panel_window)
    button(found[0], "Give up").setFocus()
    QTest.keyClick(button(found[0], "Give up"), Qt.Key.Key_Space)
    await aio.until(lambda: found[0] not in window.drawer.cards(), "the decision")
    assert window.drawer.cards()[0].hasFocus()


async def test_a_double_click_does_not_hit_the_card_that_moved_up(
    aio: Aio, panel_window: Opened
) -> None:
    window = panel_window.window
    await panel_window.store.write(uncertain("Agent-3", 1))
    await aio.until(lambda: window.strip.needs.text() == "Needs you 7", "the needs")
    found = await cards(aio, panel_window)
    arrived = button(found[0], "It arrived")
    await aio.until(lambda: arrived.visibleRegion().boundingRect().isValid(), "the layout")
    place = arrived.mapTo(window, QPoint(8, 8))
    assert window.childAt(place) is arrived
    QTest.mouseClick(arrived, Qt.MouseButton.LeftButton)
    await aio.until(lambda: found[0] not in window.drawer.cards(), "the decision")
    await aio.until(lambda: found[1].y() < 40, "the layout")
    below = window.childAt(place)
    assert below is not None and window.drawer.isAncestorOf(below)
    assert not isinstance(below, QPushButton)
    await aio.until(lambda: isinstance(window.childAt(place), QPushButton), "the next button")
    counts = await panel_window.store.read(messages.counts)
    assert counts[DeliveryStatus.UNCERTAIN] == 1


async def test_two_hundred_unconfirmed_ones_of_an_agent_are_one_card(
    aio: Aio, panel_window: Opened
) -> None:
    window = panel_window.window
    await panel_window.store.write(uncertain("Agent-7", 199, minutes=2))
    await aio.until(lambda: window.overview.count(DeliveryStatus.UNCERTAIN) == 200, "the messages")
    first = (await cards(aio, panel_window))[0]
    assert window.strip.needs.text() == "Needs you 6"
    assert first.need.message_id == "msg_new_006"  # the oldest is decided first
    assert first.more_button.text() == "and 199 more"
    first.more_button.click()
    await aio.until(
        lambda: window.messages.model.ready and window.messages.model.rowCount() == 200, "the list"
    )
    assert window.tabs.currentWidget() is window.messages
    button(first, "It arrived").click()
    await aio.until(lambda: first.more_button.text() == "and 198 more", "the next one")
    assert first.need.message_id == "msg_more_000"
    assert window.drawer.cards()[0] is first


async def test_many_causes_stay_quick(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window

    def work(tx: Transaction) -> None:
        for number in range(60):
            uncertain(f"Swarm-{number}", 1, name=f"swarm{number}")(tx)

    await panel_window.store.write(work)
    await aio.until(lambda: window.strip.needs.text() == "Needs you 66", "the needs")
    assert len(await cards(aio, panel_window)) == MOST_CARDS
    assert window.drawer.rest.text() == "And 26 more causes."


async def test_long_words_do_not_push_anything_out_of_sight(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    agent = "an-agent-with-a-name-" + "x" * 90

    def work(tx: Transaction) -> None:
        uncertain(agent, 1)(tx)
        tx.execute(
            "UPDATE agent_messages SET content = ?, reason = ? WHERE to_agent = ?",
            "Rechtsschutz" * 30,
            "Grund🎉" * 40,
            agent,
        )

    await panel_window.store.write(work)
    await aio.until(lambda: window.strip.needs.text() == "Needs you 7", "the needs")
    for card in await cards(aio, panel_window):
        room = card.parentWidget()
        assert room is not None
        await aio.until(lambda card=card: card.width() > 0, "the layout")  # type: ignore[misc]
        assert card.x() >= 0 and card.x() + card.width() <= window.drawer.width()
        right = window.drawer.width()
        assert card.later.mapTo(window.drawer, card.later.rect().bottomRight()).x() < right
        for step in card.buttons.findChildren(QPushButton):
            if not step.isVisible():
                continue
            assert step.mapTo(window.drawer, step.rect().bottomRight()).x() < right


async def test_all_unconfirmed_are_one_click_away(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    await aio.until(lambda: window.strip.needs.text() == "Needs you 6", "the needs")
    QTest.mouseClick(window.strip.needs, Qt.MouseButton.LeftButton)
    assert window.drawer.isVisible()
    QTest.mouseClick(window.drawer.all_button, Qt.MouseButton.LeftButton)
    await aio.until(
        lambda: window.messages.model.ready and window.messages.model.rowCount() == 1, "the list"
    )
    row = window.messages.model.row(0)
    assert row is not None and row["delivery_status"] == "uncertain"


async def test_pictures_open_at_full_size_and_compare(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    first = (await cards(aio, panel_window))[0]
    await aio.until(lambda: first.pictures.pair, "the pictures")
    before, after = first.pictures.thumbnails
    assert (before.shot.caption, after.shot.caption) == ("Before", "After")
    assert before.shot.image != after.shot.image
    QTest.mouseClick(after, Qt.MouseButton.LeftButton)
    dialog = window.findChild(CompareDialog)
    assert dialog is not None
    assert [picture.size() for picture in dialog.pictures] == [
        before.shot.image.size(),
        after.shot.image.size(),
    ]
    await aio.until(dialog.mark_box.isEnabled, "what differs")
    for expected in (Arrangement.BEFORE, Arrangement.AFTER, Arrangement.BEFORE):
        QTest.keyClick(dialog, Qt.Key.Key_Space)
        assert dialog.arrangement is expected
    dialog.close()


async def test_a_card_leads_to_its_message(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    first = (await cards(aio, panel_window))[0]
    button(first, "Show").click()
    await aio.until(
        lambda: (row := window.messages.detail.row) and row["message_id"] == "msg_new_006",
        "the message",
    )
    assert window.tabs.currentWidget() is window.messages


async def test_a_fix_for_several_messages_takes_all_of_them(aio: Aio, panel_window: Opened) -> None:
    def work(tx: Transaction) -> None:
        for number in range(3):
            sent = now() - timedelta(minutes=number)
            messages.insert(
                tx,
                Message(
                    f"msg_f{number}", "captain", "Agent-1", Priority.NORMAL, "x", sent,
                    delivery_status=DeliveryStatus.FAILED, processed_at=sent, reason="No.",
                ),
            )  # fmt: skip

    await panel_window.store.write(work)
    await aio.until(lambda: ("failed", "Agent-1") in kinds(panel_window), "the card")
    found_cards = await cards(aio, panel_window)
    card = next(c for c in found_cards if c.need.key.startswith("failed:Agent-1"))
    assert card.need.sentence == "No. 3 messages."
    button(card, "Send again").click()
    await aio.until(lambda: ("failed", "Agent-1") not in kinds(panel_window), "that it is gone")
    found = await panel_window.store.read(
        lambda c: [messages.get(c, f"msg_f{number}") for number in range(3)]
    )
    assert [m.delivery_status for m in found if m] == [DeliveryStatus.PENDING] * 3


async def test_nothing_needs_a_person_on_an_empty_panel(aio: Aio, empty_window: Opened) -> None:
    window = empty_window.window
    window.show_drawer(True)
    await window.idle()
    assert window.drawer.cards() == []
    assert window.drawer.empty.isVisible()


async def test_send_now_sends_what_waits_for_the_person_at_work(
    aio: Aio, panel_window: Opened
) -> None:
    def work(tx: Transaction) -> None:
        for number in range(2):
            sent = now() - timedelta(minutes=8 - number)
            messages.insert(
                tx,
                Message(
                    f"msg_w{number}", "captain", "Agent-2", Priority.NORMAL, "x", sent,
                    delivery_status=DeliveryStatus.HELD, held_since=sent, reason="You are typing.",
                ),
            )  # fmt: skip
        tx.execute(
            "UPDATE agent_messages SET reason_code = 'operator_active' WHERE to_agent = 'Agent-2'"
            " AND delivery_status = 'held'"
        )

    await panel_window.store.write(work)
    await aio.until(lambda: ("held", "Agent-2") in kinds(panel_window), "the card")
    card = next(c for c in await cards(aio, panel_window) if c.need.key.startswith("held:Agent-2"))
    assert card.buttons.steps == (Step.SEND_NOW, Step.CANCEL)
    QTest.mouseClick(button(card, "Send now"), Qt.MouseButton.LeftButton)
    await aio.until(lambda: ("held", "Agent-2") not in kinds(panel_window), "that it is gone")
    rows = await panel_window.store.read(
        lambda c: messages.rows(c, to="Agent-2", status="pending", limit=5)
    )
    assert {row["message_id"]: row["reason_code"] for row in rows} == {
        "msg_w0": "send_now",
        "msg_w1": "send_now",
    }


async def test_a_locked_screen_needs_nothing_but_patience(aio: Aio, panel_window: Opened) -> None:
    await panel_window.store.write(
        lambda tx: tx.execute(
            "UPDATE agent_messages SET reason_code = 'locked', reason = 'The screen is locked.'"
            " WHERE message_id = 'msg_new_004'"
        )
    )
    panel_window.window._overview.refresh()
    await panel_window.window.idle()
    card = next(c for c in await cards(aio, panel_window) if c.need.kind == "held")
    assert card.buttons.steps == (Step.CANCEL,)
    assert card.note.text() == "Continues when unlocked."


async def test_unread_replies_are_a_card_that_leads_to_them(aio: Aio, panel_window: Opened) -> None:
    window = panel_window.window
    context = Context(panel_window.store)
    for text in ("First.", "Second."):
        await answers.receive(context, "Agent-3", Reply(text))
    await aio.until(lambda: ("replies", "Agent-3") in kinds(panel_window), "the card")
    card = next(c for c in await cards(aio, panel_window) if c.need.kind == "replies")
    assert card.need.sentence == "2 unread replies."
    QTest.mouseClick(button(card, "Read"), Qt.MouseButton.LeftButton)
    await aio.until(
        lambda: window.messages.model.ready and window.messages.model.rowCount() == 2, "the replies"
    )
    assert window.tabs.currentWidget() is window.messages
