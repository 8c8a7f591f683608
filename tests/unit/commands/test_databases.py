from __future__ import annotations

from pathlib import Path

from panel.commands.context import Context
from panel.commands.databases import database_path
from panel.store.database import Store
from panel.store.location import parse_location
from tests.unit.commands.conftest import Panel


async def test_path_needs_no_database(tmp_path: Path) -> None:
    location = parse_location(str(tmp_path / "no" / "panel.db"), {})
    outcome = await database_path(Context(location=location))
    assert outcome.text == str(location.path)
    assert not location.path.parent.exists()


def test_path_check_and_migrate(panel: Panel) -> None:
    assert panel.json("db", "path")["exists"] is True
    check = panel.json("db", "check")
    assert (check["ok"], check["problems"]) == (True, [])
    assert check["schema_version"] == panel.store.schema_version
    assert check["url"].startswith("sqlite:////")
    assert panel.json("db", "migrate")["ok"] is True


def test_backup_is_a_whole_database_and_overwrites_nothing(panel: Panel, tmp_path: Path) -> None:
    panel.line("send", "--all", "hello")
    copy = tmp_path / "copy.db"
    answer = panel.json("db", "backup", str(copy))
    assert (answer["file"], answer["bytes"]) == (str(copy), copy.stat().st_size)
    code, _, err = panel.line("db", "backup", str(copy))
    assert code == 2
    assert err.startswith("file: ")

    async def count() -> int:
        store = await Store.open(parse_location(str(copy), {}), create=False)
        try:
            from panel.store import messages

            return len(await store.read(messages.rows))
        finally:
            await store.close()

    assert panel.aio.run(count()) == 2


def test_damage_is_the_environments_fault(panel: Panel, monkeypatch: object) -> None:
    async def damaged() -> list[str]:
        return ["row 4 missing from index idx_agent_team"]

    panel.store.check = damaged  # type: ignore[method-assign]
    code, out, _ = panel.line("db", "check")
    assert code == 3
    assert out.endswith("is damaged:\nrow 4 missing from index idx_agent_team\n")
