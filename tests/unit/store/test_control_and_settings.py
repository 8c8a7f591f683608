"""dispatch_control and settings."""

from __future__ import annotations

import pytest

from panel.core.errors import CommandError
from panel.core.settings import SETTINGS
from panel.store import agents, control, settings
from panel.store.connection import Transaction
from panel.store.control import ControlState
from tests.unit.store.builders import swarm


def test_at_first_nothing_rests(tx: Transaction) -> None:
    assert control.state(tx) == ControlState(False, 0, 0, ())


def test_the_desktop_rests_and_goes_on(tx: Transaction) -> None:
    control.pause(tx, None)
    assert control.state(tx).paused
    control.resume(tx, None)
    assert not control.state(tx).paused
    changes = tx.changes()
    assert changes is not None
    assert changes.tables == {"dispatch_control"}


def test_single_agents_rest_by_themselves(tx: Transaction) -> None:
    swarm(tx, "A", "B", "C")
    control.pause(tx, ["B", "A"])
    control.pause(tx, None)
    control.resume(tx, None)
    assert control.state(tx) == ControlState(False, 0, 0, ("A", "B"))
    control.resume(tx, ["A"])
    assert control.state(tx).paused_agents == ("B",)
    found = agents.get(tx, "B")
    assert found is not None
    assert found.paused
    control.pause(tx, [])
    assert not control.state(tx).paused, "no agents is not the desktop"
    with pytest.raises(CommandError, match="there is no 'D'"):
        control.pause(tx, ["D"])


def test_a_stop_counts_up_and_pauses(tx: Transaction) -> None:
    assert control.stop(tx) == 1
    assert control.stop(tx) == 2
    assert control.state(tx) == ControlState(True, 2, 0, ())
    control.acknowledge_stop(tx, 2)
    control.acknowledge_stop(tx, 1)
    control.resume(tx, None)
    assert control.state(tx) == ControlState(False, 2, 2, ())


def test_settings_have_their_declared_defaults(tx: Transaction) -> None:
    assert settings.all(tx) == {declared.name: declared.default for declared in SETTINGS}
    assert settings.get(tx, "hold_limit_minutes") == 30


def test_a_setting_is_checked_kept_and_reset(tx: Transaction) -> None:
    assert settings.set(tx, "hold_limit_minutes", "45") == 45
    settings.set(tx, "hold_limit_minutes", 46)
    settings.set(tx, "theme", "dark")
    assert settings.get(tx, "hold_limit_minutes") == 46
    assert settings.all(tx)["theme"] == "dark"
    with pytest.raises(CommandError, match="hold_limit_minutes: takes a number"):
        settings.set(tx, "hold_limit_minutes", 0)
    for use in (settings.get, settings.reset):
        with pytest.raises(CommandError, match="setting: takes one of"):
            use(tx, "colour")
    settings.reset(tx, "theme")
    settings.reset(tx, "theme")
    assert settings.get(tx, "theme") == "system"


def test_a_value_that_no_longer_fits_is_the_default(tx: Transaction) -> None:
    tx.execute("INSERT INTO settings VALUES ('hold_limit_minutes', '99999'), ('theme', '{}')")
    assert settings.get(tx, "hold_limit_minutes") == 30
    assert settings.all(tx)["theme"] == "system"
