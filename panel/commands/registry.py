"""The commands, each declared where its function stands; help and reference are made from this."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto
from importlib import import_module
from typing import Annotated

from panel.commands.context import Context
from panel.commands.kinds import Kind, shape_of
from panel.commands.outcome import Outcome

__all__ = ["Annotated", "Arg", "Command", "Needs", "Parameter", "command", "commands"]

# In the order of the help.
_MODULES = (
    "agents",
    "calibration",
    "layouts",
    "exchange",
    "sending",
    "history",
    "backlog",
    "editing",
    "answering",
    "templates",
    "dispatching",
    "courtesy",
    "systems",
    "settings",
    "databases",
    "demo",
)

Function = Callable[..., Awaitable[Outcome]]


class Needs(Flag):
    """What has to be there before a command may start."""

    NOTHING = 0
    STORE = auto()
    EXISTING = auto()
    """The store, and its file must exist already: looking at it must not make one."""
    DESKTOP = auto()
    DISPATCH = auto()
    DEMO = auto()


@dataclass(frozen=True, slots=True)
class Arg:
    """The help of a parameter and what its annotation cannot say.

    A `positional` one has no flag. `stdin`: a lone `-` stands for standard input.
    """

    help: str
    positional: bool = False
    flag: str = ""
    metavar: str = ""
    kind: Kind | None = None
    stdin: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command. `name` is the function's, `field` is what errors call it."""

    name: str
    field: str
    flag: str
    help: str
    kind: Kind
    metavar: str
    required: bool
    many: bool
    switch: bool
    stdin: bool

    @property
    def positional(self) -> bool:
        return not self.flag


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done."""

    name: str
    summary: str
    answers: str
    function: Function
    needs: Needs
    needs_with: Mapping[str, Needs]
    details: str
    examples: tuple[str, ...]
    parameters: tuple[Parameter, ...] = field(default=())

    @property
    def group(self) -> str:
        """The first word of its name."""
        return self.name.split()[0]

    def needs_for(self, arguments: Mapping[str, object]) -> Needs:
        """What it needs with these arguments."""
        needs = self.needs
        for name, more in self.needs_with.items():
            if arguments.get(name):
                needs |= more
        return needs

    async def run(self, context: Context, arguments: Mapping[str, object]) -> Outcome:
        """Does it; raises PanelError when it was not done."""
        return await self.function(context, **arguments)


_declared: dict[str, Command] = {}


def command(
    name: str,
    summary: str,
    answers: str,
    *,
    needs: Needs = Needs.STORE,
    needs_with: Mapping[str, Needs] | None = None,
    details: str = "",
    examples: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declares a command; its arguments are the function's keyword parameters, each with an Arg.

    `answers` says what --json prints.
    """

    def declare(function: Function) -> Function:
        if name in _declared:
            raise ValueError(f"two commands are called {name!r}")
        _declared[name] = Command(
            name,
            summary,
            answers,
            function,
            needs,
            needs_with or {},
            details,
            examples,
            _parameters(function),
        )
        return function

    return declare


def commands() -> dict[str, Command]:
    """All commands by name, in the order of the help."""
    for module in _MODULES:
        import_module(f"panel.commands.{module}")
    # Whoever imported one of the modules before must not change the order.
    place = {f"panel.commands.{module}": number for number, module in enumerate(_MODULES)}
    found = [entry for entry in _declared.values() if entry.function.__module__ in place]
    found.sort(key=lambda entry: place[entry.function.__module__])
    return {entry.name: entry for entry in found}


def _parameters(function: Function) -> tuple[Parameter, ...]:
    annotations = typing.get_type_hints(function, include_extras=True)
    return tuple(
        _parameter(parameter, annotations[parameter.name])
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    )


def _parameter(parameter: inspect.Parameter, annotation: object) -> Parameter:
    plain, arg = typing.get_args(annotation)
    assert isinstance(arg, Arg)
    shape = shape_of(plain, arg.kind)
    kind = shape.kind
    public = parameter.name.strip("_").replace("_", "-")
    switch = plain is bool
    metavar = arg.metavar or (public.upper() if arg.positional else kind.metavar)
    return Parameter(
        name=parameter.name,
        field=public,
        flag="" if arg.positional else arg.flag or f"--{public}",
        help=arg.help,
        kind=kind,
        metavar="" if switch else metavar,
        required=parameter.default is inspect.Parameter.empty,
        many=shape.many,
        switch=switch,
        stdin=arg.stdin,
    )
