"""Settings: what they are, what they are set to, and changing one."""

from __future__ import annotations

from panel.commands import stored
from panel.commands.context import Context
from panel.commands.outcome import Outcome, Table
from panel.commands.registry import Annotated, Arg, command
from panel.core.settings import SETTINGS, Value, setting


async def change(context: Context, name: str, value: object) -> Value:
    """Sets one; CommandError for an unknown name or a value that it does not take."""
    declared = setting(name)
    return await context.store.write(lambda tx: stored.settings.set(tx, declared.name, value))


async def values(context: Context) -> dict[str, Value]:
    """Every setting's present value by name."""
    return await context.store.read(stored.settings.all)


@command(
    "settings list",
    "list the settings with their values",
    "a list of {name, value, default, unit, help}",
)
async def list_settings(context: Context) -> Outcome:
    present = await values(context)
    data = [
        {
            "name": declared.name,
            "value": present[declared.name],
            "default": declared.default,
            "unit": declared.unit,
            "help": declared.help,
        }
        for declared in SETTINGS
    ]
    lines = [
        (declared.name, declared.shown(present[declared.name]), declared.help)
        for declared in SETTINGS
    ]
    return Outcome(data, table=Table(("Setting", "Value", "Meaning"), lines))


@command(
    "settings set",
    "change a setting",
    "a list with the changed {name, value, default}",
    examples=("captain-panel settings set hold_limit_minutes 60",),
)
async def set_setting(
    context: Context,
    *,
    name: Annotated[str, Arg("the setting's name", positional=True)],
    value: Annotated[str, Arg("its new value", positional=True)],
) -> Outcome:
    changed = await change(context, name, value)
    data = [{"name": name, "value": changed, "default": setting(name).default}]
    return Outcome(data, f"{name} is now {setting(name).shown(changed)}.")
