"""agent_workspaces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.geometry import Point
from panel.core.target import Target, TargetKind, TargetStatus
from panel.store import agents, messages, targets
from panel.store.connection import ConstraintError, StoreError, Transaction
from tests.unit.store.builders import at, queued, swarm

FULL = Agent(
    agent_id="Agent-1",
    team="blue",
    specialization="tests",
    captain="Agent-4",
    status="ACTIVE",
    description="left screen",
    active=False,
    paused=True,
    last_cycle=at(1.5),
    current_focus="the store",
    cycle_count=3,
    tasks_completed=4,
    coordination_efficiency=0.5,
    v2_compliance=99.5,
    last_updated=at(2),
)


def test_an_agent_comes_back_as_it_went_in(tx: Transaction) -> None:
    agents.insert(tx, FULL)
    assert agents.get(tx, "Agent-1") == FULL
    assert agents.get(tx, "agent-1") is None
    assert tx.changes() == Changes(frozenset({"agent_workspaces"}), frozenset({"Agent-1"}))


def test_a_new_agent_was_updated_now(tx: Transaction) -> None:
    agents.insert(tx, Agent("A"))
    found = agents.get(tx, "A")
    assert found is not None
    assert found.last_updated is not None
    assert replace(found, last_updated=None) == Agent("A")
    stored = str(tx.value("SELECT last_updated FROM agent_workspaces"))
    assert len(stored) == len("2026-11-23 12:00:00.000")


def test_the_same_agent_twice_is_refused(tx: Transaction) -> None:
    agents.insert(tx, Agent("A"))
    with pytest.raises(ConstraintError):
        agents.insert(tx, Agent("A"))


def test_update_changes_what_it_names(tx: Transaction) -> None:
    agents.insert(tx, FULL)
    assert agents.update(tx, "Agent-1", team="red", last_cycle=at(9), workspace_path="/w")
    found = agents.get(tx, "Agent-1")
    assert found is not None
    assert (found.team, found.last_cycle, found.status) == ("red", at(9), "ACTIVE")
    assert found.last_updated != FULL.last_updated
    assert agents.rows(tx, "Agent-1")[0]["workspace_path"] == "/w"
    assert not agents.update(tx, "Agent-2", team="red")
    with pytest.raises(StoreError, match="no column colour"):
        agents.update(tx, "Agent-1", colour="red")


def test_all_is_sorted_as_people_count(tx: Transaction) -> None:
    swarm(tx, "Agent-10", "Agent-2", "Agent-1", "Zoe", "Bob")
    agents.update(tx, "Zoe", team="other", active=False)
    assert [a.agent_id for a in agents.all(tx)] == ["Agent-1", "Agent-2", "Agent-10", "Bob", "Zoe"]
    assert [a.agent_id for a in agents.all(tx, team="other")] == ["Zoe"]
    assert agents.all(tx, team="other", active_only=True) == []
    assert len(agents.all(tx, active_only=True)) == 4
    assert len(agents.rows(tx)) == 5


def test_removing_keeps_the_messages_and_drops_the_targets(tx: Transaction) -> None:
    swarm(tx, "A")
    targets.save(tx, Target("A", TargetKind.CHAT, Point(1, 2), TargetStatus.UNVERIFIED))
    message_id = queued(tx, "A")
    assert agents.remove(tx, "A")
    assert not agents.remove(tx, "A")
    assert targets.all(tx) == []
    assert messages.get(tx, message_id) is not None
