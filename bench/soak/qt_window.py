"""A window of the demo's kind that writes down everything: a process of its own.

`python -m bench.soak.qt_window --agent NAME --record FILE [--title T] [--x …]` prints READY as the
demo's window does. FILE gets a JSON line, synced, for each thing that happened to its text:
`{"at": seconds, "kind": "draft" | "submit" | "paste", "text": …}`; "draft" is what now stands in
the box, "paste" what was put in at once. Lines on stdin: `ask on` and `ask off` for a modal
question; it ends when stdin closes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication, QMessageBox

from panel.demo.life import ReadyTeller
from panel.demo.window import AgentWindow, Composer, parse


class Record:
    """The file; each line is on the disk before the call returns."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")

    def add(self, kind: str, text: str) -> None:
        self._file.write(json.dumps({"at": time.time(), "kind": kind, "text": text}) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class RecordedComposer(Composer):
    """Knows of pastes, also of those that are taken back at once."""

    def __init__(self, agent: str, window: RecordedWindow) -> None:
        super().__init__(agent, window)
        self._record = window.record

    def insertFromMimeData(self, source: Any) -> None:
        self._record.add("paste", source.text())
        super().insertFromMimeData(source)


class RecordedWindow(AgentWindow):
    """An agent's window whose box is recorded with every change."""

    def __init__(self, agent: str, file: Path, title: str | None) -> None:
        self.record = Record(file)
        super().__init__(agent, file.with_suffix(".demo"), title)
        self.record.add("draft", "")
        self.composer.textChanged.connect(self._on_composer_changed)

    def make_composer(self, agent: str) -> Composer:
        return RecordedComposer(agent, self)

    def submit(self) -> None:
        text = self.composer.text()
        if text.strip():
            self.record.add("submit", text)
        super().submit()

    def _on_composer_changed(self) -> None:
        self.record.add("draft", self.composer.text())


class Orders(QObject):
    """What the soak asks of this window, line by line; the end of stdin ends it."""

    def __init__(self, application: QApplication, window: RecordedWindow) -> None:
        super().__init__(application)
        self._application = application
        self._question = QMessageBox(window)
        self._question.setText("May the agent run this command?")
        self._question.setModal(True)
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_stdin_readable)

    def _on_stdin_readable(self) -> None:
        said = os.read(sys.stdin.fileno(), 4096).decode()
        if not said:
            self._notifier.setEnabled(False)
            self._application.quit()
        for line in said.splitlines():
            if line == "ask on":
                self._question.open()
            elif line == "ask off":
                self._question.done(0)


def main() -> int:
    wish = parse(sys.argv[1:])
    application = QApplication(["soak-agent", "-style", "fusion"])
    window = RecordedWindow(wish.agent, wish.record, wish.title)
    window.resize(wish.width, wish.height)
    window.move(wish.x, wish.y)
    ReadyTeller(window, window.composer_place)
    orders = Orders(application, window)
    window.show()
    code = application.exec()
    del orders
    return code


if __name__ == "__main__":
    sys.exit(main())
