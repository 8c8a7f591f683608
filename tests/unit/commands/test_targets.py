from __future__ import annotations

from dataclasses import replace

import pytest

from panel.commands import targets
from panel.core.errors import CommandError, EnvironmentFault
from panel.core.geometry import Point
from panel.core.target import AnchorPolicy, Proof, Reason, ReasonCode, TargetKind
from tests.unit.commands.conftest import Panel
from tests.unit.commands.stand_ins import GONE, target


def test_set_keeps_and_judges_a_point(panel: Panel) -> None:
    panel.line("agents", "add", "Agent-3")
    (row,) = panel.json(
        *("target", "set", "Agent-3", "--x", "640", "--y", "910", "--policy", "warn"),
        *("--proof", "terminal", "--submit-key", "ctrl+enter", "--anchor", "64x48"),
    )
    assert row["agent_id"] == "Agent-3"
    assert (row["kind"], row["x"], row["y"], row["valid"], row["visible"]) == (
        "chat",
        640,
        910,
        True,
        True,
    )
    assert (row["reasons"], row["moved_to"]) == ([], None)
    assert row["window"]["title"] == "repo-1"
    assert (row["policy"], row["proof"], row["submit_key"]) == ("warn", "terminal", "ctrl+enter")


async def test_set_point_hands_the_request_on_and_stores_the_target(panel: Panel) -> None:
    await panel.run("agents", "add", "Agent-3")
    point = ("--x", "1", "--y", "2")
    await panel.run("target", "set", "Agent-3", *point, "--kind", "onboarding", "--policy", "off")
    (kept,) = await targets.of(panel.context, ["Agent-3"])
    assert (kept.kind, kept.point, kept.policy, kept.proof) == (
        TargetKind.ONBOARDING,
        Point(1, 2),
        AnchorPolicy.OFF,
        Proof.COMPOSER,
    )
    assert kept.anchor is not None
    assert kept.anchor.png == b"anchor"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Agent-1 --x abc --y 2", "x: takes a whole number from -32,768 to 32,767, not 'abc'"),
        ("Agent-1 --x 99999 --y 2", "x: takes a whole number from -32,768 to 32,767, not '99999'"),
        ("Agent-1 --x 5", "y: takes a whole number from -32,768 to 32,767: target set needs --y N"),
        ("Agent-1 --x 5 --y", "y: takes a whole number from -32,768 to 32,767; none was given"),
        ("--x 5 --y 5", "agent: takes a text: target set needs AGENT"),
        ("Agent-1 --x 5 --y 5 --policy of", "policy: takes one of strict, warn, off, not 'of'"),
        ("Agent-1 --x 5 --y 5 --anchor 4", "anchor: takes a size in pixels such as 64x48, not '4'"),
        ("Agent-1 --x 1 --x 2 --y 5", "x: takes a whole number from -32,768 to 32,767 once"),
        ("Agent-1 --polcy off", "polcy: is no option of target set; did you mean --policy?"),
    ],
)
def test_bad_words(panel: Panel, words: str, error: str) -> None:
    with pytest.raises(CommandError) as refused:
        panel.line("target", "set", *words.split())
    assert str(refused.value).startswith(error)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Agent-9 --x 5 --y 5", "agent: no agent is called Agent-9; there are Agent-1, Agent-2"),
        ("Agent-1 --x -1269 --y 481", "x: takes a point on a screen"),
    ],
)
def test_what_cannot_be_a_target_is_refused(panel: Panel, words: str, error: str) -> None:
    assert panel.line("target", "set", *words.split()) == (2, "", f"{error}\n")


async def test_another_agents_box_is_no_target(panel: Panel) -> None:
    (first,) = await targets.of(panel.context, ["Agent-1"])
    inside = replace(first, agent_id="Agent-2", point=Point(120, 205), offset=Point(120, 205))
    with pytest.raises(CommandError, match="Agent-1's chat target"):
        await targets.store(panel.context, inside)
    elsewhere = replace(inside, offset=Point(400, 400))
    await targets.store(panel.context, elsewhere)


def test_the_same_offset_in_another_window_is_another_place() -> None:
    assert not targets.same_place(target("Agent-1", window_id=1), target("Agent-2", window_id=2))
    assert targets.same_place(target("Agent-1"), replace(target("Agent-2"), window=None))


def test_check_is_done_only_when_all_are_valid(panel: Panel) -> None:
    assert [row["valid"] for row in panel.json("target", "check")] == [True, True]
    panel.desk.broken["Agent-2"] = GONE
    code, out, err = panel.line("target", "check")
    assert (code, err) == (1, "")
    assert "Its window is closed. Open it again." in out
    assert panel.line("target", "check", "Agent-1")[0] == 0
    assert panel.desk.checked == [2, 2, 2]


def test_check_notes_the_verdict(panel: Panel) -> None:
    panel.desk.broken["Agent-2"] = GONE
    panel.line("target", "check")
    from panel.store import targets as stored

    rows = panel.aio.run(panel.store.read(stored.rows))
    assert [(row["last_reason_code"], row["last_verdict"]) for row in rows] == [
        ("ready", ""),
        ("window_gone", "Its window is closed. Open it again."),
    ]


def test_a_locked_screen_says_nothing_about_targets(panel: Panel) -> None:
    panel.line("target", "check")
    panel.desk.broken["Agent-2"] = Reason(ReasonCode.LOCKED, "The screen is locked.")
    code, out, _ = panel.line("target", "check")
    assert code == 1 and "The screen is locked." in out
    from panel.store import targets as stored

    rows = panel.aio.run(panel.store.read(stored.rows))
    assert [row["last_reason_code"] for row in rows] == ["ready", "ready"]


def test_an_agent_without_a_target_is_not_valid(panel: Panel) -> None:
    panel.line("agents", "add", "Agent-3")
    code, out, _ = panel.line("target", "check", "Agent-3", "--json")
    assert code == 1
    assert '"reason_codes": [\n      "no_target"\n    ]' in out
    assert panel.line("target", "check", "Agent-9")[0] == 2


def test_list_and_remove(panel: Panel) -> None:
    rows = panel.json("target", "list")
    assert [(row["agent_id"], row["valid"]) for row in rows] == [
        ("Agent-1", None),
        ("Agent-2", None),
    ]
    assert panel.line("target", "remove", "Agent-1")[0] == 0
    assert panel.line("target", "remove", "Agent-1") == (
        2,
        "",
        "agent: Agent-1 has no chat target\n",
    )
    assert len(panel.json("target", "list")) == 1


def test_without_a_display_nothing_is_pretended(panel: Panel) -> None:
    panel.context._desktop = None
    code, out, err = panel.line("target", "check")
    assert (code, out) == (3, "")
    assert err == "There is no display. Start it in a desktop session.\n"
    with pytest.raises(EnvironmentFault):
        _ = panel.context.demo
