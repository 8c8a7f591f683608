"""Processes that a benchmark starts and ends: the panel's own, and those it is compared with."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from panel.core.subprocesses import module_command, module_environment

SECONDS = 60.0


def ask_panel(*words: str) -> Any:
    """The JSON answer of `captain-panel` with these words, which has to succeed."""
    done = run_panel(*words)
    if done.returncode != 0:
        raise RuntimeError(f"captain-panel {' '.join(words)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout)


def run_panel(*words: str, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        module_command("panel", "--json", *words),
        env=module_environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextlib.contextmanager
def running(
    module: str, *words: str, log: Path, piped: bool = False, seconds: float = 20.0
) -> Iterator[subprocess.Popen[str]]:
    """One of our modules as a process; it is asked to end, and killed when it does not."""
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(
            module_command(module, *words),
            env=module_environment(),
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else errors,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process, seconds)


def end(process: subprocess.Popen[str], seconds: float = 20.0) -> int:
    """Asks with SIGTERM, waits, then kills; the exit code."""
    if process.stdin is not None:
        process.stdin.close()
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    if process.stdout is not None:
        process.stdout.close()
    return process.wait()


def load() -> str:
    """What else the machine did, for a figure's detail: load averages and processors."""
    one, five, _ = os.getloadavg()
    return f"load {one:.1f} (5 min: {five:.1f}) on {os.cpu_count()} processors"


def needs(program: str, package: str) -> None:
    """Ends with the install command when a program is missing."""
    import shutil

    if shutil.which(program) is None:
        sys.exit(f"this needs {program}: sudo apt-get install {package}")


__all__: Sequence[str] = ("ask_panel", "end", "load", "needs", "run_panel", "running")
