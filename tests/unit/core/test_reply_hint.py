from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.clock import now
from panel.core.errors import CommandError
from panel.core.message import Message, Priority
from panel.core.reply_hint import NO_REPLY, reply_command, reply_hint
from panel.core.text import require_name
from panel.core.typed import Reach, Wording, typed_text, window_text

ID = "msg_20261123_120000_000000_abcdef"


def message(content: str = "run the tests", to: str = "Agent-1", **others: object) -> Message:
    return Message(ID, "captain", to, Priority.NORMAL, content, now(), **others)  # type: ignore[arg-type]


HINT = f"({ID}; answer: captain-panel messages reply {ID} --from Agent-1 TEXT)"


def test_it_is_on_a_line_of_its_own_only_behind_several_lines() -> None:
    words = Wording(reply_command=reply_command())
    assert typed_text(message(), words) == f"[C2A] run the tests {HINT}"
    assert typed_text(message("one\ntwo\n"), words) == f"[C2A] one\ntwo\n{HINT}"


def test_it_gives_way_before_a_text_is_too_long() -> None:
    words = Wording(reply_command=reply_command())
    whole = typed_text(message(), words)
    assert window_text(message(), words, Reach(len(whole))) == whole
    assert window_text(message(), words, Reach(len(whole) - 1)) == "[C2A] run the tests"


def test_it_can_be_left_out() -> None:
    assert typed_text(message(), Wording()) == "[C2A] run the tests"
    words = Wording(reply_command=reply_command())
    assert typed_text(message(tags=(NO_REPLY,)), words) == "[C2A] run the tests"


def test_another_database_is_named() -> None:
    command = reply_command("/data/my panels/one.db")
    assert shlex.split(command) == ["captain-panel", "--db", "/data/my panels/one.db"]


@given(st.text(min_size=1, max_size=20), st.text(max_size=40))
def test_a_shell_reads_the_agents_name_as_it_is(name: str, content: str) -> None:
    try:
        name = require_name("to", name)
    except CommandError:
        return
    hint = reply_hint(message(to=name), reply_command())
    words = shlex.split(hint.partition("; answer: ")[2].removesuffix(")"))
    assert words == ["captain-panel", "messages", "reply", ID, "--from", name, "TEXT"]
    typed = typed_text(message(content or "x", to=name), Wording(reply_command="captain-panel"))
    assert typed.startswith("[C2A]")
    assert typed.endswith("TEXT)")


@pytest.mark.parametrize("last", ["@file", "/clear", "#tag"])
def test_nothing_completes_at_the_end(last: str) -> None:
    typed = typed_text(message(f"see {last}"), Wording(reply_command="captain-panel"))
    assert typed.split()[-1] == "TEXT)"


def test_what_the_window_does_not_take_is_pointed_to() -> None:
    words, long = Wording(), message("x" * 500)
    assert window_text(long, words, Reach(100)) == "", "somebody has to make the file"
    assert window_text(long, words, Reach(100), "/in/msg_1.md").startswith(
        "[C2A] Read /in/msg_1.md"
    )
    lines = message("one\ntwo")
    assert window_text(lines, words, Reach(lines=False)) == "[C2A] one\ntwo", "it is refused later"
    assert "Read /in/x" in window_text(lines, words, Reach(lines=False, by_file=True), "/in/x")
