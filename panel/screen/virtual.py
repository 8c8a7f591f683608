"""A desktop of one's own for a process without a display: Xvfb with a window manager.

A guard process (see virtual_guard) starts both and ends them when this process closes its pipe,
which the kernel also does when this process is killed.
"""

from __future__ import annotations

import json
import select
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from panel.core.errors import EnvironmentFault

DEFAULT_SIZE = (1600, 900)
START_SECONDS = 30.0
STOP_SECONDS = 10.0
_PROGRAMS = {"Xvfb": "xvfb", "openbox": "openbox"}
_NO_BUS = "disabled:"
_GUARD = Path(__file__).with_name("virtual_guard.py")


class VirtualDesktop:
    """An X server and a window manager that live as long as this object is started.

    Use it as a context manager, or call `start` and `stop`. Blocking; a start takes about 0.3 s.
    """

    def __init__(
        self, size: tuple[int, int] = DEFAULT_SIZE, *, depth: int = 24, background: str = "#dfe3e8"
    ) -> None:
        self._options = {
            "width": size[0],
            "height": size[1],
            "depth": depth,
            "background": background,
        }
        self._guard: subprocess.Popen[str] | None = None
        self._environment: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """For processes that shall use this desktop; empty before start. It is no part of the
        operator's session: whether that one is locked does not matter here."""
        return dict(self._environment)

    @property
    def display(self) -> str:
        """The display's name, such as ":5"; RuntimeError before start."""
        if not self._environment:
            raise RuntimeError("the virtual desktop is not started")
        return self._environment["DISPLAY"]

    @property
    def alive(self) -> bool:
        """Whether the X server still runs."""
        return self._guard is not None and self._guard.poll() is None

    def start(self) -> dict[str, str]:
        """Starts the server and the window manager; returns `environment`.

        Raises EnvironmentFault, naming the install command, when one of them is missing or ends.
        """
        if self._guard is not None:
            raise RuntimeError("the virtual desktop is started already")
        require_programs()
        self._guard = subprocess.Popen(
            # -P: this package's folder must not stand before the standard library's modules.
            [sys.executable, "-P", str(_GUARD), json.dumps(self._options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Ctrl+C in the terminal is for this process, which then closes in its own order.
            start_new_session=True,
        )
        try:
            answer = self._answer()
        except BaseException:
            self.stop()
            raise
        self._environment = {
            "DISPLAY": answer["display"],
            "XAUTHORITY": answer["xauthority"],
            "DBUS_SESSION_BUS_ADDRESS": _NO_BUS,
            "DBUS_SYSTEM_BUS_ADDRESS": _NO_BUS,
        }
        return self.environment

    def stop(self) -> None:
        """Ends what `start` started, and nothing else; harmless when called again."""
        guard, self._guard = self._guard, None
        self._environment = {}
        if guard is None:
            return
        assert guard.stdin is not None
        assert guard.stdout is not None
        guard.stdin.close()
        try:
            guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # The kernel then ends the guard's children (PR_SET_PDEATHSIG).
            guard.kill()
            guard.wait()
        guard.stdout.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _answer(self) -> dict[str, str]:
        assert self._guard is not None
        assert self._guard.stdout is not None
        ready, _, _ = select.select([self._guard.stdout], [], [], START_SECONDS)
        line = self._guard.stdout.readline() if ready else ""
        answer: dict[str, str] = json.loads(line) if line else {}
        if "display" not in answer:
            waited = "it ended without a word" if ready else f"no answer in {START_SECONDS:.0f} s"
            raise EnvironmentFault(
                f"The virtual desktop did not start: {answer.get('error', waited)}.",
                "See whether this runs: Xvfb -displayfd 1",
            )
        return answer


def require_programs() -> None:
    """EnvironmentFault with the install command when Xvfb or openbox is missing."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        packages = " ".join(_PROGRAMS[name] for name in missing)
        raise EnvironmentFault(
            f"A desktop of its own needs {' and '.join(missing)}.",
            f"Install: sudo apt-get install --no-install-recommends {packages}",
        )
