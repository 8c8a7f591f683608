"""Finds and reads what is to be imported: a coordinate file, a status.json, or folders of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panel.core import coordinates, json_node, status_file
from panel.core.errors import CommandError, EnvironmentFault
from panel.core.import_values import Remark, Wanted

_WORKSPACES = "agent_workspaces"
_TAKES = "takes a coordinate file, an agent's status.json, or a folder with these"
_MOST_FOLDERS = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """What was read. `layouts` has more than one name where the file leaves a choice."""

    path: Path
    layouts: Mapping[str, tuple[Wanted, ...]]
    skipped: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()

    def chosen(self, layout: str | None) -> tuple[str | None, tuple[Wanted, ...]]:
        """One layout's name and agents; (None, ()) while the choice is open.

        CommandError("layout") for a name that the file does not have.
        """
        names = [name for name in self.layouts if name]
        if layout is None:
            if len(self.layouts) != 1:
                return None, ()
            return next(iter(self.layouts.items()))
        if not names:
            raise CommandError("layout", "is for files that group their agents by layout")
        if layout not in self.layouts:
            raise CommandError("layout", f"takes one of {', '.join(names)}, not {layout}")
        return layout, self.layouts[layout]


def read(path: Path) -> Source:
    """Everything to import at this path; CommandError names the place that is wrong.

    In a folder an unreadable status.json is skipped with its reason, as long as another one can be
    read. It takes one coordinate file, called `*coord*.json`.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    if _mode(path) == stat.S_IFDIR:
        return _folder(path)
    root = json_node.read(_bytes(path))
    if path.name == status_file.NAME or status_file.looks_like_one(root):
        wanted, remarks = status_file.from_document(root, path)
        return Source(path, {"": (wanted,)}, warnings=remarks)
    found = coordinates.from_document(root)
    return Source(path, found.layouts, warnings=found.warnings)


def _mode(path: Path) -> int:
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError as error:
        raise _unreadable(path, error) from None
    except ValueError:
        raise CommandError("file", f"{_TAKES}; this is no path") from None


def _bytes(path: Path) -> bytes:
    # A pipe or a device would never end.
    if _mode(path) != stat.S_IFREG:
        raise CommandError("file", f"{_TAKES}; {path.name} is neither")
    try:
        with path.open("rb") as file:
            data = file.read(json_node.MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(data) > json_node.MOST_BYTES:
        raise CommandError("file", f"takes at most {json_node.MOST_BYTES:,} bytes; it is larger")
    return data


def _unreadable(path: Path, error: OSError) -> CommandError | EnvironmentFault:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return CommandError("file", f"{_TAKES}; there is no {path}")
    return EnvironmentFault(f"{path} cannot be read: {error.strerror}.")


def _folder(folder: Path) -> Source:
    charts = [each for each in _listed(folder, "*coord*.json") if _mode(each) == stat.S_IFREG]
    if len(charts) > 1:
        names = ", ".join(sorted(each.name for each in charts))
        raise CommandError("file", f"takes one coordinate file; this folder holds {names}")
    files = _status_files(folder)
    if not charts and not files:
        raise CommandError("file", f"{_TAKES}; {folder} holds none")
    source = read(charts[0]) if charts else Source(folder, {"": ()})
    said, skipped, warnings = _statuses(files, alone=not charts)
    layouts = {name: _joined(wanted, said) for name, wanted in source.layouts.items()}
    return Source(folder, layouts, tuple(skipped), (*source.warnings, *warnings))


def _statuses(
    files: Sequence[Path], *, alone: bool
) -> tuple[dict[str, Wanted], list[Remark], list[Remark]]:
    said: dict[str, Wanted] = {}
    skipped: list[Remark] = []
    warnings: list[Remark] = []
    problem: CommandError | EnvironmentFault | None = None
    for file in files:
        item = f"{file.parent.name}/{file.name}"
        try:
            wanted, remarks = status_file.parse(_bytes(file), file)
        except (CommandError, EnvironmentFault) as error:
            problem = problem or _within(item, error)
            skipped.append(Remark(item, str(error)))
            continue
        if wanted.agent_id in said:
            other = Path(said[wanted.agent_id].path).parent.name
            skipped.append(Remark(item, f"is about {wanted.agent_id}, as {other}/{file.name} is"))
            continue
        said[wanted.agent_id] = wanted
        warnings += remarks
    if alone and not said and problem is not None:
        raise problem
    return said, skipped, warnings


def _within(item: str, error: CommandError | EnvironmentFault) -> CommandError | EnvironmentFault:
    if isinstance(error, CommandError):
        return CommandError(f"{item}, {error.field}", error.message)
    return error


def _status_files(folder: Path) -> list[Path]:
    """The folder's own status.json, else those of its subfolders or of its agent_workspaces."""
    own = folder / status_file.NAME
    if own.is_file():
        return [own]
    inside = folder / _WORKSPACES
    return _listed(inside if inside.is_dir() else folder, f"*/{status_file.NAME}")


def _listed(folder: Path, pattern: str) -> list[Path]:
    try:
        found = sorted(folder.glob(pattern), key=lambda path: path.parts)
    except OSError as error:
        raise _unreadable(folder, error) from None
    if len(found) > _MOST_FOLDERS:
        raise CommandError(
            "file", f"takes at most {_MOST_FOLDERS:,} agents; this is {len(found):,}"
        )
    return found


def _joined(points: tuple[Wanted, ...], said: Mapping[str, Wanted]) -> tuple[Wanted, ...]:
    """One entry an agent: its points from the coordinate file, the rest from its status.json."""
    joined = {
        agent.agent_id: Wanted(
            agent.agent_id,
            agent.path,
            {**said[agent.agent_id].fields, **agent.fields}
            if agent.agent_id in said
            else agent.fields,
            agent.points,
        )
        for agent in points
    }
    for agent_id, agent in said.items():
        joined.setdefault(agent_id, agent)
    return tuple(joined.values())
