"""A reply as an agent writes it into a file: Markdown with a small head, or JSON."""

from __future__ import annotations

import json
from pathlib import PurePath

from panel.core.errors import CommandError
from panel.core.message import AnswerStatus
from panel.core.reply import Reply, answer_status

MAX_BYTES = 512_000
_TEXT_KINDS = (".md", ".markdown", ".txt", "")
_KEYS = {"re": "re", "reply_to": "re", "reply-to": "re", "status": "status"}


def parse_reply(name: str, data: bytes) -> Reply:
    """The reply in a file of that name, or CommandError naming what is wrong.

    Markdown and text: lines `re: msg_…` and `status: received` or `answered` at the top, then the
    text. JSON: an object with reply_to, status and content; other members are passed over.
    """
    if len(data) > MAX_BYTES:
        raise CommandError("file", f"takes at most {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(
            "file", f"takes text in UTF-8; byte {error.start + 1:,} is none"
        ) from None
    kind = PurePath(name).suffix.lower()
    if kind == ".json":
        return _from_json(text)
    if kind in _TEXT_KINDS:
        return _from_text(text)
    raise CommandError("file", "takes a name that ends with .md, .txt or .json")


def _from_text(text: str) -> Reply:
    lines = text.splitlines()
    fenced = bool(lines) and lines[0].strip() == "---"
    head: dict[str, str] = {}
    place = 1 if fenced else 0
    while place < len(lines):
        key, colon, value = lines[place].removeprefix("- ").partition(":")
        known = _KEYS.get(key.strip().lower())
        if not colon or known is None:
            break
        head[known] = value.strip()
        place += 1
    if fenced and (place >= len(lines) or lines[place].strip() != "---"):
        head, place = {}, 0  # a rule at the top of a plain text
    elif fenced:
        place += 1
    # splitlines also parts at separators that are text; what is kept is cut from the original.
    body = "".join(text.splitlines(keepends=True)[place:])
    return _reply(head.get("re"), head.get("status"), body)


def _from_json(text: str) -> Reply:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CommandError("file", "takes one JSON object") from None
    if not isinstance(found, dict):
        raise CommandError("file", "takes one JSON object")
    values: list[str | None] = []
    for names in (("reply_to", "re"), ("status",), ("content",)):
        value = next((found[name] for name in names if found.get(name) is not None), None)
        if value is not None and not isinstance(value, str):
            raise CommandError(names[0], f"takes a text, not {type(value).__name__}")
        values.append(value)
    re, status, content = values
    return _reply(re, status, content or "")


def _reply(re: str | None, status: str | None, content: str) -> Reply:
    bare = AnswerStatus.ANSWERED if content.strip() else AnswerStatus.ACKNOWLEDGED
    word = answer_status("status", status) if status else bare
    return Reply(content, re.strip() or None if re else None, word).validated()
