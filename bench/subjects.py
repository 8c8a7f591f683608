"""Who is on the seeded screens: chats in Chromium, the demo's own windows, terminals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from bench.desk import BenchDesk
from bench.screens import (
    ChatScreens,
    Expected,
    Screen,
    Series,
    Subject,
    WindowScreens,
    random_geometry,
)
from panel.core.geometry import Point, Rect
from panel.demo.swarm import DemoSwarm, DemoWindow
from tests.desktop.chromium import ChatOptions
from tests.desktop.ground_truth import XtermAgent

_PLACEHOLDERS = (
    "Message the agent…",
    "Ask anything",
    "Plan, search, build anything",
    "Type your task; @ adds files",
    "Reply to the agent, or press / for commands",
    "Add a follow-up",
    "",
)
_HUES = ("#7a3fbf", "#0a5fb4", "#1a6b32", "#b3202a", "#7f5200", "#00707a")
_MIDDLE = (0.45, 0.55)
"""People click near a box's middle; further out "the same place" of a larger box is a matter of
taste."""
_NAMES = ("Agent-{}", "Agent-1{}", "Worker {}", "Captain-{}")

Turn = tuple[Subject, Callable[[], Series]]


def chat_turns(desk: BenchDesk, chance: random.Random, repeats: int) -> Iterator[Turn]:
    """One chat through everything that can happen to it; it is closed at the end."""
    agent = chance.choice(_NAMES).format(chance.randrange(1, 10))
    options = ChatOptions(
        agent=agent, placeholder=chance.choice(_PLACEHOLDERS), color=chance.choice(_HUES)
    )
    size = chance.randrange(400, 640), chance.randrange(480, 760)
    chat = desk.chat(options, random_geometry(chance, desk.camera.desktop, size))
    share = chance.uniform(*_MIDDLE), chance.uniform(*_MIDDLE)

    def truth() -> Point:
        x, y, width, height = chat.composer
        return Point(x + round(share[0] * (width - 1)), y + round(share[1] * (height - 1)))

    at = truth()
    subject = Subject(desk.calibrate(agent, (at.x, at.y)), chat.window, truth)
    screens = ChatScreens(desk, chance, subject, chat)
    often = [screens.moved, screens.resized, screens.scrolled, screens.dark_and_resized]
    once = [
        screens.dark,
        screens.covered_box,
        screens.covered_landmark,
        screens.covered_elsewhere,
        screens.identical_on_top,
        screens.identical_beside,
        screens.other_conversation,
        screens.modal_question,
        screens.greyed_out,
        screens.draft,
        screens.short_draft,
    ]
    turns = often * repeats + once
    chance.shuffle(turns)
    for turn in [*turns, screens.identical_instead]:
        yield subject, turn


class DemoScreens(WindowScreens):
    """What can happen to one of the demo's windows."""

    def drafted(self) -> Series:
        at = self.subject.truth()
        hands = self.desk.operator
        hands.click(at.x, at.y)
        hands.type(self.chance.choice(("a", "wait", "do not send this yet")))
        yield Screen("draft in the box", Expected.REFUSED, at)
        hands.press("ctrl+a")
        hands.press("delete")


def demo_turns(desk: BenchDesk, chance: random.Random, repeats: int) -> Iterator[Turn]:
    agent = f"Agent-{chance.randrange(1, 30)}"
    swarm = DemoSwarm([agent], desk.folder, desk.camera.desktop)
    swarm.open()
    desk.closing.callback(swarm.close)
    (window,) = swarm.windows
    truth = _demo_truth(desk, window)
    subject = Subject(desk.calibrate(agent, (truth().x, truth().y)), window.window_id, truth)
    screens = DemoScreens(desk, chance, subject)
    turns = [screens.moved, screens.resized, screens.drafted] * repeats
    turns += [screens.covered_box, screens.covered_landmark, screens.covered_elsewhere]
    chance.shuffle(turns)
    for turn in turns:
        yield subject, turn
    swarm.close()


def _demo_truth(desk: BenchDesk, window: DemoWindow) -> Callable[[], Point]:
    """The composer keeps its height and its distance from three sides of its window."""
    x, y, width, height = desk.operator.geometry(window.window_id)
    box = window.composer
    left, right = box.x - x, x + width - box.right
    below = y + height - box.bottom

    def truth() -> Point:
        x, y, width, height = desk.operator.geometry(window.window_id)
        return Rect(
            x + left, y + height - below - box.height, width - left - right, box.height
        ).centre

    return truth


def terminal_turns(desk: BenchDesk, chance: random.Random, repeats: int) -> Iterator[Turn]:
    agent = f"Agent-{chance.randrange(1, 30)}"
    cells = chance.randrange(60, 100), chance.randrange(12, 30)
    terminal = XtermAgent.open(desk.operator, desk.folder, agent, cells=cells)
    desk.closing.callback(terminal.close)

    def truth() -> Point:
        return Rect(*terminal.rect).centre

    subject = Subject(desk.calibrate(agent, (truth().x, truth().y)), terminal.window, truth)
    screens = WindowScreens(desk, chance, subject)
    turns = [screens.moved, screens.resized] * repeats
    turns += [screens.covered_box, screens.covered_box]
    chance.shuffle(turns)
    for turn in turns:
        yield subject, turn
    terminal.close()
