from __future__ import annotations

import pytest

from panel.core.settings import SETTINGS
from tests.unit.commands.conftest import Panel


def test_list_has_every_setting(empty: Panel) -> None:
    rows = empty.json("settings", "list")
    assert [row["name"] for row in rows] == [declared.name for declared in SETTINGS]
    assert all(row["value"] == row["default"] for row in rows)


def test_set_keeps_the_value_in_its_type(empty: Panel) -> None:
    empty.line("settings", "set", "hold_limit_minutes", "60")
    values = {row["name"]: row["value"] for row in empty.json("settings", "list")}
    assert values["hold_limit_minutes"] == 60


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["hold_limit_minutes", "soon"], "hold_limit_minutes: takes a number from 1 to 1440"),
        (["hold_limit_minutes", "0"], "hold_limit_minutes: takes a number from 1 to 1440"),
        (["theme", "pink"], "theme: takes one of system, light, dark, not 'pink'"),
        (["nothing", "1"], "setting: takes one of sender_name, "),
    ],
)
def test_bad_values(empty: Panel, words: list[str], error: str) -> None:
    code, out, err = empty.line("settings", "set", *words)
    assert (code, out) == (2, "")
    assert err.startswith(error)
