"""Targets that are not at their place: found, accepted, bound to a window again, remembered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.commands import targets
from panel.core.desktop import Finding
from panel.core.errors import CommandError, NotDoneError
from panel.core.geometry import Point, Rect
from panel.core.target import Target, TargetCheck, TargetKind, TargetStatus, WindowInfo
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import GONE, Desk, identity, target

CHAT = TargetKind.CHAT


class FindingDesk(Desk):
    """Finds Agent-1 30 px lower, and shows the windows that it is told of."""

    def __init__(self) -> None:
        super().__init__()
        self.there: list[WindowInfo] = []
        self.anew = True

    async def windows(self) -> list[WindowInfo]:
        return self.there

    async def find(self, target: Target) -> Finding | None:
        if target.agent_id != "Agent-1" or target.offset is None:
            return None
        moved = replace(target, offset=target.offset + Point(0, 30))
        info = WindowInfo(identity(1), Rect(0, 0, 800, 600))
        return Finding(moved, info, Point(100, 230), 30.0, b"then", b"now")

    async def point_at(self, target: Target) -> TargetCheck:
        return self._check(target)

    async def snapshot(self, target: Target) -> bytes | None:
        return target.agent_id.encode()


@pytest.fixture
def desk(panel: Panel) -> FindingDesk:
    made = FindingDesk()
    panel.desk = made
    panel.context._desktop = made
    return made


def stored(panel: Panel, agent_id: str) -> Target:
    return panel.aio.run(targets.one(panel.context, agent_id))


def test_find_keeps_nothing_unless_it_is_accepted(panel: Panel, desk: FindingDesk) -> None:
    row = panel.json("target", "find", "Agent-1")
    assert (row["found"], row["x"], row["y"], row["distance"]) == (True, 100, 230, 30.0)
    assert row["accepted"] is False and stored(panel, "Agent-1").offset == Point(100, 200)
    assert panel.json("target", "find", "Agent-1", "--accept")["accepted"] is True
    assert stored(panel, "Agent-1").offset == Point(100, 230)


def test_what_is_not_found_is_not_done(panel: Panel, desk: FindingDesk) -> None:
    code, out, _ = panel.line("target", "find", "Agent-2", "--accept")
    assert code == 1 and "was not found" in out
    assert panel.line("target", "find", "Agent-1", "--kind", "onboarding")[0] == 2


async def test_an_imported_point_is_not_looked_for(panel: Panel, desk: FindingDesk) -> None:
    imported = replace(target("Agent-2", x=500), status=TargetStatus.UNVERIFIED, window=None)
    await targets.store(panel.context, imported)
    with pytest.raises(NotDoneError, match="nobody has confirmed it"):
        await targets.find(panel.context, "Agent-2")


def test_point_says_whether_it_could(panel: Panel, desk: FindingDesk) -> None:
    (row,) = panel.json("target", "point", "Agent-1")
    assert row["valid"] is True
    desk.broken["Agent-1"] = GONE
    assert panel.line("target", "point", "Agent-1")[0] == 1


async def test_only_boxes_in_sight_are_photographed(panel: Panel, desk: FindingDesk) -> None:
    both = await targets.of(panel.context)
    seen = [WindowInfo(identity(n), Rect(0, 0, 800, 600)) for n in (1, 2)]
    desk.there = seen
    assert await targets.snapshots(panel.context, both) == [b"Agent-1", None]
    desk.there = [replace(seen[0], minimised=True), seen[1]]
    assert await targets.snapshots(panel.context, both) == [None, b"Agent-2"]


async def test_a_window_confirmed_by_sight_is_kept_with_its_verdict(
    panel: Panel, desk: FindingDesk
) -> None:
    info = WindowInfo(identity(77, "Agent-1 – repo"), Rect(10, 20, 800, 600))
    verdict = await targets.confirm_window(panel.context, "Agent-1", CHAT, info)
    kept = await targets.one(panel.context, "Agent-1")
    assert verdict.valid and desk.activated == [77]
    assert kept.window == replace(info.identity, title_rule="Agent-1")
    assert kept.point == Point(110, 220)


async def test_another_agents_box_is_not_bound(panel: Panel, desk: FindingDesk) -> None:
    before = await targets.one(panel.context, "Agent-1")
    info = WindowInfo(identity(2), Rect(0, 0, 800, 600))
    with pytest.raises(CommandError, match="Agent-2's already"):
        await targets.confirm_window(panel.context, "Agent-1", CHAT, info)
    assert await targets.one(panel.context, "Agent-1") == before and desk.activated == []


async def test_looks_that_are_remembered_make_room_for_each_other(
    panel: Panel, desk: FindingDesk
) -> None:
    for number in range(targets.MOST_LOOKS + 2):
        await targets.remember_empty(panel.context, "Agent-1", CHAT, f"{number}".encode())
    looks = (await targets.one(panel.context, "Agent-1")).looks
    assert [look.png for look in looks] == [b"look", b"3", b"4", b"5", b"6", b"7"]
    terminal = replace(target("Agent-2", window_id=2), looks=())
    await targets.store(panel.context, terminal)
    with pytest.raises(NotDoneError, match="does not go by"):
        await targets.remember_empty(panel.context, "Agent-2", CHAT, b"x")
