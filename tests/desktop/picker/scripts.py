"""A test's script in a process of its own, spoken to in JSON lines."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

SECONDS = 30.0
_ROOT = Path(__file__).parents[3]


class Script:
    """Runs `name`.py of this folder with `environment` on top of this process's own."""

    def __init__(self, name: str, *arguments: str, environment: dict[str, str]) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.desktop.picker.{name}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            cwd=_ROOT,
            env={**os.environ, **environment},
        )
        self.expect("ready")

    def say(self, *what: object) -> None:
        """One JSON line: a list of the arguments, or the argument itself when it is a mapping."""
        assert self._process.stdin is not None
        line = what[0] if len(what) == 1 and isinstance(what[0], dict) else list(what)
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()

    def line(self) -> str:
        """The next line of its answer."""
        stdout = self._process.stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], SECONDS)
        answer = stdout.readline() if ready else ""
        if not answer:
            pytest.fail(f"{self._name} gave no answer (exit code {self._process.poll()})")
        return answer.strip()

    def expect(self, word: str) -> None:
        assert self.line() == word

    def answer(self) -> Any:
        return json.loads(self.line())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._process.stdout.close()
        if error is None:
            assert code == 0, f"{self._name} ended with {code}"
