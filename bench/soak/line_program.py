"""A program in a terminal that takes lines, such as an agent's prompt: `line_program.py FILE`.

It echoes what is typed itself and so knows what stands at its prompt. FILE gets the same lines as
that of `qt_window`. SIGUSR1 makes it busy for two seconds. It uses the standard library only.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import termios
import time
import tty
from types import FrameType

BUSY_SECONDS = 2.0
_BACKSPACE = {"\x7f", "\x08"}
_CLEAR_LINE = "\x15"


class Prompt:
    """What stands at the prompt, and the file that every change of it goes to."""

    def __init__(self, file: str) -> None:
        self._descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.draft = ""
        self.busy_until = 0.0
        self.record("draft", "")

    def record(self, kind: str, text: str) -> None:
        line = json.dumps({"at": time.time(), "kind": kind, "text": text}) + "\n"
        os.write(self._descriptor, line.encode())
        os.fsync(self._descriptor)

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.busy_until = time.monotonic() + BUSY_SECONDS

    def work(self) -> None:
        """Says something again and again, as an agent at work does."""
        while time.monotonic() < self.busy_until:
            say(f"\r\n… still at it {time.monotonic():.3f}")
            time.sleep(0.05)
        say(f"\r\n> {self.draft}")

    def take(self, sign: str) -> None:
        if sign in {"\r", "\n"}:
            full = bool(self.draft.strip())
            if full:
                self.record("submit", self.draft)
            say("\r\ntaken\r\n> " if full else "\r\n> ")
            self.draft = ""
        elif sign in _BACKSPACE:
            say("\b \b" if self.draft else "")
            self.draft = self.draft[:-1]
        elif sign == _CLEAR_LINE:
            self.draft = ""
            say("\r\x1b[K> ")
        elif sign.isprintable():
            self.draft += sign
            say(sign)


def main() -> None:
    terminal = sys.stdin.fileno()
    tty.setcbreak(terminal)
    settings = termios.tcgetattr(terminal)
    settings[3] &= ~termios.ISIG
    settings[6][termios.VLNEXT] = settings[6][termios.VDISCARD] = b"\0"
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
    prompt = Prompt(sys.argv[1])
    signal.signal(signal.SIGUSR1, prompt.on_signal)
    say("Ready.\r\n> ")
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        got = os.read(terminal, 4096).decode("utf-8", "replace") if ready else ""
        if ready and not got:
            return
        if prompt.busy_until > time.monotonic():
            prompt.work()
        for sign in got:
            prompt.take(sign)
        if got:
            prompt.record("draft", prompt.draft)


def say(text: str) -> None:
    os.write(1, text.encode())


if __name__ == "__main__":
    main()
