"""The run through agents with real windows: thumbnails, the picker, the verdict, the same place."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from panel.picker.session import Step
from panel.store.location import Location
from panel.ui.calibrate.run import CalibrateRun
from tests.desktop.conftest import OpenChat
from tests.desktop.hands import Operator
from tests.desktop.test_stepping_aside import PLACE, _overlay, _stored, session
from tests.event_loop import Aio
from tests.waiting import until


def centre(widget: QWidget) -> tuple[int, int]:
    at = widget.mapToGlobal(widget.rect().center())
    return at.x(), at.y()


def clicked(operator: Operator, run: CalibrateRun, widget: QWidget) -> None:
    """Clicks it with the real pointer, once the run's window is on top there."""
    until(widget.isVisible, "it to be shown")
    until(lambda: operator.top_at(*centre(widget)) == int(run.winId()), "the run on top")
    operator.click(*centre(widget))


@pytest.mark.slow
def test_two_agents_are_calibrated_from_one_point(
    aio: Aio, location: Location, operator: Operator, open_chat: OpenChat
) -> None:
    first = open_chat("Agent-1", geometry=(1100, 40, 420, 520))
    second = open_chat("Agent-2", geometry=(1130, 300, 420, 520))
    with session(aio, location) as window:
        operator.place(int(window.winId()), PLACE)
        operator.activate(int(window.winId()))
        window._actions.calibrate_all(["Agent-1", "Agent-2"])
        run = until(lambda: window.findChild(CalibrateRun), "the run")
        assert run is not None
        until(lambda: run.listed, "the windows")
        tile = next(
            each
            for each in run.windows.tiles.tiles()
            if each.seen.info.identity.window_id == first.window
        )
        assert not tile.seen.image.isNull()
        clicked(operator, run, tile)

        overlay = until(_overlay, "the picker")
        assert overlay is not None
        until(overlay.isActiveWindow, "its keyboard")
        assert operator.top_at(*first.point) == int(overlay.winId())
        operator.click(*first.point)
        until(lambda: overlay._session.step is Step.FRAMES, "the question")
        operator.press("enter")
        until(lambda: run.page is run.verdict and not run.busy, "the verdict", seconds=20)
        assert run.verdict.chip.chip is not None
        assert run.verdict.chip.chip.word in ("Ready", "Covered")
        target = run._target
        assert target is not None
        assert target.window is not None
        assert target.window.window_id == first.window
        looks = target.looks
        assert run.verdict.box.image.height() >= sum(look.rect.height for look in looks)
        # The caret blinks there now: that is left out, and the person is told so.
        assert looks[0].mask_png is not None
        assert "is not compared" in run.verdict.compared.text()

        clicked(operator, run, run.verdict.same_button)
        until(lambda: run.page is run.same and not run.busy, "the other window's picture")
        chosen = run.same.chosen()
        assert chosen is not None
        assert chosen.agent_id == "Agent-2"
        clicked(operator, run, run.primary_button)
        until(lambda: run.page is run.end, "the end", seconds=20)
        run.close()
    kept, other = sorted(aio.run(_stored(location)), key=lambda each: each.agent_id)
    assert (kept.agent_id, other.agent_id) == ("Agent-1", "Agent-2")
    assert kept.looks == looks
    assert other.window is not None
    assert other.window.window_id == second.window
    assert other.offset == target.offset
    assert not second.submitted
    assert {event["kind"] for event in second.touches} <= {"click"}
