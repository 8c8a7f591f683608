"""The loupe and the panel flee the cursor, the edges and each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Point, Rect
from panel.picker.placing import LoupePlace, PanelPlace, inflated

SCREEN = Rect(0, 0, 1024, 640)
LOUPE = (237, 265)
PANEL = (324, 420)
AWAY = 34

points = st.builds(Point, st.integers(0, SCREEN.right - 1), st.integers(0, SCREEN.bottom - 1))


@given(st.lists(points, min_size=1, max_size=20))
def test_neither_is_ever_under_the_cursor_or_off_the_screen(path: list[Point]) -> None:
    loupe, panel = LoupePlace(), PanelPlace()
    for cursor in path:
        panel_at = panel.at(cursor, PANEL, 24, SCREEN)
        loupe_at = loupe.at(cursor, LOUPE, AWAY, SCREEN, [panel_at])
        assert not panel_at.contains(cursor)
        assert not inflated(loupe_at, AWAY - 1).contains(cursor)
        for rect in (panel_at, loupe_at):
            assert rect.intersection(SCREEN) == rect


def test_the_loupe_stays_on_its_side_while_it_can() -> None:
    loupe = LoupePlace()
    assert loupe.at(Point(400, 300), LOUPE, AWAY, SCREEN, []).x > 400
    assert loupe.at(Point(900, 300), LOUPE, AWAY, SCREEN, []).right < 900
    assert loupe.at(Point(600, 300), LOUPE, AWAY, SCREEN, []).right < 600


def test_the_panel_makes_room_for_the_frames() -> None:
    panel = PanelPlace()
    first = panel.at(None, PANEL, 24, SCREEN)
    frame = Rect(first.x + 10, first.y + 10, 50, 50)
    moved = panel.at(None, PANEL, 24, SCREEN, [frame])
    assert moved.intersection(frame).empty


def test_the_panel_leaves_the_window_that_is_aimed_at() -> None:
    panel = PanelPlace()
    window = Rect(560, 20, 440, 300)
    aside = panel.at(Point(570, 200), PANEL, 24, SCREEN, [window])
    assert aside.intersection(window).empty
    assert panel.at(Point(300, 500), PANEL, 24, SCREEN, []) == aside, "no reason to leave"


@given(st.lists(points, min_size=1, max_size=20))
def test_over_a_window_that_fills_the_screen_the_panel_flees_the_cursor_only(
    path: list[Point],
) -> None:
    panel, alone = PanelPlace(), PanelPlace()
    for cursor in path:
        assert panel.at(cursor, PANEL, 24, SCREEN, [SCREEN]) == alone.at(cursor, PANEL, 24, SCREEN)
