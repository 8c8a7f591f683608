"""A good coordinate file with a fault put in anywhere: the error names that place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core import coordinates, json_node
from panel.core.errors import CommandError
from tests.unit.core.test_coordinates import BY_LAYOUT, FLAT, MAIN, error_of, parsed

Path_ = tuple[str | int, ...]

# Written as JSON, because NaN and repeated keys are no values of Python.
NO_NUMBERS = (
    "true",
    "false",
    "null",
    "NaN",
    "Infinity",
    "-Infinity",
    "1.0",
    "481.5",
    "1e3",
    "1e999",
    '"481"',
    '""',
    "40000",
    "-32769",
    "9" * 30,
    "9" * 5000,
    "[]",
    "[1]",
    "{}",
    '{"x": 1}',
    "[" * 40 + "]" * 40,
)


def leaves(value: object, path: Path_ = ()) -> Iterator[Path_]:
    """Where the numbers of points stand."""
    if isinstance(value, dict):
        for key, each in value.items():
            if not path and key in ("coordinate_system", "validation_rules"):
                continue
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from leaves(each, (*path, index))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path


def dumped(value: object, path: Path_, text: str) -> str:
    """The JSON with `text` in place of what stands at `path`."""
    whole: Any = json.loads(json.dumps(value))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "@@"
    return json.dumps(whole).replace('"@@"', text)


def named(path: Path_) -> str:
    told = ""
    for key in path:
        told = json_node.step(told, key)
    return told


numbers = st.integers(-2000, 1500)
pairs = st.tuples(numbers, numbers).map(list)
boxes = st.fixed_dictionaries({"x": numbers, "y": numbers})
mains = st.dictionaries(
    st.integers(1, 99).map(lambda n: f"Agent-{n}"),
    st.fixed_dictionaries(
        {"chat_input_coordinates": pairs}, optional={"onboarding_input_coords": pairs | boxes}
    ),
    min_size=1,
    max_size=6,
).map(lambda agents: {"version": "1", "agents": agents})
flats = st.dictionaries(st.integers(1, 99).map(str), pairs | boxes, min_size=1, max_size=6)
layouts = st.dictionaries(
    st.integers(2, 9).map(lambda n: f"{n}-agent"),
    st.dictionaries(
        st.integers(1, 99).map(lambda n: f"Agent-{n}"),
        st.fixed_dictionaries({"input_box": boxes}, optional={"starter_location_box": boxes}),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=3,
)
files: st.SearchStrategy[Any] = st.one_of(mains, flats, layouts)


@given(files)
def test_the_files_are_good_before_a_fault_is_put_in(good: Any) -> None:
    assert any(parsed(good).layouts.values())


@given(data=st.data(), good=files, fault=st.sampled_from(NO_NUMBERS))
def test_what_is_no_coordinate_is_named_by_its_place(
    data: st.DataObject, good: Any, fault: str
) -> None:
    path = data.draw(st.sampled_from(list(leaves(good))))
    error = error_of(dumped(good, path, fault).encode())
    # Too deep or a point as a whole is told at a place inside or just above.
    point = named(path[:-1])
    assert error.startswith(point), error
    if fault[0] not in "[{":
        assert error.startswith(f"{named(path)}: "), error
    assert len(error) < 700
    assert error.isprintable()


@given(data=st.data(), good=files)
def test_a_file_that_is_cut_off_anywhere_is_refused(data: st.DataObject, good: Any) -> None:
    text = json.dumps(good)
    error = error_of(text[: data.draw(st.integers(1, len(text) - 1))].encode())
    assert error.startswith("file: "), error
    assert "too early at line 1, column" in error or "no JSON at line 1, column" in error


@given(data=st.data(), good=mains)
def test_an_agent_that_stands_there_twice_is_named(data: st.DataObject, good: Any) -> None:
    agents = good["agents"]
    name = data.draw(st.sampled_from(list(agents)))
    again = json.dumps({name: data.draw(st.sampled_from(list(agents.values())))})[1:-1]
    members = [json.dumps({key: value})[1:-1] for key, value in agents.items()]
    members.insert(data.draw(st.integers(0, len(members))), again)
    text = '{"agents": {' + ", ".join(members) + "}}"
    assert error_of(text.encode()) == f"agents.{name}: stands there twice"


@given(data=st.data(), good=flats)
def test_an_agent_by_its_number_and_by_its_name_is_there_twice(
    data: st.DataObject, good: Any
) -> None:
    number = data.draw(st.sampled_from(list(good)))
    error = error_of(json.dumps({**good, f"Agent-{number}": [1, 2]}).encode())
    assert error == f"Agent-{number}: is Agent-{number} again, after {number}"


@given(
    data=st.data(),
    good=files,
    depth=st.integers(json_node.DEEPEST, 200),
    opening=st.sampled_from([("[", "]"), ('{"a":', "}")]),
)
def test_deep_nesting_anywhere_is_refused(
    data: st.DataObject, good: Any, depth: int, opening: tuple[str, str]
) -> None:
    path = data.draw(st.sampled_from(list(leaves(good))))
    deep = opening[0] * depth + "1" + opening[1] * depth
    error = error_of(dumped(good, path, deep).encode())
    assert error.startswith(named(path[:1])), error
    assert "is nested deeper than 32 levels" in error


@given(files, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.integers(0, 4))
def test_its_spelling_changes_nothing(good: Any, encoding: str, indent: int) -> None:
    spelled = json.dumps(good, indent=indent, ensure_ascii=False).encode(encoding)
    assert coordinates.parse(spelled) == parsed(good)


@pytest.mark.parametrize("good", [MAIN, FLAT, BY_LAYOUT])
def test_every_cut_of_the_examples_is_refused(good: object) -> None:
    text = json.dumps(good)
    for end in range(len(text)):
        with pytest.raises(CommandError):
            coordinates.parse(text[:end].encode())
