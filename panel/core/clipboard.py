"""What a clipboard holds, as far as it is kept while the panel borrows it."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT_BYTES = 16 * 1024 * 1024
SavedClipboard = dict[str, bytes]
"""Content by MIME type; empty for nothing."""


@dataclass(frozen=True, slots=True)
class NotKept:
    """It could not be kept whole; `why` in words ("its program did not answer")."""

    why: str


TOO_LARGE = NotKept("it is larger than 16 MB")
TOO_SLOW = NotKept("it takes too long to read")
NO_ANSWER = NotKept("its program did not answer")
OTHER_KIND = NotKept("it is none of text, HTML, files and PNG")
SECRET = NotKept("a password manager marked it as not to be read")
Saved = dict[str, SavedClipboard | NotKept]
"""By mode: "clipboard", "selection"."""
