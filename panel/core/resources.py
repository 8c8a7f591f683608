"""Where the files that belong to the program lie: in an installed wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `resource("schema.sql")`.

    A wheel carries them in `panel/_data`, a checkout beside the package. FileNotFoundError when
    neither has it: the installation is damaged.
    """
    for base in (_PACKAGE / "_data", _PACKAGE.parent):
        path = base.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"{'/'.join(parts)} is missing; install Captain Panel again")
