"""The process between a program and its virtual desktop; run as a script by panel.screen.virtual.

It starts Xvfb and openbox, answers one JSON line on stdout, and ends both when its stdin closes.
Being single-threaded it may use PR_SET_PDEATHSIG, which is bound to the parent's *thread*: so its
children end even when it is killed itself. It imports nothing of panel, to start quickly.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_FAMILY_LOCAL = 256
_SECONDS = 20.0

# Only what a person expects of any desktop: click to focus and raise, move, resize, the three
# buttons. No keyboard bindings and no menus, so that no test and no demo meets a surprise.
_OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse><raiseOnFocus>no</raiseOnFocus></focus>
  <placement><policy>Smart</policy><center>no</center></placement>
  <theme>
    <name>captain</name><titleLayout>NLIMC</titleLayout><keepBorder>yes</keepBorder>
    <animateIconify>no</animateIconify>
    <font place="ActiveWindow"><name>sans</name><size>9</size><weight>bold</weight></font>
    <font place="InactiveWindow"><name>sans</name><size>9</size><weight>bold</weight></font>
  </theme>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <resize><drawContents>yes</drawContents><popupShow>Never</popupShow></resize>
  <keyboard></keyboard>
  <mouse>
    <dragThreshold>4</dragThreshold>
    <context name="Titlebar">
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
    </context>
    <context name="Titlebar Top Right Bottom Left TLCorner TRCorner BRCorner BLCorner">
      <mousebind button="Left" action="Press">
        <action name="Focus"/><action name="Raise"/>
      </mousebind>
    </context>
    <context name="Bottom Right Left BRCorner BLCorner">
      <mousebind button="Left" action="Drag"><action name="Resize"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press">
        <action name="Focus"/><action name="Raise"/>
      </mousebind>
    </context>
    <context name="Iconify">
      <mousebind button="Left" action="Click"><action name="Iconify"/></mousebind>
    </context>
    <context name="Maximize">
      <mousebind button="Left" action="Click"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Close">
      <mousebind button="Left" action="Click"><action name="Close"/></mousebind>
    </context>
  </mouse>
  <menu></menu>
</openbox_config>
"""

_THEME = """border.width: 1
padding.width: 8
padding.height: 5
window.client.padding.width: 0
window.client.padding.height: 0
window.handle.width: 0
window.active.border.color: #aab2bd
window.inactive.border.color: #c6ccd4
window.active.title.bg: flat solid
window.active.title.bg.color: #f6f8fa
window.inactive.title.bg: flat solid
window.inactive.title.bg.color: #eceff2
window.active.title.separator.color: #d8dee4
window.inactive.title.separator.color: #dfe3e8
window.active.label.bg: parentrelative
window.inactive.label.bg: parentrelative
window.active.label.text.color: #1f2328
window.inactive.label.text.color: #7d8590
window.label.text.justify: center
window.active.button.*.bg: parentrelative
window.inactive.button.*.bg: parentrelative
window.active.button.*.image.color: #57606a
window.inactive.button.*.image.color: #a5adb7
window.active.button.hover.image.color: #0a5fb4
window.active.grip.bg: flat solid
window.active.grip.bg.color: #f6f8fa
window.inactive.grip.bg: flat solid
window.inactive.grip.bg.color: #eceff2
window.active.handle.bg: flat solid
window.active.handle.bg.color: #f6f8fa
window.inactive.handle.bg: flat solid
window.inactive.handle.bg.color: #eceff2
"""


class _StartError(Exception):
    """Why the desktop did not start, in words."""


def _answer(**words: str) -> None:
    print(json.dumps(words), file=sys.__stdout__, flush=True)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _spawn(
    command: list[str], environment: dict[str, str], log: Path, keep: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=keep,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no other threads here
        )


def _write_authority(file: Path, display_number: str, cookie: bytes) -> None:
    """The server's and the clients' MIT-MAGIC-COOKIE-1, in the format of Xau."""
    parts = (socket.gethostname().encode(), display_number.encode(), b"MIT-MAGIC-COOKIE-1", cookie)
    entry = struct.pack(">H", _FAMILY_LOCAL)
    entry += b"".join(struct.pack(">H", len(part)) + part for part in parts)
    file.touch(mode=0o600)
    file.write_bytes(entry)


def _start_server(options: dict[str, int], folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    receiver, sender = os.pipe()
    screen = f"{options['width']}x{options['height']}x{options['depth']}"
    # Without -noreset the server starts afresh, with all properties gone, whenever its last
    # client leaves.
    command = ["Xvfb", "-displayfd", str(sender), "-screen", "0", screen]
    command += ["-nolisten", "tcp", "-noreset", "-dpi", "96"]
    # With a cookie only this user's processes that are told of it see what is typed there.
    command += ["-auth", str(folder / "authority")]
    try:
        server = _spawn(command, dict(os.environ), folder / "server.log", (sender,))
    finally:
        os.close(sender)
    return server, receiver


def _display_number(receiver: int, log: Path) -> str:
    """What -displayfd says once the server takes connections."""
    told = b""
    limit = time.monotonic() + _SECONDS
    while not told.endswith(b"\n"):
        ready, _, _ = select.select([receiver], [], [], max(0.0, limit - time.monotonic()))
        chunk = os.read(receiver, 64) if ready else b""
        if not chunk:
            raise _StartError(f"Xvfb said: {log.read_text(errors='replace').strip()[-300:]!r}")
        told += chunk
    os.close(receiver)
    return told.decode().strip()


def _prepare_manager(folder: Path) -> None:
    theme = folder / "themes" / "captain" / "openbox-3"
    theme.mkdir(parents=True)
    (theme / "themerc").write_text(_THEME, encoding="utf-8")
    (folder / "rc.xml").write_text(_OPENBOX, encoding="utf-8")


def _await_manager(
    manager: subprocess.Popen[bytes], display: str, background: str, log: Path
) -> None:
    """Returns when the window manager says that it manages; paints the desktop before."""
    from Xlib import X
    from Xlib.display import Display

    connection = Display(display)
    root = connection.screen().root
    root.change_attributes(
        event_mask=X.PropertyChangeMask, background_pixel=int(background.lstrip("#"), 16)
    )
    root.clear_area()
    check = connection.intern_atom("_NET_SUPPORTING_WM_CHECK")
    limit = time.monotonic() + _SECONDS
    while root.get_full_property(check, X.AnyPropertyType) is None:
        if manager.poll() is not None or time.monotonic() > limit:
            raise _StartError(f"openbox said: {log.read_text(errors='replace').strip()[-300:]!r}")
        if connection.pending_events() == 0:
            select.select([connection.fileno()], [], [], 0.2)
        while connection.pending_events():
            connection.next_event()
    connection.close()


def _run(options: dict[str, int], background: str, folder: Path) -> None:
    """Starts both, answers, and waits until stdin closes or the server ends."""
    children: list[subprocess.Popen[bytes]] = []
    try:
        authority, cookie = folder / "authority", secrets.token_bytes(16)
        _write_authority(authority, "", cookie)
        server, receiver = _start_server(options, folder)
        children.append(server)
        _prepare_manager(folder)
        number = _display_number(receiver, folder / "server.log")
        _write_authority(authority, number, cookie)
        os.environ["XAUTHORITY"] = str(authority)
        display = f":{number}"
        environment = dict(os.environ, DISPLAY=display, XDG_DATA_HOME=str(folder))
        command = ["openbox", "--sm-disable", "--config-file", str(folder / "rc.xml")]
        manager = _spawn(command, environment, folder / "manager.log")
        children.append(manager)
        _await_manager(manager, display, background, folder / "manager.log")
        _answer(display=display, xauthority=str(authority))
        watched = os.pidfd_open(server.pid)
        select.select([sys.stdin, watched], [], [])
    finally:
        for child in reversed(children):
            child.terminate()
        for child in children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def main() -> int:
    options = json.loads(sys.argv[1])
    background = options.pop("background")
    # SIGTERM to the guard must take the way through `finally` too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.stdout = sys.stderr  # Xlib prints warnings; the answer stands alone
    folder = Path(tempfile.mkdtemp(prefix="captain-panel-desktop-"))
    try:
        _run(options, background, folder)
    except (_StartError, OSError) as error:
        _answer(error=str(error))
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
