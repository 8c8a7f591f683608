"""The templates on the command line, and what is typed with a person's own header."""

from __future__ import annotations

import pytest

from panel.commands import templates
from panel.core.message import Draft
from tests.unit.commands.conftest import Panel


def named(panel: Panel, name: str) -> dict[str, object]:
    found = panel.json("templates", "list")
    return next(row for row in found if row["name"] == name)


def test_a_changed_one_is_shown_and_can_be_taken_back(panel: Panel) -> None:
    before = named(panel, "task")
    assert (before["kind"], before["edited"], before["shipped"]) == ("message", False, True)
    panel.json("templates", "set", "task", "Do it, {agent}.")
    assert named(panel, "task") == before | {
        "body": "Do it, {agent}.", "edited": True, "fields": ["agent"],
    }  # fmt: skip
    assert panel.json("templates", "show", "task")["filled"] is None
    shown = panel.json("templates", "show", "task", "--for", "Agent-2")
    assert shown["filled"] == "Do it, Agent-2."
    assert panel.line("templates", "show", "task", "--for", "Agent-2")[1] == "Do it, Agent-2.\n"
    panel.json("templates", "reset", "task")
    assert named(panel, "task") == before
    assert panel.line("templates", "reset", "task")[0] == 1


def test_one_of_your_own(panel: Panel) -> None:
    panel.json("templates", "set", "standup", "Good morning, {agent}.")
    assert (named(panel, "standup")["edited"], named(panel, "standup")["shipped"]) == (True, False)
    assert panel.json("templates", "reset", "standup") is None
    assert panel.line("templates", "show", "standup")[0] == 2


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["set", "task", "{who}"], "text: takes the fields {agent}"),
        (["set", "header-c2a", "/x"], "text: takes a header of one line"),
        (["set", "header-zzz", "x"], "name: takes one of the headers"),
        (["set", "a/b", "x"], "name: takes no control characters, commas or slashes"),
        (["show", "nothing"], "name: takes one of"),
        (["reset", "nothing"], "name: takes one of"),
        (["show", "task", "--for", "Agent-9"], "agent: no agent is called Agent-9"),
    ],
)
def test_what_is_wrong_is_named(panel: Panel, words: list[str], error: str) -> None:
    code, _, err = panel.line("templates", *words)
    assert code == 2
    assert err.startswith(error)


async def test_what_will_be_typed_has_the_persons_header(panel: Panel) -> None:
    await panel.run("settings", "set", "reply_hint", "no")
    await panel.run("templates", "set", "header-c2a", "[{sender} to {agent}]")
    await panel.run("settings", "set", "sender_name", "Ada")
    drafts = [
        Draft("Agent-1", "see @file\r\nnow", from_agent="ada"),
        Draft("Agent-2", "#5", from_agent="Agent-1"),
        Draft("Agent-2", "x", tags=("onboarding",)),
    ]
    assert await templates.typed(panel.context, drafts) == [
        "[ada to Agent-1] see @file\nnow",
        "[A2A] #5 ",
        "[ONBOARDING] x",
    ]
    assert await templates.filled(
        panel.context, "{agent}: {team}", ["Agent-1", "Agent-2"], "x"
    ) == {
        "Agent-1": "Agent-1: core",
        "Agent-2": "Agent-2: core",
    }
