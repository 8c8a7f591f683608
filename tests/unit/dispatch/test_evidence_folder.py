"""Pictures on disk: written for the user alone, swept when they are old."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from panel.core.clock import now, to_stored
from panel.core.evidence import Step, picture_name
from panel.core.geometry import Rect
from panel.dispatch.evidence import KEPT_DELIVERED, EvidenceFolder, sweep
from panel.screen.fingerprint import Pixels
from panel.screen.standing import view
from panel.store.connection import Transaction
from panel.store.database import Store
from panel.store.location import evidence_folder, parse_location
from tests.unit.store.builders import queued, swarm

PIXELS: Pixels = np.arange(40 * 60 * 3, dtype=np.uint8).reshape(40, 60, 3)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[EvidenceFolder]:
    made = EvidenceFolder(folder)
    made.open()
    try:
        yield made
    finally:
        await made.close()


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_pictures_are_for_the_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"

    async def work() -> None:
        async with opened(folder) as evidence:
            assert evidence.keep("att_1", Step.READY, PIXELS)
        seen = evidence.read("att_1", Step.READY)
        assert seen is not None and np.array_equal(seen, PIXELS)
        assert evidence.steps_of("att_1") == {Step.READY}
        assert evidence.read("att_1", Step.AFTER) is None
        assert not evidence.keep("att_1", Step.AFTER, PIXELS)  # closed

    earlier = os.umask(0)
    try:
        run(work)
    finally:
        os.umask(earlier)
    (file,) = folder.iterdir()
    assert (mode(folder), mode(file)) == (0o700, 0o600)


def test_folder_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir(mode=0o755)

    async def work() -> None:
        async with opened(folder) as evidence:
            evidence.keep("att_1", Step.READY, PIXELS)

    run(work)
    assert mode(folder) == 0o700


def test_picture_of_nothing_is_not_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path / "evidence") as evidence:
            assert not evidence.keep("att_1", Step.READY, np.zeros((0, 0, 3), np.uint8))

    run(work)
    assert not (tmp_path / "evidence").exists()


@contextmanager
def no_room() -> Iterator[None]:
    """As on a full disk: no file can grow beyond some bytes, for real."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def test_full_disk_leaves_no_half_of_a_picture(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"

    async def work() -> None:
        with no_room():
            async with opened(folder) as evidence:
                evidence.keep("att_1", Step.READY, PIXELS)
        assert list(folder.iterdir()) == []
        async with opened(folder) as evidence:
            evidence.keep("att_1", Step.READY, PIXELS)

    run(work)
    assert [file.name for file in folder.iterdir()] == [picture_name("att_1", Step.READY)]


def attempt(
    tx: Transaction, attempt_id: str, outcome: str | None, finished: datetime | None
) -> None:
    message_id = queued(tx)
    tx.execute(
        "INSERT INTO delivery_attempts (attempt_id, message_id, attempt_number, dispatcher,"
        " stop_counter, outcome, finished_at, pictures) VALUES (?, ?, 1, '{}', 0, ?, ?, ?)",
        attempt_id,
        message_id,
        outcome,
        None if finished is None else to_stored(finished),
        json.dumps({"ready": picture_name(attempt_id, Step.READY)}),
    )


def test_retention(qapp: QApplication, tmp_path: Path) -> None:
    location = parse_location(str(tmp_path / "panel.db"), {})
    folder = tmp_path / "pictures"
    folder.mkdir()
    present = now()
    ends: dict[str, tuple[str | None, datetime | None]] = {
        f"att_d{number:03}": ("delivered", present - timedelta(days=60, minutes=number))
        for number in range(KEPT_DELIVERED + 3)
    }
    ends |= {
        "att_young": ("uncertain", present - timedelta(days=29)),
        "att_old": ("uncertain", present - timedelta(days=31)),
        "att_held": ("held", present - timedelta(days=31)),
        "att_open": (None, None),
    }
    for one in [*ends, "att_norow", "att_norow2"]:
        (folder / picture_name(one, Step.READY)).write_bytes(b"x")
    (folder / ".att_x-ready.png.part").write_bytes(b"x")
    long_ago = present.timestamp() - 3600
    for name in (picture_name("att_norow", Step.READY), ".att_x-ready.png.part"):
        os.utime(folder / name, (long_ago, long_ago))
    (folder / "mine.png").write_bytes(b"somebody's own")

    async def work() -> None:
        store = await Store.open(location)
        try:

            def fill(tx: Transaction) -> None:
                swarm(tx, "Agent-1")
                for one, (outcome, finished) in ends.items():
                    attempt(tx, one, outcome, finished)

            await store.write(fill)
            await sweep(store, folder)
            rows = await store.read(
                lambda c: c.rows(
                    "SELECT attempt_id FROM delivery_attempts WHERE pictures IS NOT NULL"
                )
            )
        finally:
            await store.close()
        gone = {"att_old", "att_held", *(f"att_d{KEPT_DELIVERED + n:03}" for n in range(3))}
        kept = set(ends) - gone
        assert {row["attempt_id"] for row in rows} == kept
        assert {file.name for file in folder.iterdir()} == {
            "mine.png",
            *(picture_name(one, Step.READY) for one in (*kept, "att_norow2")),
        }

    run(work)


def test_each_database_has_its_own_folder() -> None:
    folders = {
        evidence_folder(parse_location(path, {}))
        for path in ("/data/captain-panel.db", "/data/other.db", "/else/captain-panel.db")
    }
    assert folders == {
        Path("/data/evidence"),
        Path("/data/other.db-evidence"),
        Path("/else/evidence"),
    }


def test_view_stays_in_its_window() -> None:
    seen = view(Rect(10, 500, 400, 40), Rect(100, 50, 420, 560))
    assert seen == Rect(100, 350, 420, 260)
