"""Words, hues and ages: what UI.md fixes, and that everything can be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QFile, QIODevice
from PySide6.QtGui import QColor
from PySide6.QtSvg import QSvgRenderer

from panel.core.agent import AgentStatus
from panel.core.message import DeliveryStatus, Evidence, Priority
from panel.core.resources import resource
from panel.ui import words
from panel.ui.theme import DARK, LIGHT, Hue, Tokens
from panel.ui.times import age, duration
from panel.ui.words import Chip

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours."""

    def luminance(text: str) -> float:
        def linear(part: float) -> float:
            return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

        colour = QColor(text)
        red, green, blue = (linear(x) for x in (colour.redF(), colour.greenF(), colour.blueF()))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("hue", list(Hue))
def test_chips_can_be_read(tokens: Tokens, hue: Hue) -> None:
    assert contrast(*tokens.hues[hue]) >= 5.25


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_texts_can_be_read(tokens: Tokens) -> None:
    for ground in (tokens.window, tokens.surface, tokens.sunken, tokens.selection, tokens.hover):
        assert contrast(tokens.text, ground) >= 7
        assert contrast(tokens.secondary, ground) >= 4.5
    for ground in (tokens.primary, tokens.primary_hover, tokens.primary_pressed):
        assert contrast(tokens.on_primary, ground) >= 4.5
    for ground in (tokens.window, tokens.surface):
        assert contrast(tokens.accent, ground) >= 4.5
        assert contrast(tokens.danger, ground) >= 4.5
        assert contrast(tokens.border_strong, ground) >= 2.7


def test_the_hues_are_those_of_the_brief() -> None:
    assert LIGHT.hues[Hue.PURPLE] == ("#7a3fbf", "#efe8f7")
    assert DARK.hues[Hue.AMBER] == ("#e3b341", "#3e3624")


@pytest.mark.parametrize(
    ("status", "chip"),
    [
        ("pending", Chip("Queued", Hue.GREY, "clock")),
        ("sending", Chip("Sending", Hue.BLUE, "arrow")),
        ("delivered", Chip("Delivered", Hue.GREEN, "tick")),
        ("held", Chip("On hold", Hue.AMBER, "pause")),
        ("uncertain", Chip("Unconfirmed", Hue.PURPLE, "question")),
        ("failed", Chip("Failed", Hue.RED, "cross")),
        ("cancelled", Chip("Cancelled", Hue.GREY, "slash")),
        ("expired", Chip("Expired", Hue.GREY, "hourglass")),
    ],
)
def test_delivery_in_the_screens_words(status: str, chip: Chip) -> None:
    assert words.delivery_chip(status) == chip


def test_every_state_has_an_icon_and_a_word() -> None:
    chips = [words.delivery_chip(status) for status in DeliveryStatus]
    chips += [chip for each in Evidence if (chip := words.proof_chip(each)) is not None]
    chips += [words.agent_chip(status, NOW, True, NOW) for status in AgentStatus]
    chips += [words.priority_chip(each) for each in Priority if each is not Priority.NORMAL]
    for chip in chips:
        assert chip.word
        file = QFile(str(resource("resources", "icons", f"{chip.icon}.svg")))
        assert file.open(QIODevice.OpenModeFlag.ReadOnly)
        assert QSvgRenderer(file.readAll()).isValid()
        file.close()


def test_an_agent_that_says_nothing_for_half_an_hour_is_stuck() -> None:
    long_ago = NOW - timedelta(minutes=31)
    assert words.agent_chip("ACTIVE", long_ago, True, NOW).word == "Stuck"
    assert words.agent_chip("IDLE", long_ago, True, NOW).word == "Idle"
    assert words.agent_chip("ACTIVE", long_ago, False, NOW).word == "Inactive"
    assert words.agent_chip("REVIEWING", NOW, True, NOW).word == "REVIEWING"


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("none", "", "none"),
        ("unverified", "ready", "unverified"),
        ("confirmed", "", "ready"),
        ("confirmed", "ready", "ready"),
        ("confirmed", "covered", "covered"),
        ("confirmed", "window_gone", "missing"),
        ("confirmed", "resized", "moved"),
        ("confirmed", "composer_not_empty", "unready"),
        ("confirmed", "a reason of a later version", "unready"),
    ],
)
def test_a_targets_state(status: str, code: str, state: str) -> None:
    assert words.target_state(status, code) == state


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "just now"),
        (42, "42 s ago"),
        (130, "2 min ago"),
        (7300, "2 h ago"),
        (90_000, "1 d ago"),
        (-90, "in 1 min"),
    ],
)
def test_ages(seconds: int, said: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"), [(None, ""), (34, "34 ms"), (1240, "1.2 s"), (125_000, "2 min 5 s")]
)
def test_durations(milliseconds: int | None, said: str) -> None:
    assert duration(milliseconds) == said
