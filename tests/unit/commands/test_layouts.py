"""Targets follow the screens that are plugged in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.commands import layouts, targets
from panel.core.errors import CommandError
from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.layouts import Arranged, described, layout_name, proposed_name
from panel.core.target import Target, TargetKind, TargetStatus, WindowIdentity, WindowInfo
from panel.store import layouts as kept
from panel.store import targets as stored
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import LAYOUT, identity, target

LAPTOP = LAYOUT
DOCKED = ScreenLayout((*LAPTOP.screens, Screen("right", Rect(1920, 0, 2560, 1440), 1.5)))
CHAT = TargetKind.CHAT


def arrange(panel: Panel, screens: ScreenLayout) -> Arranged:
    panel.desk.screens = screens
    return panel.aio.run(layouts.arrange(panel.context))


def now(panel: Panel, agent_id: str) -> Target | None:
    return panel.aio.run(panel.store.read(lambda c: stored.get(c, agent_id, CHAT)))


def set_here(panel: Panel, agent_id: str, x: int, window_id: int) -> Target:
    made = replace(target(agent_id, x, window_id=window_id), layout=panel.desk.screens)
    return panel.aio.run(targets.store(panel.context, made))


def open_windows(panel: Panel, *identities: WindowIdentity) -> None:
    panel.desk.open = [WindowInfo(each, Rect(0, 0, 800, 600)) for each in identities]


def test_the_first_arrangement_gets_a_name(panel: Panel) -> None:
    done = arrange(panel, LAPTOP)
    assert (done.layout.name, done.is_new, done.changed) == ("One screen", True, False)
    again = arrange(panel, LAPTOP)
    assert (again.is_new, again.changed) == (False, False)
    assert [each.name for each in panel.aio.run(layouts.every(panel.context))] == ["One screen"]


def test_targets_go_along_and_come_back(panel: Panel) -> None:
    open_windows(panel, identity(1), identity(2))
    arrange(panel, LAPTOP)
    first = now(panel, "Agent-1")
    docked = arrange(panel, DOCKED)
    assert (docked.restored, docked.carried, docked.is_new) == (0, 2, True)
    assert now(panel, "Agent-1") == first, "as it was, relative to its window"
    here = set_here(panel, "Agent-1", 700, 1)
    back = arrange(panel, LAPTOP)
    # Agent-2 was never calibrated at the dock: what is in place is still its own.
    assert (back.restored, back.carried, back.is_new) == (1, 0, False)
    assert now(panel, "Agent-1") == first
    assert arrange(panel, DOCKED).restored == 1
    assert now(panel, "Agent-1") == here


def test_a_target_keeps_the_window_that_its_agent_has_now(panel: Panel) -> None:
    open_windows(panel, identity(1), identity(2))
    arrange(panel, LAPTOP)
    arrange(panel, DOCKED)
    set_here(panel, "Agent-1", 700, 1)
    again = replace(identity(31), pid=5000, process_started=777, title_rule="repo-1")
    panel.aio.run(
        panel.store.write(lambda tx: stored.rebind_window(tx, "Agent-1", CHAT, again, Point(9, 9)))
    )
    open_windows(panel, again, identity(2))
    arrange(panel, LAPTOP)
    found = now(panel, "Agent-1")
    assert found is not None
    assert (found.window, found.offset) == (again, Point(100, 200))


@pytest.mark.parametrize("lives", [True, False])
def test_a_window_of_its_own_is_kept(panel: Panel, lives: bool) -> None:
    """At the dock the agent was in another window, of the same program or of another one."""
    open_windows(panel, identity(1), identity(2))
    arrange(panel, LAPTOP)
    arrange(panel, DOCKED)
    other = replace(identity(50), window_class="Code" if lives else "Terminal")
    made = replace(target("Agent-1", 700), layout=DOCKED, window=other)
    panel.aio.run(targets.store(panel.context, made))
    open_windows(panel, other, identity(2), *([identity(1)] if lives else []))
    arrange(panel, LAPTOP)
    found = now(panel, "Agent-1")
    assert found is not None and found.window == identity(1)


def test_two_agents_never_share_a_box(panel: Panel) -> None:
    open_windows(panel, identity(1), identity(2))
    arrange(panel, LAPTOP)
    arrange(panel, DOCKED)
    # At the dock they changed places; Agent-2's own place is forgotten on the way.
    set_here(panel, "Agent-1", 900, 7)
    theirs = set_here(panel, "Agent-2", 100, 1)
    known = panel.aio.run(layouts.every(panel.context))
    laptop = next(each for each in known if not each.in_use)
    panel.aio.run(panel.store.write(lambda tx: kept.forget(tx, "Agent-2", CHAT)))
    assert laptop.kept == 2
    arrange(panel, LAPTOP)
    clash = now(panel, "Agent-2")
    assert clash is not None and clash.status is TargetStatus.UNVERIFIED
    arrange(panel, DOCKED)
    assert now(panel, "Agent-2") == theirs


def test_what_is_removed_does_not_come_back(panel: Panel) -> None:
    arrange(panel, LAPTOP)
    arrange(panel, DOCKED)
    panel.line("target", "remove", "Agent-1")
    arrange(panel, LAPTOP)
    assert now(panel, "Agent-1") is None


def test_an_imported_point_goes_along(panel: Panel) -> None:
    arrange(panel, LAPTOP)
    imported = replace(target("Agent-1"), status=TargetStatus.UNVERIFIED, layout=None)
    panel.aio.run(targets.store(panel.context, imported))
    arrange(panel, DOCKED)
    assert now(panel, "Agent-1") == imported


def test_the_commands(panel: Panel) -> None:
    assert panel.json("layouts", "list") == []
    arrange(panel, LAPTOP)
    arrange(panel, DOCKED)
    rows = panel.json("layouts", "list")
    assert [(row["name"], row["in_use"], row["targets"]) for row in rows] == [
        ("Two screens", True, 2),
        ("One screen", False, 2),
    ]
    assert rows[0]["screens"][1] == {
        **{"name": "right", "x": 1920, "y": 0, "width": 2560, "height": 1440, "scale": 1.5}
    }
    assert "2560x1440 at 1920, 0, scale 1.5" in panel.line("layouts", "list")[1]
    (named,) = panel.json("layouts", "name", "two SCREENS", "  docked ")
    assert named["name"] == "docked"
    code, _, err = panel.line("layouts", "name", "One screen", "Docked")
    assert code == 2 and "takes a name of its own" in err
    code, _, err = panel.line("layouts", "remove", "nowhere")
    assert code == 2 and "“docked”, “One screen”" in err
    assert "not in use" in panel.line("layouts", "remove", "docked")[2]
    assert panel.line("layouts", "remove", "One screen")[0] == 0
    assert [row["name"] for row in panel.json("layouts", "list")] == ["docked"]


def test_names() -> None:
    many = ScreenLayout(tuple(Screen("", Rect(100 * n, 0, 100, 50)) for n in range(6)))
    assert proposed_name(many, ()) == "6 screens"
    assert proposed_name(many, ("6 screens",)) == "6 screens, 600x50"
    assert proposed_name(many, ("6 screens", "6 screens, 600x50")) == "6 screens, 600x50 (2)"
    assert described(LAPTOP) == "1920x1080 at 0, 0"
    for wrong in ("", "  ", "x" * 61, "a\x07b"):
        with pytest.raises(CommandError):
            layout_name(wrong, ())
