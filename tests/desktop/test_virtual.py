"""The desktop for processes without one: it starts, it ends, and it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from panel.core.errors import EnvironmentFault
from panel.screen import virtual
from panel.screen.virtual import VirtualDesktop
from tests.waiting import until

_HOLD = """
import sys
from panel.screen.virtual import VirtualDesktop
desktop = VirtualDesktop((320, 200))
desktop.start()
print(desktop.display, desktop._guard.pid, desktop.environment["XAUTHORITY"], flush=True)
sys.stdin.read()
"""


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _property(desktop: VirtualDesktop, name: str) -> str:
    answer = subprocess.run(
        ["xprop", "-root", name],
        env=os.environ | desktop.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout


def test_starts_with_a_window_manager_and_ends() -> None:
    with VirtualDesktop((800, 600)) as first, VirtualDesktop((640, 480)) as second:
        assert first.display != second.display
        assert "window id" in _property(first, "_NET_SUPPORTING_WM_CHECK")
        assert "800, 600" in _property(first, "_NET_DESKTOP_GEOMETRY")
        living = [first.alive]
        file = Path(first.environment["XAUTHORITY"])
        assert file.stat().st_mode & 0o777 == 0o600
    living.append(first.alive)
    assert living == [True, False]
    assert first.environment == {}
    assert not file.parent.exists()
    first.stop()
    with pytest.raises(RuntimeError, match="not started"):
        _ = first.display


def test_others_without_the_cookie_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    with VirtualDesktop((320, 200)) as desktop:
        environment = os.environ | desktop.environment | {"XAUTHORITY": str(empty)}
        answer = subprocess.run(
            ["xprop", "-root"], env=environment, capture_output=True, check=False
        )
        assert answer.returncode != 0


@pytest.mark.parametrize("victim", ["owner", "guard"])
def test_leaves_no_orphans_when_killed(victim: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    _display, guard_text, authority = owner.stdout.readline().split()
    guard = int(guard_text)
    processes = _children(guard)
    assert len(processes) == 2
    os.kill(owner.pid if victim == "owner" else guard, signal.SIGKILL)
    until(lambda: not any(_alive(pid) for pid in processes), "Xvfb and openbox to end")
    owner.stdin.close()
    owner.wait(10)
    owner.stdout.close()
    if victim == "owner":
        until(lambda: not Path(authority).parent.exists(), "the folder to be removed")


def test_missing_programs_are_named_with_their_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault) as caught:
        VirtualDesktop().start()
    assert "apt-get install --no-install-recommends xvfb openbox" in str(caught.value)


def test_a_server_that_ends_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in virtual._PROGRAMS:
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho no such screen >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    desktop = VirtualDesktop()
    with pytest.raises(EnvironmentFault, match="no such screen"):
        desktop.start()
    assert not desktop.alive
