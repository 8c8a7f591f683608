"""The windows that other tests take their truth from: each records what a second client does."""

from __future__ import annotations

import pytest

from tests.desktop.conftest import OpenChat, OpenWindow, OpenXterm
from tests.desktop.hands import Operator
from tests.waiting import until


def test_xterm_records_what_is_typed(open_xterm: OpenXterm, operator: Operator) -> None:
    terminal = open_xterm("Agent-1", title="one", at=(30, 40))
    other = open_xterm("Agent-2", title="two", at=(800, 40))
    # No click: the window manager holds it back, and the first keys would overtake it.
    operator.activate(terminal.window)
    operator.type("Hello, 'World' #1!\nsecond\n")
    assert terminal.await_lines(2) == ["Hello, 'World' #1!", "second"]
    assert other.received == ""
    assert operator.window_class(terminal.window)[1] == "CaptainTerminal"
    assert operator.title(terminal.window) == "one"


def test_plain_window_records_keys_and_clicks(open_window: OpenWindow, operator: Operator) -> None:
    window = open_window("Cover", geometry=(200, 150, 300, 200))
    assert window.rect == (200, 150, 300, 200)
    assert window.untouched
    operator.activate(window.window)
    operator.click(210, 160)
    until(lambda: window.events)
    operator.type("k")
    until(lambda: len(window.events) == 2)
    assert window.events[0] == {"kind": "click", "name": 1, "x": 10, "y": 10}
    assert window.events[1]["name"] == "k"


@pytest.mark.parametrize("kind", ["above", "override_redirect"])
def test_window_stays_on_top(open_window: OpenWindow, operator: Operator, kind: str) -> None:
    under = open_window("Under", geometry=(200, 150, 300, 200))
    cover = open_window("Over", geometry=(250, 200, 100, 80), **{kind: True})
    operator.activate(under.window)
    assert operator.top_at(300, 240) == cover.window
    assert operator.top_at(210, 160) == under.window
    operator.click(300, 240)
    until(lambda: cover.events)
    assert under.untouched


def test_windows_minimise_move_and_close(open_window: OpenWindow, operator: Operator) -> None:
    window = open_window("Moves", geometry=(200, 150, 300, 200))
    operator.place(window.window, (500, 300, 320, 240))
    assert window.rect == (500, 300, 320, 240)
    operator.minimise(window.window)
    operator.activate(window.window)
    assert operator.visible(window.window)
    operator.close_window(window.window)
    assert operator.top_at(520, 320) is None


def test_chat_records_what_is_submitted(open_chat: OpenChat, operator: Operator) -> None:
    chat = open_chat("Agent-1", geometry=(60, 60, 420, 560))
    other = open_chat("Agent-2", geometry=(520, 60, 420, 560))
    assert chat.rect == (60, 60, 420, 560)
    assert chat.untouched
    operator.activate(chat.window)
    operator.click(*chat.point)
    until(lambda: chat.page.of_kind("click"))
    operator.type("first")
    operator.press("shift+enter")
    operator.type("line\n")
    assert chat.await_submitted(1) == ["first\nline"]
    assert chat.text == ""
    click = next(event for event in chat.touches if event["kind"] == "click")
    assert (click["x"], click["y"]) == chat.point
    assert click["at"] == "composer"
    assert other.untouched
    assert other.submitted == []


def test_chat_obeys_orders(open_chat: OpenChat, operator: Operator) -> None:
    chat = open_chat("Agent-3", draft="left by a person", grows=True, submits="keeps")
    assert chat.text == "left by a person"
    height = chat.composer[3]
    chat.tell("draft", "a\nb\nc\nd\ne\nf")
    assert chat.composer[3] > height
    chat.tell("title", "renamed")
    until(lambda: operator.title(chat.window) == "renamed")
    operator.click(*chat.point)
    until(lambda: chat.page.of_kind("click"))
    operator.type("x\n")
    assert chat.await_submitted(1)[0].startswith("a\nb")
    assert not chat.untouched
    chat.forget()
    assert chat.untouched


def test_chat_that_steals_focus(open_chat: OpenChat, operator: Operator) -> None:
    chat = open_chat("Agent-4", steals_focus=True)
    operator.click(*chat.point)
    until(lambda: any(event["at"] == "composer" for event in chat.page.of_kind("click")))
    operator.type("x\n")
    until(lambda: len(chat.page.of_kind("key")) == 2)
    assert {event["at"] for event in chat.page.of_kind("key")} == {"search"}
    assert chat.submitted == []


def test_operator_types_every_sign_of_the_layout(open_xterm: OpenXterm, operator: Operator) -> None:
    signs = "".join(chr(code) for code in range(33, 127))
    terminal = open_xterm("Agent-5", cells=(100, 5))
    operator.activate(terminal.window)
    operator.type(signs + "\n")
    assert terminal.await_lines(1) == [signs]
    with operator.holding("ctrl"):
        assert operator.keys_down()
    assert not operator.keys_down()
