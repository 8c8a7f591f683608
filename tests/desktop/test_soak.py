"""A short soak with a fixed seed: the whole of `make soak`, in little."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from panel.core.subprocesses import module_command, module_environment

SEED = 20260314
SECONDS = 40


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_short_soak(tmp_path: Path) -> None:
    report = tmp_path / "soak.json"
    words = ["--seconds", str(SECONDS), "--seed", str(SEED), "--report", str(report)]
    done = subprocess.run(
        module_command("bench.soak", *words, "--folder", str(tmp_path / "soak")),
        env=module_environment(),
        capture_output=True,
        text=True,
        timeout=390,
        check=False,
    )
    assert report.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(report.read_text("utf-8"))
    # Beside the goals: that there was something to judge.
    assert sum(told["faults"].values()) >= 10, told["faults"]
    assert told["faults"]["kill"] >= 2 and told["restarts_looked_at"] >= 2
    assert told["states"]["delivered"] >= 20, told["states"]
    assert done.returncode == 0, json.dumps(told["violations"], indent=2)
