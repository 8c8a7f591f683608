"""What a screen reader is told, and when."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from panel.picker.announcing import Announcer


def test_only_where_the_cursor_rests_is_said_and_only_once(qtbot: QtBot) -> None:
    said: list[str] = []
    announcer = Announcer(said.append)
    for text in ("1, 1.", "2, 2.", "3, 3."):
        announcer.tell(text)
    qtbot.waitUntil(lambda: bool(said))
    announcer.tell("3, 3.")
    announcer.tell("4, 4.")
    qtbot.waitUntil(lambda: len(said) > 1)
    assert said == ["3, 3.", "4, 4."]
