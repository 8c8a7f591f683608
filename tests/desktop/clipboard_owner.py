"""A program with something on the clipboard, such as an editor: a process of its own.

What: `text` (the default), `secret` as a password manager marks it, `large`, `other` (a kind that
nobody keeps), `rich` (text with HTML, a file list and a PNG), `hung` (it never answers).
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

RICH = {"text/html": b"<b>bold</b>", "text/uri-list": b"file:///tmp/a\r\n", "image/png": b"\x89PNG"}


def contents(what: str, text: str) -> QMimeData:
    """The clipboard of that kind."""
    data = QMimeData()
    if what == "other":
        data.setData("application/x-drawing", QByteArray(text.encode()))
        return data
    data.setText(text if what != "large" else "x" * (17 * 1024 * 1024))
    if what == "secret":
        data.setData("x-kde-passwordManagerHint", QByteArray(b"secret"))
    if what == "rich":
        for kind, content in RICH.items():
            data.setData(kind, QByteArray(content))
    return data


def main() -> int:
    """Owns CLIPBOARD and PRIMARY with the first argument, as the second says; prints `owned`."""
    what = sys.argv[2] if len(sys.argv) > 2 else "text"
    application = QGuiApplication(sys.argv)
    clipboard = application.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        clipboard.setMimeData(contents(what, sys.argv[1]), mode)
    application.processEvents()
    print("owned" if clipboard.ownsClipboard() else "refused", flush=True)
    if what == "hung":
        sys.stdin.read()
        return 0
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
