"""Chats in a real Chromium: the class of window that IDE chats are. One browser, many windows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from tests.desktop.chat_server import KEEPER_TITLE, ChatServer, PageRecord
from tests.desktop.wm import Eyes, Geometry
from tests.waiting import until

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disable-dev-shm-usage",
    "--hide-crash-restore-bubble",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--force-device-scale-factor=1",
    "--disable-smooth-scrolling",
    "--disable-features=Translate,MediaRouter,OptimizationHints,CalculateNativeWinOcclusion",
)
_TOUCHES = ("key", "click", "paste", "input", "submit")


@dataclass(frozen=True)
class ChatOptions:
    """How a chat behaves; the defaults are those of a well-behaved one."""

    agent: str = "Agent-1"
    title: str = ""  # "<agent> – chat" when empty; give two chats the same to confuse the panel
    placeholder: str = "Message the agent…"
    draft: str = ""  # text that a person has left in the composer
    color: str = "#7a3fbf"
    grows: bool = False  # the composer grows with its text, and so moves its upper edge
    busy: bool = False  # a spinner turns in the header
    submits: Literal["empties", "keeps", "never"] = "empties"  # what Enter does
    submit_delay_ms: int = 0  # the composer empties only after this
    submit_key: Literal["enter", "ctrl+enter"] = "enter"
    swallows_paste: bool = False  # the text is asked for and then thrown away
    opens_list: bool = False  # a list of choices opens when text is pasted
    steals_focus: bool = False  # a search box takes the focus as soon as the composer has it
    careful: bool = False  # each event is on record before the page goes on, even if it is closed


@dataclass
class ChromiumAgent:
    """One chat window and its ground truth."""

    eyes: Eyes
    options: ChatOptions
    window: int
    page: PageRecord
    title: str
    pid: int

    @property
    def rect(self) -> Geometry:
        """Client area now: x, y, width, height, native."""
        return self.eyes.geometry(self.window)

    @property
    def composer(self) -> Geometry:
        """The text field's place on the desktop now, native."""
        return self._asked_layout("composer")

    @property
    def point(self) -> tuple[int, int]:
        """A good click point: the composer's centre."""
        x, y, width, height = self.composer
        return x + width // 2, y + height // 2

    @property
    def header(self) -> Geometry:
        """The place of the agent's name, on static chrome that tells chats apart."""
        return self._asked_layout("header")

    @property
    def search(self) -> Geometry:
        """The search box's place (with `steals_focus`)."""
        return self._asked_layout("search")

    @property
    def submitted(self) -> list[str]:
        """The ground truth: the texts that were submitted, in order."""
        return [event["text"] for event in self.page.of_kind("submit")]

    @property
    def touches(self) -> list[dict[str, Any]]:
        """Every key, click, paste, input and submission that the page has got, in order.

        Waits until the page has told all that happened up to now.
        """
        number = len(self.page.events)
        self._order("ping", number)
        until(
            lambda: {"kind": "pong", "value": number} in self.page.of_kind("pong"),
            f"{self.title!r} to tell its events",
        )
        return self.page.of_kind(*_TOUCHES)

    @property
    def untouched(self) -> bool:
        """Nothing was clicked, typed, pasted or submitted here, by the page's own record."""
        return not self.touches

    @property
    def text(self) -> str:
        """What stands in the composer, by the last input event."""
        found = self.page.of_kind("input", "submit")
        if not found:
            return self.options.draft
        return str(found[-1]["text"]) if found[-1]["kind"] == "input" else ""

    def await_submitted(self, count: int, *, seconds: float = 10.0) -> list[str]:
        """The submitted texts, once there are `count` of them."""
        what = f"{count} messages in {self.title!r}"
        until(lambda: len(self.submitted) >= count, what, seconds=seconds)
        return self.submitted

    def tell(self, order: str, value: object = None) -> None:
        """Has the page do something, and waits until it is painted.

        Orders: draft TEXT, submits HOW, busy BOOL, title TEXT, header TEXT, say TEXT, placeholder
        TEXT, dark BOOL, off BOOL (the composer, greyed out), ask BOOL (a modal question), scroll
        SHARE.
        """
        count = len(self.page.of_kind("obeyed"))
        self._order(order, value)
        until(lambda: len(self.page.of_kind("obeyed")) > count, f"{self.title!r} to {order}")

    def forget(self) -> None:
        """Empties the record, so that `untouched` speaks of what comes now."""
        _ = self.touches
        self.page.forget()

    def close(self) -> None:
        if self.eyes.exists(self.window):
            self.eyes.close_window(self.window)
        self.page.orders.put(None)

    def _order(self, order: str, value: object) -> None:
        self.page.orders.put({"order": order, "value": value})

    def _asked_layout(self, what: str) -> Geometry:
        told: dict[str, Any] = {}

        def agrees() -> bool:
            """The page has heard of the window's latest place and size."""
            told.update(self._layout())
            return tuple(told["window"]) == self.rect

        until(agrees, f"{self.title!r} to know its place")
        x, y, width, height = told[what]
        return x, y, width, height

    def _layout(self) -> dict[str, Any]:
        count = len(self.page.of_kind("layout"))
        self._order("layout", None)
        until(
            lambda: len(self.page.of_kind("layout")) > count, f"{self.title!r} to tell its layout"
        )
        return self.page.of_kind("layout")[-1]


class Chromium:
    """A browser of the tests' own; `open` adds a window to it (0.3 s, the first 1.5 s)."""

    def __init__(self) -> None:
        self._server = ChatServer()
        self._folder = Path(tempfile.mkdtemp(prefix="captain-panel-chromium-"))
        self._log = self._folder / "browser.log"
        self._browser: subprocess.Popen[bytes] | None = None

    def open(
        self, eyes: Eyes, options: ChatOptions, geometry: Geometry = (100, 60, 420, 560)
    ) -> ChromiumAgent:
        """A chat window with this client area, loaded, painted and active."""
        self._start(eyes)
        page = self._server.new_page()
        title = options.title or f"{options.agent} – chat"
        wish = asdict(options) | {"number": page.number, "title": title}
        query = urlencode({"options": json.dumps(wish)})
        before = eyes.windows()
        self._launch(f"{self._server.address(page)}chat?{query}", geometry)
        until(lambda: page.of_kind("ready"), f"the page {title!r} to load", seconds=30)
        window = eyes.await_window(title, besides=before)
        eyes.place(window, geometry)
        eyes.activate(window)
        pid = eyes.pid(window)
        assert pid is not None
        chat = ChromiumAgent(eyes, options, window, page, title, pid)
        _ = chat.composer  # returns when the page is laid out for its size
        return chat

    def close(self) -> None:
        if self._browser is not None:
            self._browser.terminate()
            try:
                self._browser.wait(5)
            except subprocess.TimeoutExpired:
                self._browser.kill()
                self._browser.wait()
        self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, eyes: Eyes) -> None:
        """Starts the browser with a page of its own, which outlives all chats and hides.

        Chromium ends with its last window, and 1.5 s for each test would be too much.
        """
        if self._browser is not None and self._browser.poll() is None:
            return
        line = self._line(self._server.keeper_address(), (0, 0, 300, 200))
        with self._log.open("ab") as log:
            self._browser = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(os.environ)
            )
        eyes.withdraw(eyes.await_window(KEEPER_TITLE, seconds=30))

    def _launch(self, address: str, geometry: Geometry) -> None:
        """Hands an address to the running browser; the process that does it ends."""
        with self._log.open("ab") as log:
            subprocess.run(
                self._line(address, geometry),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                timeout=30,
            )

    def _line(self, address: str, geometry: Geometry) -> list[str]:
        names = ("chromium", "chromium-browser", "google-chrome")
        program = next(filter(None, map(shutil.which, names)), None)
        if program is None:
            raise RuntimeError("these tests need Chromium: sudo apt-get install chromium")
        x, y, width, height = geometry
        line = [program, *_FLAGS, f"--user-data-dir={self._folder}", f"--app={address}"]
        return [*line, f"--window-position={x},{y}", f"--window-size={width},{height}"]
