from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.commands import arguments, kinds, manual, reference, registry
from panel.commands.context import Context
from panel.commands.outcome import Outcome
from panel.commands.registry import Command, Needs
from panel.core.errors import CommandError

COMMANDS = registry.commands()


def answer_of(work: Callable[[], object]) -> object:
    """What it returns, or the CommandError that it raises."""
    try:
        return work()
    except CommandError as error:
        return error


def test_the_contracts_commands_are_there() -> None:
    agents = {f"agents {word}" for word in ("list", "show", "add", "set", "remove", "goto")}
    target = {f"target {word}" for word in ("list", "set", "check", "remove")}
    messages = {f"messages {word}" for word in ("list", "show", "retry", "cancel", "stats")}
    others = {"send", "dispatch", "pause", "resume", "stop-all", "demo"}
    db = {f"db {word}" for word in ("check", "backup", "path", "migrate")}
    assert agents | target | messages | others | db <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_command_is_explained(command: Command) -> None:
    page = manual.page(command)
    assert command.summary[0].islower()
    assert not command.summary.endswith(".")
    assert command.answers
    assert manual.usage(command) in reference.text()
    for parameter in command.parameters:
        assert parameter.help
        assert parameter.help in " ".join(page.split())
    assert all(
        len(line) <= manual.WIDTH for line in page.splitlines() if "captain-panel " not in line
    )
    assert inspect.iscoroutinefunction(command.function)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_examples_are_valid(command: Command) -> None:
    import shlex

    from panel import cli

    for example in command.examples:
        piped = [shlex.split(part) for part in example.split("|")]
        ours = [cli.parse(words[1:]) for words in piped if words[0] == "captain-panel"]
        assert all(isinstance(parsed, cli.Invocation) for parsed in ours)
        assert command.name in [
            parsed.command.name for parsed in ours if isinstance(parsed, cli.Invocation)
        ]


def test_the_reference_is_current() -> None:
    assert reference.FILE.read_text(encoding="utf-8") == reference.text(), (
        "docs/commands.md is stale: run python -m panel.commands.reference"
    )


def test_waiting_needs_a_dispatcher_and_queueing_does_not() -> None:
    send = COMMANDS["send"]
    assert send.needs_for({"text": "x"}) == Needs.STORE
    assert send.needs_for({"wait": timedelta(seconds=3)}) == Needs.STORE | Needs.DISPATCH
    assert Needs.DESKTOP in COMMANDS["target check"].needs
    assert COMMANDS["db path"].needs == Needs.NOTHING


def test_a_name_is_declared_once() -> None:
    async def again(context: Context) -> Outcome:
        return Outcome(None)

    with pytest.raises(ValueError, match="two commands are called 'send'"):
        registry.command("send", "x", "x")(again)


def test_a_type_without_a_text_is_our_fault() -> None:
    with pytest.raises(TypeError):
        kinds.shape_of(bytes)
    with pytest.raises(TypeError):
        kinds.shape_of(int | str)


def test_an_annotation_makes_a_parameter() -> None:
    class Colour(StrEnum):
        RED = "red"

    shape = kinds.shape_of(tuple[Colour, ...])
    assert shape.many
    assert shape.kind.choices == ("red",)


@given(st.text())
def test_whole_numbers_are_read_or_refused(text: str) -> None:
    answer = answer_of(lambda: kinds.whole(-5, 5).read("n", text))
    if isinstance(answer, CommandError):
        assert answer.field == "n"
        assert len(str(answer).splitlines()) == 1
        str(answer).encode("utf-8")
    else:
        assert isinstance(answer, int)
        assert -5 <= answer <= 5


@given(st.integers(-32_768, 32_767))
def test_every_pixel_can_be_written(number: int) -> None:
    words = ["Agent-1", "--x", str(number), f"--y={number}"]
    read = arguments.read(COMMANDS["target set"], words)
    assert (read["x"], read["y"]) == (number, number)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_words_are_read_or_refused_in_one_line(words: list[str]) -> None:
    for name in ("send", "target set", "pause", "stop-all"):
        command = COMMANDS[name]
        answer = answer_of(lambda command=command: arguments.read(command, words))  # type: ignore[misc]
        if isinstance(answer, CommandError):
            assert answer.field
            str(answer).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T12:00Z", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23T12:00+02:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
    ],
)
def test_times(text: str, moment: datetime) -> None:
    assert kinds.shape_of(datetime | None).kind.read("since", text) == moment


def test_a_time_that_is_none() -> None:
    with pytest.raises(CommandError, match="since: takes a time such as 2026-11-23T12:00Z"):
        kinds.shape_of(datetime).kind.read("since", "yesterday")
