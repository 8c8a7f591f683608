"""The run through agents, and the board of windows that have to be recognised again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from panel.core.geometry import Rect
from panel.core.target import Reason, ReasonCode, Target, TargetKind
from panel.store import targets as stored
from panel.ui.calibrate.plan import RunPlan, Stand, Stop, likely, siblings
from panel.ui.calibrate.reconnect import ReconnectDialog
from panel.ui.calibrate.run import CalibrateRun
from panel.ui.calibrate.windows import WindowTile, can_be_chosen, covered_parts
from panel.ui.theme import Theme
from tests.event_loop import Aio
from tests.window.conftest import Opened
from tests.window.fake_desktop import BOX, OFFSET, FakeDesktop, opened_on, target_in, window

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]

CHAT = TargetKind.CHAT
DIFFERS = Reason(ReasonCode.ANCHOR_DIFFERS, "The landmark looks different.", "Look at it.")


# the plan ------------------------------------------------------------------------------


def test_a_plan_leads_through_all_and_comes_back_to_what_is_open() -> None:
    plan = RunPlan(["Agent-1", "Agent-2", "Agent-3"])
    plan.go_to(1)
    plan.stops[1].stand = Stand.READY
    assert plan.go_on() is plan.stops[2]
    plan.stops[2].stand = Stand.SKIPPED
    assert plan.go_on() is plan.stops[0] and plan.left == []
    plan.stops[0].stand = Stand.NOT_READY
    assert plan.go_on() is None and plan.current is None and plan.done == 2
    assert plan.go_back() and plan.current is plan.stops[2]


def test_siblings_are_free_windows_of_the_same_program_and_size() -> None:
    own, free, owned, other, small = (window(number) for number in range(1, 6))
    other = replace(other, identity=replace(other.identity, window_class="Firefox"))
    small = replace(small, rect=Rect(0, 0, 300, 300))
    found = siblings(target_in("Agent-1", own), [own, free, owned, other, small], [3])
    assert found == [free]


def test_the_proposed_agent_is_the_one_that_the_title_names() -> None:
    stops = [Stop("Agent-1"), Stop("Agent-12"), Stop("Agent-3")]
    assert [likely(stops, title) for title in ("x", "Agent-12 - Cursor", "Agent-3")] == [0, 1, 2]


def test_own_windows_are_not_offered_but_cover_others() -> None:
    ours = replace(window(1), identity=replace(window(1).identity, pid=os.getpid()))
    below = replace(window(2), rect=ours.rect)
    beside = window(3)
    assert not can_be_chosen(ours) and can_be_chosen(below)
    assert covered_parts(1, [ours, below, beside])[1] == 1.0
    assert covered_parts(2, [ours, below, beside]) == ((), 0.0)


# the run -------------------------------------------------------------------------------


@pytest.fixture
def desktop() -> FakeDesktop:
    return FakeDesktop([window(number) for number in range(1, 6)])


@pytest.fixture
def opened(aio: Aio, tmp_path: Path, theme: Theme, desktop: FakeDesktop) -> Iterator[Opened]:
    """Agent-1's target is in window 1; picking always ends in the window that was raised last."""
    context = opened_on(tmp_path, theme, desktop, [target_in("Agent-1", desktop.listed[0])])
    made = aio.run(context.__aenter__())

    async def calibrate(agent_id: str, kind: TargetKind) -> Target | None:
        made.outside.calibrated.append((agent_id, kind))
        if agent_id == "Agent-8":
            return None
        target = target_in(agent_id, desktop.listed[0], kind)
        await made.store.write(lambda tx: stored.save(tx, target))
        return target

    made.outside.calibrate = calibrate  # type: ignore[method-assign]
    services = replace(made.window._bench.services, calibrate=calibrate)
    made.window._bench = replace(made.window._bench, services=services)
    yield made
    aio.run(context.__aexit__(None, None, None))


async def started(aio: Aio, opened: Opened, *agents: str) -> CalibrateRun:
    await opened.window.idle()
    opened.window._actions.calibrate_all(list(agents))
    run = opened.window.findChild(CalibrateRun)
    assert run is not None
    await aio.until(lambda: run.listed, "the windows")
    return run


def tile(run: CalibrateRun, number: int) -> WindowTile:
    return next(
        each for each in run.windows.tiles.tiles() if each.seen.info.identity.window_id == number
    )


async def chosen(aio: Aio, run: CalibrateRun, number: int) -> None:
    tile(run, number).click()
    await aio.until(lambda: run.page is run.verdict and not run.busy, "the verdict")


async def target_of(opened: Opened, agent_id: str) -> Target | None:
    return await opened.store.read(lambda c: stored.get(c, agent_id, CHAT))


async def test_the_window_is_raised_then_the_picker_opens(
    aio: Aio, opened: Opened, desktop: FakeDesktop
) -> None:
    run = await started(aio, opened, "Agent-2", "Agent-3")
    assert run.headline.text() == "Agent-2, chat box, 1 of 2"
    assert tile(run, 1).accessibleName() == "repo-1, Cursor, already Agent-1's"
    assert not run.primary_button.isVisible()
    await chosen(aio, run, 2)
    # Once for the picker, once for the verdict.
    assert desktop.activated == [2, 2]
    assert opened.outside.calibrated == [("Agent-2", CHAT)]
    assert run.verdict.chip.chip is not None and run.verdict.chip.chip.word == "Ready"
    assert run.checklist.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Agent-2, calibrated"
    assert run.verdict.box.mark == OFFSET - BOX.top_left
    run.close()


async def test_enter_saves_and_goes_on_until_the_end(aio: Aio, opened: Opened) -> None:
    run = await started(aio, opened, "Agent-2", "Agent-3")
    await chosen(aio, run, 2)
    QTest.keyClick(run, Qt.Key.Key_Return)
    await aio.until(lambda: run.page is run.windows and run.listed, "the next windows")
    assert run.headline.text() == "Agent-3, chat box, 2 of 2"
    assert tile(run, 2).seen.owner == "Agent-2"
    run.skip_button.click()
    assert run.page is run.end and run.end.title.text() == "Left out: Agent-3"
    run.primary_button.click()
    assert run.closed


async def test_what_is_skipped_after_the_verdict_is_not_saved(aio: Aio, opened: Opened) -> None:
    before = await target_of(opened, "Agent-1")
    run = await started(aio, opened, "Agent-1", "Agent-2")
    await chosen(aio, run, 3)
    assert await target_of(opened, "Agent-1") != before
    run.skip_button.click()
    await aio.until(lambda: run.plan.position == 1 and run.listed, "the next")
    assert await target_of(opened, "Agent-1") == before
    await chosen(aio, run, 4)
    run.skip_button.click()
    await aio.until(lambda: run.page is run.end, "the end")
    assert await target_of(opened, "Agent-2") is None


async def test_leaving_the_picker_changes_nothing(aio: Aio, opened: Opened) -> None:
    run = await started(aio, opened, "Agent-8", "Agent-2")
    tile(run, 2).click()
    await aio.until(lambda: run.problem.text() and not run.busy, "the words")
    assert run.problem.text() == "You left the picker. Nothing was changed."
    assert run.page is run.windows and run.plan.stops[0].stand is Stand.OPEN
    run.skip_button.click()
    assert run.plan.position == 1
    run.back_button.click()
    assert run.plan.position == 0
    run.close()


async def test_the_same_place_is_shown_and_confirmed_in_each_other_window(
    aio: Aio, opened: Opened, desktop: FakeDesktop
) -> None:
    run = await started(aio, opened, "Agent-2", "Agent-3", "Agent-4")
    await chosen(aio, run, 2)
    assert run.verdict.same_button.text() == "Use the same place in the 3 other Cursor windows"
    run.verdict.same_button.click()
    await aio.until(lambda: run.page is run.same and not run.busy, "the first of them")
    assert desktop.requests == [] and run.same.view.mark == OFFSET
    first = desktop.activated[-1]
    run.skip_button.click()
    await aio.until(lambda: desktop.activated[-1] != first and not run.busy, "the second")
    second = desktop.listed[0]
    run.same.agents.setCurrentIndex(1)
    run.primary_button.click()
    await aio.until(lambda: desktop.requests and not run.busy, "the third")
    (request,) = desktop.requests
    assert (request.agent_id, request.window_id) == ("Agent-4", second.identity.window_id)
    assert request.point == second.rect.top_left + OFFSET and request.composer_rect == BOX
    assert [stop.stand for stop in run.plan.stops] == [Stand.READY, Stand.OPEN, Stand.READY]
    run.skip_button.click()
    await aio.until(lambda: run.page is run.windows and not run.busy, "the last agent")
    assert run.headline.text() == "Agent-3, chat box, 2 of 3"
    run.close()


async def test_a_window_that_cannot_be_raised_says_so(
    aio: Aio, opened: Opened, desktop: FakeDesktop
) -> None:
    run = await started(aio, opened, "Agent-2", "Agent-3")
    tile_gone = tile(run, 5)
    desktop.listed.pop()
    tile_gone.click()
    await aio.until(run.problem.text, "the reason")
    assert run.problem.text() == "“repo-5” would not come to the front."
    assert opened.outside.calibrated == []
    run.close()


async def test_no_windows_is_said_and_looked_at_again(
    aio: Aio, opened: Opened, desktop: FakeDesktop
) -> None:
    listed, desktop.listed = desktop.listed, []
    opened.window._actions.calibrate_all(["Agent-2"])
    run = opened.window.findChild(CalibrateRun)
    assert run is not None
    await aio.until(run.windows._nothing.isVisible, "the words")
    desktop.listed = listed
    run.windows.look_button.click()
    await aio.until(lambda: len(run.windows.tiles.tiles()) == 5, "the windows")
    await opened.window.idle()
    run.close()


async def test_the_run_closes_in_the_midst_of_a_step(aio: Aio, opened: Opened) -> None:
    opened.window._actions.calibrate_all(["Agent-2", "Agent-3"])
    run = opened.window.findChild(CalibrateRun)
    assert run is not None and not run.listed
    run.close()
    await opened.window.idle()
    run = await started(aio, opened, "Agent-2", "Agent-3")
    tile(run, 2).click()
    assert run.busy
    run.close()
    await opened.window.idle()


# after a restart -------------------------------------------------------------------------


def reborn(number: int, title: str) -> FakeDesktop:
    """What the tests below find: one window still there, others with new ids."""
    return FakeDesktop([window(1), window(number, title=title), window(number + 1)])


@pytest.fixture
def restarted(aio: Aio, tmp_path: Path, theme: Theme) -> Iterator[tuple[Opened, FakeDesktop]]:
    """Agent-1's window is there, Agent-2's and Agent-3's are closed; two others are new."""
    desktop = reborn(7, "repo-2")
    gone = [target_in(f"Agent-{n}", window(n)) for n in (2, 3)]
    context = opened_on(tmp_path, theme, desktop, [target_in("Agent-1", desktop.listed[0]), *gone])
    made = aio.run(context.__aenter__())
    yield made, desktop
    aio.run(context.__aexit__(None, None, None))


async def asked(aio: Aio, opened: Opened) -> ReconnectDialog:
    dialog = await aio.until(lambda: opened.window.findChild(ReconnectDialog), "the question")
    assert dialog is not None
    await aio.until(dialog.cards, "the cards")
    return dialog


async def test_the_start_asks_about_windows_that_are_gone(
    aio: Aio, restarted: tuple[Opened, FakeDesktop]
) -> None:
    opened, desktop = restarted
    dialog = await asked(aio, opened)
    assert dialog.headline.text() == "1 recognised, 2 need your eyes"
    card = dialog.cards()[0]
    titles = [each.seen.title for each in card.tiles.tiles()]
    assert titles == ["repo-2", "repo-8"]  # the likely one first, none is marked
    assert card.tiles.checked() is None and not card.this_button.isEnabled()
    assert desktop.activated == []
    dialog.close()


async def test_a_window_confirmed_by_sight_is_the_targets_again(
    aio: Aio, restarted: tuple[Opened, FakeDesktop]
) -> None:
    opened, desktop = restarted
    dialog = await asked(aio, opened)
    card = dialog.cards()[0]
    card.tiles.tiles()[0].click()
    card.this_button.click()
    await aio.until(lambda: len(dialog.cards()) == 1, "the other one")
    assert dialog.headline.text() == "2 recognised, 1 needs your eyes"
    target = await target_of(opened, "Agent-2")
    assert target is not None and target.window is not None
    assert target.window.window_id == 7 and desktop.activated == [7]
    assert target.point == window(7).rect.top_left + OFFSET
    # It is Agent-2's now and is not offered to Agent-3.
    assert [each.seen.title for each in dialog.cards()[0].tiles.tiles()] == ["repo-8"]
    dialog.cards()[0].skip_button.click()
    assert dialog._closed


async def test_a_landmark_that_differs_is_said(
    aio: Aio, restarted: tuple[Opened, FakeDesktop]
) -> None:
    opened, desktop = restarted
    dialog = await asked(aio, opened)
    card = dialog.cards()[0]
    desktop.wrong["Agent-2"] = DIFFERS
    card.tiles.tiles()[1].click()
    card.this_button.click()
    await aio.until(lambda: "landmark looks different" in card.why.text(), "the words")
    assert card.why.text().startswith("Kept, but nothing is sent there yet.")
    dialog.close()


async def test_nothing_opens_at_the_start_when_there_is_nothing_to_decide(
    aio: Aio, tmp_path: Path, theme: Theme
) -> None:
    gone = target_in("Agent-2", window(2))
    async with opened_on(tmp_path, theme, FakeDesktop([]), [gone]) as opened:
        await aio.until(lambda: opened.window.status.said.text, "the summary")
        assert opened.window.status.said.text == "0 recognised, 1 needs your eyes"
        assert opened.window.findChild(ReconnectDialog) is None
        opened.window._actions.reconnect()
        dialog = await asked(aio, opened)
        assert dialog.cards()[0].tiles.tiles() == []
        dialog.close()
