"""Files that agents put into their outboxes: real files, a real database, real processes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.commands import agents, answers, messages
from panel.commands.context import Context
from panel.core.agent import Agent
from panel.core.message import DeliveryStatus
from panel.core.reply import Reply
from panel.core.workspace import Workspace, workspace
from panel.dispatch import outbox
from panel.dispatch.postman import Postman
from panel.store import answers as stored_answers
from panel.store.database import Store
from panel.store.location import Location
from tests.event_loop import Aio
from tests.unit.store.builders import queued

ROOT = Path(__file__).parents[3]


class Office:
    """One agent with its outbox, and a postman."""

    def __init__(self, store: Store, home: Path) -> None:
        self.store = store
        self.home = home
        self.place = workspace(home, "Agent-1", None)
        self.context = Context(store)
        self.refused: Exception | None = None
        self.postman = Postman(
            self._workspaces, self._receive, still_seconds=0.05, patience_seconds=0.2
        )

    async def _workspaces(self) -> list[Workspace]:
        return [self.place]

    async def _receive(self, agent_id: str, reply: Reply, key: str) -> object:
        if self.refused is not None:
            raise self.refused
        return await answers.receive(self.context, agent_id, reply, key)

    def put(self, name: str, content: str | bytes) -> Path:
        self.place.outbox.mkdir(parents=True, exist_ok=True)
        file = self.place.outbox / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def names(self, folder: str = "") -> list[str]:
        place = self.place.outbox / folder
        return sorted(p.name for p in place.iterdir() if not p.is_dir()) if place.is_dir() else []

    async def contents(self) -> list[str]:
        rows = await self.store.read(lambda c: stored_answers.rows(c, limit=1000))
        return sorted(str(row["content"]) for row in rows)

    async def collect(self, until: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while True:
                await self.postman.collect()
                if until():
                    return
                await asyncio.sleep(0.01)

    async def collect_all(self) -> None:
        """Until nothing is left that could be taken or rejected."""
        await self.collect(lambda: not outbox.letters(self.place.outbox))


@asynccontextmanager
async def opened(location: Location, home: Path) -> AsyncIterator[Office]:
    store = await Store.open(location)
    office = Office(store, home)
    await agents.add(office.context, Agent("Agent-1"))
    try:
        yield office
    finally:
        office.postman.close()
        await store.close()


def started(script: str, file: Path) -> subprocess.Popen[str]:
    """Another process that does this with a file."""
    return subprocess.Popen(
        [sys.executable, "-c", script, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def delivered(office: Office, to: str = "Agent-1") -> str:
    return await office.store.write(lambda tx: queued(tx, to, status=DeliveryStatus.DELIVERED))


async def test_an_answer_is_taken_once_and_moved_aside(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        one = await delivered(office)
        office.put("answer.md", f"re: {one}\n\nAll green.\n")
        await office.collect_all()
        await office.postman.collect()
        assert await office.contents() == ["All green."]
        assert office.names() == []
        assert office.names("taken") == ["answer.md"]
        (row,) = await messages.rows(office.context, [one])
        assert (row["status"], row["evidence"]) == ("answered", "acknowledged")


async def test_an_acknowledgement(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        one = await delivered(office)
        office.put("ack.json", f'{{"reply_to": "{one}", "status": "received"}}')
        await office.collect_all()
        (row,) = await messages.rows(office.context, [one])
        assert row["status"] == "acknowledged"
        assert await office.contents() == []


async def test_the_same_words_written_again_are_said_again(
    location: Location, tmp_path: Path
) -> None:
    async with opened(location, tmp_path) as office:
        for _ in range(2):
            office.put("note.md", "Done.")
            await office.collect_all()
        assert await office.contents() == ["Done.", "Done."]
        assert office.names("taken") == ["note-2.md", "note.md"]


async def test_bad_ones_are_moved_aside_with_the_reason(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        other = await delivered(office, "Agent-2")
        waiting = await office.store.write(queued)
        outside = tmp_path / "secret.txt"
        outside.write_text("secret", encoding="utf-8")
        office.put("unknown.md", "re: msg_0\n\nhello")
        office.put("others.md", f"re: {other}\n\nhello")
        office.put("early.md", f"re: {waiting}\nstatus: received\n")
        office.put("bytes.md", b"\xff\xfe")
        office.put("empty.md", b"")
        office.put("picture.png", b"x")
        office.put("huge.md", b"x" * 600_000)
        (office.place.outbox / "link.md").symlink_to(outside)
        os.mkfifo(office.place.outbox / "pipe.md")
        await office.collect_all()
        assert office.names() == office.names("taken") == []
        reasons = {
            path.name.removesuffix(".reason.txt"): path.read_text(encoding="utf-8").strip()
            for path in (office.place.outbox / "rejected").glob("*.reason.txt")
        }
        assert reasons == {
            "unknown.md": "re: takes a message's id; there is no msg_0",
            "others.md": f"from: {other} is a message to Agent-2, not to Agent-1",
            "early.md": f"{waiting} is pending and was never given to Agent-1; "
            "there is nothing to acknowledge",
            "bytes.md": "file: takes text in UTF-8; byte 1 is none",
            "empty.md": "content: takes a text; without one a reply names a message",
            "picture.png": "file: takes a name that ends with .md, .txt or .json",
            "huge.md": "file: takes at most 512,000 bytes",
            "link.md": "file: takes a plain file, not a link, pipe or device",
            "pipe.md": "file: takes a plain file, not a link, pipe or device",
        }
        assert len(office.names("rejected")) == 2 * len(reasons)
        assert outside.read_text(encoding="utf-8") == "secret"
        assert await office.contents() == []


async def test_what_is_not_finished_is_waited_for(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        for name in (".hidden.md", "a.md.part", "b.tmp", "c.md~"):
            office.put(name, "not yet")
        (office.place.outbox / "folder").mkdir()
        await office.postman.collect()
        await asyncio.sleep(0.3)  # longer than its patience
        await office.postman.collect()
        assert office.names() == [".hidden.md", "a.md.part", "b.tmp", "c.md~"]
        assert await office.contents() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who writes to a file")
async def test_a_slow_writer_is_waited_for_however_long_it_pauses(
    location: Location, tmp_path: Path
) -> None:
    async with opened(location, tmp_path) as office:
        office.place.outbox.mkdir(parents=True)
        script = (
            "import sys\nf = open(sys.argv[1], 'w')\nprint('first half,', file=f, flush=True)\n"
        )
        script += "print('ready', flush=True)\ninput()\nprint('second half', file=f)\nf.close()\n"
        writer = started(script, office.place.outbox / "slow.md")
        assert writer.stdin is not None
        assert writer.stdout is not None
        with writer.stdin, writer.stdout:
            assert writer.stdout.readline().strip() == "ready"
            for _ in range(20):
                assert await office.postman.collect()
                await asyncio.sleep(0.02)
            assert await office.contents() == []
            writer.stdin.write("\n")
            writer.stdin.flush()
            assert writer.wait(20) == 0
        await office.collect_all()
        assert await office.contents() == ["first half,\nsecond half"]


async def test_a_writer_that_comes_while_it_is_read_is_not_harmed(
    location: Location, tmp_path: Path
) -> None:
    """The question who writes is answered by the kernel with a signal: nobody dies of it."""
    async with opened(location, tmp_path) as office:
        file = office.put("busy.md", "x")
        script = "import sys, time\nend = time.monotonic() + 2\nn = 0\n"
        script += "while time.monotonic() < end:\n    open(sys.argv[1], 'a').close(); n += 1\n"
        script += "print(n)"
        writer = started(script, file)
        assert writer.stdin is not None
        writer.stdin.close()
        letter = outbox.letters(office.place.outbox)[0]
        looks = 0
        while writer.poll() is None:
            try:
                outbox.read(letter)
            except outbox.Unfinished:
                letter = outbox.letters(office.place.outbox)[0]
            looks += 1
            await asyncio.sleep(0)
        assert writer.stdout is not None
        with writer.stdout:
            assert int(writer.stdout.read()) > 100
        assert writer.returncode == 0
        assert looks > 100


async def test_written_anew_between_the_look_and_the_move(
    location: Location, tmp_path: Path
) -> None:
    async with opened(location, tmp_path) as office:
        office.put("a.md", "one")
        (letter,) = outbox.letters(office.place.outbox)
        assert outbox.read(letter) == b"one"
        (office.place.outbox / "a.md").unlink()
        office.put("a.md", "another one")
        outbox.keep(letter)
        assert office.names() == ["a.md"]
        await office.collect_all()
        assert await office.contents() == ["another one"]


async def test_a_folder_that_leads_elsewhere_is_left_alone(
    location: Location, tmp_path: Path
) -> None:
    async with opened(location, tmp_path) as office:
        elsewhere = tmp_path / "documents"
        elsewhere.mkdir()
        (elsewhere / "letter.md").write_text("private", encoding="utf-8")
        office.place.folder.mkdir(parents=True)
        office.place.outbox.symlink_to(elsewhere, target_is_directory=True)
        await office.postman.collect()
        assert [path.name for path in elsewhere.iterdir()] == ["letter.md"]
        office.place.outbox.unlink()
        for name in ("taken", "rejected"):
            office.place.outbox.mkdir(exist_ok=True)
            (office.place.outbox / name).symlink_to(elsewhere, target_is_directory=True)
        office.put("good.md", "hello")
        office.put("bad.png", "hello")
        for _ in range(40):
            await office.postman.collect()
            await asyncio.sleep(0.01)
        assert [path.name for path in elsewhere.iterdir()] == ["letter.md"]
        assert await office.contents() == ["hello"]  # taken once, though it cannot be moved


async def test_a_planted_link_does_not_take_the_reason(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        victim = tmp_path / "victim"
        victim.write_text("mine", encoding="utf-8")
        rejected = office.place.outbox / "rejected"
        rejected.mkdir(parents=True)
        (rejected / "bad.png.reason.txt").symlink_to(victim)
        office.put("bad.png", "x")
        await office.collect_all()
        assert victim.read_text(encoding="utf-8") == "mine"
        assert (rejected / "bad.png.reason-2.txt").read_text(encoding="utf-8").startswith("file:")


async def test_while_the_database_cannot_take_it_the_file_stays(
    location: Location, tmp_path: Path
) -> None:
    from panel.core.errors import EnvironmentFault

    async with opened(location, tmp_path) as office:
        office.put("a.md", "hello")
        office.refused = EnvironmentFault("The disk is full.")
        for _ in range(30):
            await office.postman.collect()
            await asyncio.sleep(0.01)
        assert office.names() == ["a.md"]
        office.refused = None
        await office.collect_all()
        assert await office.contents() == ["hello"]


_CRASH = """
import asyncio, os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
application = QCoreApplication([])
from panel.dispatch import outbox
from panel.store.database import Store
from panel.store.location import parse_location
from tests.unit.dispatch.test_outbox import Office
outbox.keep = lambda letter: os._exit(9)  # the power goes between the commit and the move
async def main():
    store = await Store.open(parse_location(sys.argv[1], {}))
    await Office(store, Path(sys.argv[2])).collect_all()
asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_crash_between_the_row_and_the_move_takes_nothing_twice(
    location: Location, tmp_path: Path
) -> None:
    async with opened(location, tmp_path) as office:
        office.put("a.md", "once")
        for _ in range(2):
            crashed = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-c", textwrap.dedent(_CRASH), str(location.path), str(tmp_path)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                check=False,
                timeout=60,
            )
            assert crashed.returncode == 9
            assert office.names() == ["a.md"]
            assert await office.contents() == ["once"]
        await office.collect_all()
        assert await office.contents() == ["once"]
        assert office.names("taken") == ["a.md"]


async def test_two_postmen_take_each_file_once(location: Location, tmp_path: Path) -> None:
    async with opened(location, tmp_path) as office:
        second = Office(office.store, tmp_path)
        for number in range(30):
            office.put(f"{number}.md", f"word {number:02}")
        await asyncio.gather(office.collect_all(), second.collect_all())
        second.postman.close()
        assert await office.contents() == [f"word {number:02}" for number in range(30)]
        assert len(office.names("taken")) == 30


async def test_it_is_heard_at_once_without_being_asked(location: Location, tmp_path: Path) -> None:
    """The running postman notices a new file by itself."""
    async with opened(location, tmp_path) as office:
        running = asyncio.ensure_future(office.postman.run())
        try:
            async with asyncio.timeout(20):
                while not office.place.outbox.is_dir():
                    await asyncio.sleep(0.01)
                office.put("a.md", "hello")
                while office.names("taken") != ["a.md"]:
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert await office.contents() == ["hello"]


_NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="/\0"),
    min_size=1,
    max_size=60,
).filter(lambda name: name not in {".", "..", "taken", "rejected"} and len(name.encode()) < 250)
_CONTENTS = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"hello", b"re: msg_0\n\nx", b"status: received\n", b'{"content": "hi"}']),
)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(_NAMES, _CONTENTS, max_size=6), st.sampled_from(["", ".md", ".json", ".txt"])
)
def test_nothing_that_lies_there_is_lost_or_leaves_the_folder(
    aio: Aio, tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], ending: str
) -> None:
    tmp_path = tmp_path_factory.mktemp("outbox")
    from panel.store.location import parse_location

    async def check() -> None:
        async with opened(parse_location(str(tmp_path / "panel.db"), {}), tmp_path / "h") as office:
            written = {}
            for name, content in files.items():
                full = f"{name}{ending}"
                if len(full.encode()) <= 255:
                    office.put(full, content)
                    written[full] = content
            await office.collect_all()
            taken, rejected = office.names("taken"), office.names("rejected")
            reasons = [name for name in rejected if ".reason" in name]
            assert len(office.names()) + len(taken) + len(rejected) - len(reasons) == len(written)
            assert len(reasons) == len(rejected) - len(reasons)
            assert len(await office.contents()) == len(taken)
            kept = [
                path.read_bytes()
                for path in office.place.outbox.rglob("*")
                if path.is_file() and ".reason" not in path.name
            ]
            assert sorted(kept) == sorted(written.values())
            assert sorted(p.name for p in tmp_path.iterdir() if "panel.db" not in p.name) in (
                [],
                ["h"],
            )

    aio.run(check(), seconds=60)
