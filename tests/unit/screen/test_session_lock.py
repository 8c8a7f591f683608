"""The lock state, from real services on a private bus."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from panel.screen.session_lock import Buses, SessionLock
from tests.waiting import until

SERVICE = Path(__file__).with_name("lock_service.py")
SAVER, LOGIND = "org.freedesktop.ScreenSaver", "org.freedesktop.login1"


class Bus:
    """A daemon of this test's own."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        stack.callback(_end, self._daemon)
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()

    def serve(self, wanted: str) -> Callable[[str], None]:
        """Starts our services on it; what is called with a line when it is answered."""
        service = subprocess.Popen(
            [sys.executable, str(SERVICE), self.address, wanted],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"XDG_SESSION_ID": ""},
        )
        self._stack.callback(_end, service)
        sending, answers = service.stdin, service.stdout
        assert sending is not None and answers is not None
        assert answers.readline() == "ready\n"

        def tell(line: str) -> None:
            sending.write(line + "\n")
            sending.flush()
            assert answers.readline() == "done\n"

        return tell

    def end(self) -> None:
        _end(self._daemon)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


@pytest.fixture
def bus(qapp: QApplication) -> Iterator[Bus]:
    with ExitStack() as stack:
        yield Bus(stack)


@pytest.fixture
def watched(bus: Bus) -> Iterator[Callable[..., SessionLock]]:
    made: list[SessionLock] = []

    def make(session: str | None = None, system: str | None = None) -> SessionLock:
        made.append(SessionLock(Buses(session, system)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_nobody_answers(bus: Bus, watched: Callable[..., SessionLock]) -> None:
    assert not watched().locked()
    assert not watched("disabled:", "unix:path=/nowhere").locked()
    assert not watched(bus.address, bus.address).locked()


@pytest.mark.parametrize(("wanted", "word"), [(SAVER, "saver"), (LOGIND, "hint")])
def test_follows_what_the_service_says(
    bus: Bus, watched: Callable[..., SessionLock], wanted: str, word: str
) -> None:
    tell = bus.serve(wanted)
    lock = watched(bus.address, bus.address)
    assert not lock.locked()
    for _ in range(2):
        tell(f"{word} on")
        until(lock.locked, "the lock")
        tell(f"{word} off")
        until(lambda: not lock.locked(), "the end of the lock")


@pytest.mark.parametrize("wanted", [SAVER, LOGIND])
def test_locked_already_when_the_panel_starts(
    bus: Bus, watched: Callable[..., SessionLock], wanted: str
) -> None:
    bus.serve(f"{wanted},locked")
    assert watched(bus.address, bus.address).locked(), "it is known at once, not with the loop"


def test_one_that_unlocks_does_not_speak_for_the_other(
    bus: Bus, watched: Callable[..., SessionLock]
) -> None:
    tell = bus.serve(f"{SAVER},{LOGIND}")
    lock = watched(bus.address, bus.address)
    tell("saver on")
    tell("hint on")
    until(lambda: len([one for one in lock._said.values() if one]) == 2)
    tell("saver off")
    until(lambda: not lock._said[SAVER])
    assert lock.locked()


def test_a_saver_that_ends_or_starts_later(bus: Bus, watched: Callable[..., SessionLock]) -> None:
    tell = bus.serve(f"{SAVER},locked")
    lock = watched(bus.address)
    tell("saver end")
    until(lambda: not lock.locked(), "the saver's end")
    tell("saver start")
    until(lock.locked, "what it says at its start")


def test_asked_in_another_thread_it_costs_nothing(
    bus: Bus, watched: Callable[..., SessionLock]
) -> None:
    tell = bus.serve(SAVER)
    lock = watched(bus.address)
    tell("saver on")
    until(lock.locked)
    found: list[float] = []

    def ask() -> None:
        began = time.perf_counter()
        for _ in range(1000):
            assert lock.locked()
        found.append((time.perf_counter() - began) / 1000)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0] < 20e-6


def test_only_buses_that_are_there_are_asked(tmp_path: Path) -> None:
    assert Buses.of({"XDG_RUNTIME_DIR": str(tmp_path)}).session is None
    (tmp_path / "bus").touch()
    assert Buses.of({"XDG_RUNTIME_DIR": str(tmp_path)}).session == f"unix:path={tmp_path}/bus"
    named = Buses.of({"DBUS_SESSION_BUS_ADDRESS": "a", "DBUS_SYSTEM_BUS_ADDRESS": "b"})
    assert named == Buses("a", "b")
