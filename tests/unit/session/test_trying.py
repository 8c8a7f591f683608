"""Where the demo windows go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Rect
from panel.session.trying import beside

ROOM = Rect(0, 30, 1920, 1050)


def test_right_of_a_panel_at_the_left() -> None:
    places = beside(Rect(0, 30, 1300, 800), ROOM, 3)
    assert all(place.x >= 1300 and place.right <= ROOM.right for place in places)
    assert all(place.bottom <= ROOM.bottom for place in places)


def test_below_a_wide_panel() -> None:
    places = beside(Rect(0, 30, 1920, 600), ROOM, 3)
    assert all(place.y >= 630 for place in places)
    assert len({place.y for place in places}) == 1


def test_over_the_lower_edge_of_a_panel_that_fills_the_screen() -> None:
    places = beside(ROOM, ROOM, 3)
    assert all(place.y > ROOM.y + 300 and place.bottom <= ROOM.bottom for place in places)


@given(
    st.integers(0, 1400),
    st.integers(0, 800),
    st.integers(200, 2000),
    st.integers(200, 1200),
    st.integers(1, 6),
)
def test_never_over_each_other_on_a_large_screen(
    x: int, y: int, width: int, height: int, count: int
) -> None:
    places = beside(Rect(x, y, width, height), Rect(0, 0, 2560, 1440), count)
    assert len(places) == count
    for index, one in enumerate(places):
        for other in places[:index]:
            assert one.intersection(other).empty
