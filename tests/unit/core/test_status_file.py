"""An agent's own status.json: what is missing, what is free text, whose it is."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest

from panel.core import status_file
from panel.core.errors import CommandError


def status(value: object, place: str = "/swarm/agent_workspaces/Agent-3/status.json") -> Any:
    return status_file.parse(json.dumps(value).encode(), PurePosixPath(place))


def test_a_whole_status_file() -> None:
    wanted, remarks = status(
        {
            "agent_id": "Agent-3",
            "team": "core",
            "specialization": "database",
            "captain": "Agent-4",
            "status": "active",
            "last_cycle": "2026-11-23 10:00:00",
            "current_mission": "Index\n  change",
            "cycle_count": 12,
            "tasks_completed": ["a", "b"],
            "coordination_efficiency": 0.93,
            "v2_compliance": 98,
            "last_updated": "2026-11-23T12:00:00.1234+02:00",
            "fsm_state": "TASK_EXECUTION",
            "current_tasks": [{"anything": True}],
        }
    )
    assert remarks == ()
    assert wanted.agent_id == "Agent-3"
    assert {name: str(value) for name, value in wanted.fields.items()} == {
        "team": "core",
        "specialization": "database",
        "captain": "Agent-4",
        "status": "ACTIVE",
        "last_cycle": "2026-11-23 10:00:00+00:00",
        "current_focus": "Index change",
        "cycle_count": "12",
        "tasks_completed": "2",
        "coordination_efficiency": "0.93",
        "v2_compliance": "98.0",
        "last_updated": "2026-11-23 10:00:00.123000+00:00",
        "workspace_path": "/swarm/agent_workspaces/Agent-3",
    }


def test_what_is_missing_says_nothing() -> None:
    wanted, remarks = status({})
    assert (wanted.agent_id, remarks) == ("Agent-3", ())
    assert list(wanted.fields) == ["workspace_path"]
    assert status({"fsm_state": "idle"})[0].fields["status"] == "IDLE"


def test_free_words_of_a_state_are_kept_as_far_as_they_fit() -> None:
    said = status({"status": "Waiting for review, then src/panel"})[0].fields["status"]
    assert said == "Waiting for review; then src-panel"
    assert len(status({"status": "x" * 500})[0].fields["status"]) == 64


def test_a_key_that_makes_no_sense_is_left_out_and_named() -> None:
    wanted, remarks = status({"cycle_count": "many", "team": "a,b", "last_updated": 5})
    assert list(wanted.fields) == ["workspace_path"]
    assert [(remark.item, remark.why) for remark in remarks] == [
        (
            "Agent-3's status.json, team",
            "takes no control characters, commas or slashes; found ','; left as it is",
        ),
        (
            "Agent-3's status.json, cycle_count",
            'takes a whole number, not "many"; left as it is',
        ),
        ("Agent-3's status.json, last_updated", "takes a text, not 5; left as it is"),
    ]


@pytest.mark.parametrize(
    ("value", "place", "error"),
    [
        (
            {"agent_id": "Agent-1"},
            "/w/Agent-3/status.json",
            "agent_id: says Agent-1, but the file lies in the folder of Agent-3",
        ),
        ({}, "/w/status.json", "agent_id: is missing, and the folder is not called after an agent"),
        ({"agent_id": 3}, "/w/Agent-3/status.json", "agent_id: takes a text, not 3"),
        ([], "/w/Agent-3/status.json", "file: takes an object with the agent's status in it"),
    ],
)
def test_whose_status_it_is_has_to_be_clear(value: object, place: str, error: str) -> None:
    with pytest.raises(CommandError) as refused:
        status(value, place)
    assert str(refused.value).startswith(error)


def test_a_folder_may_be_spelled_otherwise() -> None:
    assert status({"agent_id": "Agent-3"}, "/w/agent_03/status.json")[0].agent_id == "Agent-3"
