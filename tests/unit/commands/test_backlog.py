"""The question about old messages on the command line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panel.core.clock import now
from panel.store import backlog
from tests.unit.commands.conftest import Panel


@pytest.fixture
def old(panel: Panel) -> Panel:
    """Two messages to Agent-1 and one to Agent-2 wait behind the question."""
    for agent, text in (("Agent-1", "one"), ("Agent-1", "two"), ("Agent-2", "three")):
        assert panel.line("send", "--to", agent, text)[0] == 0
    later = now() + timedelta(hours=2)
    panel.aio.run(panel.store.write(lambda tx: backlog.set_aside(tx, later, timedelta(minutes=30))))
    return panel


def states(panel: Panel) -> list[str]:
    return [row["delivery_status"] for row in reversed(panel.json("messages", "list"))]


def test_they_are_listed_by_agent(old: Panel) -> None:
    found = old.json("messages", "backlog")
    assert [(row["agent_id"], row["count"], row["done"]) for row in found] == [
        ("Agent-1", 2, None),
        ("Agent-2", 1, None),
    ]
    code, out, _ = old.line("messages", "backlog")
    assert code == 0
    assert "3 older messages wait for your word" in " ".join(out.split())
    assert states(old) == ["held"] * 3


def test_they_are_sent_or_cancelled_by_agent(old: Panel) -> None:
    assert "2 messages queued again." in old.line("messages", "backlog", "--send", "Agent-1")[1]
    assert states(old) == ["pending", "pending", "held"]
    assert "1 message cancelled." in old.line("messages", "backlog", "--cancel")[1]
    assert states(old) == ["pending", "pending", "cancelled"]
    assert old.line("messages", "backlog")[1].strip() == "No old messages wait."
    assert old.json("messages", "backlog", "Agent-2") == []


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--send", "--cancel"], "backlog: takes one of --send and --cancel"),
        (["Agent-7"], "agent: no agent is called Agent-7"),
    ],
)
def test_bad_input_changes_nothing(old: Panel, words: list[str], error: str) -> None:
    code, _, err = old.line("messages", "backlog", *words)
    assert code == 2
    assert err.startswith(error)
    assert states(old) == ["held"] * 3


def test_draining_says_that_they_wait(old: Panel) -> None:
    _, _, err = old.line("dispatch", "--drain")
    assert "3 older messages wait for your word: captain-panel messages backlog" in err
    code, _, err = old.line("send", "--to", "Agent-1", "--wait", "5", "new")
    assert code == 0
    assert "3 older messages wait" in err
