from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core import clock

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)


def milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(MOMENTS)
def test_stored_times_come_back(moment: datetime) -> None:
    assert clock.from_stored(clock.to_stored(moment)) == milliseconds(moment)
    assert clock.from_stored(clock.to_iso(moment)) == milliseconds(moment)


@given(MOMENTS, MOMENTS)
def test_stored_times_compare_as_text(one: datetime, other: datetime) -> None:
    by_text = clock.to_stored(one) < clock.to_stored(other)
    assert by_text == (milliseconds(one) < milliseconds(other))


def test_the_forms() -> None:
    moment = datetime(2026, 11, 23, 5, 30, 0, 7_999, tzinfo=UTC)
    assert clock.to_stored(moment) == "2026-11-23 05:30:00.007"
    assert clock.to_iso(moment) == "2026-11-23T05:30:00.007Z"
    assert clock.from_stored("2026-11-23 05:30:00") == moment.replace(microsecond=0)


def test_now_is_what_the_database_keeps() -> None:
    moment = clock.now()
    assert clock.from_stored(clock.to_stored(moment)) == moment


def test_a_moment_without_a_zone_is_our_fault() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.to_stored(datetime(2026, 1, 1))  # noqa: DTZ001 - what must be refused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86_400), (" 5 ", 5), ("0.5", 0.5)],
)
def test_lengths(text: str, seconds: float) -> None:
    assert clock.parse_duration(text) == timedelta(seconds=seconds)


@given(st.text(max_size=12) | st.sampled_from(["nan", "inf", "-5", "0", "1e300d", "", "m"]))
def test_a_length_is_above_zero_or_refused(text: str) -> None:
    try:
        length = clock.parse_duration(text)
    except ValueError:
        return
    assert length > timedelta(0)
