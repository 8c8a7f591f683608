"""A program with text on the clipboard, such as an editor: a process of its own."""

from __future__ import annotations

import sys

from PySide6.QtGui import QClipboard, QGuiApplication


def main() -> int:
    """Owns CLIPBOARD and PRIMARY with the first argument; prints `owned` once it does."""
    application = QGuiApplication(sys.argv)
    clipboard = application.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
        clipboard.setText(sys.argv[1], mode)
    application.processEvents()
    print("owned" if clipboard.ownsClipboard() else "refused", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
