"""Filling templates, and what may be one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.errors import CommandError
from panel.core.message import check_content
from panel.core.templates import (
    FIELDS,
    check_template,
    fields_of,
    fill,
    header_fault,
    shipped_headers,
    shipped_templates,
    values_for,
)

VALUES = values_for(Agent("Agent-1", team="core"), "captain", now())


def test_what_is_shipped_is_in_order() -> None:
    names = {"onboarding", "wrap-up", "status-request", "task", "coordination"}
    assert names <= set(shipped_templates())
    wanted = {"c2a", "a2a", "a2c", "d2a", "s2a", "h2a", "broadcast", "onboarding"}
    assert wanted <= set(shipped_headers())
    for name, body in shipped_templates().items():
        assert check_template(name, body) == body
        check_content(fill(body, VALUES))
    for name, body in shipped_headers().items():
        assert check_template(f"header-{name}", body) == body
        assert header_fault(body) == ""


def test_every_field_has_a_value() -> None:
    assert set(VALUES) == set(FIELDS)
    assert fill("{agent} of {team}, {{not}} {agent}", VALUES) == "Agent-1 of core, {not} Agent-1"
    assert fields_of("{agent} {{x}} {team} {agent}") == ("agent", "team")


@given(st.text())
def test_a_value_is_not_read_as_a_template(value: str) -> None:
    assert fill("<{agent}>", {"agent": value}) == f"<{value}>"


@given(st.text())
def test_doubled_braces_are_any_text(text: str) -> None:
    body = text.replace("{", "{{").replace("}", "}}")
    assert fill(body, VALUES) == text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello {name}", "{name} is no field (character 7)"),
        ("{}", "{} is no field"),
        ("{agent", "a lone { is no field"),
        ("agent}", "a lone } is no field"),
        ("{ agent }", "{ agent } is no field"),
        ("{agent.__class__}", "{agent.__class__} is no field"),
    ],
)
def test_a_wrong_field_is_named(body: str, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        check_template("mine", body)
    assert refused.value.field == "text"
    assert "takes the fields {agent}, {team}" in refused.value.message
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "empty"),
        (" [C2A]", "blanks"),
        ("/c2a", "beginning with / it would be a command"),
        ("!c", "beginning with !"),
        ("#c", "beginning with #"),
        ("@{agent}", "beginning with @"),
        ("[C2A]\n[X]", "U+000A"),
        ("\u200b/x", "U+200B"),
        ("x" * 81, "81 characters"),
        ("[{date}]", "{date} is no field"),
    ],
)
def test_a_header_that_could_be_a_command_is_refused(body: str, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        check_template("header-c2a", body)
    assert refused.value.field == "text"
    assert said in refused.value.message


def test_only_known_headers_and_texts_with_words() -> None:
    with pytest.raises(CommandError, match="takes one of the headers header-c2a"):
        check_template("header-x", "[X]")
    with pytest.raises(CommandError, match="not an empty text"):
        check_template("mine", " \n ")
    with pytest.raises(CommandError, match="takes no control characters"):
        check_template("mine", "a\x07b")
