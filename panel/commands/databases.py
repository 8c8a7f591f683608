"""The database file: where it is, whether it is sound, copies of it."""

from __future__ import annotations

from pathlib import Path

from panel.commands.context import Context
from panel.commands.outcome import Outcome
from panel.commands.registry import Annotated, Arg, Needs, command


@command(
    "db path",
    "say where the database is",
    "{ok, schema_version, path, url, exists}; schema_version is null, as the file is not opened",
    needs=Needs.NOTHING,
)
async def database_path(context: Context) -> Outcome:
    location = context.location
    exists = location.path.exists()
    return Outcome(
        {
            "ok": True,
            "schema_version": None,
            "path": location.path,
            "url": location.url,
            "exists": exists,
        },
        str(location.path),
    )


@command(
    "db check",
    "read the whole database and look for damage",
    "{ok, schema_version, path, url, problems}",
    needs=Needs.STORE | Needs.EXISTING,
    details="Exit code 3 when it is damaged.",
)
async def check_database(context: Context) -> Outcome:
    problems = await context.store.check()
    data = {**_facts(context, ok=not problems), "problems": problems}
    if problems:
        text = "\n".join([f"{context.location.path} is damaged:", *problems])
        return Outcome(data, text, exit_code=3)
    return Outcome(data, f"{context.location.path} is sound (schema {data['schema_version']}).")


@command(
    "db backup",
    "copy the database to a file, also while it is used",
    "{ok, schema_version, path, url, file, bytes}",
    needs=Needs.STORE | Needs.EXISTING,
    examples=("captain-panel db backup ~/panel-today.db",),
)
async def backup_database(
    context: Context,
    *,
    file: Annotated[Path, Arg("the copy, which must not exist yet", positional=True)],
) -> Outcome:
    await context.store.backup(file)
    size = file.stat().st_size
    return Outcome(
        {**_facts(context, ok=True), "file": file.absolute(), "bytes": size},
        f"Copied to {file} ({size:,} bytes).",
    )


@command(
    "db migrate",
    "bring the database to this version of the program",
    "{ok, schema_version, path, url}",
    details="Opening it does that too; a copy of the file is kept first.",
)
async def migrate_database(context: Context) -> Outcome:
    data = _facts(context, ok=True)
    version = data["schema_version"]
    return Outcome(data, f"{context.location.path} is up to date (schema {version}).")


def _facts(context: Context, *, ok: bool) -> dict[str, object]:
    return {
        "ok": ok,
        "schema_version": context.store.schema_version,
        "path": context.location.path,
        "url": context.location.url,
    }
