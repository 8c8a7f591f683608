"""Importing and exporting agents over a real database."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.commands import agents, importing, messages, targets
from panel.core.agent import Agent
from panel.core.errors import CommandError, EnvironmentFault, NotDoneError
from panel.core.geometry import Point
from panel.core.message import Draft
from panel.core.target import AnchorPolicy, TargetKind, TargetStatus
from panel.store import agents as stored_agents
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import target
from tests.unit.core.test_coordinates import BY_LAYOUT, FLAT, MAIN, anything, changed

CHAT, ONBOARDING = TargetKind.CHAT, TargetKind.ONBOARDING


def written(folder: Path, value: object, name: str = "swarm.json") -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value), encoding="utf-8")
    return str(file)


def state(panel: Panel) -> tuple[object, object]:
    """All that an import may change."""
    return (
        panel.aio.run(panel.store.read(stored_agents.rows)),
        panel.aio.run(targets.of(panel.context)),
    )


def points(panel: Panel) -> dict[tuple[str, str], tuple[int, int, str]]:
    return {
        (each.agent_id, each.kind.value): (each.point.x, each.point.y, each.status.value)
        for each in panel.aio.run(targets.of(panel.context))
    }


def test_the_main_format_is_imported_unverified(empty: Panel, tmp_path: Path) -> None:
    answer = empty.json("agents", "import", written(tmp_path, MAIN))
    assert (answer["added"], answer["updated"], answer["skipped"]) == (2, 0, [])
    assert points(empty) == {
        ("Agent-1", "chat"): (-1269, 481, "unverified"),
        ("Agent-1", "onboarding"): (-1265, 171, "unverified"),
        ("Agent-3", "chat"): (652, 421, "unverified"),
        ("Agent-3", "onboarding"): (698, 936, "unverified"),
    }
    rows = {row["agent_id"]: row for row in empty.json("agents", "list")}
    assert (rows["Agent-1"]["description"], rows["Agent-1"]["active"]) == ("Integration", True)
    assert rows["Agent-3"]["active"] is False
    assert rows["Agent-1"]["status"] == "UNKNOWN"


def test_a_second_import_changes_nothing(empty: Panel, tmp_path: Path) -> None:
    file = written(tmp_path, MAIN)
    empty.json("agents", "import", file)
    before = state(empty)
    answer = empty.json("agents", "import", file)
    assert (answer["added"], answer["updated"]) == (0, 0)
    assert answer["skipped"] == [
        {"item": name, "why": "is already as the file says"} for name in ("Agent-1", "Agent-3")
    ]
    assert state(empty) == before


def test_a_dry_run_says_the_same_and_writes_nothing(panel: Panel, tmp_path: Path) -> None:
    file = written(tmp_path, MAIN)
    before = state(panel)
    dry = panel.json("agents", "import", file, "--dry-run")
    assert state(panel) == before
    done = panel.json("agents", "import", file)
    assert {**dry, "dry_run": False} == done
    assert dry["dry_run"] is True


def test_a_confirmed_target_is_kept_unless_asked_otherwise(panel: Panel, tmp_path: Path) -> None:
    file = written(tmp_path, {"1": [640, 910], "2": [100, 200]})
    before = panel.aio.run(targets.of(panel.context))
    answer = panel.json("agents", "import", file)
    assert (answer["added"], answer["updated"]) == (0, 0)
    assert answer["skipped"] == [
        {
            "item": "Agent-1, chat",
            "why": "is confirmed at (100, 200) and stays there; the file says (640, 910)",
        },
        {"item": "Agent-2", "why": "is already as the file says"},
    ]
    assert panel.aio.run(targets.of(panel.context)) == before
    assert "--replace" in panel.line("agents", "import", file)[2]
    answer = panel.json("agents", "import", file, "--replace")
    assert (answer["updated"], [entry["change"] for entry in answer["agents"]]) == (
        1,
        ["updated", "skipped"],
    )
    first, second = panel.aio.run(targets.of(panel.context))
    assert (first.point, first.status) == (Point(640, 910), TargetStatus.UNVERIFIED)
    assert (first.window, first.offset, first.anchor, first.looks) == (None, None, None, ())
    assert second == before[1]


async def test_how_a_box_is_used_stays_when_its_point_changes(panel: Panel, tmp_path: Path) -> None:
    own = replace(target("Agent-1"), policy=AnchorPolicy.WARN, submit_key="ctrl+enter")
    await targets.store(panel.context, own)
    seen = await importing.preview(panel.context, Path(written(tmp_path, {"1": [5, 6]})))
    assert seen.undecided == (("Agent-1", CHAT),)
    await importing.apply(panel.context, seen, seen.undecided)
    (kept,) = await targets.of(panel.context, ["Agent-1"])
    assert (kept.point, kept.policy, kept.submit_key) == (
        Point(5, 6),
        AnchorPolicy.WARN,
        "ctrl+enter",
    )


def test_an_unverified_point_is_replaced_by_a_newer_file(empty: Panel, tmp_path: Path) -> None:
    empty.json("agents", "import", written(tmp_path, {"1": [1, 2]}))
    answer = empty.json("agents", "import", written(tmp_path, {"1": [3, 4]}))
    assert (answer["updated"], answer["agents"][0]["targets"]) == (
        1,
        [
            {
                "kind": "chat",
                "before": {"x": 1, "y": 2},
                "after": {"x": 3, "y": 4},
                "status": "unverified",
            }
        ],
    )
    assert points(empty) == {("Agent-1", "chat"): (3, 4, "unverified")}


def test_a_retired_agent_stays_retired(panel: Panel, tmp_path: Path) -> None:
    panel.line("agents", "set", "Agent-1", "--active", "no")
    answer = panel.json(
        "agents", "import", written(tmp_path, {"agents": {"Agent-1": {"active": True}}})
    )
    assert answer["skipped"] == [
        {
            "item": "Agent-1",
            "why": "is retired here and stays so, though the file calls it active",
        }
    ]
    assert panel.json("agents", "show", "Agent-1")[0]["active"] is False


def test_a_file_is_no_report_of_the_agent(panel: Panel, tmp_path: Path) -> None:
    (before,) = panel.json("agents", "show", "Agent-1")
    file = written(tmp_path, {"agents": {"Agent-1": {"description": "new", "active": True}}})
    assert panel.json("agents", "import", file)["updated"] == 1
    (after,) = panel.json("agents", "show", "Agent-1")
    assert {name for name in before if before[name] != after[name]} == {"description"}


def test_imported_agents_are_not_written_to_before_they_are_confirmed(
    empty: Panel, tmp_path: Path
) -> None:
    empty.json("agents", "import", written(tmp_path, MAIN))
    with pytest.raises(CommandError, match="Agent-3"):
        empty.aio.run(messages.queue(empty.context, [Draft("Agent-3", "retired")]))
    (kept,) = empty.aio.run(targets.of(empty.context, ["Agent-1"]))[:1]
    assert kept.offset is None  # which the check and the dispatcher refuse


def test_an_unverified_point_is_in_nobodys_way(empty: Panel, tmp_path: Path) -> None:
    """Eight maximised windows share one point; each is confirmed in its own window."""
    file = written(tmp_path, {"1": [100, 200], "2": [100, 200]})
    answer = empty.json("agents", "import", file)
    assert answer["warnings"] == [
        {"item": "Agent-2, chat", "why": "(100, 200) is Agent-1's chat point too"}
    ]
    for number in (1, 2):
        one = target(f"Agent-{number}", window_id=number)
        empty.aio.run(targets.store(empty.context, one))
    with pytest.raises(CommandError, match="Agent-1's chat target"):
        empty.aio.run(targets.store(empty.context, target("Agent-2", window_id=1)))


def test_a_layout_is_chosen_by_name(empty: Panel, tmp_path: Path) -> None:
    file = written(tmp_path, BY_LAYOUT)
    error = "layout: takes one of 2-agent, 8-agent: the file has points for each\n"
    assert empty.line("agents", "import", file) == (2, "", error)
    assert empty.line("agents", "import", file, "--layout", "9") == (
        2,
        "",
        "layout: takes one of 2-agent, 8-agent, not 9\n",
    )
    assert empty.json("agents", "import", file, "--layout", "8-agent")["layout"] == "8-agent"
    assert points(empty)["Agent-1", "onboarding"] == (-1265, 171, "unverified")
    flat = written(tmp_path, FLAT)
    assert empty.line("agents", "import", flat, "--layout", "x")[0] == 2


def test_points_on_no_screen_are_imported_and_said(empty: Panel, tmp_path: Path) -> None:
    answer = empty.json("agents", "import", written(tmp_path, {"1": [-5, 481], "2": [9, 9]}))
    assert answer["screens_checked"] is True
    assert answer["warnings"] == [
        {"item": "Agent-1, chat", "why": "(-5, 481) lies on no screen that is plugged in"}
    ]
    assert len(points(empty)) == 2


def test_without_a_display_points_are_not_compared(empty: Panel, tmp_path: Path) -> None:
    empty.context._desktop = None
    file = written(tmp_path, {"1": [-5, 481]})
    answer = empty.json("agents", "import", file, "--dry-run")
    assert (answer["screens_checked"], answer["warnings"]) == (False, [])
    assert empty.line("agents", "import", file, "--check-screens")[0] == 3


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (changed("agents", "Agent-3", "chat_input_coordinates", 1, to=True), "agents.Agent-3"),
        (changed("agents", "Agent-3", "chat_input_coordinates", 0, to=1.0), "agents.Agent-3"),
        (changed("agents", "Agent-3", "onboarding_coordinate", to=[1, 1]), "agents.Agent-3"),
        (changed("agents", "Agent-3", to=None), "agents.Agent-3"),
        ({"1": [1, 1], "2": [1, None]}, "2[1]"),
        ([1, 2], "file"),
    ],
)
def test_a_fault_anywhere_changes_nothing(
    panel: Panel, tmp_path: Path, value: object, field: str
) -> None:
    before = state(panel)
    code, out, err = panel.line("agents", "import", written(tmp_path, value))
    assert (code, out) == (2, "")
    assert err.startswith(field)
    assert err.count("\n") == 1
    assert state(panel) == before


def test_what_is_no_file_of_ours(empty: Panel, tmp_path: Path) -> None:
    for place, words in ((tmp_path / "none", "there is no"), (tmp_path, "holds none")):
        code, _, err = empty.line("agents", "import", str(place))
        assert code == 2
        assert words in err
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "pipe is neither" in empty.line("agents", "import", str(pipe))[2]
    huge = tmp_path / "huge.json"
    huge.touch()
    os.truncate(huge, 50_000_000)
    assert empty.line("agents", "import", str(huge))[2] == (
        "file: takes at most 5,000,000 bytes; it is larger\n"
    )


async def test_ten_thousand_agents_are_one_transaction(empty: Panel, tmp_path: Path) -> None:
    agents_ = {
        f"Agent-{n}": {"chat_input_coordinates": [n % 1900, n % 1000]} for n in range(10_000)
    }
    commits: list[object] = []
    unsubscribe = empty.store.subscribe(commits.append)
    start = time.perf_counter()
    seen = await importing.preview(empty.context, Path(written(tmp_path, {"agents": agents_})))
    done = await importing.apply(empty.context, seen)
    assert time.perf_counter() - start < 30
    unsubscribe()
    assert (done.added, len(commits)) == (10_000, 1)
    assert len(await targets.of(empty.context)) == 10_000


async def test_a_preview_that_is_out_of_date_is_not_applied(panel: Panel, tmp_path: Path) -> None:
    seen = await importing.preview(panel.context, Path(written(tmp_path, {"3": [1, 2]})))
    await agents.add(panel.context, Agent("Agent-3"))
    with pytest.raises(NotDoneError, match="look at it again"):
        await importing.apply(panel.context, seen)
    assert len(await targets.of(panel.context)) == 2


async def test_a_failure_in_the_middle_leaves_nothing(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from panel.store import targets as stored_targets

    saved = stored_targets.save

    def fails(tx: Any, made: Any) -> None:
        if made.agent_id == "Agent-4":
            raise EnvironmentFault("The disk is full.")
        saved(tx, made)

    monkeypatch.setattr(stored_targets, "save", fails)
    path = Path(written(tmp_path, {"3": [1, 2], "4": [3, 4]}))
    seen = await importing.preview(panel.context, path)
    with pytest.raises(EnvironmentFault):
        await importing.apply(panel.context, seen)
    assert len(await panel.store.read(stored_agents.rows)) == 2


numbers = st.integers(-32_768, 32_767)
swarms = st.dictionaries(
    st.integers(1, 400).map(lambda n: f"Agent-{n}"),
    st.fixed_dictionaries(
        {"active": st.booleans(), "description": st.text("aé🚀 \n", max_size=5)},
        optional={
            "chat_input_coordinates": st.lists(numbers, min_size=2, max_size=2),
            "onboarding_input_coords": st.lists(numbers, min_size=2, max_size=2),
        },
    ),
    min_size=1,
    max_size=5,
)
relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(swarms)
def test_import_then_export_keeps_all(
    empty: Panel, tmp_path: Path, swarm: dict[str, dict[str, object]]
) -> None:
    file = tmp_path / "out.json"
    for row in empty.json("agents", "list"):
        empty.line("agents", "remove", row["agent_id"])
    empty.json("agents", "import", written(tmp_path, {"agents": swarm}))
    empty.json("target", "export", str(file), "--overwrite")
    assert json.loads(file.read_text(encoding="utf-8"))["agents"] == swarm


@relaxed
@given(anything)
def test_any_json_is_imported_or_refused_whole(panel: Panel, tmp_path: Path, value: object) -> None:
    before = state(panel)
    code, out, err = panel.line("agents", "import", written(tmp_path, value), "--json")
    if code == 0:
        answer = json.loads(out)
        assert answer["added"] + answer["updated"] + len(answer["skipped"]) > 0
        statuses = [place[2] for name, place in points(panel).items() if name[0] > "Agent-2"]
        assert set(statuses) <= {"unverified"}
        return
    assert (code, json.loads(out)["error"]["exit_code"]) == (2, 2)
    assert err.count("\n") == 1
    assert state(panel) == before


FAULTS = ("true", "NaN", "1.5", '"7"', "null", "99999", "[" * 40 + "]" * 40)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 9_999), st.sampled_from(FAULTS))
def test_one_fault_among_ten_thousand_agents_is_named_and_changes_nothing(
    panel: Panel, tmp_path: Path, number: int, fault: str
) -> None:
    before = state(panel)
    agents_ = {f"Agent-{n}": {"chat_input_coordinates": [n % 1900, 7]} for n in range(10_000)}
    agents_[f"Agent-{number}"]["chat_input_coordinates"][1] = -12_345
    file = tmp_path / "swarm.json"
    text = json.dumps({"agents": agents_})
    file.write_text(text.replace("-12345", fault), encoding="utf-8")
    code, out, err = panel.line("agents", "import", str(file))
    assert (code, out) == (2, "")
    assert err.startswith(f"agents.Agent-{number}.chat_input_coordinates[1]")
    assert err.count("\n") == 1
    assert state(panel) == before


@relaxed
@given(st.data(), st.sampled_from([MAIN, FLAT, BY_LAYOUT]))
def test_a_file_that_is_cut_off_changes_nothing(
    panel: Panel, tmp_path: Path, data: st.DataObject, good: object
) -> None:
    before = state(panel)
    text = json.dumps(good)
    file = tmp_path / "swarm.json"
    file.write_text(text[: data.draw(st.integers(0, len(text) - 1))], encoding="utf-8")
    code, out, err = panel.line("agents", "import", str(file), "--replace")
    assert (code, out) == (2, "")
    assert err.startswith("file: ")
    assert err.count("\n") == 1
    assert state(panel) == before
