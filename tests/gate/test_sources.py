"""House rules of panel/ that can be checked."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from panel.commands.registry import commands
from tests.gate.documents import ROOT, SOURCES, texts_of_the_program

MOST_LINES = 400
# Named in a text of the program before it is there.
NOT_YET = frozenset({"db restore"})
_FORBIDDEN_NAMES = frozenset({"utils", "helpers", "manager", "common"})
_MARK = re.compile(
    r"WORKAROUND\([\w.-]+(?: [\w.-]+)* \d[\w.]*\): [^;]+(?:;[^;]+)*[;.] *[Rr]emove (?:when|with) "
)
_MARKED = tuple(
    path
    for path in (
        *SOURCES,
        *sorted((ROOT / "tests").rglob("*.py")),
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
        ROOT / "schema.sql",
        *sorted((ROOT / ".ci").iterdir()),
    )
    if ROOT / "tests" / "gate" not in path.parents and path.is_file()
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_files_are_read_in_one_sitting() -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_one_sqlite() -> None:
    opened = [
        _name(path)
        for path in SOURCES
        if "sqlite3" in _imported(ast.parse(path.read_text("utf-8"), str(path)))
    ]
    assert opened == []


def test_names_say_what_is_inside() -> None:
    parts = {part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & _FORBIDDEN_NAMES == set()


def test_every_module_says_what_it_is() -> None:
    silent = [
        _name(path)
        for path in SOURCES
        if ast.get_docstring(ast.parse(path.read_text("utf-8"), str(path))) is None
    ]
    assert silent == []


@pytest.mark.parametrize("path", _MARKED, ids=_name)
def test_workarounds_say_whose_why_and_until_when(path: Path) -> None:
    text = path.read_text("utf-8", errors="replace")
    # A mark may go over several lines of comment.
    plain = re.sub(r"\n[ \t]*(?:#|--)? ?", " ", text)
    for found in re.finditer(r"WORKAROUND", plain):
        excerpt = plain[found.start() : found.start() + 700]
        mark = _MARK.match(excerpt)
        assert mark, f"{_name(path)}: {excerpt[:120]}"


def test_texts_name_commands_that_exist() -> None:
    known = {*commands(), *NOT_YET}
    groups = {entry.group for entry in commands().values() if " " in entry.name}
    for text in texts_of_the_program():
        for words in re.findall(r"captain-panel ([a-z][a-z-]+(?: [a-z][a-z-]+)?)", text):
            first, _, second = words.partition(" ")
            if first in groups and second:
                assert words in known, text


def test_what_is_announced_is_not_there_yet() -> None:
    assert set(commands()) & NOT_YET == set(), "take it out of NOT_YET"
