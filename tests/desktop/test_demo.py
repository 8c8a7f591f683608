"""`captain-panel demo` as a person runs it on a machine without a display."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from panel.screen.fingerprint import decode_png


@pytest.mark.slow
def test_demo_delivers_on_a_display_of_its_own(tmp_path: Path) -> None:
    environment = os.environ | {"CAPTAIN_PANEL_HOME": str(tmp_path / "home")}
    for name in ("DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM"):
        environment.pop(name, None)

    done = subprocess.run(
        [sys.executable, "-m", "panel", "--json", "demo", "--agents", "2", "--messages", "3"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["agents"], answer["sent"], answer["delivered"]) == (2, 6, 6)
    assert all(each["intact"] and each["in_order"] and each["once"] for each in answer["results"])
    assert decode_png(Path(answer["screenshot"]).read_bytes()).shape == (900, 1600, 3)
    assert "Traceback" not in done.stderr
