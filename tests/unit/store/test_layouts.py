"""Screen layouts, and targets that are laid away whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.core.geometry import Rect, Screen, ScreenLayout
from panel.core.target import Picture, Target, TargetKind
from panel.store import layouts
from panel.store.connection import ConstraintError, Transaction
from panel.store.target_record import from_record, to_record
from tests.unit.store.builders import at, swarm
from tests.unit.store.test_targets import BARE, FULL

ONE = ScreenLayout((Screen("a", Rect(0, 0, 1920, 1080)),))
TWO = ScreenLayout((*ONE.screens, Screen("b", Rect(1920, 0, 2560, 1440), 1.5)))


@pytest.fixture
def tx(tx: Transaction) -> Transaction:
    swarm(tx, "A", "B")
    return tx


def test_a_fingerprint_knows_places_sizes_and_scales_only() -> None:
    turned = ScreenLayout(tuple(replace(each, name="x") for each in reversed(TWO.screens)))
    assert turned.fingerprint == TWO.fingerprint
    for other in (Rect(1921, 0, 2560, 1440), Rect(1920, 0, 2560, 1439)):
        assert ScreenLayout((ONE.screens[0], Screen("b", other, 1.5))).fingerprint != (
            TWO.fingerprint
        )
    rescaled = ScreenLayout((ONE.screens[0], replace(TWO.screens[1], scale=2.0)))
    assert rescaled.fingerprint != TWO.fingerprint


@pytest.mark.parametrize("target", [BARE, FULL, replace(FULL, agent_id="Ünï “1”")])
def test_a_record_holds_the_whole_target(target: Target) -> None:
    assert from_record(to_record(target), target.agent_id) == target


@given(st.binary(min_size=1, max_size=400), st.binary(max_size=400) | st.none())
def test_any_picture_survives(png: bytes, mask: bytes | None) -> None:
    target = replace(FULL, looks=(Picture(Rect(0, 0, 3, 4), png, mask),))
    assert from_record(to_record(target), "A") == target


def test_one_is_in_use(tx: Transaction) -> None:
    first = layouts.add(tx, "laptop", ONE, at(1))
    second = layouts.add(tx, "docked", TWO, at(2))
    assert [each.in_use for each in layouts.all(tx)] == [False, False]
    for chosen in (first, second, first):
        layouts.use(tx, chosen.layout_id, chosen.screens, at(3))
        assert [each.name for each in layouts.all(tx) if each.in_use] == [chosen.name]
    with pytest.raises(ConstraintError):
        layouts.add(tx, "another", ONE, at(4))
    with pytest.raises(ConstraintError):
        layouts.rename(tx, first.layout_id, "docked")


def test_targets_are_laid_away_and_taken_back(tx: Transaction) -> None:
    kept = layouts.add(tx, "laptop", ONE, at(1))
    for target in (FULL, BARE, replace(FULL, agent_id="B")):
        layouts.lay_away(tx, kept.layout_id, target)
    assert layouts.laid_away(tx, kept.layout_id) == [FULL, BARE, replace(FULL, agent_id="B")]
    assert layouts.all(tx)[0].kept == 3
    layouts.forget(tx, "A", TargetKind.CHAT)
    assert [each.kind for each in layouts.laid_away(tx, kept.layout_id)] == [
        TargetKind.ONBOARDING,
        TargetKind.CHAT,
    ]
    tx.execute("UPDATE agent_workspaces SET agent_id = 'New' WHERE agent_id = 'B'")
    assert layouts.laid_away(tx, kept.layout_id)[1].agent_id == "New"
    tx.execute("DELETE FROM agent_workspaces WHERE agent_id = 'A'")
    assert len(layouts.laid_away(tx, kept.layout_id)) == 1
    layouts.take_back(tx, kept.layout_id)
    assert layouts.laid_away(tx, kept.layout_id) == []
    layouts.remove(tx, kept.layout_id)
    assert layouts.all(tx) == []
