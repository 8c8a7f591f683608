"""Other processes that use the database, as a command line beside the window does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_START = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from panel.store import agents, attempts, control, messages
from panel.store.connection import Connection, Transaction
from panel.store.opening import current_schema, open_for_writing
from tests.unit.store import builders
application = QCoreApplication([])
path = Path(sys.argv[1])
connection = {connection}
tx = Transaction(connection)
def say(word):
    print(word, flush=True)
def heard():
    return sys.stdin.readline().strip()
"""
_READY = "open_for_writing(path, current_schema(), create=True)"
_BARE = "Connection.writing(path)"


class Helper:
    """A process that opens the database as `connection` and `tx`, then runs a script.

    The script talks by `say(word)` and `heard()`.
    """

    def __init__(self, path: Path, script: str, *, made_ready: bool = True) -> None:
        start = _START.format(connection=_READY if made_ready else _BARE)
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"{start}\n{script}", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout

    def hear(self) -> str:
        """The next line that it says; empty when it has ended."""
        return self._stdout.readline().strip()

    def tell(self, word: str) -> None:
        self._stdin.write(f"{word}\n")
        self._stdin.flush()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._close()

    def finish(self) -> list[str]:
        """Waits for its end; returns what it still said."""
        said = self._stdout.read().split()
        assert self._process.wait(60) == 0
        self._close()
        return said

    def _close(self) -> None:
        self._stdin.close()
        self._stdout.close()


@contextmanager
def holding(path: Path, script: str, *, made_ready: bool = True) -> Iterator[None]:
    """While the block runs, another process has run `script` and keeps its connection."""
    helper = Helper(path, f"{script}\nsay('holding')\nheard()", made_ready=made_ready)
    assert helper.hear() == "holding"
    yield
    helper.tell("go")
    helper.finish()
