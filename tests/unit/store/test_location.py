"""Which database, and folders for the user alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from panel.core.errors import CommandError, EnvironmentFault
from panel.store.location import home_folder, parse_location


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_command_line_comes_before_the_environment(tmp_path: Path) -> None:
    environ = {"CAPTAIN_PANEL_DB": str(tmp_path / "b.db"), "CAPTAIN_PANEL_HOME": str(tmp_path)}
    assert parse_location(str(tmp_path / "a.db"), environ).path == tmp_path / "a.db"
    assert parse_location(None, environ).path == tmp_path / "b.db"
    assert parse_location(None, environ | {"CAPTAIN_PANEL_DB": ""}).path == (
        tmp_path / "captain-panel.db"
    )


def test_a_url_and_a_path_are_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for text in (
        "a b#.db",
        "sqlite:///a b#.db",
        f"sqlite:///{tmp_path}/a%20b%23.db",
        f"SQLITE:///{tmp_path}/a b#.db",
        str(tmp_path / "a b#.db"),
    ):
        found = parse_location(text, {})
        assert found.path == tmp_path / "a b#.db"
        assert parse_location(found.url, {}) == found
    assert found.url == f"sqlite:///{tmp_path}/a%20b%23.db"


@pytest.mark.parametrize(
    "text",
    ["", "  ", "mysql://x/y", "sqlite://host/x", "sqlite:///", "sqlite:///:memory:", "a\0b"],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(CommandError) as caught:
        parse_location(text, {})
    assert caught.value.field == "db"
    assert "sqlite:///PATH" in caught.value.message


def test_postgresql_is_named_as_not_supported_yet() -> None:
    with pytest.raises(CommandError, match="PostgreSQL is not supported yet"):
        parse_location("postgresql://localhost/panel", {})


def test_the_home_folder_is_for_the_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    assert home_folder({"CAPTAIN_PANEL_HOME": str(home)}) == home
    assert mode(home) == 0o700
    assert mode(home.parent) == 0o700


def test_a_folder_that_exists_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home_folder({"CAPTAIN_PANEL_HOME": str(tmp_path)})
    assert mode(tmp_path) == 0o755


def test_without_a_word_it_is_the_platforms_data_folder() -> None:
    assert parse_location(None, {}).path.name == "captain-panel.db"


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match="cannot be made"):
        home_folder({"CAPTAIN_PANEL_HOME": str(tmp_path / "file" / "home")})
    with pytest.raises(EnvironmentFault, match="is no folder"):
        home_folder({"CAPTAIN_PANEL_HOME": str(tmp_path / "file")})
