"""SQL text made fit for Qt's driver: one statement at a time, its parameters in order."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|\?\d*|\w+|;|\s+|.",
    re.DOTALL,
)


def split(script: str) -> list[str]:
    """The statements of a script, without comments between them and without closing semicolons.

    Knows quotes, comments and the BEGIN … END of a trigger.
    """
    statements: list[str] = []
    parts: list[str] = []
    words: list[str] = []
    depth = 0
    for token in _TOKEN.findall(script):
        if token.startswith(("--", "/*")):
            parts.append(" ")
            continue
        if token == ";" and depth == 0:
            _take(parts, statements)
            parts, words = [], []
            continue
        parts.append(token)
        if token.isidentifier():
            word = token.upper()
            words.append(word)
            if "TRIGGER" in words[:4] and words[0] == "CREATE":
                depth += {"BEGIN": 1, "CASE": 1, "END": -1}.get(word, 0)
    _take(parts, statements)
    return statements


def positional(sql: str, count: int) -> tuple[str, tuple[int, ...]]:
    """The statement with a plain `?` for each parameter, and which of `count` values each takes.

    WORKAROUND(PySide6 6.11): Qt turns the question marks of `?2 … ?1 … ?2` into names of its own
    and binds them in the order of their appearance; remove when it leaves them to SQLite.
    """
    tokens = _TOKEN.findall(sql)
    marks = [token for token in tokens if token.startswith("?")]
    numbered = [mark for mark in marks if mark != "?"]
    if not numbered:
        places = tuple(range(len(marks)))
    elif len(numbered) == len(marks):
        places = tuple(int(mark[1:]) - 1 for mark in marks)
    else:
        raise ValueError("a statement has either numbered parameters or plain ones")
    if set(places) != set(range(count)):
        raise ValueError(f"{count} values for {len(set(places))} parameters")
    return "".join("?" if token.startswith("?") else token for token in tokens), places


def _take(parts: list[str], statements: list[str]) -> None:
    statement = "".join(parts).strip()
    if statement:
        statements.append(statement)
