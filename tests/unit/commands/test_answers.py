"""What agents say back, through the command line and the functions behind it."""

from __future__ import annotations

import asyncio
import itertools
import json
from pathlib import Path

import pytest

from panel.commands import agents, answers, messages
from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.errors import CommandError, NotDoneError
from panel.core.message import AnswerStatus, DeliveryStatus, Draft, Evidence, Method
from panel.core.reply import Reply
from panel.store import attempts
from tests.unit.commands.conftest import Panel

_numbers = itertools.count()


async def queued(panel: Panel, to: str = "Agent-1", **fields: object) -> str:
    draft = Draft(to, f"do it {next(_numbers)}", **fields)  # type: ignore[arg-type]
    (one,) = await messages.queue(panel.context, [draft])
    return one


async def delivered(panel: Panel, to: str = "Agent-1", **fields: object) -> str:
    one = await queued(panel, to, **fields)
    await panel.deliver()
    return one


async def row(panel: Panel, message_id: str) -> dict[str, object]:
    (found,) = await messages.rows(panel.context, [message_id])
    return found


async def state(panel: Panel, message_id: str) -> tuple[object, ...]:
    found = await row(panel, message_id)
    return found["delivery_status"], found["evidence"], found["status"]


async def test_an_acknowledgement_is_the_best_proof_of_a_delivered_one(panel: Panel) -> None:
    one = await delivered(panel)
    code, out, _ = await panel.run("messages", "ack", one, "--agent", "Agent-1")
    assert (code, out) == (0, "1 message acknowledged.\n")
    assert await state(panel, one) == ("delivered", "acknowledged", "acknowledged")
    assert (await row(panel, one))["delivery_time_ms"] == 41


async def test_twice_is_once(panel: Panel) -> None:
    one = await delivered(panel)
    assert await answers.acknowledge(panel.context, [one, one]) == [one]
    before = await row(panel, one)
    code, out, _ = await panel.run("messages", "ack", one)
    assert (code, out) == (0, "0 messages acknowledged. 1 had been before.\n")
    assert await row(panel, one) == before


async def test_an_answer_is_not_taken_back_by_an_acknowledgement(panel: Panel) -> None:
    one = await delivered(panel)
    await answers.receive(panel.context, "Agent-1", Reply("done", one))
    assert await answers.acknowledge(panel.context, [one]) == []
    assert (await state(panel, one))[2] == "answered"


async def test_the_agents_word_settles_an_unconfirmed_one_and_frees_its_followers(
    panel: Panel,
) -> None:
    one = await queued(panel)
    await panel.settle_as(DeliveryStatus.UNCERTAIN)([])
    behind = await queued(panel)
    assert await panel.claim() is None
    await answers.acknowledge(panel.context, [one], "Agent-1")
    assert await state(panel, one) == ("delivered", "acknowledged", "acknowledged")
    claim = await panel.claim()
    assert claim is not None
    assert claim.message.message_id == behind


@pytest.mark.parametrize("decision", ["send_again", "give_up"])
async def test_a_person_decided_and_then_the_agent_says_that_it_has_it(
    panel: Panel, decision: str
) -> None:
    """It was pasted once: typing it again would be the second time."""
    one = await queued(panel)
    await panel.settle_as(DeliveryStatus.UNCERTAIN)([])
    await messages.decide(panel.context, one, decision)
    await answers.acknowledge(panel.context, [one])
    assert await state(panel, one) == ("delivered", "acknowledged", "acknowledged")
    assert await panel.claim() is None


@pytest.mark.parametrize("end", ["pending", "cancelled", "held", "failed"])
async def test_what_never_left_cannot_be_acknowledged(panel: Panel, end: str) -> None:
    one = await queued(panel)
    if end == "cancelled":
        await messages.cancel(panel.context, [one])
    elif end != "pending":
        claim = await panel.claim()
        assert claim is not None
        await panel.store.write(
            lambda tx: attempts.settle(
                tx, claim=claim, status=DeliveryStatus(end), evidence=Evidence.NONE, reason=None,
                coordinate_status=claim.message.coordinate_validation_status,
                delivery_time_ms=1, timings={}, now=now(), next_attempt_at=now(),
            )
        )  # fmt: skip
    before = await row(panel, one)
    code, _, err = await panel.run("messages", "ack", one)
    assert code == 1
    assert f"{one} is {end} and was never given to Agent-1" in err
    assert await row(panel, one) == before


async def test_an_answer_to_what_never_left_is_kept_all_the_same(panel: Panel) -> None:
    one = await queued(panel)
    code, _, err = await panel.run("messages", "reply", one, "I saw it", "--from", "Agent-1")
    assert code == 0
    assert "The answer is kept, but" in err
    assert await state(panel, one) == ("pending", "none", "pending")
    (said,) = await _replies(panel)
    assert (said["content"], said["reply_to"]) == ("I saw it", one)


async def _replies(panel: Panel) -> list[dict[str, object]]:
    code, out, err = await panel.run("messages", "replies", "--json")
    assert code == 0, err
    found: list[dict[str, object]] = json.loads(out)
    return found


async def test_an_acknowledgement_overtakes_the_proof(panel: Panel) -> None:
    """The agent is quicker than our look: its word stands, whatever the delivery ends with."""
    one = await queued(panel)
    claim = await panel.claim()
    assert claim is not None
    for phase in ("ready", "pasting", "submitting"):
        assert await panel.store.write(
            lambda tx, phase=phase: attempts.advance(tx, claim.attempt_id, phase)  # type: ignore[misc]
        )
    await answers.acknowledge(panel.context, [one], "Agent-1")
    assert await state(panel, one) == ("delivered", "acknowledged", "acknowledged")
    assert await panel.store.write(
        lambda tx: attempts.settle(
            tx, claim=claim, status=DeliveryStatus.UNCERTAIN, evidence=Evidence.VISIBLE,
            reason=None, coordinate_status=claim.message.coordinate_validation_status,
            delivery_time_ms=77, timings={}, now=now(),
        )
    )  # fmt: skip
    assert await state(panel, one) == ("delivered", "acknowledged", "acknowledged")
    (attempt,) = await panel.store.read(lambda c: attempts.of_message(c, one))
    assert (attempt["outcome"], attempt["evidence"]) == ("delivered", "acknowledged")


async def test_an_orphan_is_settled_and_its_keys_are_still_found(panel: Panel) -> None:
    """Its dispatcher died with a key down: the restart has to find the attempt."""
    one = await queued(panel)
    claim = await panel.claim()
    assert claim is not None
    await panel.store.write(
        lambda tx: attempts.advance(tx, claim.attempt_id, "pasting", keys="ctrl+v")
    )
    await answers.acknowledge(panel.context, [one])
    assert (await state(panel, one))[0] == "delivered"
    (open_,) = await panel.store.read(attempts.unsettled)
    assert (open_["attempt_id"], open_["keys"]) == (claim.attempt_id, "ctrl+v")


async def test_nothing_more_is_typed_once_the_agent_has_it(panel: Panel) -> None:
    one = await queued(panel)
    await panel.settle_as(DeliveryStatus.UNCERTAIN)([])
    await messages.decide(panel.context, one, "send_again")
    claim = await panel.claim()
    assert claim is not None
    await answers.acknowledge(panel.context, [one])
    for phase in ("ready", "pasting"):
        assert not await panel.store.write(
            lambda tx, phase=phase: attempts.advance(tx, claim.attempt_id, phase)  # type: ignore[misc]
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("messages", "ack", "msg_0"), "id: takes a message's id; there is no msg_0"),
        (("messages", "ack", "ID", "--agent", "Agent-2"), "agent: ID is a message to Agent-1"),
        (("messages", "ack", "ID", "--agent", "Agent-9"), "agent: no agent is called Agent-9"),
        (("messages", "reply", "msg_0", "x", "--from", "Agent-1"), "re: takes a message's id"),
        (("messages", "reply", "ID", "x", "--from", "Agent-2"), "from: ID is a message to Agent-1"),
        (("messages", "reply", "ID", "x", "--from", "captain"), "from: no agent is called captain"),
        (("messages", "reply", "ID", " ", "--from", "Agent-1"), "content: takes a text"),
        (("messages", "reply", "ID", "a\x1b[1m", "--from", "Agent-1"), "found U+001B"),
        (("messages", "reply", "ID", "x" * 100_001, "--from", "Agent-1"), "not 100,001"),
        (("messages", "seen",), "id: takes messages' ids, or --all"),
        (("messages", "seen", "ID"), "id: takes what an agent said"),
        (("messages", "seen", "msg_0"), "id: takes a message's id"),
        (("inbox", "Agent-9"), "agent: no agent is called Agent-9"),
        (("report", "--agent", "Agent-9", "--status", "IDLE"), "agent: no agent is called"),
        (("report", "--agent", "Agent-1", "--status", ""), "status: takes 1 to 64"),
    ],
)  # fmt: skip
async def test_bad_input_is_named_and_changes_nothing(
    panel: Panel, words: tuple[str, ...], said: str
) -> None:
    one = await delivered(panel)
    before = await row(panel, one)
    code, out, err = await panel.run(*(one if word == "ID" else word for word in words))
    assert (code, out) == (2, "")
    assert said.replace("ID", one) in err
    assert len(err.splitlines()) == 1
    assert await row(panel, one) == before
    assert await _replies(panel) == []


async def test_one_bad_id_and_none_is_acknowledged(panel: Panel) -> None:
    one = await delivered(panel)
    with pytest.raises(CommandError):
        await answers.acknowledge(panel.context, [one, "msg_0"])
    waiting = await queued(panel)
    with pytest.raises(NotDoneError):
        await answers.acknowledge(panel.context, [one, waiting])
    assert (await state(panel, one))[2] == "pending"


async def test_an_answer_is_a_row_that_no_queue_sees(panel: Panel) -> None:
    one = await delivered(panel)
    taken = await answers.receive(panel.context, "Agent-1", Reply("all green\r\n", one))
    assert taken is not None
    assert taken.message_id is not None
    said = await row(panel, taken.message_id)
    assert {
        name: said[name]
        for name in ("from_agent", "to_agent", "content", "direction", "seen_at", "reply_to")
    } == {
        "from_agent": "Agent-1", "to_agent": "captain", "content": "all green",
        "direction": "in", "seen_at": None, "reply_to": one,
    }  # fmt: skip
    assert await state(panel, taken.message_id) == ("delivered", "acknowledged", "pending")
    assert (await state(panel, one))[2] == "answered"
    assert await panel.claim() is None
    assert not await panel.store.read(lambda c: attempts.any_waiting(c, None))


async def test_statistics_count_what_was_sent_only(panel: Panel) -> None:
    one = await delivered(panel)
    await answers.receive(panel.context, "Agent-1", Reply("done", one))
    for words in ((), ("--agent", "Agent-1")):
        code, out, _ = await panel.run("messages", "stats", "--json", *words)
        assert code == 0
        assert '"total_messages": 1' in out
        assert '"delivered": 1' in out


async def test_an_answer_goes_to_the_agent_that_asked(panel: Panel) -> None:
    one = await delivered(panel, from_agent="Agent-2")
    taken = await answers.receive(panel.context, "Agent-1", Reply("here", one))
    assert taken is not None
    assert (await row(panel, taken.message_id or ""))["to_agent"] == "Agent-2"
    code, out, _ = await panel.run("inbox", "Agent-2", "--json")
    assert code == 0
    assert [entry["content"] for entry in json.loads(out)] == ["here"]
    await answers.acknowledge(panel.context, [taken.message_id or ""], "Agent-2")
    assert (await panel.run("inbox", "Agent-2"))[1] == "Nothing waits for Agent-2.\n"


async def test_a_source_is_taken_once_also_by_two_at_a_time(panel: Panel) -> None:
    one = await delivered(panel)
    taken = await asyncio.gather(
        *(
            answers.receive(panel.context, "Agent-1", Reply("done", one), "Agent-1/a.md/1")
            for _ in range(5)
        )
    )
    assert sum(each is not None for each in taken) == 1
    assert len(await _replies(panel)) == 1


async def test_an_agent_speaks_of_its_own_accord(panel: Panel) -> None:
    code, out, err = await panel.run(
        "send", "--from", "Agent-1", "--to", "captain", "--tag", "status", "--json", "I need you."
    )
    assert code == 0, err
    (sent,) = json.loads(out)
    assert (sent["to_agent"], sent["delivery_status"]) == ("captain", "delivered")
    (said,) = await _replies(panel)
    assert (said["from_agent"], said["direction"], said["tags"]) == ("Agent-1", "in", ["status"])
    assert await panel.claim() is None


async def test_the_captain_is_known_by_the_name_that_the_agent_has_for_it(panel: Panel) -> None:
    await panel.run("agents", "set", "Agent-1", "--captain", "Dana")
    for name in ("dana", "captain", "operator"):
        code, _, err = await panel.run("send", "--from", "Agent-1", "--to", name, f"hello {name}")
        assert code == 0, err
    assert {said["to_agent"] for said in await _replies(panel)} == {"Dana"}
    code, _, err = await panel.run("send", "--from", "Agent-1", "--to", "Erin", "hello")
    assert (code, "no agent is called Erin" in err) == (2, True)
    code, _, err = await panel.run("send", "--to", "captain", "hello")
    assert (code, "no agent is called captain" in err) == (2, True)


async def test_an_agent_may_not_be_urgent(panel: Panel) -> None:
    words = ("send", "--from", "Agent-1", "--to", "captain", "--priority", "urgent", "now!")
    code, _, err = await panel.run(*words)
    assert (code, err.startswith("priority: urgent is for")) == (2, True)
    assert await _replies(panel) == []


async def test_a_captain_with_a_window_is_written_to_like_any_agent(panel: Panel) -> None:
    await panel.run("agents", "set", "Agent-1", "--captain", "Agent-2")
    code, _, _ = await panel.run("send", "--from", "Agent-1", "--to", "Agent-2", "report")
    assert code == 0
    claim = await panel.claim()
    assert claim is not None
    assert claim.message.to_agent == "Agent-2"


async def test_seen(panel: Panel) -> None:
    one = await delivered(panel)
    ids = []
    for text in ("a", "b", "c"):
        taken = await answers.receive(panel.context, "Agent-1", Reply(text, one))
        assert taken is not None
        ids.append(taken.message_id or "")
    assert await answers.see(panel.context, ids[:1]) == ids[:1]
    assert await answers.see(panel.context, ids[:1]) == []
    assert (
        len((await panel.run("messages", "replies", "--unread"))[1].splitlines()) == 4
    )  # with two lines of head
    code, out, _ = await panel.run("messages", "seen", "--all")
    assert (code, out) == (0, "2 replies marked as seen.\n")


async def test_writing_back_marks_the_answer_as_seen_and_answered(panel: Panel) -> None:
    one = await delivered(panel)
    taken = await answers.receive(panel.context, "Agent-1", Reply("which branch?", one))
    assert taken is not None
    back = await queued(panel, reply_to=taken.message_id)
    assert (await row(panel, back))["reply_to"] == taken.message_id
    said = await row(panel, taken.message_id or "")
    assert said["seen_at"] is not None
    assert said["status"] == "answered"
    with pytest.raises(CommandError, match="reply-to: takes a message's id"):
        await queued(panel, reply_to="msg_0")


async def test_the_inbox_of_an_agent(panel: Panel, panel_home: Path) -> None:
    typed, filed = await delivered(panel), await delivered(panel, method=Method.INBOX)
    await queued(panel)
    folder = panel_home / "agent_workspaces" / "Agent-1" / "inbox"
    folder.mkdir(parents=True)
    (folder / f"{filed}.md").write_text("do it", encoding="utf-8")
    code, out, _ = await panel.run("inbox", "Agent-1", "--json")
    assert code == 0
    assert [(entry["message_id"], entry["file"]) for entry in json.loads(out)] == [
        (typed, None),
        (filed, str(folder / f"{filed}.md")),
    ]
    await answers.acknowledge(panel.context, [typed, filed])
    assert json.loads((await panel.run("inbox", "Agent-1", "--json"))[1]) == []


async def test_report(panel: Panel) -> None:
    words = ("report", "--agent", "Agent-1", "--status", "active", "--focus", "tests")
    code, out, _ = await panel.run(*words, "--cycles", "3", "--tasks-completed", "2", "--json")
    assert code == 0
    (found,) = json.loads(out)
    assert (found["status"], found["current_focus"]) == ("ACTIVE", "tests")
    assert (found["cycle_count"], found["tasks_completed"]) == (3, 2)
    assert found["last_cycle"] is not None
    more = ("report", "--agent", "Agent-1", "--status", "thinking hard", "--focus", "", "--json")
    (found,) = json.loads((await panel.run(*more))[1])
    assert (found["status"], found["current_focus"]) == ("thinking hard", None)


async def test_a_reply_of_an_agent_that_is_its_own_captain(panel: Panel) -> None:
    await agents.add(panel.context, Agent("Agent-4", captain="Agent-4"))
    taken = await answers.receive(panel.context, "Agent-4", Reply("noted"))
    assert taken is not None
    assert (await row(panel, taken.message_id or ""))["to_agent"] == "Agent-4"


async def test_a_bare_acknowledgement_makes_no_row(panel: Panel) -> None:
    one = await delivered(panel)
    reply = Reply(reply_to=one, status=AnswerStatus.ACKNOWLEDGED)
    taken = await answers.receive(panel.context, "Agent-1", reply)
    assert taken is not None
    assert taken.message_id is None
    assert (await state(panel, one))[2] == "acknowledged"
    assert await _replies(panel) == []
