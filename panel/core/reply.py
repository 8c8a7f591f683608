"""What an agent says back: an acknowledgement, an answer, or a word of its own accord."""

from __future__ import annotations

from dataclasses import dataclass, replace

from panel.core.errors import CommandError
from panel.core.message import AnswerStatus
from panel.core.text import forbidden_character

MAX_REPLY = 100_000
_WORDS = {
    "received": AnswerStatus.ACKNOWLEDGED,
    "acknowledged": AnswerStatus.ACKNOWLEDGED,
    "answered": AnswerStatus.ANSWERED,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's word. `reply_to` is the message that it is about, None for one of its own accord.

    Without `content` it is a bare acknowledgement.
    """

    content: str = ""
    reply_to: str | None = None
    status: AnswerStatus = AnswerStatus.ANSWERED

    def validated(self) -> Reply:
        """This reply with its text normalised, or CommandError naming the field that is wrong."""
        content = check_reply(self.content) if self.content.strip() else ""
        if not content and self.reply_to is None:
            raise CommandError("content", "takes a text; without one a reply names a message")
        if not content and self.status is AnswerStatus.ANSWERED:
            raise CommandError("content", "takes a text; status received needs none")
        return replace(self, content=content)


def answer_status(field: str, word: str) -> AnswerStatus:
    """`received` or `answered` as the conversation's state, or CommandError(field)."""
    try:
        return _WORDS[word.strip().lower()]
    except KeyError:
        raise CommandError(field, f"takes received or answered, not {word[:40]!r}") from None


def check_reply(content: str) -> str:
    """An agent's text as it will be kept (newlines as \\n), or CommandError("content")."""
    text = content.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    takes = f"takes 1 to {MAX_REPLY:,} characters"
    if not text.strip():
        raise CommandError("content", f"{takes}, not an empty text")
    if len(text) > MAX_REPLY:
        raise CommandError("content", f"{takes}, not {len(text):,}")
    bad = forbidden_character(text)
    if bad is not None:
        raise CommandError(
            "content",
            f"takes no control characters but newline and tab; found U+{ord(bad):04X} "
            f"at character {text.index(bad) + 1:,}",
        )
    return text
