"""The dispatchers: two that run for ever, killed with SIGKILL and started again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.clerk import Clerk
from bench.processes import end
from bench.soak.incidents import Log
from panel.core.subprocesses import module_command, module_environment
from panel.screen.x11_owner import DispatcherLock
from tests.desktop.hands import Operator

PHASES = ("claimed", "pasting", "submitting", "between")
_AGAIN_SECONDS = 1.0
_REFUSED_SECONDS = 4.0
"""After one that was told that another one holds the display, or that had no room on the disk."""
_LOOK_SECONDS = 0.0015
_PATIENCE_SECONDS = 6.0
_LATEST_AFTER_MS = 30.0
_KEYS_AFTER_SECONDS = 1.0
_SAMPLES, _SAMPLE_SECONDS = 6, 0.03


class Dispatcher:
    """One `captain-panel dispatch --forever` that is started again whenever it has ended."""

    def __init__(self, name: str, log: Path) -> None:
        self._name = name
        self._log = log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"dispatcher-{name}")
        self.process: subprocess.Popen[str] | None = None
        self.exits: Counter[int] = Counter()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
        self._thread.join()

    def _keep(self) -> None:
        while not self._stop.is_set():
            with self._log.open("a", encoding="utf-8") as errors:
                self.process = subprocess.Popen(
                    module_command("panel", "dispatch", "--forever"),
                    env=module_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=errors,
                    stderr=errors,
                    text=True,
                    start_new_session=True,
                )
            while self.process.poll() is None and not self._stop.is_set():
                time.sleep(0.05)
            code = end(self.process) if self._stop.is_set() else self.process.wait()
            self.exits[code] += 1
            self._stop.wait(_AGAIN_SECONDS if code < 0 else _REFUSED_SECONDS)


class Killer:
    """Kills whichever process is sending, in a phase chosen by chance, and looks at the keys a
    second after the next dispatcher has taken the display."""

    def __init__(self, clerk: Clerk, log: Log, ours: Callable[[], set[int]], seed: int) -> None:
        self._clerk = clerk
        self._log = log
        self._ours = ours
        self._chance = random.Random(seed)
        self._threads: list[threading.Thread] = []
        self.phases: Counter[str] = Counter()
        self.restarts = 0
        self.keys_left_down: list[list[int]] = []

    def strike(self) -> None:
        """Begins one kill, in a thread of its own."""
        phase = PHASES[len(self._threads) % len(PHASES)]
        after = self._chance.uniform(0, _LATEST_AFTER_MS) / 1000
        thread = threading.Thread(target=self._kill, args=(phase, after), name="killer")
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        for thread in self._threads:
            thread.join()

    def _kill(self, phase: str, after: float) -> None:
        pid = self._await_phase(phase)
        if pid is None:
            self._log.missed["kill"] += 1
            return
        time.sleep(after)
        with self._log.going_on("kill", note=phase):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            found = [str(row["phase"]) for row in self._clerk.being_sent()]
            self.phases[found[0] if found else "between"] += 1
            self._look_at_keys(pid)

    def _await_phase(self, phase: str) -> int | None:
        """The process that is in this phase now, once one is; None when none was in time."""
        limit = time.monotonic() + _PATIENCE_SECONDS
        with _lock() as lock:
            while time.monotonic() < limit:
                rows = self._clerk.being_sent()
                if phase == "between" and not rows:
                    pid = (lock.holder() or {}).get("pid")
                    if pid in self._ours():
                        return int(str(pid))
                for row in rows:
                    pid = json.loads(str(row["dispatcher"]))["pid"]
                    if row["phase"] == phase and pid in self._ours():
                        return int(pid)
                time.sleep(_LOOK_SECONDS)
        return None

    def _look_at_keys(self, killed: int) -> None:
        """Keys that are down in every sample, one second after the next one holds the display."""
        with _lock() as lock:
            limit = time.monotonic() + 30
            while (lock.holder() or {}).get("pid") in {None, killed}:
                if time.monotonic() > limit:
                    return
                time.sleep(0.02)
        self.restarts += 1
        time.sleep(_KEYS_AFTER_SECONDS)
        hands = Operator()
        try:
            down = set(hands.keys_down())
            for _ in range(_SAMPLES):
                time.sleep(_SAMPLE_SECONDS)
                down &= set(hands.keys_down())
        finally:
            hands.close()
        if down:
            self.keys_left_down.append(sorted(down))


def _lock() -> contextlib.closing[DispatcherLock]:
    return contextlib.closing(DispatcherLock())
