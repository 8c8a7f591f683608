"""A seeded series of screens that real programs make, each with what is true of it.

A subject is one calibrated target with its window; a screen is a state of that window and of what
lies around it. The truth comes from the windows themselves, never from the panel.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from bench.desk import BenchDesk
from panel.core.geometry import Point, Rect
from panel.core.target import Target
from tests.desktop.chromium import ChatOptions, ChromiumAgent
from tests.desktop.ground_truth import PlainWindow
from tests.desktop.wm import Geometry

_FRAME = 40  # room for a window's frame and title
_EDGE = 8
_MOST = (900, 860)
_LEAST = (400, 460)


class Expected(Enum):
    """What the panel has to say of a screen."""

    READY = "the right place, ready"
    PROPOSED = "not ready, its new place is proposed"
    REFUSED = "not ready"
    STRANGER = "not even the right window"


@dataclass(frozen=True)
class Screen:
    """One screen, standing now. `truth` is where the target's point is, on the desktop."""

    kind: str
    expected: Expected
    truth: Point | None = None


@dataclass
class Subject:
    """A calibrated target, its window, and where its point truly is now."""

    target: Target
    window: int
    truth: Callable[[], Point]


Series = Iterator[Screen]


def random_geometry(
    chance: random.Random, desktop: Rect, size: tuple[int, int] | None = None
) -> Geometry:
    """Anywhere, wholly on the desktop; of any size when none is given."""
    width, height = size or (
        chance.randrange(_LEAST[0], _MOST[0]),
        chance.randrange(_LEAST[1], min(_MOST[1], desktop.height - 2 * _FRAME)),
    )
    x = chance.randrange(_EDGE, desktop.width - width - _EDGE)
    y = chance.randrange(_FRAME, desktop.height - height - _EDGE)
    return x, y, width, height


class WindowScreens:
    """What can happen to any program's window: moved, resized, covered."""

    def __init__(self, desk: BenchDesk, chance: random.Random, subject: Subject) -> None:
        self.desk, self.chance, self.subject = desk, chance, subject
        self.desktop = desk.camera.desktop
        self.home: Geometry = desk.operator.geometry(subject.window)

    def moved(self) -> Series:
        _, _, width, height = self.home
        self._place(random_geometry(self.chance, self.desktop, (width, height)))
        yield Screen("moved", Expected.READY, self.subject.truth())

    def resized(self) -> Series:
        self._place(random_geometry(self.chance, self.desktop))
        yield Screen("resized", Expected.PROPOSED, self.subject.truth())
        self._back()

    def covered_box(self) -> Series:
        """Something lies over the point."""
        at, (wide, high) = self.subject.truth(), self._cover_size()
        x = min(max(0, at.x - self.chance.randrange(10, wide - 10)), self.desktop.width - wide)
        y = min(
            max(_FRAME, at.y - self.chance.randrange(10, high - 10)), self.desktop.height - high
        )
        yield from self._covered((x, y, wide, high), "covered in part: the box", Expected.REFUSED)

    def covered_landmark(self) -> Series:
        anchor = self.subject.target.anchor
        assert anchor is not None
        x, y, _, _ = self.desk.operator.geometry(self.subject.window)
        place = (
            x + anchor.rect.centre.x + self.chance.randrange(-30, 30),
            max(_FRAME, y + anchor.rect.centre.y - self.chance.randrange(30, 50)),
            300,
            120,
        )
        yield from self._covered(place, "covered in part: the landmark", Expected.REFUSED)

    def covered_elsewhere(self) -> Series:
        """Something lies over a part that does not matter."""
        x, y, width, height = self.desk.operator.geometry(self.subject.window)
        place = (x + width // 2, y + height // 3, width // 3, height // 5)
        yield from self._covered(place, "covered in part: elsewhere", Expected.READY)

    def _cover_size(self) -> tuple[int, int]:
        return self.chance.randrange(120, 400), self.chance.randrange(100, 300)

    def _covered(self, place: Geometry, kind: str, expected: Expected) -> Series:
        colour = "#" + "".join(self.chance.choices("3456789abc", k=6))
        cover = PlainWindow.open(
            self.desk.operator, self.desk.folder, "Cover", geometry=place, color=colour
        )
        try:
            yield Screen(kind, expected, self.subject.truth())
        finally:
            cover.close()
            self.desk.operator.activate(self.subject.window)

    def _place(self, geometry: Geometry) -> None:
        self.desk.operator.place(self.subject.window, geometry)

    def _back(self) -> None:
        self._place(self.home)


class ChatScreens(WindowScreens):
    """What can happen to a chat in Chromium."""

    def __init__(
        self, desk: BenchDesk, chance: random.Random, subject: Subject, chat: ChromiumAgent
    ) -> None:
        super().__init__(desk, chance, subject)
        self.chat = chat

    def _place(self, geometry: Geometry) -> None:
        super()._place(geometry)
        _ = self.chat.composer  # returns when the page has heard of its size,
        self.chat.tell("scroll", 1)  # and this when it is painted

    def scrolled(self) -> Series:
        for _ in range(6):
            self.chat.tell("say", random_words(self.chance, 30))
        self.chat.tell("scroll", self.chance.random())
        yield Screen("scrolled", Expected.READY, self.subject.truth())

    def dark(self) -> Series:
        self.chat.tell("dark", True)
        yield Screen("dark theme", Expected.PROPOSED, self.subject.truth())
        self.chat.tell("dark", False)

    def dark_and_resized(self) -> Series:
        self._place(random_geometry(self.chance, self.desktop))
        self.chat.tell("dark", True)
        yield Screen("dark theme, resized", Expected.PROPOSED, self.subject.truth())
        self.chat.tell("dark", False)
        self._back()

    def identical_on_top(self) -> Series:
        """Another agent's window: title, class, pid, place and size are the same."""
        with self._double():
            yield Screen("identical window on top", Expected.REFUSED, self.subject.truth())

    def identical_instead(self) -> Series:
        """The same, after the right one was closed: the last screen of a subject."""
        double = self._double()
        double.__enter__()
        self.chat.close()
        yield Screen("identical window instead", Expected.STRANGER)
        double.__exit__(None, None, None)

    def identical_beside(self) -> Series:
        """The right one has moved away, and another one stands in its old place."""
        there = self.desk.operator.geometry(self.subject.window)
        with self._double():
            self._place((there[0] + 37 if there[0] < 700 else there[0] - 600, *there[1:]))
            self.desk.operator.activate(self.subject.window)
            yield Screen("identical window beside", Expected.READY, self.subject.truth())

    def other_conversation(self) -> Series:
        """The window shows another agent now, whose name differs in one sign."""
        self.chat.tell("header", one_sign_changed(self.chance, self.chat.options.agent))
        yield Screen("other conversation", Expected.REFUSED, self.subject.truth())
        self.chat.tell("header", self.chat.options.agent)

    def modal_question(self) -> Series:
        self.chat.tell("ask", True)
        yield Screen("modal dialog in the page", Expected.REFUSED, self.subject.truth())
        self.chat.tell("ask", False)

    def greyed_out(self) -> Series:
        self.chat.tell("off", True)
        yield Screen("greyed out", Expected.REFUSED, self.subject.truth())
        self.chat.tell("off", False)

    def draft(self) -> Series:
        self.chat.tell("draft", random_words(self.chance, self.chance.randrange(1, 20)))
        yield Screen("draft in the box", Expected.REFUSED, self.subject.truth())
        self.chat.tell("draft", "")

    def short_draft(self) -> Series:
        self.chat.tell("draft", self.chance.choice(".,'`-:;|il1"))
        yield Screen("draft of one sign", Expected.REFUSED, self.subject.truth())
        self.chat.tell("draft", "")

    def _double(self) -> _Double:
        return _Double(self, one_sign_changed(self.chance, self.chat.options.agent))


class _Double:
    """Another agent's chat exactly over the subject's, with everything alike but the agent."""

    def __init__(self, screens: ChatScreens, agent: str) -> None:
        self._screens, self._agent = screens, agent

    def __enter__(self) -> None:
        screens = self._screens
        there = screens.desk.operator.geometry(screens.subject.window)
        mine = screens.chat.options
        options = ChatOptions(
            agent=self._agent,
            title=screens.chat.title,
            placeholder=mine.placeholder,
            color=mine.color,
        )
        self._chat = screens.desk.chromium.open(screens.desk.operator, options, there)
        assert self._chat.rect == there

    def __exit__(self, *_: object) -> None:
        self._chat.close()
        if self._screens.desk.operator.exists(self._screens.subject.window):
            self._screens.desk.operator.activate(self._screens.subject.window)


def one_sign_changed(chance: random.Random, name: str) -> str:
    """Another agent's name of the same length, such as "Agent-17" for "Agent-11"."""
    places = [index for index, sign in enumerate(name) if sign.isdigit()]
    place = chance.choice(places)
    digit = chance.choice([sign for sign in string.digits if sign != name[place]])
    return name[:place] + digit + name[place + 1 :]


def random_words(chance: random.Random, count: int) -> str:
    return " ".join(
        "".join(chance.choices(string.ascii_lowercase, k=chance.randrange(2, 9)))
        for _ in range(count)
    )
