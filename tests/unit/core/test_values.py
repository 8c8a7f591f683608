"""Settings, typed text, identifiers, changes, errors, results."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.agent import Agent
from panel.core.changes import Changes
from panel.core.dispatching import DemoAgentResult, DemoResult
from panel.core.errors import CommandError, EnvironmentFault, NotDoneError
from panel.core.identifiers import new_id
from panel.core.settings import SETTINGS, Setting, setting
from panel.core.target import Reason, ReasonCode


@pytest.mark.parametrize("declared", SETTINGS, ids=lambda declared: declared.name)
def test_every_setting_takes_its_own_default(declared: Setting) -> None:
    value = declared.parse(declared.default)
    assert value == declared.default
    assert type(value) is type(declared.default)
    assert declared.parse(str(declared.default)) == declared.default
    assert declared.help.endswith(".")
    assert setting(declared.name) is declared


@given(st.sampled_from(SETTINGS), st.text(max_size=20) | st.integers() | st.floats())
def test_a_setting_takes_a_value_or_says_what_it_takes(declared: Setting, value: object) -> None:
    try:
        parsed = declared.parse(value)
    except CommandError as error:
        assert error.field == declared.name
        assert error.message.startswith("takes ")
        return
    assert type(parsed) is type(declared.default)
    assert declared.parse(parsed) == parsed


def test_bounds_are_included() -> None:
    minutes = setting("hold_limit_minutes")
    assert (minutes.parse(1), minutes.parse("1440")) == (1, 1440)
    for wrong in (0, 1441, "1.5", True):
        with pytest.raises(CommandError, match="takes a number from 1 to 1440 minutes"):
            minutes.parse(wrong)


def test_a_setting_of_yes_or_no() -> None:
    switch = Setting("sound", "Sound", "Play one.", True)
    assert [switch.parse(word) for word in ("yes", "No", "1", "false")] == [
        True,
        False,
        True,
        False,
    ]
    with pytest.raises(CommandError, match="takes yes or no"):
        switch.parse("maybe")
    with pytest.raises(CommandError, match="takes one of sender_name"):
        setting("colour")


def test_identifiers_sort_by_time_and_differ() -> None:
    ids = [new_id("msg") for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"msg_\d{8}_\d{6}_\d{6}_[0-9a-f]{6}", one) for one in ids)
    assert [one[:26] for one in ids] == sorted(one[:26] for one in ids)


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")), st.booleans())
def test_changes_add_up(one: set[str], other: set[str], foreign: bool) -> None:
    both = Changes(frozenset(one)) | Changes(frozenset(other), foreign=foreign)
    for table in "abc":
        assert both.touches(table) == (foreign or table in one | other)


def test_errors_carry_their_exit_code() -> None:
    codes = [
        error.exit_code
        for error in (NotDoneError("x"), CommandError("x", "y"), EnvironmentFault("x"))
    ]
    assert codes == [1, 2, 3]
    assert str(EnvironmentFault("No display.", "Start one.")) == "No display. Start one."
    assert str(Reason(ReasonCode.BUSY, "It is busy.")) == "It is busy."


@pytest.mark.parametrize("field", ["agent_id", "team", "specialization", "captain", "status"])
def test_an_agent_names_its_wrong_field(field: str) -> None:
    values = {"agent_id": "Agent-1"} | {field: "a,b"}
    with pytest.raises(CommandError) as refused:
        Agent(**values).validated()  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_demo_arrived_only_when_everything_did() -> None:
    good = DemoAgentResult("A", 2, 2, intact=True, in_order=True, once=True)
    late = DemoAgentResult("B", 2, 1, intact=True, in_order=True, once=True)
    assert DemoResult((good,), 1, 1).arrived
    assert not DemoResult((good, late), 1, 1).arrived
    assert not DemoResult((good,), 1, 1, problems=("x",)).arrived
    assert (DemoResult((good, late), 1, 1).sent, DemoResult((good, late), 1, 1).delivered) == (4, 3)
