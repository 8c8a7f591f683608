"""The ways in which something is not done, each with its exit code (see docs/commands.md)."""

from __future__ import annotations

from datetime import datetime


class PanelError(Exception):
    """Base of every error that is shown to a person instead of a traceback."""

    exit_code = 1


class NotDoneError(PanelError):
    """The request was understood and was not done; the text says why."""


class CommandError(PanelError):
    """Bad input: `field` names what is wrong, `message` says what it takes.

    The text of the exception is one line, `field: message`, fit for stderr.
    """

    exit_code = 2

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class DuplicateError(CommandError):
    """The same text is on its way to these agents, or has just arrived: a person has to say so.

    `agents` are those that got it, `sent_at` is when the first of them did; the field is `content`.
    """

    def __init__(self, agents: tuple[str, ...], sent_at: datetime, message: str) -> None:
        super().__init__("content", message)
        self.agents = agents
        self.sent_at = sent_at


class EnvironmentFault(PanelError):  # noqa: N818
    """The surroundings do not allow it (display, database file, token); `fix` says what to do."""

    exit_code = 3

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(f"{what} {fix}".strip())
        self.what = what
        self.fix = fix
