"""JSON that is cut, huge, too deep or none at all, as a coordinate file says it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core import coordinates
from panel.core.errors import CommandError
from tests.unit.core.test_coordinates import error_of


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "file: takes JSON; it is empty"),
        (b"\xef\xbb\xbf \n", "file: takes JSON; it is empty"),
        (b'{"agents": {"Agent-1": {"chat', "file: ends too early at line 1, column 25: "),
        (b'{"agents": {"Agent-1": [1, 2', "file: ends too early at line 1, column 29: "),
        (b'{"1": [1, 2],\n "2" [3, 4]}', "file: is no JSON at line 2, column 6: "),
        (b"hello", "file: is no JSON at line 1, column 1: "),
        (b'{"1": [1, \xff]}', "file: takes text in UTF-8; byte 11 is no UTF-8"),
        (b"\xff\xfea", "file: takes text in UTF-8; byte 3 is no UTF-16"),
        (b'{"1": [NaN, 1]}', "1[0]: takes a number that can be counted with, not NaN"),
        (b'{"1": [1, -Infinity]}', "1[1]: takes a number that can be counted with, not -Infinity"),
        (b'{"1": [1e999, 1]}', "1[0]: takes a number that can be counted with, not 1e999"),
        (
            b'{"1": [' + b"9" * 5000 + b", 1]}",
            "1[0]: takes a number that can be counted with, not one of 5,000 digits",
        ),
        (
            b'{"agents": {"Agent-1": {"active": true}, "Agent-1": {"active": false}}}',
            "agents.Agent-1: stands there twice",
        ),
        (
            b'{"agents": {"Agent-1": {"chat_input_coordinates": [1, 2], '
            b'"chat_input_coordinates": [3, 4]}}}',
            "agents.Agent-1.chat_input_coordinates: stands there twice",
        ),
        (b"[" * 40 + b"]" * 40, "[0][0]"),
        (b"[" * 2_000_000, "file: is nested deeper than 32 levels at line 1, column 33"),
        (b'{"a":' * 500_000, "file: is nested deeper than 32 levels at line 1, column 161"),
        (b" " * 5_000_001, "file: takes at most 5,000,000 bytes, not 5,000,001"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_is_no_json_is_named_by_its_place(data: bytes, error: str) -> None:
    assert error_of(data).startswith(error)


def test_deep_nesting_that_a_parser_can_read_is_refused_too() -> None:
    deep: object = 1
    for _ in range(50):
        deep = [deep]
    assert error_of(json.dumps({"agents": {}, "x": deep}).encode()) == (
        "x" + "[0]" * 31 + ": is nested deeper than 32 levels"
    )


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        coordinates.parse(data)
    except CommandError as error:
        assert error.field
