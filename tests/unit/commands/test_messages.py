from __future__ import annotations

import pytest

from panel.commands import messages
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import DeliveryStatus, Draft, Method
from tests.unit.commands.conftest import Panel


async def queued(panel: Panel, *receivers: str) -> list[str]:
    return await messages.queue(
        panel.context,
        [
            Draft(receiver, f"for {receiver}{'!' * number}")
            for number, receiver in enumerate(receivers)
        ],
    )


async def count(panel: Panel) -> int:
    code, out, _ = await panel.run("messages", "stats", "--json")
    assert code == 0
    return int(out.split('"total_messages": ')[1].split(",")[0])


async def test_queue_returns_ids_in_order(panel: Panel) -> None:
    ids = await queued(panel, "Agent-2", "Agent-1")
    rows = await messages.rows(panel.context, ids)
    assert [row["to_agent"] for row in rows] == ["Agent-2", "Agent-1"]
    assert [row["delivery_status"] for row in rows] == ["pending", "pending"]
    assert all(one.startswith("msg_") for one in ids)


@pytest.mark.parametrize(
    ("receiver", "why"),
    [
        ("Agent-9", "no agent is called Agent-9"),
        ("Retired", "Retired is retired"),
        ("Blind", "Blind has no target yet; calibrate it in the window or with target set"),
    ],
)
async def test_one_bad_receiver_and_nothing_is_written(
    panel: Panel, receiver: str, why: str
) -> None:
    for name in ("Retired", "Blind"):
        await panel.run("agents", "add", name)
    await panel.run("agents", "set", "Retired", "--active", "no")
    with pytest.raises(CommandError) as refused:
        await queued(panel, "Agent-1", receiver)
    assert refused.value.field == "to"
    assert why in refused.value.message
    assert await count(panel) == 0


async def test_the_inbox_needs_no_target(panel: Panel) -> None:
    await panel.run("agents", "add", "Blind")
    draft = Draft("Blind", "hello", method=Method.INBOX)
    assert len(await messages.queue(panel.context, [draft])) == 1


async def test_nothing_to_queue_is_bad_input(panel: Panel) -> None:
    with pytest.raises(CommandError, match="at least one agent"):
        await messages.queue(panel.context, [])


async def test_cancel_and_retry_change_only_what_may_be(panel: Panel) -> None:
    first, second = await queued(panel, "Agent-1", "Agent-2")
    assert await messages.cancel(panel.context, [first, second]) == [first, second]
    assert await messages.cancel(panel.context, [first]) == []
    assert await messages.retry(panel.context, [first]) == [first]
    await panel.deliver()
    assert await messages.retry(panel.context, [first]) == []
    code, out, err = await panel.run("messages", "retry", first)
    assert (code, out) == (1, "0 messages queued again.\n")
    assert err == f"{first} is delivered: only failed, held or cancelled ones can be\n"


async def test_an_unknown_id_changes_nothing(panel: Panel) -> None:
    (first,) = await queued(panel, "Agent-1")
    with pytest.raises(CommandError, match="there is no msg_0"):
        await messages.cancel(panel.context, [first, "msg_0"])
    (row,) = await messages.rows(panel.context, [first])
    assert row["delivery_status"] == "pending"


@pytest.mark.parametrize(
    ("word", "status", "evidence"),
    [
        ("arrived", "delivered", "operator"),
        ("again", "pending", "none"),
        ("drop", "cancelled", "pasted"),
    ],
)
async def test_a_person_resolves_an_uncertain_message(
    panel: Panel, word: str, status: str, evidence: str
) -> None:
    (one,) = await queued(panel, "Agent-1")
    await panel.settle_as(DeliveryStatus.UNCERTAIN)([])
    code, out, _ = await panel.run("messages", "resolve", one, "--as", word)
    assert (code, out) == (0, f"{one} is now {status}.\n")
    (row,) = await messages.rows(panel.context, [one])
    assert (row["delivery_status"], row["evidence"]) == (status, evidence)


async def test_only_uncertain_messages_are_resolved(panel: Panel) -> None:
    (one,) = await queued(panel, "Agent-1")
    with pytest.raises(NotDoneError, match="is pending, not uncertain"):
        await messages.decide(panel.context, one, "arrived")


def test_list_filters(panel: Panel) -> None:
    panel.aio.run(queued(panel, "Agent-1", "Agent-2", "Agent-2"))
    listed = panel.json("messages", "list", "--to", "Agent-2")
    assert [row["to_agent"] for row in listed] == ["Agent-2", "Agent-2"]
    assert len(panel.json("messages", "list", "--limit", "1")) == 1
    assert panel.json("messages", "list", "--status", "failed") == []
    assert len(panel.json("messages", "list", "--since", "1h")) == 3
    assert panel.json("messages", "list", "--until", "2020-01-01") == []
    row = listed[0]
    assert row["sent_at"].endswith("Z")
    assert "T" in row["sent_at"]
    assert row["tags"] == []


def test_list_for_people_keeps_terminals_safe(panel: Panel) -> None:
    panel.aio.run(
        messages.queue(panel.context, [Draft("Agent-1", "one\n\ttwo [red]three[/red] ✓ 漢字")])
    )
    _, out, _ = panel.line("messages", "list")
    assert "one two [red]three[/red] ✓ 漢字" in out
    assert "Nothing sent yet." not in out
    assert panel.line("messages", "list", "--to", "x")[1] == "No matches.\n"


def test_show_has_the_attempts(panel: Panel) -> None:
    (one,) = panel.aio.run(queued(panel, "Agent-1"))
    panel.aio.run(panel.deliver())
    (row,) = panel.json("messages", "show", one)
    assert [attempt["outcome"] for attempt in row["attempts"]] == ["delivered"]
    assert row["attempts"][0]["dispatcher"] == {"host": "here", "pid": 1}
    _, out, _ = panel.line("messages", "show", one)
    assert out.endswith("\n\nfor Agent-1\n")
    assert "attempt 1, 2" in out
    assert panel.line("messages", "show", "msg_1")[0] == 2


def test_stats_have_the_specifications_names(panel: Panel) -> None:
    panel.aio.run(queued(panel, "Agent-1"))
    panel.aio.run(panel.deliver())
    stats = panel.json("messages", "stats", "--agent", "Agent-1")
    assert {
        "total_messages", "delivered", "failed", "pending", "avg_delivery_time",
        "retried_messages", "uncertain", "held", "cancelled", "expired",
    } <= set(stats)  # fmt: skip
    assert (stats["total_messages"], stats["delivered"], stats["avg_delivery_time"]) == (1, 1, 41)
    assert "41 ms" in panel.line("messages", "stats")[1]
