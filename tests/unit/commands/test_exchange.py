"""Folders of workspaces that are imported, and files that are exported."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.commands.conftest import Panel
from tests.unit.commands.test_importing import points, written
from tests.unit.core.test_coordinates import FLAT, MAIN

# folders ---------------------------------------------------------------------------


def test_a_folder_of_workspaces(panel: Panel, tmp_path: Path) -> None:
    root = tmp_path / "agent_workspaces"
    written(root, {"agent_id": "Agent-1", "team": "blue", "status": "IDLE"}, "Agent-1/status.json")
    written(root, {"current_mission": "docs", "cycle_count": "x"}, "Agent-3/status.json")
    written(root, {"agent_id": "Agent-1"}, "Agent-4/status.json")
    (root / "Agent-5").mkdir()
    (root / "Agent-5" / "status.json").write_text('{"agent_id": "Ag')
    answer = panel.json("agents", "import", str(tmp_path))
    assert (answer["added"], answer["updated"]) == (1, 1)
    assert answer["skipped"] == [
        {
            "item": "Agent-4/status.json",
            "why": "agent_id: says Agent-1, but the file lies in the folder of Agent-4",
        },
        {
            "item": "Agent-5/status.json",
            "why": "file: ends too early at line 1, column 14: Unterminated string starting at",
        },
    ]
    assert answer["warnings"] == [
        {
            "item": "Agent-3's status.json, cycle_count",
            "why": 'takes a whole number, not "x"; left as it is',
        }
    ]
    rows = {row["agent_id"]: row for row in panel.json("agents", "list")}
    assert (rows["Agent-1"]["team"], rows["Agent-1"]["status"]) == ("blue", "IDLE")
    assert rows["Agent-3"]["current_focus"] == "docs"
    assert rows["Agent-3"]["workspace_path"] == str(root / "Agent-3")
    again = panel.json("agents", "import", str(root))
    assert (again["added"], again["updated"]) == (0, 0)


def test_a_project_with_coordinates_and_workspaces(empty: Panel, tmp_path: Path) -> None:
    written(tmp_path, MAIN, "cursor_agent_coords.json")
    written(tmp_path, {"team": "core"}, "agent_workspaces/Agent-1/status.json")
    answer = empty.json("agents", "import", str(tmp_path))
    assert (answer["added"], len(points(empty))) == (2, 4)
    (row,) = empty.json("agents", "show", "Agent-1")
    assert (row["team"], row["description"]) == ("core", "Integration")
    written(tmp_path, FLAT, "old_coords.json")
    err = empty.line("agents", "import", str(tmp_path))[2]
    assert err.startswith("file: takes one coordinate file; this folder holds cursor_agent")


def test_one_broken_status_file_alone_is_an_error(empty: Panel, tmp_path: Path) -> None:
    (tmp_path / "Agent-1").mkdir()
    (tmp_path / "Agent-1" / "status.json").write_text("{")
    for place, field in (
        (tmp_path, "Agent-1/status.json, file: "),
        (tmp_path / "Agent-1", "Agent-1/status.json, file: "),
        (tmp_path / "Agent-1" / "status.json", "file: "),
    ):
        code, _, err = empty.line("agents", "import", str(place))
        assert (code, err.startswith(field)) == (2, True), err


# export ----------------------------------------------------------------------------


def test_export_writes_the_main_format(panel: Panel, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    panel.line("agents", "set", "Agent-2", "--active", "no", "--description", "Ünï, code")
    answer = panel.json("target", "export", str(file))
    assert answer == {"file": str(file), "agents": 2, "targets": 2}
    assert json.loads(file.read_text(encoding="utf-8"))["agents"] == {
        "Agent-1": {"chat_input_coordinates": [100, 200], "description": "", "active": True},
        "Agent-2": {
            "chat_input_coordinates": [100, 200],
            "description": "Ünï, code",
            "active": False,
        },
    }
    again = panel.json("agents", "import", str(file))
    assert (again["added"], again["updated"]) == (0, 0)


def test_export_never_spoils_a_file(panel: Panel, empty: Panel, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("mine")
    assert panel.line("target", "export", str(file))[0] == 2
    assert file.read_text() == "mine"
    assert panel.line("target", "export", str(file), "--overwrite")[0] == 0
    assert panel.line("target", "export", str(tmp_path), "--overwrite")[0] == 2
    assert panel.line("target", "export", str(tmp_path / "no" / "x.json"))[0] == 2
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_an_empty_swarm_is_not_exported(empty: Panel, tmp_path: Path) -> None:
    assert empty.line("target", "export", str(tmp_path / "x.json"))[0] == 1
    assert not (tmp_path / "x.json").exists()
