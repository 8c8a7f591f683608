"""Keeps the operator's clipboard alive after a short command has ended.

On X11 a clipboard lives in the program that offers it. A command that borrowed it and gave it back
would take it along when it ends, so it leaves this small process behind, which ends by itself as
soon as anybody else copies something.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

from panel.core.subprocesses import module_command, module_environment

Contents = Mapping[str, Mapping[str, bytes]]
"""By mode ("clipboard", "selection"), content by MIME type."""

_MODES = {"clipboard": QClipboard.Mode.Clipboard, "selection": QClipboard.Mode.Selection}
_START_SECONDS = 5.0


def hand_over(contents: Contents) -> None:
    """Starts a keeper and returns once it owns the clipboard; nothing happens for no content."""
    if not any(contents.values()):
        return
    words = {
        mode: {kind: base64.b64encode(data).decode() for kind, data in kept.items()}
        for mode, kept in contents.items()
    }
    keeper = subprocess.Popen(
        module_command("panel.dispatch.keeper"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        cwd="/",
        env=module_environment(),
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    with keeper.stdin, keeper.stdout:
        keeper.stdin.write(json.dumps(words) + "\n")
        keeper.stdin.flush()
        keeper.stdout.readline()
    # It outlives us on purpose; without this the interpreter would warn of a running child.
    keeper.returncode = 0


def main() -> int:
    """The keeper: contents as JSON on stdin, `owned` on stdout, then the wait."""
    words: dict[str, dict[str, str]] = json.loads(sys.stdin.readline())
    application = QGuiApplication(["captain-panel-clipboard"])
    clipboard = application.clipboard()
    for mode, kept in words.items():
        data = QMimeData()
        for kind, encoded in kept.items():
            data.setData(kind, QByteArray(base64.b64decode(encoded)))
        if kept:
            clipboard.setMimeData(data, _MODES[mode])

    def owns() -> bool:
        return clipboard.ownsClipboard() or clipboard.ownsSelection()

    application.processEvents()
    print("owned", flush=True)
    clipboard.changed.connect(lambda _mode: None if owns() else application.quit())
    return application.exec() if owns() else 0


if __name__ == "__main__":
    sys.exit(main())
