"""One demo agent: a chat window in a process of its own that writes down what it is told.

`python -m panel.demo.window --agent Agent-1 --record FILE` prints, once it is painted,
`READY <window id> <x> <y> <width> <height>` (its composer, native pixels). It appends every
submitted text to FILE as a JSON line before the box empties, and ends when its stdin closes or on
SIGTERM. FILE is the demo's ground truth: the panel's database has no part in it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from panel.core.clock import now, to_iso
from panel.core.geometry import Rect
from panel.demo.life import EndWatch, ReadyTeller
from panel.demo.transcript import Transcript
from panel.screen.pixels import to_native
from panel.screen.x11 import X11Windows, prepare_authority

W = TypeVar("W", bound=QWidget)

WORKING_MS = 700
_HUES = ("#0a5fb4", "#7a3fbf", "#1a6b32", "#b3202a", "#7f5200", "#00707a", "#a3356f", "#4a5a9c")
_FONTS = ["Inter", "Noto Sans", "Cantarell", "Segoe UI", "DejaVu Sans"]
_STYLE = """
QWidget#agent { background: #ffffff; color: #1f2328; }
QFrame#header { background: #f6f8fa; border: 0; border-bottom: 1px solid #d8dee4; }
QLabel#name { font-weight: 600; color: #1f2328; }
QLabel#about, QLabel#hint { color: #57606a; }
QLabel#chip { background: HUE; color: #ffffff; border-radius: 9px; font-weight: 700; }
QLabel#who { color: HUE; font-weight: 600; }
QFrame#box { background: #ffffff; border: 1px solid #aab2bd; border-radius: 10px; }
QFrame#box[focused="true"] { border-color: HUE; }
QPlainTextEdit { background: transparent; border: 0; color: #1f2328; padding: 0;
                 selection-background-color: #cfe0f3; selection-color: #1f2328; }
QScrollArea { background: #ffffff; border: 0; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 2px; }
QScrollBar::handle:vertical { background: #c6ccd4; border-radius: 2px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page
    { background: transparent; height: 0; }
"""


class Composer(QPlainTextEdit):
    """The text field: Enter submits, Shift+Enter starts a new line."""

    def __init__(self, agent: str, window: AgentWindow) -> None:
        super().__init__()
        self._window = window
        self.setObjectName("composer")
        self.setPlaceholderText(f"Message {agent}…")
        self.setFixedHeight(58)
        self.document().setDocumentMargin(1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if not enter:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Qt's own answer is U+2028, which no agent would call a new line.
            self.textCursor().insertBlock()
        else:
            self._window.submit()

    def text(self) -> str:
        """What stands in the field, exactly: toPlainText would make spaces of no-break spaces."""
        return self.document().toRawText().replace("\u2029", "\n")


class AgentWindow(QWidget):
    """Header, transcript and composer of one demo agent."""

    def __init__(self, agent: str, record: Path, title: str | None = None) -> None:
        super().__init__()
        self._record = record
        self._count = 0
        self._answers = 0
        digits = "".join(sign for sign in agent if sign.isdigit())
        self._mark = digits[-2:] or agent[:1].upper()
        hue = _HUES[(int(digits or 1) - 1) % len(_HUES)]
        self.setObjectName("agent")
        self.setWindowTitle(title or f"{agent} – demo agent")
        self.setStyleSheet(_STYLE.replace("HUE", hue))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.transcript = Transcript(hue)
        self.composer = self.make_composer(agent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header(agent))
        layout.addWidget(self.transcript, 1)
        layout.addWidget(self._footer(agent))
        self.composer.installEventFilter(self)
        self.composer.setFocus()

    def make_composer(self, agent: str) -> Composer:
        """The text field; a window that records more has another one."""
        return Composer(agent, self)

    def submit(self) -> None:
        """Writes the text to disk, and only then empties the field and answers."""
        text = self.composer.text()
        if not text.strip():
            return
        self._count += 1
        line = json.dumps({"n": self._count, "text": text, "at": to_iso(now())})
        with self._record.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.composer.clear()
        self.transcript.say(text, mine=False)
        self.transcript.set_working(True)
        QTimer.singleShot(WORKING_MS, self._answer)

    def seed(self) -> None:
        """A little conversation to start with, for pictures."""
        self.transcript.say("Tests are green. What is next?", mine=True)

    def composer_place(self) -> Rect | None:
        """The composer on the desktop, native; None while the window manager has not placed it.

        Qt may believe in the place it asked for until it hears of the frame: ask the server.
        """
        scale = self.devicePixelRatio()
        inside = self.composer.mapTo(self, QPoint(0, 0))
        if QApplication.platformName() == "xcb":
            found = _client_area(int(self.winId()))
            if found is None:
                return None
            corner = found.top_left
        else:
            corner = to_native(self.screen(), QPointF(self.mapToGlobal(QPoint(0, 0))))
        return Rect(
            corner.x + round(inside.x() * scale),
            corner.y + round(inside.y() * scale),
            round(self.composer.width() * scale),
            round(self.composer.height() * scale),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._box.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self._box.style().unpolish(self._box)
            self._box.style().polish(self._box)
        return super().eventFilter(watched, event)

    def _answer(self) -> None:
        self._answers += 1
        if self._answers == self._count:
            self.transcript.set_working(False)
            self.transcript.say(f"Got it ({self._count}). I am on it.", mine=True)

    def _header(self, agent: str) -> QFrame:
        header = _named(QFrame(), "header")
        chip = _named(QLabel(self._mark), "chip")
        chip.setFixedSize(34, 34)
        chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowIcon(QIcon(_picture(chip, self.styleSheet())))
        name = _named(QLabel(agent), "name")
        name.setTextFormat(Qt.TextFormat.PlainText)
        about = _named(QLabel("Demo agent, answers at once"), "about")
        about.setFont(_smaller(about.font()))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(name)
        words.addWidget(about)
        row = QHBoxLayout(header)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        row.addWidget(chip)
        row.addLayout(words, 1)
        return header

    def _footer(self, agent: str) -> QWidget:
        """The composer, and below it chrome that never changes: a good landmark."""
        footer = QWidget()
        self._box = _named(QFrame(), "box")
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(10, 8, 6, 8)
        inner.addWidget(self.composer)
        who = _named(QLabel(f"To {agent}"), "who")
        who.setTextFormat(Qt.TextFormat.PlainText)
        hint = _named(QLabel("Enter sends, Shift+Enter: new line"), "hint")
        for label in (who, hint):
            label.setFont(_smaller(label.font()))
        below = QHBoxLayout()
        below.setContentsMargins(4, 0, 4, 0)
        below.addWidget(who)
        below.addStretch(1)
        below.addWidget(hint)
        column = QVBoxLayout(footer)
        column.setContentsMargins(12, 6, 12, 10)
        column.setSpacing(6)
        column.addWidget(self._box)
        column.addLayout(below)
        return footer


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m panel.demo.window", description=__doc__)
    parser.add_argument("--agent", required=True, help="the agent's name")
    parser.add_argument("--record", required=True, type=Path, help="file for what was submitted")
    parser.add_argument("--title", help="the window's title, when not '<agent> – demo agent'")
    parser.add_argument("--x", type=int, default=60, help="left edge of the window's frame")
    parser.add_argument("--y", type=int, default=60, help="top edge of the window's frame")
    parser.add_argument("--width", type=int, default=360, help="width without the frame")
    parser.add_argument("--height", type=int, default=480, help="height without the frame")
    parser.add_argument("--seed-text", action="store_true", help="start with a greeting")
    parser.add_argument("--draft", default="", help="text that stands in the composer already")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    wish = parse(sys.argv[1:] if arguments is None else arguments)
    application = QApplication(["demo-agent", "-style", "fusion"])
    application.setApplicationName("demo-agent")
    font = application.font()
    font.setFamilies(_FONTS)
    font.setPointSizeF(10)
    application.setFont(font)
    window = AgentWindow(wish.agent, wish.record, wish.title)
    if wish.seed_text:
        window.seed()
    window.composer.setPlainText(wish.draft)
    window.resize(wish.width, wish.height)
    window.move(wish.x, wish.y)
    ReadyTeller(window, window.composer_place)
    EndWatch(application)
    window.show()
    return application.exec()


def _client_area(window_id: int) -> Rect | None:
    with tempfile.TemporaryDirectory() as folder:
        prepare_authority(Path(folder))
        windows = X11Windows()
        try:
            found = windows.describe(window_id)
        finally:
            windows.close()
    return found.rect if found else None


def _named(widget: W, name: str) -> W:
    widget.setObjectName(name)
    return widget


def _smaller(font: QFont) -> QFont:
    smaller = QFont(font)
    smaller.setPointSizeF(8.5)
    return smaller


def _picture(chip: QLabel, style: str) -> QPixmap:
    """The avatar as an icon for the window's frame and the task bar."""
    chip.setStyleSheet(style)
    picture = chip.grab()
    chip.setStyleSheet("")
    return picture


if __name__ == "__main__":
    sys.exit(main())
