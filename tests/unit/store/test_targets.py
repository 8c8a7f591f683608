"""click_targets and target_pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.core.geometry import Point, Rect, Screen, ScreenLayout
from panel.core.target import (
    AnchorPolicy,
    Picture,
    Proof,
    Target,
    TargetKind,
    TargetStatus,
    WindowIdentity,
)
from panel.store import targets
from panel.store.connection import ConstraintError, Transaction
from tests.unit.store.builders import at, swarm

BARE = Target("A", TargetKind.ONBOARDING, Point(-1269, 481), TargetStatus.UNVERIFIED)
FULL = Target(
    agent_id="A",
    kind=TargetKind.CHAT,
    point=Point(-1269, 481),
    status=TargetStatus.CONFIRMED,
    offset=Point(0, 300),
    window=WindowIdentity(2**40, 4711, 2**45, "cursor.Cursor", "repo-3 — “Cursor” 🎉", "repo-3"),
    window_size=(1280, 800),
    layout=ScreenLayout((Screen("DP-1", Rect(-1280, 0, 1280, 1024), 1.5),)),
    composer=Rect(10, 20, 300, 60),
    anchor=Picture(Rect(1, 2, 64, 32), b"\x89PNG\r\n\0anchor"),
    policy=AnchorPolicy.WARN,
    looks=tuple(Picture(Rect(3, 4, n, 6), bytes([n]), b"\0mask") for n in range(1, 12)),
    proof=Proof.TERMINAL,
    paste_key="ctrl+shift+v",
    submit_key="ctrl+enter",
    urgent_submit_key="alt+enter",
    longest_paste=4000,
    terminal_program="codex",
    calibrated_at=at(1),
    last_success_at=at(2),
)


@pytest.fixture(autouse=True)
def _agents(tx: Transaction) -> None:
    swarm(tx, "A", "B")


@pytest.mark.parametrize(
    "target",
    [
        BARE,
        FULL,
        replace(FULL, window=WindowIdentity(1, None, None, "", "", None), anchor=None, looks=()),
    ],
)
def test_a_target_comes_back_as_it_went_in(tx: Transaction, target: Target) -> None:
    targets.save(tx, target)
    assert targets.get(tx, target.agent_id, target.kind) == target
    assert targets.all(tx) == [target]
    changes = tx.changes()
    assert changes is not None
    assert changes.touches("click_targets")


def test_one_target_of_a_kind(tx: Transaction) -> None:
    other = replace(FULL, agent_id="B")
    for target in (FULL, BARE, other):
        targets.save(tx, target)
    targets.note_check(tx, "A", TargetKind.CHAT, "“X” lies over it.", "covered", at(5))
    targets.save(tx, replace(FULL, looks=FULL.looks[:2], anchor=None))
    assert targets.all(tx) == [replace(FULL, looks=FULL.looks[:2], anchor=None), BARE, other]
    assert tx.value("SELECT COUNT(*) FROM target_pictures") == 2 + len(FULL.looks) + 1
    row = targets.rows(tx)[0]
    said = (row["last_verdict"], row["last_reason_code"], row["last_check_at"])
    assert said == (None, "", None), "it spoke of the old one"


def test_an_unknown_agent_has_no_target(tx: Transaction) -> None:
    with pytest.raises(ConstraintError):
        targets.save(tx, replace(BARE, agent_id="nobody"))


def test_remove(tx: Transaction) -> None:
    targets.save(tx, FULL)
    targets.save(tx, BARE)
    assert targets.remove(tx, "A", TargetKind.CHAT)
    assert not targets.remove(tx, "A", TargetKind.CHAT)
    assert targets.all(tx) == [BARE]
    assert tx.value("SELECT COUNT(*) FROM target_pictures") == 0


def test_the_window_found_again(tx: Transaction) -> None:
    targets.save(tx, FULL)
    window = WindowIdentity(7, 8, 9, "cursor.Cursor", "repo-3", "repo-3")
    assert targets.rebind_window(tx, "A", TargetKind.CHAT, window, Point(5, 6))
    assert targets.get(tx, "A", TargetKind.CHAT) == replace(FULL, window=window, point=Point(5, 6))
    assert not targets.rebind_window(tx, "B", TargetKind.CHAT, window, Point(5, 6))


def test_notes(tx: Transaction) -> None:
    targets.save(tx, BARE)
    targets.note_success(tx, "A", TargetKind.ONBOARDING, at(7))
    targets.note_check(tx, "A", TargetKind.ONBOARDING, "no window", "window_gone", at(8))
    targets.note_check(tx, "B", TargetKind.CHAT, "gone", "window_gone", at(8))
    assert targets.get(tx, "A", TargetKind.ONBOARDING) == replace(BARE, last_success_at=at(7))
    row = targets.rows(tx)[0]
    assert (row["last_verdict"], row["last_reason_code"]) == ("no window", "window_gone")
