"""Coordinate files: every variant, every fault, and faults nobody thought of."""

from __future__ import annotations

import json
import time
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core import coordinates, json_node, status_file
from panel.core.clock import now
from panel.core.errors import CommandError
from panel.core.geometry import Point
from panel.core.import_values import Wanted
from panel.core.target import TargetKind
from panel.core.text import forbidden_character

CHAT, ONBOARDING = TargetKind.CHAT, TargetKind.ONBOARDING
MAIN = {
    "version": "2.0",
    "last_updated": "2025-09-12T10:00:00Z",
    "coordinate_system": {
        "origin": "top-left",
        "unit": "pixels",
        "multi_monitor_support": True,
    },
    "agents": {
        "Agent-1": {
            "chat_input_coordinates": [-1269, 481],
            "onboarding_input_coords": [-1265, 171],
            "description": "Integration",
            "active": True,
        },
        "Agent-3": {
            "chat_input_coordinates": [652, 421],
            "onboarding_coordinates": [698, 936],
            "active": False,
        },
    },
    "validation_rules": {
        "coordinate_bounds": {"min_x": -2000, "max_x": 2000, "min_y": 0, "max_y": 1500},
        "required_agents": 8,
    },
}
FLAT = {"1": [-1269, 481], "2": [-308, 480]}
BY_LAYOUT = {
    "2-agent": {"Agent-1": {"input_box": {"x": 1, "y": 2}}},
    "8-agent": {
        "Agent-1": {
            "starter_location_box": {"x": -1265, "y": 171},
            "input_box": {"x": -1269, "y": 481},
        }
    },
}


def parsed(value: object) -> coordinates.CoordinateFile:
    return coordinates.parse(json.dumps(value).encode())


def changed(*path: str | int, to: object) -> Any:
    """The main example with one value replaced (or added)."""
    whole: Any = json.loads(json.dumps(MAIN))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return whole


def error_of(data: bytes) -> str:
    with pytest.raises(CommandError) as refused:
        coordinates.parse(data)
    return str(refused.value)


def test_the_main_format() -> None:
    (agents,) = parsed(MAIN).layouts.values()
    assert agents == (
        Wanted(
            "Agent-1",
            "agents.Agent-1",
            {"description": "Integration", "active": True},
            {CHAT: Point(-1269, 481), ONBOARDING: Point(-1265, 171)},
        ),
        Wanted(
            "Agent-3",
            "agents.Agent-3",
            {"active": False},
            {CHAT: Point(652, 421), ONBOARDING: Point(698, 936)},
        ),
    )
    assert parsed(MAIN).warnings == ()


def test_the_flat_variant_numbers_its_agents() -> None:
    (agents,) = parsed(FLAT).layouts.values()
    assert [(agent.agent_id, agent.points) for agent in agents] == [
        ("Agent-1", {CHAT: Point(-1269, 481)}),
        ("Agent-2", {CHAT: Point(-308, 480)}),
    ]
    (named,) = parsed({"Agent-9": {"x": 5, "y": 6}}).layouts.values()
    assert named[0].points == {CHAT: Point(5, 6)}


def test_the_variant_by_layout_keeps_the_layouts_apart() -> None:
    found = parsed(BY_LAYOUT).layouts
    assert list(found) == ["2-agent", "8-agent"]
    assert found["2-agent"][0].points == {CHAT: Point(1, 2)}
    assert found["8-agent"][0].points == {ONBOARDING: Point(-1265, 171), CHAT: Point(-1269, 481)}


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 1, to=True),
            "agents.Agent-3.chat_input_coordinates[1]: takes a whole number, not true",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 0, to=652.0),
            "agents.Agent-3.chat_input_coordinates[0]: takes a whole number, not 652.0",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 0, to="652"),
            'agents.Agent-3.chat_input_coordinates[0]: takes a whole number, not "652"',
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 0, to=None),
            "agents.Agent-3.chat_input_coordinates[0]: takes a whole number, not null",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 0, to=40_000),
            "agents.Agent-3.chat_input_coordinates[0]: takes a whole number from -32,768 to "
            "32,767, not 40000",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 0, to=2001),
            "agents.Agent-3.chat_input_coordinates[0]: is 2001; the file's own "
            "validation_rules.coordinate_bounds take x from -2000 to 2000",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", 1, to=-1),
            "agents.Agent-3.chat_input_coordinates[1]: is -1; the file's own "
            "validation_rules.coordinate_bounds take y from 0 to 1500",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", to=[1, 2, 3]),
            "agents.Agent-3.chat_input_coordinates: takes two whole numbers [x, y], "
            "not an array of 3",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coordinates", to=None),
            "agents.Agent-3.chat_input_coordinates: takes two whole numbers [x, y], not null",
        ),
        (
            changed("agents", "Agent-3", "chat_input_coords", to=[1, 2]),
            "agents.Agent-3.chat_input_coords: is no known key; "
            "did you mean chat_input_coordinates?",
        ),
        (
            changed("agents", "Agent-3", "onboarding_input_coords", to=[1, 2]),
            "agents.Agent-3.onboarding_input_coords: says another point than "
            "onboarding_coordinates beside it",
        ),
        (
            changed("agents", "Agent-3", "active", to="yes"),
            'agents.Agent-3.active: takes true or false, not "yes"',
        ),
        (
            changed("agents", "Agent-3", "description", to=7),
            "agents.Agent-3.description: takes a text, not 7",
        ),
        (
            changed("agents", "Agent-3", "description", to="a\0b"),
            'agents.Agent-3.description: takes no control characters; found "\\u0000"',
        ),
        (changed("agents", to=[]), "agents: takes an object of agents, not an array of 0"),
        (changed("agents", to={}), "agents: takes at least one agent; there is none"),
        (
            changed("agents", "a,b", to={}),
            'agents["a,b"]: is no name: it takes no control characters, commas or slashes; '
            "found ','",
        ),
        (
            changed("coordinate_system", "origin", to="bottom-left"),
            'coordinate_system.origin: takes "top-left", not "bottom-left"',
        ),
        (
            changed("validation_rules", "coordinate_bounds", "minx", to=1),
            "validation_rules.coordinate_bounds.minx: is no known key; the bounds are min_x, "
            "max_x, min_y, max_y",
        ),
        (
            changed("validation_rules", "coordinate_bounds", "min_x", to=3000),
            "validation_rules.coordinate_bounds: has min_x 3000 above max_x 2000",
        ),
        (
            changed("validation_rules", "coordinate_bounds", "min_x", to=False),
            "validation_rules.coordinate_bounds.min_x: takes a whole number, not false",
        ),
        ([], "file: takes an object with the agents in it, not an array of 0"),
        ({}, "file: takes at least one agent; there is none"),
        ({"1": [1, 2], "Agent-1": [1, 2]}, "Agent-1: is Agent-1 again, after 1"),
        ({"1": 5}, "1: takes two whole numbers [x, y], not 5"),
        ({"1": {"x": 5}}, "1: takes x and y; one is missing"),
        (
            {"8-agent": {"Agent-1": [1, 2]}},
            "8-agent.Agent-1: takes an agent with its boxes, not an array of 2",
        ),
        (
            {**BY_LAYOUT, "9": [1, 2]},
            "9: takes a layout with agents in it, as the others are, not an array of 2",
        ),
        (
            {"8-agent": {"Agent-1": {"input_box": {"x": 1}}}},
            "8-agent.Agent-1.input_box: takes x and y; one is missing",
        ),
        (
            {"8-agent": {"Agent-1": {"input_box": {"x": 1, "z": 1}}}},
            "8-agent.Agent-1.input_box.z: is no known key; a point is x and y",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(value: object, error: str) -> None:
    assert error_of(json.dumps(value).encode()).startswith(error)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_marks_in_front_are_no_fault(encoding: str) -> None:
    assert coordinates.parse(json.dumps(MAIN).encode(encoding)) == parsed(MAIN)


def test_a_key_that_is_none_of_ours_is_said_once() -> None:
    value = changed("agents", "Agent-1", "monitor", to=1)
    value["agents"]["Agent-3"]["monitor"] = 2
    value["note"] = "x"
    assert [(remark.item, remark.why) for remark in parsed(value).warnings] == [
        ("note", "is not known here and is left out"),
        ("agents.Agent-1.monitor", "is not known here and is left out (2 times)"),
    ]


def test_more_agents_than_anybody_has_are_refused() -> None:
    crowd = {str(n): [1, 2] for n in range(coordinates.MOST_AGENTS + 1)}
    assert error_of(json.dumps(crowd).encode()) == "agents: takes at most 50,000, not 50,001"


def test_ten_thousand_agents_are_read_at_once() -> None:
    agents = {f"Agent-{n}": {"chat_input_coordinates": [n % 1900, n % 1000]} for n in range(10_000)}
    data = json.dumps({"agents": agents}).encode()
    start = time.perf_counter()
    (found,) = coordinates.parse(data).layouts.values()
    assert len(found) == 10_000
    assert time.perf_counter() - start < 5


names = st.text(min_size=1, max_size=12).filter(
    lambda text: (
        text.strip() == text
        and text not in {".", ".."}
        and text.isprintable()
        and not set(text) & set(",/\\")
    )
)
numbers = st.integers(-32_768, 32_767)
points = st.builds(Point, numbers, numbers)
descriptions = st.text(max_size=30).filter(
    lambda text: forbidden_character(text) is None and "\r" not in text
)
swarms = st.dictionaries(
    names,
    st.tuples(
        st.dictionaries(st.sampled_from(list(TargetKind)), points), descriptions, st.booleans()
    ),
    min_size=1,
    max_size=6,
)


@given(swarms)
def test_what_was_exported_is_read_as_it_was(
    swarm: dict[str, tuple[dict[TargetKind, Point], str, bool]],
) -> None:
    agents = tuple(
        Wanted(
            name,
            json_node.step("agents", name),
            {"description": description, "active": active},
            placed,
        )
        for name, (placed, description, active) in swarm.items()
    )
    found = coordinates.parse(coordinates.exported(agents, now()).encode())
    assert found == coordinates.CoordinateFile({"": agents})


words = st.sampled_from(
    [
        *coordinates._POINT_KEYS,
        *coordinates._ABOUT,
        *coordinates._BOUNDS,
        *coordinates._SYSTEM,
        *("agents", "active", "coordinate_bounds", "Agent-1", "1", "8-agent", "x", "y"),
        *("agent_id", "status", "team", "cycle_count", "fsm_state", "current_mission"),
    ]
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["top-left", "pixels", "ACTIVE", "2026-11-23T12:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(words | st.text(max_size=6), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(anything)
def test_any_json_is_read_or_refused_in_one_line(value: object) -> None:
    for read in (coordinates.parse, lambda data: status_file.parse(data, PurePosixPath("/a/b.c"))):
        try:
            read(json.dumps(value).encode())
        except CommandError as error:
            assert str(error).isprintable()
            assert len(str(error)) < 700


@given(st.data(), st.sampled_from([MAIN, FLAT, BY_LAYOUT]))
def test_a_good_file_with_one_fault_is_never_read_as_something_else(
    data: st.DataObject, good: object
) -> None:
    text = json.dumps(good)
    place = data.draw(st.integers(0, len(text) - 1))
    piece = data.draw(st.sampled_from(["", "{", "}", "[", "]", ",", '"', "1", "-", ".", "é", "\0"]))
    known = {
        agent.points[kind]
        for agents in parsed(good).layouts.values()
        for agent in agents
        for kind in agent.points
    }
    try:
        found = coordinates.parse((text[:place] + piece + text[place + 1 :]).encode())
    except CommandError:
        return
    points_now = [p for agents in found.layouts.values() for a in agents for p in a.points.values()]
    # One changed character changes at most one number: no point is ever made up.
    assert sum(point not in known for point in points_now) <= 1
