from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.errors import CommandError
from panel.core.message import MAX_CONTENT, MAX_TAGS, Draft, Priority, check_content
from panel.core.text import forbidden_character, require_name


@given(st.text())
def test_accepted_text_is_kept_but_for_its_line_ends(text: str) -> None:
    try:
        kept = check_content(text)
    except CommandError as error:
        assert error.field == "content"
        assert len(str(error).splitlines()) == 1
        return
    assert kept == text.replace("\r\n", "\n").replace("\r", "\n")
    assert 1 <= len(kept) <= MAX_CONTENT
    assert forbidden_character(kept) is None
    kept.encode("utf-8")
    assert check_content(kept) == kept


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "a\x00", "a\x1b[31m", "\x7f", "\ud800", "\x85"]
)
def test_refused_text(text: str) -> None:
    with pytest.raises(CommandError) as refused:
        check_content(text)
    assert refused.value.field == "content"


def test_the_limit_counts_characters() -> None:
    assert len(check_content("✓" * MAX_CONTENT)) == MAX_CONTENT
    with pytest.raises(CommandError, match="not 10,001"):
        check_content("x" * (MAX_CONTENT + 1))
    # Two characters that become one line end count as one.
    assert len(check_content("\r\n" * (MAX_CONTENT - 1) + "x")) == MAX_CONTENT


def test_the_place_of_a_bad_character_is_named() -> None:
    with pytest.raises(CommandError, match=r"U\+0007 at character 3"):
        check_content("ab\x07")


@given(st.text(max_size=70))
def test_names(text: str) -> None:
    try:
        name = require_name("to", text)
    except CommandError as error:
        assert error.field == "to"
        str(error).encode("utf-8")
        assert len(str(error).splitlines()) == 1
        return
    assert name == text.strip()
    assert 1 <= len(name) <= 64
    assert not set(name) & set(",/\\")
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cs", "Cf"}


def test_a_draft_is_normalised() -> None:
    draft = Draft(" Agent-1 ", "a\r\nb", tags=("x", " x", "y")).validated()
    assert (draft.to_agent, draft.content, draft.tags) == ("Agent-1", "a\nb", ("x", "y"))
    assert draft.validated() == draft


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft("", "x"), "to"),
        (Draft("A,B", "x"), "to"),
        (Draft("A", "x", from_agent="a/b"), "from"),
        (Draft("A", ""), "content"),
        (Draft("A", "x", tags=("",)), "tags"),
        (Draft("A", "x", tags=tuple(map(str, range(MAX_TAGS + 1)))), "tags"),
        (Draft("A", "x", from_agent="Agent-2", priority=Priority.URGENT), "priority"),
    ],
)
def test_a_wrong_draft_names_its_field(draft: Draft, field: str) -> None:
    with pytest.raises(CommandError) as refused:
        draft.validated()
    assert refused.value.field == field


@pytest.mark.parametrize("sender", ["captain", "Operator", "DISCORD"])
def test_who_may_be_urgent(sender: str) -> None:
    Draft("A", "x", from_agent=sender, priority=Priority.URGENT).validated()


def test_urgency_has_an_order() -> None:
    assert [str(priority) for priority in Priority] == ["urgent", "high", "normal", "low"]
