"""From the words of the command line to the window or to a command; returns the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from panel import cli
from panel.core.errors import PanelError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """The program: 0 done, 1 not done, 2 bad input, 3 the environment, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    cli.use_utf8()
    try:
        return _run(words)
    except PanelError as error:
        return cli.report(error, sys.stderr, sys.stdout if _wants_json(words) else None)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(words: Sequence[str]) -> int:
    asked = cli.parse(words)
    if isinstance(asked, cli.Answer):
        return cli.show(asked, sys.stdout)
    if isinstance(asked, cli.Invocation):
        asked = cli.with_standard_input(asked, sys.stdin.buffer)
    # Only now: Qt takes longer to import than a help text to print.
    from panel import app

    if isinstance(asked, cli.Window):
        return app.run_window(asked.db)
    return app.run_command(asked)


def _wants_json(words: Sequence[str]) -> bool:
    before = words[: words.index("--")] if "--" in words else words
    return "--json" in before


if __name__ == "__main__":
    sys.exit(main())
