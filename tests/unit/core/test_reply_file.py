from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.errors import CommandError
from panel.core.message import AnswerStatus
from panel.core.reply import MAX_REPLY, Reply
from panel.core.reply_file import MAX_BYTES, parse_reply

ANSWERED, RECEIVED = AnswerStatus.ANSWERED, AnswerStatus.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("re: msg_1\nstatus: received\n", Reply("", "msg_1", RECEIVED)),
        ("re: msg_1\n", Reply("", "msg_1", RECEIVED)),
        ("re: msg_1\n\nDone.\n", Reply("\nDone.".strip(), "msg_1", ANSWERED)),
        ("Re: msg_1\nStatus: Answered\n\nDone.\nAll: green", Reply("Done.\nAll: green", "msg_1")),
        ("- re: msg_1\n- status: received\n\nlater", Reply("later", "msg_1", RECEIVED)),
        ("---\nre: msg_1\nstatus: answered\n---\nDone.", Reply("Done.", "msg_1")),
        ("---\na rule, then text", Reply("---\na rule, then text")),
        ("I need you.", Reply("I need you.")),
        ("note: re is no head here", Reply("note: re is no head here")),
        ("\ufeffre: msg_1\r\n\r\nDone.\r\n", Reply("Done.", "msg_1")),
        ("re: msg_1\nfirst\u2028second", Reply("first\u2028second", "msg_1")),
        ("re:\n\nto nobody in particular", Reply("to nobody in particular")),
    ],
)
def test_markdown(text: str, reply: Reply) -> None:
    assert parse_reply("a.md", text.encode()) == reply


@pytest.mark.parametrize(
    ("document", "reply"),
    [
        ({"reply_to": "msg_1", "status": "received"}, Reply("", "msg_1", RECEIVED)),
        ({"re": "msg_1", "content": "Done."}, Reply("Done.", "msg_1")),
        ({"reply_to": None, "content": "hello", "mood": "fine"}, Reply("hello")),
    ],
)
def test_json(document: dict[str, object], reply: Reply) -> None:
    assert parse_reply("a.JSON", json.dumps(document).encode()) == reply


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.md", b"", "content: takes a text"),
        ("a.md", b"status: received\n", "content: takes a text"),
        ("a.md", b"re: m\nstatus: answered\n", "content: takes a text"),
        ("a.md", b"re: m\nstatus: perhaps\n\nx", "status: takes received or answered"),
        ("a.md", b"ab\xff", "file: takes text in UTF-8; byte 3 is none"),
        ("a.md", b"a\x00b", "content: takes no control characters"),
        ("a.md", b"x" * (MAX_REPLY + 1), "content: takes 1 to 100,000 characters"),
        ("a.md", b"x" * (MAX_BYTES + 1), "file: takes at most"),
        ("a.png", b"x", "file: takes a name that ends with"),
        ("a.json", b"{", "file: takes one JSON object"),
        ("a.json", b"[1]", "file: takes one JSON object"),
        ("a.json", b"[" * 100_000, "file: takes one JSON object"),
        ("a.json", b'{"content": 5}', "content: takes a text, not int"),
        ("a.json", b'{"reply_to": ["m"], "content": "x"}', "reply_to: takes a text"),
        ("a.json", b'{"contents": "x"}', "content: takes a text"),
    ],
)
def test_what_is_wrong_is_named(name: str, data: bytes, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse_reply(name, data)
    assert str(refused.value).startswith(said)


@given(st.sampled_from(["a.md", "a.json", "a.txt", "a"]), st.binary(max_size=400))
def test_any_bytes_are_a_reply_or_a_clear_error(name: str, data: bytes) -> None:
    try:
        reply = parse_reply(name, data)
    except CommandError as error:
        assert error.field
        assert len(str(error).splitlines()) == 1
    else:
        assert reply == reply.validated()


@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200))
def test_a_text_arrives_as_it_was_written(content: str) -> None:
    if not content.strip():
        return
    by_json = parse_reply("a.json", json.dumps({"re": "m", "content": content}).encode())
    assert by_json.content == content
    by_text = parse_reply("a.md", f"re: m\n\n{content}\n".encode())
    assert by_text.content == content
