"""Which database: the command line, the environment, or the user's data folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import platformdirs

from panel.core.errors import CommandError, EnvironmentFault

DATABASE_NAME = "captain-panel.db"
EVIDENCE_NAME = "evidence"
_TAKES = "takes a file's path or sqlite:///PATH"


@dataclass(frozen=True, slots=True)
class Location:
    """Where the database is. `path` is absolute; `url` is the same for people and scripts."""

    path: Path
    url: str


def parse_location(text: str | None, environ: Mapping[str, str]) -> Location:
    """The database that `--db` names, else CAPTAIN_PANEL_DB, else the one in the home folder.

    `sqlite:///PATH` holds a path that may be relative; `sqlite:////PATH` an absolute one. Raises
    CommandError("db") for what is neither a path nor such a URL.
    """
    chosen = text if text is not None else environ.get("CAPTAIN_PANEL_DB") or None
    if chosen is None:
        return _at(home_folder(environ) / DATABASE_NAME)
    scheme, separator, rest = chosen.partition("://")
    if separator:
        scheme = scheme.lower()
        if scheme in {"postgresql", "postgres"}:
            raise CommandError("db", f"PostgreSQL is not supported yet; {_TAKES}")
        if scheme != "sqlite" or not rest.startswith("/"):
            raise CommandError("db", f"{_TAKES}, not {chosen!r}")
        chosen = unquote(rest[1:])
    if not chosen.strip() or "\0" in chosen or chosen.startswith(":memory:"):
        raise CommandError("db", f"{_TAKES}, not {text!r}")
    return _at(Path(chosen).expanduser())


def home_folder(environ: Mapping[str, str]) -> Path:
    """The folder for data and settings, made for the user alone (0700) when it is missing.

    CAPTAIN_PANEL_HOME moves it. Raises EnvironmentFault when it cannot be made.
    """
    moved = environ.get("CAPTAIN_PANEL_HOME")
    folder = (
        Path(moved).expanduser()
        if moved
        else Path(platformdirs.user_data_dir("captain-panel", appauthor=False))
    )
    make_folder(folder)
    return folder.absolute()


def usual_path() -> Path:
    """The database that a program finds to which nobody has named one."""
    folder = platformdirs.user_data_dir("captain-panel", appauthor=False)
    return Path(folder).absolute() / DATABASE_NAME


def evidence_folder(location: Location) -> Path:
    """Where the pictures of a database's deliveries lie; it may not exist yet.

    `evidence` beside the database; beside one of another name a folder of its own, so that no
    database sweeps another one's pictures away.
    """
    if location.path.name == DATABASE_NAME:
        return location.path.with_name(EVIDENCE_NAME)
    return location.path.with_name(f"{location.path.name}-{EVIDENCE_NAME}")


def make_folder(folder: Path) -> None:
    """Makes a folder and its missing parents, each 0700; EnvironmentFault when it cannot be."""
    missing = []
    step = folder.absolute()
    while not step.exists() and step != step.parent:
        missing.append(step)
        step = step.parent
    try:
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Name another place with --db or CAPTAIN_PANEL_HOME.",
        ) from error
    if not folder.is_dir():
        raise EnvironmentFault(
            f"{folder} is no folder.", "Name another place with --db or CAPTAIN_PANEL_HOME."
        )


def _at(path: Path) -> Location:
    absolute = path.absolute()
    return Location(absolute, "sqlite:///" + quote(absolute.as_posix()))
