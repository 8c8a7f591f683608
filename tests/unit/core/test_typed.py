"""What is typed: the header that a message gets, whatever a person made of it, and its text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.agent import Agent
from panel.core.clock import now
from panel.core.message import Message, Priority
from panel.core.templates import shipped_headers
from panel.core.typed import Wording, header, typed_text


def message(content: str, from_agent: str = "captain", **others: object) -> Message:
    return Message("msg_1", from_agent, "Agent-1", Priority.NORMAL, content, now(), **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sender", "to_captain", "words"),
    [
        ("captain", False, "[C2A]"),
        ("Ada", False, "[C2A]"),
        ("Operator", False, "[H2A]"),
        ("discord", False, "[D2A]"),
        ("system", False, "[S2A]"),
        ("Agent-2", False, "[A2A]"),
        ("Agent-2", True, "[A2C]"),
        ("discord", True, "[D2C]"),
    ],
)
def test_headers(sender: str, to_captain: bool, words: str) -> None:
    receiver = Agent("Agent-1", captain="Agent-1" if to_captain else "captain")
    wording = Wording(receiver, operator_name="ada")
    assert header(message("x", sender), wording) == words
    assert header(message("x", sender, group_id="grp_1"), wording) == "[BROADCAST]"
    tagged = message("x", sender, group_id="grp_1", tags=("onboarding",))
    assert header(tagged, wording) == "[ONBOARDING]"


@given(st.text(min_size=1))
def test_what_is_typed_is_never_a_command_to_the_agent(content: str) -> None:
    typed = typed_text(message(content))
    assert typed.startswith("[C2A] ")
    assert typed.rstrip(" ").endswith(content.rstrip(" ")) or not content.strip(" ")
    last = typed.split()[-1]
    assert not last.startswith(("/", "@", "#", "!")) or typed[-1].isspace()


def test_an_open_completion_is_closed() -> None:
    assert typed_text(message("see @file")) == "[C2A] see @file "
    assert typed_text(message("see file", group_id="grp_1")) == "[BROADCAST] see file"


@given(st.text(), st.text(max_size=8), st.text(max_size=8))
def test_whatever_stands_in_the_database_no_header_opens_a_command(
    edited: str, sender: str, agent: str
) -> None:
    wording = Wording(Agent(agent), headers=own(a2a=edited, c2a=edited))
    typed = typed_text(message("/clear", sender), wording)
    assert typed.endswith(" /clear ")
    head = typed.removesuffix(" /clear ")
    assert head.strip() == head != ""
    assert not head.startswith(("/", "!", "#", "@"))
    assert not {unicodedata.category(each) for each in head} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def own(**headers: str) -> dict[str, str]:
    return {**shipped_headers(), **headers}


def test_an_edited_header_has_its_fields() -> None:
    wording = Wording(
        Agent("Agent-1", team="core"),
        headers=dict(shipped_headers()) | {"a2a": "{sender} > {team}"},
    )
    assert typed_text(message("hello", "Agent-2"), wording) == "Agent-2 > core hello"
    assert typed_text(message("hello", "@bob"), wording) == "[A2A] hello", "it would be a command"


def test_a_text_is_never_read_as_a_template() -> None:
    wording = Wording(
        Agent("{team}", team="core"), headers=dict(shipped_headers()) | {"c2a": "{agent}:"}
    )
    assert typed_text(message("{agent} {{x}} {"), wording) == "{team}: {agent} {{x}} {"


def test_the_hint_stands_at_the_end_and_names_the_message() -> None:
    said = message("see @file")
    hint = (
        f"({said.message_id}; answer: captain-panel messages reply {said.message_id}"
        f" --from {said.to_agent} TEXT)"
    )
    assert typed_text(said, Wording(reply_command="captain-panel")) == f"[C2A] see @file {hint}"
    assert typed_text(message("one\ntwo\n"), Wording(reply_command="captain-panel")).splitlines()[
        1:
    ] == ["two", hint]
