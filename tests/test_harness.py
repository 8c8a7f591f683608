"""The harness itself: the loop, the leak finder, the environment."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from panel.screen.virtual import VirtualDesktop
from tests.event_loop import Aio
from tests.leaks import Leaks


def test_environment_is_the_tests_own(desktop: VirtualDesktop, qapp: QApplication) -> None:
    assert os.environ["DISPLAY"] == desktop.display
    assert qapp.primaryScreen().size().toTuple() == (1600, 900)
    assert qapp.style().objectName() == "fusion"
    assert qapp.platformName() == "xcb"


async def test_coroutines_run_on_qt() -> None:
    fired = asyncio.get_running_loop().create_future()
    QTimer.singleShot(0, lambda: fired.set_result(3))
    assert await fired == 3


@pytest.mark.parametrize("number", [1, 2])
async def test_coroutines_take_fixtures(number: int, aio: Aio) -> None:
    assert asyncio.get_running_loop() is aio.loop
    await aio.until(lambda: number)


def test_tasks_go_on_while_a_plain_test_waits(aio: Aio, qtbot: QtBot) -> None:
    async def work() -> str:
        await asyncio.sleep(0.01)
        return asyncio.get_running_loop().__class__.__name__

    with aio.running():
        task = asyncio.ensure_future(work())
        qtbot.waitUntil(task.done)
    assert "EventLoop" in task.result()
    assert aio.run(work())


def test_a_left_task_is_told(qapp: QApplication) -> None:
    aio = Aio(qapp)
    with aio.running():
        task = asyncio.ensure_future(asyncio.sleep(60), loop=aio.loop)
    assert "cancel it and await it" in " ".join(aio.close())
    assert task.cancelled()


def test_an_unhandled_fault_is_told(qapp: QApplication) -> None:
    aio = Aio(qapp)
    aio.loop.call_soon(lambda: 1 / 0)
    aio.run(asyncio.sleep(0.01))
    assert "ZeroDivisionError" in " ".join(aio.close())


def test_a_left_window_is_told_and_removed(qapp: QApplication) -> None:
    leaks = Leaks()
    window = QWidget()
    window.setObjectName("forgotten")
    assert "forgotten" in " ".join(leaks.found())
    assert leaks.found() == []


def test_a_closed_window_is_none(qtbot: QtBot) -> None:
    leaks = Leaks()
    window = QWidget()
    window.show()
    window.close()
    window.deleteLater()
    assert leaks.found() == []


def test_a_left_thread_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.leaks.THREAD_SECONDS", 0.05)
    leaks = Leaks()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="left")
    thread.start()
    assert "'left' still runs" in " ".join(leaks.found())
    end.set()
    thread.join()
