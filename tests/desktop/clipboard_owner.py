"""A program with text on the clipboard, such as an editor: a process of its own."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication


def main() -> int:
    """Owns CLIPBOARD with the first argument; prints `owned` once it does, `lost` when it ends."""
    application = QGuiApplication(sys.argv)
    clipboard = application.clipboard()
    clipboard.setText(sys.argv[1])
    application.processEvents()
    print("owned" if clipboard.ownsClipboard() else "refused", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
