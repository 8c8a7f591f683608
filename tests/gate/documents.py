"""The project's documents as the gate reads them: links, code, tables, the program's texts."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))
SOURCES = tuple(sorted((ROOT / "panel").rglob("*.py")))

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A page. `prose` is its text without the fenced blocks."""

    path: Path
    text: str

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[str]:
        """The fenced blocks' contents."""
        return [found[2] for found in _FENCE.finditer(self.text)]

    @property
    def links(self) -> list[str]:
        """Where its links lead, pictures apart."""
        return [found[2] for found in _LINK.finditer(self.prose) if not found[1]]

    @property
    def pictures(self) -> list[str]:
        """The files of its pictures, as they are written."""
        return [found[2] for found in _LINK.finditer(self.prose) if found[1]]

    @property
    def inline_code(self) -> list[str]:
        return re.findall(r"`([^`\n]+)`", self.prose)

    @property
    def bold(self) -> list[str]:
        return re.findall(r"\*\*([^*\n]+)\*\*", self.prose)

    @property
    def quotes(self) -> list[str]:
        """Quoted lines: what the program says, … for what differs."""
        return re.findall(r"^> (.+)$", self.prose, re.MULTILINE)

    @property
    def anchors(self) -> set[str]:
        """The names that its headings have as link targets, as GitHub makes them."""
        return {_slug(found[1]) for found in _HEADING.finditer(self.prose)}

    def section(self, title: str) -> str:
        """The text below a heading, up to the next one of its level."""
        found = re.search(rf"^(#+) {re.escape(title)}$(.*?)(?=^\1 |\Z)", self.text, re.M | re.S)
        assert found is not None, f"{self} has no section {title!r}"
        return found[2]


def _slug(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@cache
def document(name: str) -> Document:
    """The page of that path below the project's root."""
    path = ROOT / name
    return Document(path, path.read_text(encoding="utf-8"))


def documents() -> list[Document]:
    """Every page."""
    return [document(path.relative_to(ROOT).as_posix()) for path in DOCUMENTS]


def rows(text: str) -> dict[str, str]:
    """First cell to the rest, for the rows of tables whose first cell is `code`."""
    return dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.MULTILINE))


def commands_in(block: str) -> Iterator[list[str]]:
    """The words after `captain-panel` of each such command in a block of shell lines."""
    for line in block.splitlines():
        if "captain-panel " not in line:
            continue
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
        while words and words[0] != "captain-panel":
            words.pop(0)
        if words:
            end = next((n for n, word in enumerate(words) if word in {"|", "&&", ";"}), len(words))
            yield words[1:end]


@cache
def texts_of_the_program() -> tuple[str, ...]:
    """Every text in panel/, f-strings with a NUL where a value goes, blanks folded."""
    found: list[str] = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.sub(r"\{\w*\}", "\0", node.value))
            elif isinstance(node, ast.JoinedStr):
                found.append("".join(_part(piece) for piece in node.values))
    return tuple(" ".join(text.split()) for text in found)


def _part(piece: ast.expr) -> str:
    return str(piece.value) if isinstance(piece, ast.Constant) else "\0"


def is_said(quote: str) -> bool:
    """Whether the program's texts have every sentence of a quote, with … where a value goes."""
    return all(_said(sentence) for sentence in re.split(r"(?<=[.;:]) +(?=\S)", quote))


def _said(sentence: str) -> bool:
    pieces = [piece for piece in re.split(r"…", sentence) if re.search(r"\w{2}", piece)]
    # A full stop may have been put behind several texts.
    wanted = [piece.strip().rstrip(".") for piece in pieces]
    return all(any(piece in text for text in texts_of_the_program()) for piece in wanted)
